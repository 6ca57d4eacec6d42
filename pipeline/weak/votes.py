"""Cast votes: every labeling function over every sentence."""

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

import numpy as np

from pipeline.errors import LFError, StanceError
from pipeline.stances import ABSTAIN, STANCES
from pipeline.weak.cues import Cue
from pipeline.weak.lf import LF, Function
from pipeline.weak.matcher import IDIOM, Matcher
from pipeline.weak.parse import Parse, parse_all
from pipeline.weak.tokens import MAX_CHARS
from pipeline.weak.zero_shot import foresee

_STRETCH = 1 << 18  # characters that are read at a time


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
        functions = [(j, lf.function, frozenset(lf.needs)) for j, lf in enumerate(self.lfs) if lf.function]
        self._always = [(j, function) for j, function, needs in functions if not needs]
        self._where_needed = [entry for entry in functions if entry[2]]
        self._needed = frozenset().union(*(needs for _, _, needs in functions))
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
        return parse_all([text], self._matcher, self.lfs)[0]

    def parse_all(self, texts: Iterable[str]) -> Iterator[Parse]:
        """Read sentences one by one as they are asked for; a stretch of them is read at a time, which is quicker."""
        for stretch in _stretches(texts):
            yield from parse_all(stretch, self._matcher, self.lfs)

    def vote(self, parsed: Parse) -> dict[int, tuple[int, float]]:
        """Return {LF number: (stance id, strength in (0, 1])} for the LFs that do not abstain.

        An LF with several hits votes once, by the strongest; the first of equals decides. Raises LFError where a
        Python LF fails or answers with anything but a vote.
        """
        votes: dict[int, tuple[int, float]] = {}
        for j, _, stance, strength, _ in parsed.hits:
            if j not in votes or strength > votes[j][1]:
                votes[j] = (stance, strength)
        for j, function in self._asked(parsed.tokens):
            vote = _ask(function, self.lfs[j], parsed)
            if vote:
                votes[j] = vote
        return votes

    def _asked(self, tokens: list[str]) -> list[tuple[int, Function]]:
        """Return the functions, by LF number, that are to see a sentence of these tokens."""
        present = self._needed.intersection(tokens)
        if not present:
            return self._always
        needed = [(j, function) for j, function, needs in self._where_needed if not needs.isdisjoint(present)]
        return self._always + needed


def cast_votes(texts: Sequence[str], lfs: LFSet) -> tuple[np.ndarray, np.ndarray]:
    """Return votes, int8 (len(texts), len(lfs)) of stance ids or ABSTAIN, and their strengths, float32 of that shape.

    A strength is in (0, 1] where the LF votes and 0 where it abstains. Raises LFError where a Python LF fails or
    answers with anything but a vote.
    """
    foresee(texts, lfs)
    return cast_parses(lfs.parse_all(texts), lfs)


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


def in_a_line(error: BaseException) -> str:
    """Return the kind of an error and what it says, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def _stretches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield the texts in lists that are quick to read and never large."""
    stretch: list[str] = []
    room = _STRETCH
    for text in texts:
        stretch.append(text)
        room -= min(len(text), MAX_CHARS) + 1
        if room <= 0:
            yield stretch
            stretch, room = [], _STRETCH
    if stretch:
        yield stretch


def _ask(function: Function, lf: LF, parsed: Parse) -> tuple[int, float] | None:
    """Return the vote of a Python LF, None where it abstains."""
    try:
        answer = function(parsed)
    except StanceError:
        raise
    except (Exception, SystemExit) as error:
        what = f"fails on a sentence ({in_a_line(error)})"
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
