"""Labeling functions for the reader: a list of all, a card of one, and a check of their own examples."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.errors import LFError, suggest
from pipeline.stances import ABSTAIN, STANCES
from pipeline.weak.lf import LF
from pipeline.weak.votes import LFSet

Statistics = Mapping[str, Mapping[str, Any]]
"""Name of an LF -> its row of `pipeline.weak.analysis.lf_statistics`."""

_SIZEABLE = 0.1  # share of its votes from which a stance is one that an LF votes for


def overview(lfs: LFSet, statistics: Statistics | None = None) -> str:
    """Return one line an LF: name, stance, number of cues, what it did when votes were last cast, rationale.

    The stance is "both" where two of them got a tenth of its votes or more.
    """
    width = max(map(len, lfs.names), default=0)
    rows = [(statistics or {}).get(name) for name in lfs.names]
    lines = [
        f"{lf.name:<{width}}  {_stance(lf, row):<10}  {_cues(lf):>9}  {_did(row):<24}  {lf.why}"
        for lf, row in zip(lfs, rows, strict=True)
    ]
    return "\n".join([*lines, "", f"{len(lfs)} labeling functions; `stance lfs NAME` explains one."])


def describe(lfs: LFSet, name: str, statistics: Statistics | None = None) -> str:
    """Return the card of one LF; raise LFError with the nearest name where there is none of that name."""
    if name not in lfs.names:
        raise LFError("no such labeling function", name, remedy=suggest(name, lfs.names) or "`stance lfs` lists all.")
    lf = lfs[lfs.names.index(name)]
    row = (statistics or {}).get(name)
    rows = [
        ("votes for", " and ".join(STANCES[stance] for stance in _stances(lf, row))),
        ("negated", STANCES[lf.negated] if lf.negated != ABSTAIN else "abstains"),
        ("read as", "Python function" if lf.function else lf.kind),
        ("strength", f"{lf.strength:g}"),
        ("codebook", lf.rule),
        ("why", lf.why),
        ("source", lf.source),
        *_statistics(row),
        *(("cue", cue.source) for cue in lf.cues),
        *(("except", cue.source) for cue in lf.exceptions),
        *(("fires on", sentence) for sentence in lf.fires),
        *(("not on", sentence) for sentence in lf.quiet),
    ]
    return "\n".join([lf.name, *(f"  {label:<10} {text}" for label, text in rows)])


def check_examples(lfs: LFSet) -> str:
    """Return a line that counts the examples that hold; raise LFError naming the first LF that fails one of its own."""
    failures = list(failing_examples(lfs))
    total = sum(len(lf.fires) + len(lf.quiet) for lf in lfs)
    if failures:
        lf, sentence, expected = failures[0]
        more = f" ({len(failures)} of {total} examples fail)"
        raise LFError(
            f"does not hold on its own example{more}", f"{lf.source}, {lf.name}", expected=expected, got=sentence
        )
    return f"{total} examples of {len(lfs)} labeling functions hold."


def failing_examples(lfs: LFSet) -> Iterator[tuple[LF, str, str]]:
    """Yield (LF, sentence, what was expected) for each example on which an LF does not vote as it says."""
    for number, lf in enumerate(lfs):
        for sentence in (*lf.fires, *lf.quiet):
            vote = lfs.vote(lfs.parse(sentence)).get(number, (ABSTAIN, 0.0))[0]
            if sentence in lf.fires and vote != lf.stance:
                yield lf, sentence, f"a vote for {STANCES[lf.stance]}"
            if sentence in lf.quiet and vote == lf.stance:
                yield lf, sentence, f"no vote for {STANCES[lf.stance]}"


def _stance(lf: LF, row: Mapping[str, Any] | None) -> str:
    stances = _stances(lf, row)
    return STANCES[stances[0]] if len(stances) == 1 else "both" if len(stances) == 2 else "all"


def _stances(lf: LF, row: Mapping[str, Any] | None) -> list[int]:
    polarity = row["polarity"] if row else {}
    sizeable = [int(stance) for stance, votes in polarity.items() if votes >= _SIZEABLE * sum(polarity.values())]
    return sizeable if len(sizeable) > 1 else [lf.stance]


def _did(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    precision = f", {row['correct']}/{row['gold_votes']} right" if row["gold_votes"] else ""
    return f"{row['coverage']:.1%}{precision}{' !' if row['warnings'] else ''}"


def _statistics(row: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if row is None:
        return
    yield "votes", f"on {row['votes']} sentences ({row['coverage']:.1%}), on {row['alone']} of them alone"
    yield "others", f"vote too on {row['overlap']}, for another stance on {row['conflict']}"
    if row["gold_votes"]:
        interval = f"{row['precision_low']:.2f} to {row['precision_high']:.2f}"
        yield "precision", f"{row['precision']:.2f} ({interval}; {row['correct']} of {row['gold_votes']} on gold)"
    if row["worth"] is not None:
        yield "worth", f"{row['worth']:+.4f} macro-F1 of the label model on gold"
    yield from (("warning", warning) for warning in row["warnings"])


def _cues(lf: LF) -> str:
    return "function" if lf.function else f"{len(lf.cues)} cues"
