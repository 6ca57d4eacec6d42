"""Pairs of parties: their counts and examples, as tables."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.actors import Statement, likely_stances, relate_rows
from pipeline.actors.parties import names_by_code
from pipeline.base.records import Row
from pipeline.base.stances import STANCES
from pipeline.base.tables_in import read_records
from pipeline.report.answers import RELATION
from pipeline.report.corpus import FEW_MONTHS
from pipeline.report.rendering import MINUS, Table
from pipeline.text.dates import date_of

if TYPE_CHECKING:
    from pipeline.actors import Parties, Relation
    from pipeline.weak.lfs.parse import StanceHit


Counts = tuple[int, int, int]
"""Numbers of sentences, in the order of STANCES."""

SHOWN_PAIRS = 12


@dataclass(frozen=True)
class Pair:
    """What is said of one party towards another.

    `months`: ("1987-04", counts) in order of time, "" for what has no date; `articles`: how many stories say it;
    `examples`: for each month ids of sentences, joined by spaces.
    """

    source: str
    target: str
    months: tuple[tuple[str, Counts], ...]
    articles: int
    examples: tuple[str, ...]

    @property
    def counts(self) -> Counts:
        """Numbers of sentences over all months."""
        return _sum(counts for _, counts in self.months)

    @property
    def taken(self) -> int:
        """Number of sentences with a stance."""
        return self.counts[0] + self.counts[2]

    @property
    def balance(self) -> float:
        """Agreement minus opposition, as a share of both; 0 without either."""
        return (self.counts[2] - self.counts[0]) / max(self.taken, 1)

    def ids(self, known: Collection[str]) -> list[str]:
        """Return the ids of the examples that are known; an id may hold spaces."""
        found = []
        for joined in self.examples:
            name = ""
            for word in joined.split(" "):
                name = f"{name} {word}" if name else word
                if name in known:
                    found.append(name)
                    name = ""
        return found


def count_pairs(relations: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """Return the pairs that stand in a stance, those with most such sentences first.

    A row of `relations` has `source`, `target`, `month`, `articles`, `examples` and the number of sentences of each
    stance.
    """
    of_pair: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in relations:
        of_pair[str(row["source"]), str(row["target"])].append(row)
    found = []
    for (source, target), rows in of_pair.items():
        rows.sort(key=lambda row: row["month"])
        months = tuple((str(row["month"]), _counts(row)) for row in rows)
        examples = tuple(str(row["examples"]) for row in rows)
        found.append(Pair(source, target, months, sum(int(row["articles"]) for row in rows), examples))
    return sorted((pair for pair in found if pair.taken), key=lambda pair: (-pair.taken, pair.source, pair.target))


def most_named(pairs: Iterable[Pair], most: int) -> list[str]:
    """Return the parties with most sentences in which they stand towards another, or another towards them."""
    totals: Counter[str] = Counter()
    for pair in pairs:
        totals.update({pair.source: pair.taken, pair.target: pair.taken})
    return sorted(totals, key=lambda name: (-totals[name], name))[:most]


def timeline(pairs: Sequence[Pair]) -> tuple[list[str], list[list[Counts]]]:
    """Return the months or, of a longer time, years that all pairs span, without gaps, and the counts of each pair."""
    known = sorted({month for pair in pairs for month, _ in pair.months if month})
    if not known:
        return [], [[] for _ in pairs]
    first, last = _number(known[0]), _number(known[-1])
    if last - first < FEW_MONTHS:
        names, size = [f"{k // 12}-{k % 12 + 1:02}" for k in range(first, last + 1)], 7
    else:
        names, size = [str(year) for year in range(first // 12, last // 12 + 1)], 4
    each = []
    for pair in pairs:
        own: dict[str, list[Counts]] = defaultdict(list)
        for month, counts in pair.months:
            own[month[:size]].append(counts)
        each.append([_sum(own[name]) for name in names])
    return names, each


def shown_balance(balance: float) -> str:
    """Format a balance with its sign."""
    return f"{balance:+.2f}".replace("-", MINUS) if balance else "0.00"


def _counts(row: Mapping[str, Any]) -> Counts:
    opposition, neutral, agreement = (int(row[stance]) for stance in STANCES)
    return opposition, neutral, agreement


def _sum(some: Iterable[Counts]) -> Counts:
    opposition, neutral, agreement = (sum(counts) for counts in zip((0, 0, 0), *some, strict=True))
    return opposition, neutral, agreement


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def relate_answers(
    rows: Sequence[Row], hits: Sequence[Sequence["StanceHit"]], parties: "Parties", copies: Mapping[str, str]
) -> tuple[list[Row], list[Statement]]:
    """Return answered sentences with the columns of RELATION, and their Statements.

    `hits`: the cues that take a side in each. The ends are looked for with the stance that `likely_stances` gives;
    the Statement has the one that was answered.
    `copies`: article -> the article that it is a near-duplicate of.
    """
    if not rows:
        return [], []
    stances = [STANCES.index(row["stance"]) for row in rows]
    likely = likely_stances(np.array([[row[f"p_{stance}"] for stance in STANCES] for row in rows]))
    dated = [{**row, "date": date_of(row["date"])} for row in rows]
    relations = relate_rows(dated, likely, hits, parties)
    related = [row | _columns(found) for row, found in zip(rows, relations, strict=True)]
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
    found, names = count_pairs(relations), names_by_code()
    rows = [
        (
            *(names.get(end, end) for end in (pair.source, pair.target)),
            *map(str, pair.counts),
            shown_balance(pair.balance),
        )
        for pair in found[:SHOWN_PAIRS]
    ]
    more = f", the {SHOWN_PAIRS} most frequent of {len(found)}" if len(found) > SHOWN_PAIRS else ""
    head = ("who", "towards whom", *STANCES, "balance")
    return Table(f"Pairs of parties{more}", head, tuple(rows), 2)


def _columns(found: "Relation") -> Row:
    ends = {
        f"{side}_{part}": getattr(end, part, None) or ""
        for side, end in (("source", found.source), ("target", found.target))
        for part in ("text", "code", "kind", "name")
    }
    return RELATION | ends | {name: getattr(found, name) for name in ("symmetric", "voice", "rule", "why")}
