"""The stances, fixed and ordered once: every probability column and every id in the project follows this order."""

from pipeline.base.errors import InputError, suggest

STANCES = ("opposition", "neutral", "agreement")
"""Names of the stances; the id of a stance is its place here."""

OPPOSITION, NEUTRAL, AGREEMENT = range(3)

ABSTAIN = -1
"""The vote of a labeling function that has nothing to say about a sentence."""

FOLDS = ("train", "dev", "test")
"""Where an article goes: learnt from, calibrated on, scored on."""

UNLABELED = -1
"""Stands in an array of gold stance ids for a sentence that nobody has labelled."""


def stance_id(name: str, where: str) -> int:
    """Return the id (0, 1, 2) of the stance called `name`; raise InputError naming `where` if there is none."""
    if name in STANCES:
        return STANCES.index(name)
    raise InputError(
        "unknown stance", where, expected=", ".join(STANCES), got=repr(name), remedy=suggest(str(name), STANCES)
    )
