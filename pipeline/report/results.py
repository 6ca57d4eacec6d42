"""All numbers of a report, computed once from its data; pages, figures and files only show them."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from pipeline.base.calibration import Bin, calibration_error, null_calibration_error, reliability_bins
from pipeline.base.stances import STANCES
from pipeline.report.bootstrap import FEW_ARTICLES, ArticleBootstrap, Score, draw_articles
from pipeline.report.data import ReportData
from pipeline.report.metrics import (
    CoveragePoint,
    PrecisionRecall,
    absent_stances,
    confusion,
    coverage_precision,
    coverage_thresholds,
    decide,
    precision_recall,
    row_terms,
    scores,
)
from pipeline.report.slices import Slice, score_slices


@dataclass(frozen=True)
class System:
    """Scores of one system: by name with intervals; the confusion matrix int (3 gold, 3 predicted); calibration.

    `confidence`: the mean of the highest probabilities. `behind`: macro-F1 of the main system minus this one's, paired
    by article (None for the main system itself).
    """

    scores: dict[str, Score]
    confusion: np.ndarray
    confidence: float
    ece: float
    ece_null: float
    behind: Score | None


@dataclass(frozen=True)
class Results:
    """What the report says; the curves and slices are the main system's."""

    n: int
    n_articles: int
    absent: tuple[str, ...]
    systems: dict[str, System]
    bins: list[Bin]
    curves: dict[str, PrecisionRecall]
    coverage: list[CoveragePoint]
    answered: CoveragePoint | None
    slices: list[Slice]

    @property
    def few_articles(self) -> bool:
        """Whether there are too few articles for intervals to hold what they promise."""
        return self.n_articles < FEW_ARTICLES


def compute_results(data: ReportData) -> Results:
    """Score every system on the same rows with the same draws of articles."""
    draw = partial(draw_articles, resamples=data.resamples, confidence=data.confidence, seed=data.seed)
    bootstrap = draw(data.articles)
    proba = data.systems[data.main]
    sure, right = proba.max(axis=1), decide(proba) == data.gold
    answered = None
    if data.threshold is not None:
        answered = coverage_precision(sure, right, np.array([data.threshold]), bootstrap)[0]
    return Results(
        n=len(data.gold),
        n_articles=bootstrap.n_articles,
        absent=absent_stances(data.gold),
        systems=_score_systems(data, bootstrap),
        bins=reliability_bins(sure, right),
        curves={stance: precision_recall(data.gold == k, proba[:, k]) for k, stance in enumerate(STANCES)},
        coverage=coverage_precision(sure, right, coverage_thresholds(sure), bootstrap),
        answered=answered,
        slices=score_slices(data.gold, proba, data.systems.get(data.reference), data.articles, data.slices, draw),
    )


def _score_systems(data: ReportData, bootstrap: ArticleBootstrap) -> dict[str, System]:
    terms = {name: row_terms(data.gold, proba) for name, proba in data.systems.items()}
    draws = {name: scores(bootstrap.sums(rows)) for name, rows in terms.items()}
    values = {name: scores(rows.sum(axis=0)) for name, rows in terms.items()}
    main, found = data.main, {}
    for name, proba in data.systems.items():
        sure, right = proba.max(axis=1), decide(proba) == data.gold
        gap = values[main]["macro_f1"] - values[name]["macro_f1"]
        gaps = draws[main]["macro_f1"] - draws[name]["macro_f1"]
        found[name] = System(
            scores={key: bootstrap.score(float(value), draws[name][key]) for key, value in values[name].items()},
            confusion=confusion(terms[name].sum(axis=0)).astype(int),
            confidence=float(sure.mean()),
            ece=calibration_error(sure, right),
            ece_null=null_calibration_error(sure, data.seed),
            behind=None if name == main else bootstrap.score(float(gap), gaps),
        )
    return found
