"""The votes of labeling functions that are Python functions: of one sentence, or of a batch of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, cast

import numpy as np

from pipeline.base.errors import LFError, StanceError
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.weak.lfs.batch import WordSet
from pipeline.weak.lfs.lf import LF, Function
from pipeline.weak.lfs.parse import Parse, Parses

_ANSWER = "a stance id (0, 1, 2) or ABSTAIN (-1), alone or with a strength above 0 and up to 1"
_ANSWERS = "stance ids (0, 1, 2) or ABSTAIN (-1), one a sentence, alone or with strengths above 0 and up to 1"


class Votes(NamedTuple):
    """v votes: in which sentence of a batch, of which LF, for which stance, with what strength; arrays (v,)."""

    row: np.ndarray
    lf: np.ndarray
    stance: np.ndarray
    strength: np.ndarray


class PythonLFs:
    """Those LFs of some that are Python functions."""

    def __init__(self, lfs: Sequence[LF]):
        """Take all LFs; a vote names the place of its LF among them."""
        own = [(j, lf) for j, lf in enumerate(lfs) if lf.function]
        self._batched = [(j, lf) for j, lf in own if lf.batch]
        self._always = [(j, lf) for j, lf in own if not lf.batch and not lf.needs]
        self._needing = [(j, lf, WordSet(lf.needs)) for j, lf in own if not lf.batch and lf.needs]

    def votes(self, parses: Parses) -> Iterator[Votes]:
        """Yield the votes on some sentences.

        Raises LFError where a function fails or answers with anything but a vote.
        """
        for j, lf in self._batched:
            yield _votes_of_batch(j, lf, parses)
        if self._always or self._needing:
            yield _votes_one_by_one(self._asked(parses))

    def _asked(self, parses: Parses) -> Iterator[tuple[int, Parse, int, LF]]:
        """Yield (row, sentence, LF number, LF) for each function that is to see a sentence; no order is promised."""
        seen: dict[int, Parse] = {}
        for j, lf, rows in self._shown(parses):
            for row in rows:
                if row not in seen:
                    seen[row] = parses[row]
                yield row, seen[row], j, lf

    def _shown(self, parses: Parses) -> Iterator[tuple[int, LF, Iterable[int]]]:
        for j, lf in self._always:
            yield j, lf, range(len(parses))
        for j, lf, needs in self._needing:
            yield j, lf, np.flatnonzero(needs.rows(parses.tokens)).tolist()


def in_a_line(error: BaseException) -> str:
    """Return the kind of an error and what it says, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def _votes_one_by_one(asked: Iterable[tuple[int, Parse, int, LF]]) -> Votes:
    votes = [(row, j, *vote) for row, parse, j, lf in asked if (vote := _ask(lf, parse))]
    table = np.array(votes, float).reshape(-1, 4)
    row, number, stance = table[:, :3].astype(np.int64).T
    return Votes(row, number, stance, table[:, 3])


def _votes_of_batch(j: int, lf: LF, parses: Parses) -> Votes:
    answer = _answer(lf, parses, f"{len(parses)} sentences")
    parts = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, lf.strength)
    try:
        stances, strengths = np.asarray(parts[0]), np.broadcast_to(np.asarray(parts[1], float), len(parses))
    except (TypeError, ValueError):
        stances, strengths = np.empty(0), np.empty(0)
    rows = np.flatnonzero(stances != ABSTAIN)
    right = stances.shape == strengths.shape and (stances.dtype.kind in "iu" or not len(parses))
    if not right or not _are_votes(stances[rows], strengths[rows]):
        got = f"{_said(answer)} for {len(parses)} sentences"
        raise LFError("does not answer with votes", f"{lf.source}, {lf.name}", expected=_ANSWERS, got=got)
    return Votes(rows, np.full(len(rows), j), stances[rows].astype(np.int64), strengths[rows])


def _ask(lf: LF, parse: Parse) -> tuple[int, float] | None:
    """Return the vote of a Python LF, None where it abstains."""
    answer = _answer(lf, parse, repr(parse.text[:80]))
    if answer is ABSTAIN:
        return None
    stance, strength = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, lf.strength)
    if _is_id(stance) and stance == ABSTAIN:
        return None
    if _is_id(stance) and 0 <= stance < len(STANCES) and _is_strength(strength):
        return stance, strength
    raise LFError("does not answer with a vote", f"{lf.source}, {lf.name}", expected=_ANSWER, got=_said(answer))


def _answer(lf: LF, shown: Parse | Parses, got: str) -> Any:
    try:
        return cast(Function, lf.function)(shown)
    except StanceError:
        raise
    except (Exception, SystemExit) as error:
        what = "a batch of sentences" if lf.batch else "a sentence"
        raise LFError(f"fails on {what} ({in_a_line(error)})", f"{lf.source}, {lf.name}", got=got) from error


def _said(answer: object) -> str:
    return " ".join(repr(answer).split())[:80]


def _are_votes(stances: np.ndarray, strengths: np.ndarray) -> bool:
    known = (stances >= 0) & (stances < len(STANCES))
    return bool((known & (strengths > 0) & (strengths <= 1)).all())


def _is_id(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_strength(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and bool(0 < value <= 1)
