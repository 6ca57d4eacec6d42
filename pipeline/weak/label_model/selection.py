"""Majority vote beside the label model, and the choice between them for a stated reason."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.majority import empty_shares, majority_vote
from pipeline.weak.label_model.validation import checked_votes

Method = Literal["label-model", "majority-vote"]

MIN_GOLD = 50
"""Gold rows with votes from which on gold decides."""

UNANIMOUS = 0.9
"""Share of the rows on which two or more LFs vote, all alike, that a sane label model must label as they do."""

COLLAPSE = 0.2
"""A class has collapsed when the label model gives it less than this share of what majority vote gives it."""

SIZEABLE = 0.05
"""Share of rows from which on a class is watched for collapse."""


class Judges(NamedTuple):
    """Hand-labelled rows that are learnt nothing from: votes (n, m), strengths (n, m) or None, gold (n,)."""

    votes: np.ndarray
    strengths: np.ndarray | None
    gold: np.ndarray


@dataclass(frozen=True)
class Choice:
    """What was chosen, and why.

    `scores` holds, per method, `macro_f1`, `accuracy` and `brier` on `n_gold` gold rows with votes; the label model's
    are of predictions made without the row's own gold. It is empty where gold rows are too few.
    """

    method: Method
    reason: str
    model: LabelModel
    n_gold: int = 0
    scores: dict[str, dict[str, float]] = field(default_factory=dict)

    def predict_proba(self, votes: Any, strengths: Any = None) -> np.ndarray:
        """Return soft labels, float64 (n, n_classes), by the chosen method."""
        if self.method == "label-model":
            return self.model.predict_proba(votes, strengths)
        return _majority(self.model, votes, strengths)


def choose(
    votes: Any,
    gold: Any = None,
    *,
    strengths: Any = None,
    model: LabelModel | None = None,
    judges: Judges | None = None,
    min_gold: int = MIN_GOLD,
) -> Choice:
    """Fit the label model (`model`, or one with default parameters) and choose between it and majority vote.

    With `min_gold` judges or more, the lower Brier score on them decides, and the label model where the two are within
    one standard error; without judges, gold rows with votes whose own gold is held out. With fewer of either, the label
    model is chosen unless it degenerated: EM did not settle, it overrules unanimous LFs, or it lost a class. Raises
    InputError as `LabelModel.fit` does.
    """
    model = (model or LabelModel()).fit(votes, strengths=strengths, gold=gold)
    if judges is not None and len(judges.gold) >= min_gold:
        learned = model.predict_proba(judges.votes, judges.strengths)
        return _by_gold(model, judges.gold, learned, _majority(model, judges.votes, judges.strengths))
    votes = checked_votes(votes, model.n_classes)
    majority = _majority(model, votes, strengths)
    n_gold = len(model.held_out_rows_)
    if n_gold < min_gold:
        fault = _fault(model, votes, majority, model.predict(votes, strengths))
        method: Method = "majority-vote" if fault else "label-model"
        reason = fault or f"no sign that it degenerated, and {n_gold} gold rows with votes are too few to compare on"
        return Choice(method, f"{method}: {reason}", model, n_gold)
    truth = np.asarray(gold)[model.held_out_rows_]
    return _by_gold(model, truth, model.held_out_proba_, majority[model.held_out_rows_])


def macro_f1(gold: np.ndarray, predicted: np.ndarray, n_classes: int) -> float:
    """Return the mean F1 over all classes; a class that neither occurs nor is predicted counts 0."""
    hits = np.bincount(gold[gold == predicted], minlength=n_classes)
    total = np.bincount(gold, minlength=n_classes) + np.bincount(predicted, minlength=n_classes)
    return float((2 * hits / np.maximum(total, 1)).mean())


def _majority(model: LabelModel, votes: Any, strengths: Any) -> np.ndarray:
    shares = empty_shares(model.empty, model.n_classes, model.class_prior_)
    return majority_vote(votes, model.n_classes, empty=shares, strengths=strengths)


def _by_gold(model: LabelModel, gold: np.ndarray, learned: np.ndarray, majority: np.ndarray) -> Choice:
    truth = np.eye(model.n_classes)[gold]
    brier = {
        "label-model": ((learned - truth) ** 2).sum(axis=1),
        "majority-vote": ((majority - truth) ** 2).sum(axis=1),
    }
    lead = brier["majority-vote"] - brier["label-model"]
    error = lead.std(ddof=1) / np.sqrt(len(lead))
    method: Method = "majority-vote" if lead.mean() < -error else "label-model"
    said = ", ".join(f"{name} {value.mean():.3f}" for name, value in brier.items())
    reason = f"{method}: Brier score on {len(gold)} gold rows that were held out: {said} (standard error {error:.3f})"
    scores = {
        name: {
            "macro_f1": macro_f1(gold, proba.argmax(axis=1), model.n_classes),
            "accuracy": float((proba.argmax(axis=1) == gold).mean()),
            "brier": float(brier[name].mean()),
        }
        for name, proba in (("label-model", learned), ("majority-vote", majority))
    }
    return Choice(method, reason, model, len(gold), scores)


def _fault(model: LabelModel, votes: np.ndarray, majority: np.ndarray, predicted: np.ndarray) -> str:
    """Return how the model degenerated, "" where it did not."""
    if not model.converged_:
        return f"EM had not settled after {model.n_iter_} rounds"
    voting = votes >= 0
    top = np.where(voting, votes, -1).max(axis=1)
    low = np.where(voting, votes, model.n_classes).min(axis=1)
    alike = (top == low) & (voting.sum(axis=1) > 1)
    if alike.any() and (kept := (predicted[alike] == top[alike]).mean()) < UNANIMOUS:
        return f"the label model follows unanimous labeling functions on only {kept:.0%} of their rows"
    covered = voting.any(axis=1)
    before = majority[covered].sum(axis=0)
    after = np.bincount(predicted[covered], minlength=model.n_classes)
    lost = np.flatnonzero((before > SIZEABLE * covered.sum()) & (after < COLLAPSE * before))
    if len(lost):
        c = lost[0]
        return f"the label model lost class {c}: {after[c]} rows, {before[c]:.0f} by majority vote"
    return ""
