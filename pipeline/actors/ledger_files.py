"""The ledger as files: a table, a signed network (GraphML), and the statements for Discourse Network Analyzer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from pipeline.actors.ledger import Ledger, Statement, build_ledger, discourse_table
from pipeline.base.stances import STANCES
from pipeline.base.storage import write_text
from pipeline.base.tables_out import RowWriter

LEDGER_EXAMPLE: dict[str, Any] = {
    "source": "",
    "target": "",
    "month": "",
    **{name: kind for s in STANCES for name, kind in ((s, 0), (f"{s}_low", 0.0), (f"{s}_high", 0.0))},
    "articles": 0,
    "examples": "",
}
"""The columns of the ledger."""

STATEMENT_EXAMPLE: dict[str, Any] = {
    "person": "",
    "organization": "",
    "concept": "",
    "agreement": 0,
    "date": "",
    "document": "",
    "text": "",
}
"""The columns of the statement table."""

_ROOM = 4_000  # rows that are written at a time


def write_ledger(folder: Path | str, statements: Sequence[Statement]) -> Ledger:
    """Write relations.csv, relations.graphml and statements.csv into a folder, each whole or not at all."""
    folder = Path(folder)
    ledger = build_ledger(statements)
    _write_table(folder / "relations.csv", ledger.rows(), LEDGER_EXAMPLE)
    write_text(folder / "relations.graphml", as_graphml(ledger))
    _write_table(folder / "statements.csv", discourse_table(statements), STATEMENT_EXAMPLE)
    return ledger


def _write_table(path: Path, rows: list[dict[str, Any]], example: dict[str, Any]) -> None:
    with RowWriter(str(path), "csv", example) as writer:
        writer.write(rows[:_ROOM])
        for start in range(_ROOM, len(rows), _ROOM):
            writer.write(rows[start : start + _ROOM])


_KEYS = (*((stance, "int") for stance in STANCES), ("sign", "double"))


def as_graphml(ledger: Ledger) -> str:
    """Return the pairs as a directed network in GraphML.

    Edges carry the counts over all months and `sign`, agreement minus opposition as a share of both (0 without either).
    """
    totals = ledger.totals()
    names = sorted({name for pair in totals for name in pair})
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(f'  <key id="{key}" for="edge" attr.name="{key}" attr.type="{kind}"/>' for key, kind in _KEYS),
        '  <graph id="relations" edgedefault="directed">',
        *(f"    <node id={quoteattr(name)}/>" for name in names),
    ]
    for (source, target), counts in sorted(totals.items()):
        taken = int(counts[0] + counts[2])
        sign = round(int(counts[2] - counts[0]) / taken, 4) if taken else 0.0
        values = [*(str(int(count)) for count in counts), str(sign)]
        data = "".join(f'<data key="{key}">{value}</data>' for (key, _), value in zip(_KEYS, values, strict=True))
        lines.append(f"    <edge source={quoteattr(source)} target={quoteattr(target)}>{data}</edge>")
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])
