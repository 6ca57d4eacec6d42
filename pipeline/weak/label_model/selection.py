"""Label-model selection: majority vote or the label model, for a stated reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from pipeline.base.calibration import error_by_article
from pipeline.base.errors import ArtefactError
from pipeline.base.stances import UNLABELED
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.votes import checked_votes, empty_shares, majority_vote

_REMEDY = "Run `dvc repro`, which casts the votes again."

Method = Literal["label-model", "majority-vote"]

MIN_GOLD = 50
"""Gold rows with votes from which on gold decides."""

UNANIMOUS = 0.9
"""Share of the rows on which two or more LFs vote, all alike, that a sane label model must label as they do."""

COLLAPSE = 0.2
"""A class has collapsed when the label model gives it less than this share of what majority vote gives it."""

_HELD = 1e9  # weight, in rows, of class shares that are known

SIZEABLE = 0.05
"""Share of rows from which on a class is watched for collapse."""


class ValidationData(NamedTuple):
    """Hand-labelled rows that nothing is learnt from.

    `votes` int8 (n, m), `strengths` float (n, m) or None, `gold` int64 (n,); `articles` (n,), of any dtype, names the
    article of each row: rows of one article do not count as independent.
    """

    votes: np.ndarray
    strengths: np.ndarray | None
    gold: np.ndarray
    articles: np.ndarray


@dataclass(frozen=True)
class SelectedModel:
    """Which model answers, and why.

    `scores` holds, per method, `macro_f1`, `accuracy` and `brier` on `n_gold` hand-labelled rows; the label model's are
    of predictions made without the row's own gold. It is empty where these rows are too few. `lf_names` and
    `lf_hash` say which LFs cast the votes (`LFSet.content_hash`), where that is known.
    """

    method: Method
    reason: str
    model: LabelModel
    n_gold: int = 0
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    lf_names: tuple[str, ...] = ()
    lf_hash: str = ""

    def predict_proba(self, votes: Any, strengths: Any = None) -> np.ndarray:
        """Return soft labels, float64 (n, n_classes), by the selected method."""
        if self.method == "label-model":
            return self.model.predict_proba(votes, strengths)
        return _majority(self.model, votes, strengths)

    def check_lfs(self, names: Sequence[str], content_hash: str, where: str) -> None:
        """Raise ArtefactError unless the votes were cast by these LFs."""
        if tuple(names) == self.lf_names and content_hash == self.lf_hash:
            return
        missing = [name for name in self.lf_names if name not in names]
        new = [name for name in names if name not in self.lf_names]
        got = (
            ", ".join([f"without {name}" for name in missing[:3]] + [f"with {name}" for name in new[:3]])
            or "LFs of these names with other content"
        )
        expected = f"the {len(self.lf_names)} labeling functions that cast the votes"
        raise ArtefactError("other labeling functions", where, expected=expected, got=got, remedy=_REMEDY)


def select_label_model(
    votes: Any,
    gold: Any = None,
    *,
    strengths: Any = None,
    model: LabelModel | None = None,
    validation: ValidationData | None = None,
    beside: tuple[np.ndarray, np.ndarray] | None = None,
    min_gold: int = MIN_GOLD,
) -> SelectedModel:
    """Fit the label model (`model`, or one with default parameters) and select it or majority vote.

    With `min_gold` rows of validation data or more, the lower Brier score on them decides, and the label model where
    the two are within one standard error (by article); without, gold rows with votes whose own gold is held out. With
    fewer of either, the label model is selected unless it degenerated: EM did not converge, it overrules unanimous LFs,
    or it lost a class. `beside`: votes int8 (b, m) and strengths float of rows of other articles that are learnt
    from, too. Raises InputError as `LabelModel.fit` does.
    """
    model = model or LabelModel()
    if beside is None or not len(beside[0]):
        model = model.fit(votes, strengths=strengths, gold=gold)
    else:
        model = _fit_beside(model, votes, strengths, gold, *beside)
    if validation is not None and len(validation.gold) >= min_gold:
        learned = model.predict_proba(validation.votes, validation.strengths)
        majority = _majority(model, validation.votes, validation.strengths)
        return _by_gold(model, validation.gold, learned, majority, validation.articles)
    votes = checked_votes(votes, model.n_classes)
    majority = _majority(model, votes, strengths)
    rows = model.held_out_rows_
    if len(rows) < min_gold:
        fault = _fault(model, votes, majority, model.predict(votes, strengths))
        method: Method = "majority-vote" if fault else "label-model"
        labelled = np.zeros(len(votes), bool) if gold is None else np.asarray(gold) >= 0
        n_gold = int((labelled & (votes >= 0).any(axis=1)).sum())
        few = ""
        if validation is not None or labelled.any():
            n_gold = max(n_gold, 0 if validation is None else len(validation.gold))
            few = f"; too few held-out hand-labelled sentences to compare on: {n_gold} of the {min_gold} that it takes"
        reason = fault or f"no sign that it degenerated{few}"
        return SelectedModel(method, f"{method}: {reason}", model, n_gold)
    return _by_gold(model, np.asarray(gold)[rows], model.held_out_proba_, majority[rows], np.arange(len(rows)))


def macro_f1(gold: np.ndarray, predicted: np.ndarray, n_classes: int) -> float:
    """Return the mean F1 over all classes, of class ids int (n,); F1 is 0 for a class in neither array."""
    hits = np.bincount(gold[gold == predicted], minlength=n_classes)
    total = np.bincount(gold, minlength=n_classes) + np.bincount(predicted, minlength=n_classes)
    return float((2 * hits / np.maximum(total, 1)).mean())


def _fit_beside(
    model: LabelModel, votes: Any, strengths: Any, gold: Any, more_votes: np.ndarray, more_strengths: np.ndarray
) -> LabelModel:
    """Fit the model on two sets of rows, each of whose class shares are estimated by itself.

    Estimated together, what differs between the two would be taken for classes.
    """
    votes = checked_votes(votes, model.n_classes)
    strengths = (votes >= 0).astype(float) if strengths is None else strengths
    shares, rows = np.zeros(model.n_classes), 0
    for own, own_strengths, own_gold in ((votes, strengths, gold), (more_votes, more_strengths, None)):
        if covered := int((own >= 0).any(axis=1).sum()):
            alone = LabelModel(**model.get_params()).fit(own, strengths=own_strengths, gold=own_gold)
            shares, rows = shares + covered * alone.class_prior_, rows + covered
    held = {"prior": (shares / rows).tolist(), "given_rows": _HELD} if rows else {}
    both = LabelModel(**model.get_params() | held)
    known = None if gold is None else np.concatenate([gold, np.full(len(more_votes), UNLABELED)])
    return both.fit(
        np.concatenate([votes, more_votes]), strengths=np.concatenate([strengths, more_strengths]), gold=known
    )


def _majority(model: LabelModel, votes: Any, strengths: Any) -> np.ndarray:
    shares = empty_shares(model.empty, model.n_classes, model.class_prior_)
    return majority_vote(votes, model.n_classes, empty=shares, strengths=strengths)


def _by_gold(
    model: LabelModel, gold: np.ndarray, learned: np.ndarray, majority: np.ndarray, articles: np.ndarray
) -> SelectedModel:
    truth = np.eye(model.n_classes)[gold]
    brier = {
        "label-model": ((learned - truth) ** 2).sum(axis=1),
        "majority-vote": ((majority - truth) ** 2).sum(axis=1),
    }
    lead = brier["majority-vote"] - brier["label-model"]
    error = error_by_article(lead, articles)
    method: Method = "majority-vote" if lead.mean() < -error else "label-model"
    means = ", ".join(f"{name} {value.mean():.3f}" for name, value in brier.items())
    where = f"{len(gold)} held-out hand-labelled sentences"
    reason = f"{method}: Brier score on {where}: {means} (standard error {error:.3f})"
    scores = {
        name: {
            "macro_f1": macro_f1(gold, proba.argmax(axis=1), model.n_classes),
            "accuracy": float((proba.argmax(axis=1) == gold).mean()),
            "brier": float(brier[name].mean()),
        }
        for name, proba in (("label-model", learned), ("majority-vote", majority))
    }
    return SelectedModel(method, reason, model, len(gold), scores)


def _fault(model: LabelModel, votes: np.ndarray, majority: np.ndarray, predicted: np.ndarray) -> str:
    """Return how the model degenerated, "" where it did not."""
    if not model.converged_:
        return f"EM had not converged after {model.n_iter_} rounds"
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
