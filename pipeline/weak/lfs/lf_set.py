"""Cast votes: every labeling function over every sentence."""

import hashlib
import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple, overload

import numpy as np

from pipeline.base.errors import LFError, check_texts
from pipeline.base.stances import ABSTAIN
from pipeline.weak.cues.language import Cue
from pipeline.weak.cues.matcher import IDIOM, NAME, Matcher
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.parse import STRUCTURE, Hits, Parse, Parses, WeightedCues, cue_order, parse_all, structure
from pipeline.weak.lfs.python_lfs import PythonLFs, Votes


class LFSet(Sequence[LF]):
    """Labeling functions in a fixed order, with one matcher for the cues of all."""

    def __init__(self, lfs: Iterable[LF], idioms: Iterable[Cue] = (), proper_names: Iterable[Cue] = ()):
        """Take LFs with distinct names, the idioms whose words no LF may read one by one, and proper names."""
        self.lfs, self.idioms, self.proper_names = tuple(lfs), tuple(idioms), tuple(proper_names)
        self.names = tuple(lf.name for lf in self.lfs)
        twice = sorted({name for name in self.names if self.names.count(name) > 1})
        if twice:
            where = ", ".join(lf.source for lf in self.lfs if lf.name == twice[0])
            raise LFError(f"two labeling functions are called {twice[0]!r}", where, remedy="Rename one.")
        voting = [(j, cue) for j, lf in enumerate(self.lfs) for cue in lf.cues]
        silencing = [(j, cue) for j, lf in enumerate(self.lfs) for cue in lf.exceptions]
        mute = [(IDIOM, cue) for cue in self.idioms] + [(NAME, cue) for cue in self.proper_names]
        self._matcher = Matcher(voting + mute, silencing)
        self._weighted_cues = WeightedCues(self.lfs, self._matcher)
        self._python = PythonLFs(self.lfs)

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
        """Pickle the LFs alone; the matcher is rebuilt."""
        return LFSet, (self.lfs, self.idioms, self.proper_names)

    @property
    def content_hash(self) -> str:
        """Return a SHA-256 of what decides on the votes: the LFs in their order, and the idioms; not their files."""
        decisive = [replace(lf, source="", why="", fires=(), quiet=(), function=None) for lf in self.lfs]
        made_of = _canonical((decisive, [_code(lf) for lf in self.lfs], self.idioms, self.proper_names))
        return hashlib.sha256(made_of.encode()).hexdigest()

    def parse(self, text: str) -> Parse:
        """Parse one sentence: tokens, scope and the cues that fired."""
        return next(self.parse_all([text]))[0]

    def parse_all(self, texts: Iterable[str]) -> Iterator[Parses]:
        """Yield parsed sentences in batches, as they are asked for."""
        return parse_all(texts, self._matcher, self._weighted_cues)

    def unscoped(self, parses: Parses) -> Parses:
        """Return parsed sentences with every cue in them among the hits, also those that do not count."""
        return self._weighted_cues.unscoped(parses)

    def vote(self, text: str) -> dict[int, tuple[int, float]]:
        """Return {LF number: (stance id, strength in (0, 1])} for the LFs that do not abstain on a sentence.

        Raises LFError where a Python LF fails or answers with anything but a vote.
        """
        votes = self.votes(next(self.parse_all([text])))
        pairs = zip(votes.stance.tolist(), votes.strength.tolist(), strict=True)
        return dict(zip(votes.lf.tolist(), pairs, strict=True))

    def votes(self, parses: Parses) -> Votes:
        """Return the votes on a batch of parsed sentences.

        An LF with several hits in a sentence votes once, by the strongest; the first of equals decides.
        """
        every = [_strongest(parses.hits), *self._python.votes(parses)]
        return Votes(*map(np.concatenate, zip(*every, strict=True)))

    def cast(self, parses: Parses) -> tuple[np.ndarray, np.ndarray]:
        """Return votes int8 and strengths float32, (len(parses), len(lfs)) each, as `cast_votes` does."""
        votes, shape = self.votes(parses), (len(parses), len(self))
        stances, strengths = np.full(shape, ABSTAIN, dtype=np.int8), np.zeros(shape, dtype=np.float32)
        stances[votes.row, votes.lf] = votes.stance
        strengths[votes.row, votes.lf] = votes.strength
        return stances, strengths


class CastVotes(NamedTuple):
    """What all features of n sentences are made from.

    `votes`, `strengths`: (n, number of LFs) as `cast_votes` returns them; `order`: int8 (n, 2), as `cue_order`;
    `structure`: float32 (n, len(STRUCTURE)).
    """

    votes: np.ndarray
    strengths: np.ndarray
    order: np.ndarray
    structure: np.ndarray

    def rows(self, at: np.ndarray) -> "CastVotes":
        """Return some of the sentences, int (m,)."""
        return CastVotes(*(values[at] for values in self))


def prefetch(texts: Sequence[str], lfs: Iterable[LF]) -> None:
    """Let the LFs that ask a model ask about many sentences at once; then their votes can be cast one by one."""
    for lf in lfs:
        ask = getattr(lf.function, "prefetch", None)
        if ask:
            ask(texts)


def cast_votes(texts: Iterable[str], lfs: LFSet) -> tuple[np.ndarray, np.ndarray]:
    """Return votes, int8 (len(texts), len(lfs)) of stance ids or ABSTAIN, and their strengths, float32 of that shape.

    A strength is in (0, 1] where the LF votes and 0 where it abstains. Raises InputError naming the position of what
    is no string, LFError where a Python LF fails or answers with anything but a vote.
    """
    texts = check_texts(texts)
    prefetch(texts, lfs)
    return cast_parses(lfs.parse_all(texts), lfs)


def cast_sentences(texts: Sequence[str], lfs: LFSet) -> CastVotes:
    """Parse n sentences and cast all votes on them."""
    prefetch(texts, lfs)
    return cast_all(lfs.parse_all(texts), lfs)


def cast_all(batches: Iterable[Parses], lfs: LFSet) -> CastVotes:
    """Cast all votes on n sentences, in parsed batches."""
    none = np.empty((0, len(lfs)), np.int8), np.empty((0, len(lfs)), np.float32)
    empty = (*none, np.empty((0, 2), np.int8), np.empty((0, len(STRUCTURE)), np.float32))
    parts = ((*lfs.cast(parses), cue_order(parses), structure(parses)) for parses in batches)
    return CastVotes(*map(np.concatenate, zip(empty, *parts, strict=True)))


def cast_parses(batches: Iterable[Parses], lfs: LFSet) -> tuple[np.ndarray, np.ndarray]:
    """Return votes int8 and strengths float32, (n, len(lfs)) each, of the n sentences that `lfs.parse_all` yields."""
    none = np.empty((0, len(lfs)), np.int8), np.empty((0, len(lfs)), np.float32)
    votes, strengths = zip(none, *map(lfs.cast, batches), strict=True)
    return np.concatenate(votes), np.concatenate(strengths)


def apply_lfs(texts: Iterable[str], lfs: LFSet) -> np.ndarray:
    """Return votes, int8 (len(texts), len(lfs)): the stance id that each LF gives each sentence, or ABSTAIN (-1)."""
    return cast_votes(texts, lfs)[0]


def _code(lf: LF) -> str:
    """Return what an LF's function is made of: its source, or the state of an object that votes."""
    if lf.function is None:
        return ""
    if not hasattr(lf.function, "__code__"):
        return _canonical(lf.function.__reduce__())
    try:
        return inspect.getsource(lf.function)
    except OSError:  # typed in, or made by another function
        return lf.function.__code__.co_code.hex()


def _canonical(value: Any) -> str:
    """Return a text that equal values share in every process: sets have no order of their own."""
    if is_dataclass(value):
        return _canonical([getattr(value, field.name) for field in fields(value)])
    if isinstance(value, dict):
        return _canonical(sorted(value.items()))
    if isinstance(value, (set, frozenset)):
        return f"{{{', '.join(sorted(map(_canonical, value)))}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_canonical, value))}]"
    return getattr(value, "__qualname__", None) or repr(value)


def _strongest(hits: Hits) -> Votes:
    order = np.lexsort((-hits.strength, hits.lf, hits.row))  # stable: of equals the first stays first
    row, lf = hits.row[order], hits.lf[order]
    first = order[(np.diff(row, prepend=-1) != 0) | (np.diff(lf, prepend=-1) != 0)]
    return Votes(hits.row[first], hits.lf[first], hits.stance[first], hits.strength[first])
