"""Invariance: how many answers change under what should change none, such as capitals or another order."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np

Answer = Callable[[Sequence[str]], np.ndarray]
"""From sentences (n,) to their stance ids, int (n,)."""

SHOWN = 3
"""Pairs of sentences that are shown of a change."""

_QUOTES = str.maketrans({"“": '"', "”": '"', "«": "“", "»": "”"})
_NEGATED = re.compile(r"(?<=n)['’](?=t\b)", re.IGNORECASE)
_VERBS = "rejected condemned denounced opposed criticised vetoed accepted endorsed supported welcomed praised approved"
_SUBJECTS = ("dockers' union", "governor", "island's assembly", "farmers", "archbishop", "northern league", "envoys")
_OBJECTS = ("transit rule", "draft budget", "canal treaty", "ceasefire plan", "wage offer")

_APOSTROPHES = str.maketrans("'’", "’'")


class Invariance(NamedTuple):
    """A change, the answers that it changed, the cases in which it was tried, and up to three pairs that it changed."""

    change: str
    changed: int
    cases: int
    examples: tuple[tuple[str, str], ...] = ()


def invariance(
    answer: Answer,
    texts: Sequence[str],
    names: Sequence[str] = (),
    reordered: Answer | None = None,
    most: int = 400,
    unaltered: Answer | None = None,
) -> list[Invariance]:
    """Return a row for each change, in a fixed order; equal input gives equal rows.

    `answer` is asked for each sentence by itself. `names` are names of parties that may stand for each other.
    `reordered` answers with the labeling functions in another order; `unaltered` is asked for `texts` as they stand,
    where their answers need less than `answer`. Of more than `most` sentences that a change can be made to, an even
    sample is taken; what it cannot be made to is no case.
    """
    known = unaltered or answer
    pairs = {name: _even([(text, new) for text in texts if (new := change(text)) != text], most)
             for name, change in _changes(names).items()}  # fmt: skip
    some = _even(list(texts), most)
    rows = [_compare("order of sentences", [*zip(some, some, strict=True)], known, _backwards(answer))]
    if reordered is not None:
        rows.append(_compare("order of labeling functions", [*zip(some, some, strict=True)], known, reordered))
    rows += [_compare(name, changed, known, answer) for name, changed in pairs.items()]
    return [*rows, _compare("active and passive", _even(list(_voices()), most), answer, answer)]


def _changes(names: Sequence[str]) -> dict[str, Callable[[str], str]]:
    following = dict(zip(names, [*names[1:], *names[:1]], strict=True))
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    named = re.compile(rf"\b(?:{'|'.join(longest_first)})\b") if len(names) > 1 else None
    return {
        "capitals": str.upper,
        "lower case": str.lower,
        "quotation marks": _other_quotes,
        "apostrophes": lambda text: _NEGATED.sub("", text) if _NEGATED.search(text) else text.translate(_APOSTROPHES),
        "names exchanged": lambda text: named.sub(lambda found: following[found[0]], text) if named else text,
    }


def _other_quotes(text: str) -> str:
    """Return a text with straight quotation marks for curly ones, or the other way round."""
    if '"' not in text:
        return text.translate(_QUOTES)
    parts = text.split('"')
    return parts[0] + "".join(("“" if nth % 2 else "”") + part for nth, part in enumerate(parts[1:], 1))


def _voices() -> Iterator[tuple[str, str]]:
    for subject, verb, matter in product(_SUBJECTS, _VERBS.split(), _OBJECTS):
        yield f"The {subject} {verb} the {matter} on Monday.", f"The {matter} was {verb} by the {subject} on Monday."


def _backwards(answer: Answer) -> Answer:
    return lambda texts: np.asarray(answer(list(texts)[::-1]))[::-1]


def _even(rows: list[Any], most: int) -> list[Any]:
    """Return at most so many of some rows, at even steps."""
    return rows if len(rows) <= most else [rows[k * len(rows) // most] for k in range(most)]


def _compare(change: str, pairs: Sequence[tuple[str, str]], before: Answer, after: Answer) -> Invariance:
    if not pairs:
        return Invariance(change, 0, 0)
    old, new = zip(*pairs, strict=True)
    differ = np.flatnonzero(np.asarray(before(old)) != np.asarray(after(new)))
    return Invariance(change, len(differ), len(pairs), tuple(pairs[k] for k in differ[:SHOWN].tolist()))
