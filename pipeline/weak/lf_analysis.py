"""What each labeling function does: coverage, overlap, conflict, accuracy; and its card."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.base.calibration import wilson
from pipeline.base.errors import InputError, LFError, suggest
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.weak.label_model.em import equal_votes
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.selection import macro_f1
from pipeline.weak.label_model.votes import (
    Patterns,
    checked_gold,
    checked_strengths,
    checked_votes,
    find_patterns,
    votes_of,
)
from pipeline.weak.lfs.lf import ANY, LF
from pipeline.weak.lfs.lf_set import LFSet, cast_parses, cast_votes
from pipeline.weak.lfs.parse import Parses
from pipeline.weak.zero_shot.nli import ZeroShot

TOO_BROAD = 0.3
"""Share of rows from which on an LF is called too broad, unless it tells classes apart."""

ONE_SIDED = 0.95
"""Share of one class among the votes of an LF with several classes from which on it is called one-sided."""

REDUNDANT = 0.8
"""Share of the votes of an LF that another LF repeats from which on it is called redundant."""

MIN_GOLD = 10
"""Votes for a class on gold rows from which on an LF can be called worse than chance there."""

SIZEABLE = 0.1
"""Share of its votes from which on a class is one that an LF votes for."""

Statistics = Mapping[str, Mapping[str, Any]]
"""Name of an LF -> its row of `pipeline.weak.lf_analysis.lf_statistics`."""


def lf_statistics(
    votes: Any,
    names: Sequence[str],
    gold: Any = None,
    *,
    n_classes: int = 3,
    classes: Sequence[str] = (),
    strengths: Any = None,
    model: LabelModel | None = None,
) -> list[dict[str, Any]]:
    """Return one dict per LF, in the order of `names`; votes int (n, m), -1 abstains; gold int (n,), -1 unknown.

    `name`; `polarity` {class id: votes}; `stances`, the class ids that get a tenth of its votes or more, widest first;
    `votes`, `coverage` (share of rows); `overlap`, `conflict` (rows on which another LF votes too, votes otherwise) and
    `alone` (rows that it alone decides), each also as `*_share` of all rows; on gold: `gold_votes`, `correct`,
    `precision` with `precision_low` and `precision_high` (Wilson, 95 %; None without gold votes), `contribution`
    (macro-F1 of the label model on gold minus that without the LF; None without gold rows; the model, by default one
    fitted to these votes and strengths without gold, is not refitted); `warnings`: sentences, in which `classes` names
    the classes, on what is beyond a limit with all of its 95 % interval.
    """
    votes = checked_votes(votes, n_classes)
    strengths = checked_strengths(strengths, votes.shape)
    gold = checked_gold(gold, len(votes), n_classes)
    if len(names) != votes.shape[1]:
        raise InputError("wrong number of names", "names", expected=str(votes.shape[1]), got=str(len(names)))
    patterns = find_patterns(votes)
    counted = _counted(patterns, n_classes)
    same = equal_votes(patterns.cells, patterns.counts, n_classes)
    known = gold >= 0
    contributions = (
        _contributions(votes, strengths, gold, model or LabelModel(n_classes).fit(votes, strengths=strengths))
        if known.any()
        else [None] * len(names)
    )
    chance = np.bincount(gold[known], minlength=n_classes) / max(known.sum(), 1)
    labels = classes or [f"class {c}" for c in range(n_classes)]
    rows = []
    for j, name in enumerate(names):
        row = {"name": name} | {key: value[j] for key, value in counted.items()}
        row |= {f"{key}_share": row[key] / max(len(votes), 1) for key in ("overlap", "conflict", "alone")}
        row["coverage"] = row["votes"] / max(len(votes), 1)
        row |= _on_gold(votes[known, j], gold[known]) | {"contribution": contributions[j]}
        row["warnings"] = [
            *_warnings(row, len(votes), labels),
            *_redundant(same[j], j, names),
            *_worse_than_chance(votes[known, j], gold[known], chance, labels),
        ]
        rows.append(row)
    return rows


def _counted(patterns: Patterns, n_classes: int) -> dict[str, list[Any]]:
    votes, weight = votes_of(patterns.cells), patterns.counts[:, None]
    voting = votes >= 0
    totals = np.stack([(votes == c).sum(axis=1) for c in range(n_classes)], axis=1)  # (p, k)
    together = totals.sum(axis=1, keepdims=True)
    alike = np.take_along_axis(totals, np.maximum(votes, 0), axis=1)  # (p, m): votes equal to this one
    polarity = np.stack([(weight * (votes == c)).sum(axis=0) for c in range(n_classes)], axis=1)
    sizeable = (polarity > 0) & (polarity >= SIZEABLE * polarity.sum(axis=1, keepdims=True))
    widest = np.argsort(-polarity, axis=1, kind="stable")
    return {
        "polarity": [{c: int(n) for c, n in enumerate(row) if n} for row in polarity],
        "stances": [order[big[order]].tolist() for order, big in zip(widest, sizeable, strict=True)],
        "votes": polarity.sum(axis=1).tolist(),
        "overlap": (weight * (voting & (together > 1))).sum(axis=0).tolist(),
        "conflict": (weight * (voting & (together > alike))).sum(axis=0).tolist(),
        "alone": (weight * (voting & (together == 1))).sum(axis=0).tolist(),
    }


def _on_gold(votes: np.ndarray, gold: np.ndarray) -> dict[str, Any]:
    n, correct = int((votes >= 0).sum()), int((votes == gold).sum())
    low, high = wilson(correct, n) if n else (None, None)
    precision = correct / n if n else None
    return {
        "gold_votes": n,
        "correct": correct,
        "precision": precision,
        "precision_low": low,
        "precision_high": high,
    }


def _contributions(votes: np.ndarray, strengths: np.ndarray | None, gold: np.ndarray, model: LabelModel) -> list[float]:
    known = gold >= 0
    shown, truth = votes[known], gold[known]
    graded = np.ones(shown.shape) if strengths is None else strengths[known]
    predicted = model.predict(shown, graded)
    whole = macro_f1(truth, predicted, model.n_classes)
    contributions = []
    for j in range(votes.shape[1]):
        fires = shown[:, j] >= 0
        without, thinned = predicted.copy(), shown[fires]
        thinned[:, j] = ABSTAIN
        without[fires] = model.predict(thinned, graded[fires])
        contributions.append(whole - macro_f1(truth, without, model.n_classes))
    return contributions


def _warnings(row: dict[str, Any], n_rows: int, classes: Sequence[str]) -> Iterator[str]:
    votes, polarity = row["votes"], row["polarity"]
    if not votes:
        yield "never fires on these sentences"
        return
    if wilson(votes, n_rows)[0] >= TOO_BROAD and len(row["stances"]) < 2:
        yield f"too broad: votes on {row['coverage']:.0%} of all sentences"
    most = max(polarity, key=lambda c: polarity[c])
    if len(polarity) > 1 and wilson(polarity[most], votes)[0] >= ONE_SIDED:
        yield (
            f"one-sided: {polarity[most]} of its {votes} votes are for {classes[most]}, "
            "too few for anything else to tell how good those are"
        )


def _redundant(same: np.ndarray, j: int, names: Sequence[str]) -> Iterator[str]:
    """Name the LF that repeats most votes of LF j, where that is nearly all; `same` (m,) counts them."""
    shared, votes = np.where(np.arange(len(same)) == j, -1, same).astype(int), int(same[j])
    most = int(np.argmax(shared))
    if shared[most] > 0 and wilson(shared[most], votes)[0] >= REDUNDANT:
        yield f"redundant: {names[most]} casts {shared[most]} of its {votes} votes, too"


def _worse_than_chance(
    votes: np.ndarray, gold: np.ndarray, chance: np.ndarray, classes: Sequence[str]
) -> Iterator[str]:
    for c, name in enumerate(classes):
        n, correct = int((votes == c).sum()), int(((votes == c) & (gold == c)).sum())
        if n >= MIN_GOLD and (most := wilson(correct, n)[1]) < chance[c]:
            yield (
                f"worse than chance: {correct} of its {n} votes for {name} on hand-labelled sentences are right (at "
                f"most {most:.0%}), and {chance[c]:.0%} of all of these sentences are {name}"
            )


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
    again = asked.parse_all(texts[i] for i in backwards), _one_by_one(texts, asked)
    for order, batches in zip((backwards, backwards[::-1]), again, strict=True):
        votes, strengths = cast_parses(batches, asked)
        unlike = (votes != once[order]) | (strengths != strength[order])
        differ |= unlike[:, columns].any(axis=0)
    return [lf for lf, other in zip(own, differ, strict=True) if other]


def _one_by_one(texts: Sequence[str], lfs: LFSet) -> Iterator[Parses]:
    for text in texts:
        yield from lfs.parse_all([text])


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
            "for example where a negation inverts a cue."
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
    if row["contribution"] is not None:
        yield "adds", f"{row['contribution']:+.4f} macro-F1 to the label model on gold"
    if "classifier_contribution" in row:
        loss = f"log-loss {row['classifier_log_loss']:.5f}"
        yield "", f"{row['classifier_contribution']:+.4f} macro-F1 to the classifier on gold ({loss})"
    yield from (("warning", warning) for warning in row["warnings"])


def _cues(lf: LF) -> str:
    return _function(lf).rpartition(" ")[2] or f"{len(lf.cues)} cues"


def _function(lf: LF) -> str:
    """Return what votes in place of cues, "" where nothing does."""
    return "a model" if isinstance(lf.function, ZeroShot) else "Python function" if lf.function else ""
