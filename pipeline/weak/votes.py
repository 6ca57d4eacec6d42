"""Cast votes: every labeling function over every sentence."""

from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np

from pipeline.errors import LFError
from pipeline.stances import ABSTAIN, STANCES
from pipeline.weak.cues import Cue
from pipeline.weak.lf import LF, Function
from pipeline.weak.matcher import IDIOM, Matcher
from pipeline.weak.parse import Parse, parse


class LFSet(Sequence[LF]):
    """Labeling functions in a fixed order, with one matcher for the cues of all."""

    def __init__(self, lfs: Iterable[LF], idioms: Iterable[Cue] = ()):
        """Take LFs with distinct names, and the idioms whose words no LF may read one by one."""
        self.lfs, self.idioms = tuple(lfs), tuple(idioms)
        self.names = tuple(lf.name for lf in self.lfs)
        twice = sorted({name for name in self.names if self.names.count(name) > 1})
        if twice:
            where = ", ".join(lf.source for lf in self.lfs if lf.name == twice[0])
            raise LFError(f"two labeling functions are called {twice[0]!r}", where, remedy="Rename one.")
        self._functions = [(j, lf.function) for j, lf in enumerate(self.lfs) if lf.function]
        voting = [(j, cue) for j, lf in enumerate(self.lfs) for cue in lf.cues]
        silencing = [(j, cue) for j, lf in enumerate(self.lfs) for cue in lf.exceptions]
        self._matcher = Matcher(voting + [(IDIOM, cue) for cue in self.idioms], silencing)

    def __len__(self) -> int:
        """Return the number of LFs."""
        return len(self.lfs)

    @overload
    def __getitem__(self, key: int) -> LF: ...
    @overload
    def __getitem__(self, key: slice) -> Sequence[LF]: ...
    def __getitem__(self, key: int | slice) -> LF | Sequence[LF]:
        """Return one LF, or several."""
        return self.lfs[key]

    def __reduce__(self) -> tuple:
        """Pickle the LFs alone; the matcher is built anew."""
        return LFSet, (self.lfs, self.idioms)

    def parse(self, text: str) -> Parse:
        """Read one sentence: tokens, scope and the cues that fired."""
        return parse(text, self._matcher, self.lfs)

    def vote(self, parsed: Parse) -> dict[int, tuple[int, float]]:
        """Return {LF number: (stance id, strength in (0, 1])} for the LFs that do not abstain.

        An LF with several hits votes once, by the strongest; the first of equals decides. Raises LFError where a
        Python LF fails or answers with anything but a vote.
        """
        votes: dict[int, tuple[int, float]] = {}
        for hit in parsed.hits:
            if hit.lf not in votes or hit.strength > votes[hit.lf][1]:
                votes[hit.lf] = (hit.stance, hit.strength)
        for j, function in self._functions:
            vote = _ask(function, self.lfs[j], parsed)
            if vote:
                votes[j] = vote
        return votes


def cast_votes(texts: Sequence[str], lfs: LFSet) -> tuple[np.ndarray, np.ndarray]:
    """Return votes, int8 (len(texts), len(lfs)) of stance ids or ABSTAIN, and their strengths, float32 of that shape.

    A strength is in (0, 1] where the LF votes and 0 where it abstains. Raises LFError where a Python LF fails or
    answers with anything but a vote.
    """
    return cast_parses((lfs.parse(text) for text in texts), lfs)


def cast_parses(parses: Iterable[Parse], lfs: LFSet) -> tuple[np.ndarray, np.ndarray]:
    """Return what `cast_votes` returns, of sentences that `lfs.parse` has read."""
    n = 0
    rows: list[int] = []
    columns: list[int] = []
    stances: list[int] = []
    strengths: list[float] = []
    for i, parsed in enumerate(parses):
        n = i + 1
        for j, (stance, strength) in lfs.vote(parsed).items():
            rows.append(i)
            columns.append(j)
            stances.append(stance)
            strengths.append(strength)
    return _dense(n, lfs, rows, columns, stances, strengths)


def apply_lfs(texts: Sequence[str], lfs: LFSet) -> np.ndarray:
    """Return votes, int8 (len(texts), len(lfs)): the stance id that each LF gives each sentence, or ABSTAIN (-1)."""
    return cast_votes(texts, lfs)[0]


def _ask(function: Function, lf: LF, parsed: Parse) -> tuple[int, float] | None:
    """Return the vote of a Python LF, None where it abstains."""
    try:
        answer = function(parsed)
    except Exception as error:
        what = f"fails on a sentence ({type(error).__name__}: {error})"
        raise LFError(what, f"{lf.source}, {lf.name}", got=repr(parsed.text[:80])) from error
    if answer is ABSTAIN:
        return None
    stance, strength = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, lf.strength)
    if _is_id(stance) and stance == ABSTAIN:
        return None
    if _is_id(stance) and 0 <= stance < len(STANCES) and _is_strength(strength):
        return stance, strength
    expected = "a stance id (0, 1, 2) or ABSTAIN (-1), alone or with a strength above 0 and up to 1"
    raise LFError("does not answer with a vote", f"{lf.source}, {lf.name}", expected=expected, got=repr(answer)[:80])


def _is_id(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_strength(value: object) -> bool:
    return isinstance(value, (int, float, np.number)) and bool(0 < value <= 1)


def _dense(
    n: int, lfs: LFSet, rows: list[int], columns: list[int], stances: list[int], strengths: list[float]
) -> tuple[np.ndarray, np.ndarray]:
    votes = np.full((n, len(lfs)), ABSTAIN, dtype=np.int8)
    graded = np.zeros((n, len(lfs)), dtype=np.float32)
    votes[rows, columns] = stances
    graded[rows, columns] = strengths
    return votes, graded
