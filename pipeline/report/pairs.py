"""Who opposes and who agrees with whom, as a table for a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.base.stances import STANCES
from pipeline.report.cells import MINUS, Table

SHOWN_PAIRS = 25


def pair_table(relations: Iterable[Mapping[str, Any]]) -> Table:
    """Return the pairs of parties with most opposition and agreement, from rows of reports/relations.csv.

    A row has `source`, `target` and the number of sentences of each stance, for example of one month; rows of the same
    pair are added up. The balance is agreement minus opposition, as a share of both.
    """
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(STANCES))
    for row in relations:
        for k, stance in enumerate(STANCES):
            counts[str(row["source"]), str(row["target"])][k] += int(row[stance])
    taken = {pair: own[0] + own[2] for pair, own in counts.items() if own[0] + own[2]}
    shown = sorted(taken, key=lambda pair: (-taken[pair], pair))[:SHOWN_PAIRS]
    rows = [
        (*pair, *map(str, counts[pair]), _signed((counts[pair][2] - counts[pair][0]) / taken[pair])) for pair in shown
    ]
    more = f", the {SHOWN_PAIRS} most frequent of {len(taken)}" if len(taken) > SHOWN_PAIRS else ""
    head = ("who", "towards whom", *STANCES, "balance")
    return Table(f"Pairs of parties{more}", head, tuple(rows), 2)


def _signed(balance: float) -> str:
    return f"{balance:+.2f}".replace("-", MINUS)
