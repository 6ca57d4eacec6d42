"""Which sentence a hand label belongs to, also after its article was edited."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.base.stances import UNLABELED
from pipeline.gold.labels import Gold
from pipeline.gold.sheets import text_key


def match_gold(gold: Sequence[Gold], ids: Sequence[str], texts: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the gold stance id of each sentence (UNLABELED where there is none), and the ids that are lost.

    A label belongs to a sentence of its article that has its text (white space, quotation marks and damaged characters
    aside). Where several have, the labels of the article keep their order, and as many as can be move by one distance:
    so equal sentences keep their own labels when the article grows, and where nothing was edited each stays with its
    id. Lost are those that match none.
    """
    stances, lost = [UNLABELED] * len(ids), []
    sentences: dict[str, list[int]] = defaultdict(list)
    items: dict[str, list[Gold]] = defaultdict(list)
    for row, sentence in enumerate(ids):
        sentences[_article(sentence)].append(row)
    for item in gold:
        items[_article(item.id)].append(item)
    for article, own in items.items():
        rows = sorted(sentences.get(article, []), key=lambda row: _index(ids[row]))
        own = sorted(own, key=lambda item: _index(item.id))
        places = _places([item.text for item in own], [texts[row] for row in rows])
        old, new = [_index(item.id) for item in own], [_index(ids[row]) for row in rows]
        matched = _aligned(old, new, places)
        for item, place in zip(own, matched, strict=True):
            if place is None:
                lost.append(item.id)
            else:
                stances[rows[place]] = item.stance
    order = {item.id: n for n, item in enumerate(gold)}
    return stances, sorted(lost, key=order.__getitem__)


class _Step(NamedTuple):
    """The best way to match labels up to one that takes a place; compared from the first field on."""

    matched: int
    shifts: int  # changes of the distance, negative
    distance: int  # sum of distances, negative
    label: int
    place: int


def _aligned(old: Sequence[int], new: Sequence[int], places: Sequence[Sequence[int]]) -> list[int | None]:
    """Return a place for each label, in order, None for those without; `places` are those with its text.

    `old` are the numbers that the labelled sentences had, `new` those that the places have.
    """
    at_home = {number: place for place, number in enumerate(new)}
    homes = [at_home.get(number) for number in old]
    if all(home in candidates for home, candidates in zip(homes, places, strict=True)):
        return homes  # nothing is better than every label where it was
    start = _Step(0, 0, 0, -1, -1)
    steps = [start]
    came_from: dict[tuple[int, int], _Step] = {}
    for label, candidates in enumerate(places):
        added = []
        for place in candidates:
            moved = new[place] - old[label]
            ways = [
                (_reached(before, moved, label, place, old, new), before) for before in steps if before.place < place
            ]
            best, before = max(ways)
            came_from[label, place] = before
            added.append(best)
        steps += added
    found: list[int | None] = [None] * len(places)
    at = max(steps)
    while at is not start:
        found[at.label] = at.place
        at = came_from[at.label, at.place]
    return _with_the_rest(found, places)


def _reached(before: _Step, moved: int, label: int, place: int, old: Sequence[int], new: Sequence[int]) -> _Step:
    last = new[before.place] - old[before.label] if before.label >= 0 else 0
    return _Step(before.matched + 1, before.shifts - (moved != last), before.distance - abs(moved), label, place)


def _with_the_rest(found: list[int | None], places: Sequence[Sequence[int]]) -> list[int | None]:
    """Give a label that is out of order the only place with its text that nobody took."""
    taken = {place for place in found if place is not None}
    for label, candidates in enumerate(places):
        free = [place for place in candidates if place not in taken]
        if found[label] is None and len(free) == 1:
            found[label] = free[0]
            taken.add(free[0])
    return found


def _places(labelled: Sequence[str], texts: Sequence[str]) -> list[list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        places[text_key(text)].append(place)
    return [places.get(text_key(text), []) for text in labelled]


def _article(sentence_id: str) -> str:
    return sentence_id.rpartition(":")[0]


def _index(sentence_id: str) -> int:
    number = sentence_id.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0
