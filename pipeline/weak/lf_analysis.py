"""What each labeling function (LF) does: coverage, overlap, conflict, precision on gold, worth, warnings, cards."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pipeline.base.calibration import wilson
from pipeline.base.errors import InputError
from pipeline.base.stances import ABSTAIN
from pipeline.weak.label_model.correlation import equal_votes
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.selection import macro_f1
from pipeline.weak.label_model.validation import checked_gold, checked_strengths, checked_votes
from pipeline.weak.label_model.vote_patterns import Patterns, find_patterns, votes_of

TOO_BROAD = 0.3
"""Share of rows from which on an LF is called too broad, unless it tells all classes apart."""

ONE_SIDED = 0.95
"""Share of one class among the votes of an LF with several classes from which on it is called one-sided."""

REDUNDANT = 0.8
"""Share of the votes of an LF that another LF repeats from which on it is called redundant."""

MIN_GOLD = 10
"""Votes for a class on gold rows from which on an LF can be called worse than chance there."""

SIZEABLE = 0.1
"""Share of its votes from which on a class is one that an LF votes for."""


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
    `precision` with `precision_low` and `precision_high` (Wilson, 95 %; None without gold votes), `worth` (macro-F1 of
    the label model on gold minus that without the LF; None without gold rows; the model, by default one fitted to these
    votes and strengths without gold, is not fitted anew); `warnings`: sentences, in which `classes` names the classes,
    on what is beyond a limit with all of its 95 % interval.
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
    worth = (
        _worth(votes, strengths, gold, model or LabelModel(n_classes).fit(votes, strengths=strengths))
        if known.any()
        else [None] * len(names)
    )
    chance = np.bincount(gold[known], minlength=n_classes) / max(known.sum(), 1)
    said = classes or [f"class {c}" for c in range(n_classes)]
    rows = []
    for j, name in enumerate(names):
        row = {"name": name} | {key: value[j] for key, value in counted.items()}
        row |= {f"{key}_share": row[key] / max(len(votes), 1) for key in ("overlap", "conflict", "alone")}
        row["coverage"] = row["votes"] / max(len(votes), 1)
        row |= _on_gold(votes[known, j], gold[known]) | {"worth": worth[j]}
        row["warnings"] = [
            *_warnings(row, len(votes), said),
            *_redundant(same[j], j, names),
            *_worse_than_chance(votes[known, j], gold[known], chance, said),
        ]
        rows.append(row)
    return rows


def lf_card(row: dict[str, Any], classes: Sequence[str]) -> str:
    """Return one row of `lf_statistics` as lines of Markdown; `classes` names the class ids."""
    polarity = ", ".join(f"{classes[c]} {n}" for c, n in row["polarity"].items()) or "none"
    lines = [
        f"### {row['name']}",
        f"- votes: {row['votes']} ({row['coverage']:.1%} of rows): {polarity}",
        f"- overlap {row['overlap']}, conflict {row['conflict']}, decides alone {row['alone']}",
    ]
    if row["gold_votes"]:
        interval = f"{row['precision_low']:.2f} to {row['precision_high']:.2f}"
        lines.append(
            f"- precision {row['precision']:.2f} ({interval}; {row['correct']} of {row['gold_votes']} on gold)"
        )
    if row["worth"] is not None:
        lines.append(f"- worth {row['worth']:+.4f} macro-F1 of the label model on gold")
    return "\n".join(lines + [f"- warning: {warning}" for warning in row["warnings"]]) + "\n"


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


def _worth(votes: np.ndarray, strengths: np.ndarray | None, gold: np.ndarray, model: LabelModel) -> list[float]:
    known = gold >= 0
    shown, truth = votes[known], gold[known]
    graded = np.ones(shown.shape) if strengths is None else strengths[known]
    predicted = model.predict(shown, graded)
    whole = macro_f1(truth, predicted, model.n_classes)
    worth = []
    for j in range(votes.shape[1]):
        fires = shown[:, j] >= 0
        without, thinned = predicted.copy(), shown[fires]
        thinned[:, j] = ABSTAIN
        without[fires] = model.predict(thinned, graded[fires])
        worth.append(whole - macro_f1(truth, without, model.n_classes))
    return worth


def _warnings(row: dict[str, Any], n_rows: int, classes: Sequence[str]) -> Iterator[str]:
    votes, polarity = row["votes"], row["polarity"]
    if not votes:
        yield "never fires on these sentences"
        return
    if wilson(votes, n_rows)[0] >= TOO_BROAD and len(polarity) < len(classes):
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
