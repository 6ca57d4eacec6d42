"""Relations of rows that are answered in batches: the cues of their stances, and rows of one article together."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.actors.context import Article
from pipeline.actors.parties import Parties
from pipeline.actors.readings import Cue
from pipeline.actors.relations import Relation, relate
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION

if TYPE_CHECKING:
    from pipeline.weak.lfs.lf_set import LFSet
    from pipeline.weak.lfs.parse import Parses


def relate_rows(
    rows: Sequence[dict[str, Any]],
    stances: Sequence[int],
    lfs: "LFSet",
    parties: Parties,
    *,
    whole: bool = False,
) -> list[Relation]:
    """Return the relation of each row, which has `text`.

    Rows beside each other with one `article_id` are read as an article, with `paragraph` and `date` where they have
    them; `whole`: all rows are one article. Others stand alone.
    """
    cues = stance_cues([row["text"] for row in rows], stances, lfs)
    found: list[Relation] = []
    numbered = zip(rows, stances, cues, strict=True)
    for article, some in groupby(numbered, lambda one: True if whole else one[0].get("article_id")):
        own = list(some)
        if article is None:
            found += [
                relate(row["text"], stance, cue, parties=parties, day=_day(row.get("date"))) for row, stance, cue in own
            ]
            continue
        texts, paragraphs = [row["text"] for row, _, _ in own], [row.get("paragraph") for row, _, _ in own]
        known = [int(k) for k in paragraphs if isinstance(k, int | float)]
        context = Article(
            texts, known if len(known) == len(own) else None, parties=parties, day=_day(own[0][0].get("date"))
        )
        found += context.relations([stance for _, stance, _ in own], [cue for _, _, cue in own])
    return found


def likely_stances(probabilities: np.ndarray) -> list[int]:
    """Return for each row of probabilities, float (n, 3), the stance whose ends are looked for.

    It is the most probable of opposition and agreement, and neutral only where that is likelier than both together.
    """
    sides = np.where(probabilities[:, OPPOSITION] >= probabilities[:, AGREEMENT], OPPOSITION, AGREEMENT)
    return np.where(probabilities[:, NEUTRAL] >= 0.5, NEUTRAL, sides).tolist()


def stance_cues(texts: Sequence[str], stances: Sequence[int], lfs: "LFSet") -> list[list[Cue]]:
    """Return for each sentence where the cues of its stance stand; those of neutral ones are not looked for."""
    found: list[list[Cue]] = [[] for _ in texts]
    taken = [i for i, stance in enumerate(stances) if stance != NEUTRAL]
    at = 0
    for parses in lfs.read([texts[i] for i in taken]):
        own = taken[at : at + len(parses)]
        _collect(parses, np.array([stances[i] for i in own]), [found[i] for i in own])
        at += len(parses)
    return found


def _collect(parses: "Parses", stances: np.ndarray, into: list[list[Cue]]) -> None:
    hits = parses.hits
    same = np.flatnonzero(hits.stance == stances[hits.row])
    places = zip(hits.row[same].tolist(), parses.positions[same].tolist(), hits.strength[same].tolist(), strict=True)
    for row, position, strength in places:
        into[row].append((position, strength))


def _day(value: object) -> date | None:
    """Return the day that a row's `date` begins with, None where it holds none."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
