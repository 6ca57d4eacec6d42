"""A few labeling functions made on the spot, so that what is tested is the engine and not the shipped lexicon."""

from pipeline.base.stances import ABSTAIN, AGREEMENT, OPPOSITION
from pipeline.weak.cues.language import Cue, parse_cues
from pipeline.weak.lfs.lf import LF
from pipeline.weak.lfs.lf_set import LFSet

SETS = {"pressure": frozenset(["sanctions", "embargo"])}


def cues(text: str) -> tuple[Cue, ...]:
    return tuple(parse_cues(text, SETS))


def lf(name: str, text: str, stance: int = OPPOSITION, **fields) -> LF:
    """Return an LF with these cues and, unless said otherwise, no vote under negation."""
    fields = {"negated": ABSTAIN, **fields, "exceptions": cues(fields.get("exceptions", ""))}
    return LF(name=name, stance=stance, rule="a rule", why="a reason", source="here.yaml", cues=cues(text), **fields)


REJECT = lf("reject", "(reject|oppose)~v", negated=AGREEMENT)
SUPPORT = lf("support", "(support|back|praise)~v", AGREEMENT, negated=OPPOSITION)
DEAL = lf("deal", "(deal|truce)~n", AGREEMENT, kind="noun", negated=OPPOSITION)
DEADLOCK = lf("deadlock", "deadlock", kind="phrase")

SMALL = LFSet([REJECT, SUPPORT, DEAL, DEADLOCK])

TEXTS = [
    "Ordovia rejects it.",
    "Borduria supports it.",
    "Dinner is at eight.",
    "Nobody supports it, but the deadlock is over.",
    "",
]


def strength(text: str, name: str = "reject", lfs: LFSet = SMALL) -> float:
    """Return with what strength the LF called `name` votes for its own stance on `text`; 0 where it does not."""
    number = lfs.names.index(name)
    stance, given = lfs.vote(text).get(number, (ABSTAIN, 0.0))
    return given if stance == lfs[number].stance else 0.0


def stances(text: str, lfs: LFSet = SMALL) -> dict[str, int]:
    """Return {LF name: stance id} of the votes on `text`."""
    return {lfs.names[j]: stance for j, (stance, _) in lfs.vote(text).items()}
