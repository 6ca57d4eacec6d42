"""Labeling functions for the reader: a list of all, a card of one, and a check of their own examples."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.base.errors import LFError, suggest
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.weak.lfs.lf import ANY, LF
from pipeline.weak.lfs.lf_set import LFSet, cast_parses, cast_votes
from pipeline.weak.lfs.parse import Parses
from pipeline.weak.zero_shot.lf import ZeroShot

Statistics = Mapping[str, Mapping[str, Any]]
"""Name of an LF -> its row of `pipeline.weak.lf_analysis.lf_statistics`."""


def overview(lfs: LFSet, statistics: Statistics | None = None) -> str:
    """Return a line an LF: name, stances, number of cues, what it did when votes were last cast, rationale; and counts.

    The stances are those that got a tenth of its votes or more, the commoner first.
    """
    known, width = statistics or {}, max(map(len, lfs.names), default=0)
    lines = [
        f"{lf.name:<{width}}  {_stances(lf, known.get(lf.name)):<20}  {_cues(lf):>9}  "
        f"{_did(known.get(lf.name)):<24}  {lf.why}"
        for lf in lfs
    ]
    return "\n".join([*lines, "", *_counts(lfs, [known[name] for name in lfs.names if name in known])])


def describe(lfs: LFSet, name: str, statistics: Statistics | None = None) -> str:
    """Return the card of one LF; raise LFError with the nearest name where there is none of that name."""
    lf = _named(lfs, name)
    row = (statistics or {}).get(name)
    rows = [
        ("votes for", _stances(lf, row)),
        ("negated", STANCES[lf.negated] if lf.negated != ABSTAIN else "abstains"),
        ("read as", _function(lf) or lf.kind),
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


def check_examples(lfs: LFSet, name: str = "") -> Iterator[str]:
    """Yield a line for each example that fails and each LF that is unsteady, else one that counts the examples.

    Then raise LFError where there was one. With a `name`, only that LF is tried.
    """
    tried = [_named(lfs, name)] if name else list(lfs)
    shaky = [lf for lf in unsteady(lfs) if lf in tried]  # first: an LF that remembers must not have seen them yet
    failed = [failure for failure in failing_examples(lfs) if failure[0] in tried]
    yield from (f"{lf.source}, {lf.name}, {what}: {sentence}" for lf, sentence, what in failed)
    yield from (f"{lf.source}, {lf.name}: votes otherwise in another order, or one by one" for lf in shaky)
    total = sum(len(lf.fires) + len(lf.quiet) for lf in tried)
    whose = name or f"{len(lfs)} labeling functions"
    if failed:
        remedy = "`stance lfs NAME` shows the cues of one."
        raise LFError(f"{len(failed)} of {total} examples of {whose} fail", remedy=remedy)
    if shaky:
        remedy = "A vote must depend on its sentence alone."
        raise LFError(f"{len(shaky)} of {whose} remember or roll dice", remedy=remedy)
    yield f"{total} examples of {whose} hold."


def unsteady(lfs: LFSet) -> list[LF]:
    """Return the Python LFs that remember or roll dice: they vote otherwise in another order, or one by one.

    They are asked about the examples of all LFs. LFs that ask a model are left out: they keep its answers.
    """
    own = [lf for lf in lfs if lf.function and not isinstance(lf.function, ZeroShot)]
    if not own:
        return []
    asked = LFSet([lf for lf in lfs if not isinstance(lf.function, ZeroShot)], lfs.idioms, lfs.proper_names)
    texts = [text for lf in asked for text in (*lf.fires, *lf.quiet)]
    once, strength = cast_votes(texts, asked)
    columns = [asked.names.index(lf.name) for lf in own]
    differ = np.zeros(len(own), bool)
    backwards = list(range(len(texts)))[::-1]
    again = asked.read(texts[i] for i in backwards), _one_by_one(texts, asked)
    for order, batches in zip((backwards, backwards[::-1]), again, strict=True):
        votes, strengths = cast_parses(batches, asked)
        unlike = (votes != once[order]) | (strengths != strength[order])
        differ |= unlike[:, columns].any(axis=0)
    return [lf for lf, other in zip(own, differ, strict=True) if other]


def _one_by_one(texts: Sequence[str], lfs: LFSet) -> Iterator[Parses]:
    for text in texts:
        yield from lfs.read([text])


def failing_examples(lfs: LFSet) -> Iterator[tuple[LF, str, str]]:
    """Yield (LF, sentence, "list of examples: what was expected, and what it did") for each example that fails."""
    for number, lf in enumerate(lfs):
        for kind, sentences in (("fires", lf.fires), ("quiet", lf.quiet)):
            for sentence in sentences:
                vote = lfs.vote(sentence).get(number, (ABSTAIN, 0.0))[0]
                if (vote == lf.stance) != (kind == "fires"):
                    expected = f"{'a' if kind == 'fires' else 'no'} vote for {STANCES[lf.stance]}"
                    got = f"a vote for {STANCES[vote]}" if vote != ABSTAIN else "no vote"
                    yield lf, sentence, f"{kind}: expected {expected}; got {got}"


def _named(lfs: LFSet, name: str) -> LF:
    if name not in lfs.names:
        remedy = suggest(name, lfs.names) or "`stance lfs` lists all."
        raise LFError("no such labeling function", name, remedy=remedy)
    return lfs[lfs.names.index(name)]


def _counts(lfs: LFSet, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"{len(lfs)} labeling functions; `stance lfs NAME` explains one."
    several = sum(len(row["stances"]) > 1 for row in rows)
    if several:
        yield (
            f"{several} of them give two stances or more a tenth of their votes each, "
            "as where a negation turns a cue round."
        )
    warned, voteless = sum(_warned(row) for row in rows), sum(not row["votes"] for row in rows)
    if rows:
        yield f"When votes were last cast, {warned} got a warning (!) and {voteless} never voted."


def _stances(lf: LF, row: Mapping[str, Any] | None) -> str:
    stances = row["stances"] if row else []
    if len(stances) < 2 and lf.stance != ANY:
        return STANCES[lf.stance]
    return "any" if len(stances) in (0, len(STANCES)) else "/".join(STANCES[stance] for stance in stances)


def _warned(row: Mapping[str, Any]) -> bool:
    return bool(row["votes"] and row["warnings"])


def _did(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    precision = f", {row['correct']}/{row['gold_votes']} right" if row["gold_votes"] else ""
    return f"{row['coverage']:.1%}{precision}{' !' if _warned(row) else ''}"


def _statistics(row: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if row is None:
        return
    yield "votes", f"on {row['votes']} sentences ({row['coverage']:.1%}), on {row['alone']} of them alone"
    if len(row["polarity"]) > 1:
        yield "of these", ", ".join(f"{n} for {STANCES[int(stance)]}" for stance, n in row["polarity"].items())
    yield "others", f"vote too on {row['overlap']}, for another stance on {row['conflict']}"
    if row["gold_votes"]:
        interval = f"{row['precision_low']:.2f} to {row['precision_high']:.2f}"
        yield "precision", f"{row['precision']:.2f} ({interval}; {row['correct']} of {row['gold_votes']} on gold)"
    if row["worth"] is not None:
        yield "worth", f"{row['worth']:+.4f} macro-F1 of the label model on gold"
    if "classifier_worth" in row:
        loss = f"log-loss {row['classifier_log_loss']:.5f}"
        yield "", f"{row['classifier_worth']:+.4f} macro-F1 of the classifier on gold ({loss})"
    yield from (("warning", warning) for warning in row["warnings"])


def _cues(lf: LF) -> str:
    return _function(lf).rpartition(" ")[2] or f"{len(lf.cues)} cues"


def _function(lf: LF) -> str:
    """Return what votes in place of cues, "" where nothing does."""
    return "a model" if isinstance(lf.function, ZeroShot) else "Python function" if lf.function else ""
