"""What a labeling function (LF) is: cues with scope rules as data, or a small Python function."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.base.errors import LFError
from pipeline.base.stances import ABSTAIN, NEUTRAL, stance_id
from pipeline.weak.cues.language import Cue
from pipeline.weak.cues.tokens import read_as

Kind = Literal["verb", "noun", "phrase"]
"""How scope reads a cue: "verb" can be negated, hedged, wished for, and decides over nouns behind it; "noun" is all
that and can be the object of a verb; "phrase" stands for itself and keeps its vote wherever it stands."""

Function = Callable[[Any], Any]
"""From a `Parse` to a vote, or, for LFs of batches, from `Parses` to arrays of votes."""

ANY = ABSTAIN
"""The `stance` of an LF that is for none in particular."""

_PRIOR_STANCE, _PRIOR_NEUTRAL = 0.8, 0.6

_PENDING = "_labeling_function"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class LF:
    """One labeling function.

    `stance` and `negated` are stance ids: what a cue votes for, and what it votes for under a negation (ABSTAIN:
    nothing); `stance` is ANY where a function votes for whichever fits. `strength` in (0, 1] is how much one clear cue
    is worth. `rule` names the codebook rule behind it and `why` the rationale; it must vote for its stance on every
    sentence of `fires`, and not on those of `quiet`. `prior_accuracy` is how often it is expected to be right where it
    votes (None: see `prior_accuracies`). Where `function` is given it votes in place of the cues, on sentences that
    have one of the words `needs` (none given: on all); with `batch` it sees many sentences at once.
    """

    name: str
    stance: int
    rule: str
    why: str
    source: str
    kind: Kind = "verb"
    negated: int = ABSTAIN
    strength: float = 1.0
    cues: tuple[Cue, ...] = ()
    exceptions: tuple[Cue, ...] = ()
    fires: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    prior_accuracy: float | None = None
    function: Function | None = field(default=None, repr=False)
    needs: tuple[str, ...] = ()
    batch: bool = False


def prior_accuracies(lfs: Iterable[LF]) -> list[float]:
    """Return the expected accuracy of each LF where it votes, before anything is learnt from votes.

    A cue of neutrality (a meeting, a figure) says less than a cue of stance: a stance may stand beside it.
    """
    return [lf.prior_accuracy or (_PRIOR_NEUTRAL if lf.stance == NEUTRAL else _PRIOR_STANCE) for lf in lfs]


_collected: ContextVar[list[LF] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting(lfs: list[LF]) -> Iterator[None]:
    """Append to `lfs` every LF that `labeling_function` makes meanwhile."""
    token = _collected.set(lfs)
    try:
        yield
    finally:
        _collected.reset(token)


def labeling_function(
    *,
    stance: str,
    rule: str,
    fires: list[str],
    quiet: list[str],
    name: str | None = None,
    strength: float = 1.0,
    accuracy: float | None = None,
    needs: Collection[str] = (),
    batch: bool = False,
) -> Callable[[Function], Function]:
    """Mark a function of one `Parse` as an LF named after it, or `name`; its docstring is the rationale.

    It returns a stance id or ABSTAIN, alone or as (id, strength in (0, 1]); `stance` is the one it mostly votes for.
    `accuracy` is how often it is expected to be right where it votes; None: as `prior_accuracies` says.
    A sentence without any of the lower-case words `needs`, where some are given, is not shown to it: it abstains. With
    `batch` it is a function of `Parses`, many sentences, and returns stance ids (n,), alone or with strengths (n,).
    Raises LFError, or InputError for an unknown stance, naming the function and the field.
    """

    def register(function: Function) -> Function:
        own = function.__name__ if name is None else name
        where = f"LF {own!r}"
        _check_fields(where, name, rule, strength, accuracy, {"fires": fires, "quiet": quiet}, needs)
        if not (function.__doc__ or "").strip():
            raise LFError("labeling function without a docstring", where, remedy="Say there why it is right.")
        if batch and needs:
            raise LFError("fields 'needs' and 'batch' together", where, remedy="A function of batches sees them all.")
        lf = LF(
            name=own,
            stance=stance_id(stance, where),
            rule=rule,
            why=" ".join((function.__doc__ or "").split()),
            source=function.__module__,
            strength=strength,
            prior_accuracy=accuracy,
            fires=tuple(fires),
            quiet=tuple(quiet),
            function=function,
            needs=tuple(sorted(needs)),
            batch=batch,
        )
        setattr(function, _PENDING, lf)
        collected = _collected.get()
        if collected is not None:
            collected.append(lf)
        return function

    return register


def _check_fields(
    where: str, name: Any, rule: Any, strength: Any, accuracy: Any, examples: dict[str, Any], needs: Any
) -> None:
    """Raise LFError for a field of the wrong kind."""
    if name is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
        expected = "lower-case letters, digits and _, a letter first"
        raise LFError("bad field 'name'", where, expected=expected, got=repr(name))
    if not isinstance(rule, str) or not rule.strip():
        raise LFError("bad field 'rule'", where, expected="a rule of the codebook", got=repr(rule))
    if not isinstance(strength, int | float) or not 0 < strength <= 1:
        raise LFError("bad field 'strength'", where, expected="a number above 0 and up to 1", got=repr(strength))
    if accuracy is not None and not (isinstance(accuracy, int | float) and 0 < accuracy < 1):
        raise LFError("bad field 'accuracy'", where, expected="a number between 0 and 1", got=repr(accuracy))
    for examples_of, sentences in examples.items():
        if not isinstance(sentences, list | tuple) or not all(isinstance(sentence, str) for sentence in sentences):
            raise LFError(f"bad field {examples_of!r}", where, expected="a list of sentences", got=repr(sentences))
    if isinstance(needs, str) or not all(isinstance(word, str) for word in needs):
        raise LFError("bad field 'needs'", where, expected="words", got=repr(needs))
    check_words(needs, f"{where}, needs")


def check_words(words: Iterable[str], where: str) -> None:
    """Raise LFError for a word that no sentence can have, as tokens are written."""
    for word in words:
        if (read := read_as(word)) != [word]:
            what = f"no word of a sentence is ever {word!r}: it is read as {' '.join(read)!r}"
            raise LFError(what, where, remedy="Write words in lower case, as `tokenize` splits them.")


def lf_of(value: object) -> LF | None:
    """Return the LF that `labeling_function` made of a function, None for anything else."""
    return getattr(value, _PENDING, None)
