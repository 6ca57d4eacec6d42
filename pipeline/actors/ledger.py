"""The ledger: who holds which stance towards whom, by pair and month, and its files."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

import numpy as np

from pipeline.actors.naming import End
from pipeline.actors.parties import whole
from pipeline.actors.relations import Relation
from pipeline.base.stances import STANCES
from pipeline.base.storage import write_text
from pipeline.base.tables_out import RowWriter

_RESAMPLES = 1000
_SEED = 13
_EXAMPLES = 3


class Statement(NamedTuple):
    """One sentence with its relation: `story` is the article, or the first of its near-duplicates; `date` is ISO."""

    story: str
    article_id: str
    sentence_id: str
    date: str
    stance: int
    text: str
    relation: Relation


@dataclass(frozen=True)
class Ledger:
    """Counts of stances between parties.

    `pairs`: k names of pairs (source, target), sorted; `months`: k months ("1974-05", "" without one); `counts`:
    int64 (k, 3) sentences by stance, in the order of STANCES; `low`, `high`: float64 (k, 3), an interval of 95 % for
    each count, from articles drawn with replacement; `articles`: int64 (k,); `examples`: for each row ids of sentences.
    """

    pairs: list[tuple[str, str]]
    months: list[str]
    counts: np.ndarray
    low: np.ndarray
    high: np.ndarray
    articles: np.ndarray
    examples: list[list[str]]

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each pair and month, for a table."""
        found = []
        for k, ((source, target), month) in enumerate(zip(self.pairs, self.months, strict=True)):
            row: dict[str, Any] = {"source": source, "target": target, "month": month}
            for j, stance in enumerate(STANCES):
                row |= {
                    stance: int(self.counts[k, j]),
                    f"{stance}_low": float(self.low[k, j]),
                    f"{stance}_high": float(self.high[k, j]),
                }
            found.append({**row, "articles": int(self.articles[k]), "examples": " ".join(self.examples[k])})
        return found

    def totals(self) -> dict[tuple[str, str], np.ndarray]:
        """Return for each pair its counts over all months, int64 (3,)."""
        found: dict[tuple[str, str], np.ndarray] = {}
        for pair, counts in zip(self.pairs, self.counts, strict=True):
            found[pair] = found.get(pair, np.zeros(len(STANCES), np.int64)) + counts
        return found

    def matrix(self) -> tuple[list[str], np.ndarray]:
        """Return the parties and, float64 (n, n), agreement minus opposition as a share of both, from row to column.

        NaN where a pair has neither.
        """
        totals = self.totals()
        names = sorted({name for pair in totals for name in pair})
        place = {name: i for i, name in enumerate(names)}
        signs = np.full((len(names), len(names)), np.nan)
        for (source, target), counts in totals.items():
            taken = counts[0] + counts[2]
            if taken:
                signs[place[source], place[target]] = (counts[2] - counts[0]) / taken
        return names, signs

    def timeline(self, source: str, target: str) -> list[tuple[str, np.ndarray]]:
        """Return (month, counts int64 (3,)) of one pair, in order of time."""
        some = zip(self.pairs, self.months, self.counts, strict=True)
        return [(month, counts) for pair, month, counts in some if pair == (source, target)]


def build_ledger(statements: Iterable[Statement]) -> Ledger:
    """Count the stances between parties that have a name of their own.

    What near-duplicate articles say in the same words counts once; a symmetric relation counts for both directions. A
    party is its code without the part of a state ("FRA" of "FRA-GOV", but "FRA-OPP"), or its name where it has no code.
    """
    by_row: dict[tuple[str, str, str], dict[str, np.ndarray]] = defaultdict(dict)
    examples: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    seen: set[tuple[str, str, str, str]] = set()
    for one in statements:
        for source, target in _pairs(one.relation):
            claim = (one.story, _plain(one.text), source, target)
            if claim in seen:
                continue
            seen.add(claim)
            key = (source, target, one.date[:7] if "-" in one.date else "")
            counts = by_row[key].setdefault(one.story, np.zeros(len(STANCES), np.int64))
            counts[one.stance] += 1
            if len(examples[key]) < _EXAMPLES:
                examples[key].append(one.sentence_id)
    keys = sorted(by_row)
    counts = np.array([sum(by_row[key].values()) for key in keys], np.int64).reshape(-1, len(STANCES))
    bounds = [_interval(np.stack([by_row[key][story] for story in sorted(by_row[key])])) for key in keys]
    low, high = (np.array([pair[k] for pair in bounds], float).reshape(-1, len(STANCES)) for k in (0, 1))
    articles = np.array([len(by_row[key]) for key in keys], np.int64)
    pairs = [(source, target) for source, target, _ in keys]
    return Ledger(pairs, [key[2] for key in keys], counts, low, high, articles, [examples[key] for key in keys])


def party_name(end: End) -> str:
    """Return by what name the ledger knows a party: its code without the part of a state, or its name.

    "" for what has neither: "the rebels", "this offer".
    """
    if end.code:
        return whole(end.code)
    words = (end.name or end.text).split()
    if len(words) > 1 and words[0].lower() in ("the", "a", "an"):
        words = words[1:]
    return " ".join(words) if end.named else ""


def _pairs(relation: Relation) -> list[tuple[str, str]]:
    found = []
    for source, target in relation.pairs:
        ends = party_name(source), party_name(target)
        if "" in ends or ends[0] == ends[1]:
            continue  # what has no name, and what a party does with itself
        found += [ends, ends[::-1]] if relation.symmetric else [ends]
    return found


def _interval(of_articles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of the counts of one row, where each article is drawn about once (Poisson bootstrap)."""
    drawn = np.random.default_rng(_SEED).poisson(1.0, (_RESAMPLES, len(of_articles))) @ of_articles
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return low, high


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def discourse_table(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """Return the statements as Discourse Network Analyzer reads them.

    One row for each actor and concept: person, organization, concept, agreement (1 or 0), date. The concept is the
    party or proposal that the stance is towards. Left out are neutral sentences, as that program knows two values, and
    actors without a name, pronouns that nothing explains as concepts, and what a party does with itself.
    """
    found = []
    for one in statements:
        if STANCES[one.stance] == "neutral":
            continue
        for source, target in one.relation.pairs:
            person = (source.name or source.text) if source.kind == "office or person" else ""
            organization = party_name(source)
            concept = target.text if target.kind == "proposal" else party_name(target) or target.text
            unexplained = not (target.kind or target.code or target.name)
            if not (person or organization) or unexplained or concept == organization:
                continue
            found.append(
                {
                    "person": person,
                    "organization": organization,
                    "concept": concept,
                    "agreement": int(STANCES[one.stance] == "agreement"),
                    "date": one.date,
                    "document": one.article_id,
                    "text": one.text,
                }
            )
    return found


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
