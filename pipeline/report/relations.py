"""Who opposes and who agrees with whom: relations of answered sentences, and the pairs of parties for a page."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.actors import Statement, relate_rows
from pipeline.base.records import Row
from pipeline.base.stances import STANCES
from pipeline.base.tables_in import read_records
from pipeline.report.cells import Table
from pipeline.report.corpus import month_of
from pipeline.report.pairs import count_pairs, shown_balance

if TYPE_CHECKING:
    from pipeline.actors import End, Parties
    from pipeline.weak.lfs.lf_set import LFSet

SHOWN_PAIRS = 12


def relate_answers(
    rows: Sequence[Row], lfs: "LFSet", parties: "Parties", copies: Mapping[str, str]
) -> tuple[list[Row], list[Statement]]:
    """Return answered sentences with `who`, `towards`, `symmetric`, `voice`, `rule` and `why`, and their Statements.

    `copies`: article -> the article that it is a near-duplicate of. An end that nothing is known of is "".
    """
    stances = [STANCES.index(row["stance"]) for row in rows]
    dated = [{**row, "date": month_of(row["date"])} for row in rows]
    relations = relate_rows(dated, stances, lfs, parties)
    related = [
        {
            **row,
            **{"who": _named(found.source), "towards": _named(found.target), "symmetric": found.symmetric},
            **{"voice": found.voice, "rule": found.rule, "why": found.why},
        }
        for row, found in zip(rows, relations, strict=True)
    ]
    statements = [
        Statement(
            copies.get(row["article_id"], row["article_id"]),
            row["article_id"],
            row["id"],
            row["date"],
            stance,
            row["text"],
            found,
        )
        for row, stance, found in zip(dated, stances, relations, strict=True)
    ]
    return related, statements


def read_relations(path: Path | str) -> list[dict[str, str]]:
    """Return the rows of relations.csv."""
    return [record.values for record in read_records(path)]


def pair_table(relations: Iterable[Mapping[str, Any]]) -> Table:
    """Return the pairs of parties with most opposition and agreement, from rows of relations.csv.

    A row has `source`, `target` and the number of sentences of each stance, for example of one month; rows of the same
    pair are added up. The balance is agreement minus opposition, as a share of both.
    """
    found = count_pairs(relations)
    rows = [
        (pair.source, pair.target, *map(str, pair.counts), shown_balance(pair.balance)) for pair in found[:SHOWN_PAIRS]
    ]
    more = f", the {SHOWN_PAIRS} most frequent of {len(found)}" if len(found) > SHOWN_PAIRS else ""
    head = ("who", "towards whom", *STANCES, "balance")
    return Table(f"Pairs of parties{more}", head, tuple(rows), 2)


def _named(end: "End | None") -> str:
    """Return the name of an end, with its code where it has one: "Oslo (NOR)"; for a pronoun whom it stands for."""
    if end is None:
        return ""
    return f"{end.name or end.text} ({end.code})" if end.code else end.name or end.text
