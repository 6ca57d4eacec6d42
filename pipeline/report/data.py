"""Everything that a report is made of, as plain values, and all numbers computed from it once."""

from collections.abc import Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.base.calibration import Bin, calibration_error, null_calibration_error, reliability_bins
from pipeline.base.errors import InputError
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.report.metrics import (
    FEW_ARTICLES,
    ArticleBootstrap,
    CoveragePoint,
    PrecisionRecall,
    Score,
    Slice,
    Slices,
    absent_stances,
    check_gold,
    check_proba,
    confusion,
    coverage_precision,
    coverage_thresholds,
    decide,
    draw_articles,
    precision_recall,
    row_terms,
    score_slices,
    scores,
)
from pipeline.report.rendering import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.weak.invariance import Invariance

_SHOWN = (
    "name",
    "coverage",
    "votes",
    "correct",
    "precision",
    "precision_low",
    "precision_high",
    "contribution",
    "warnings",
)


@dataclass(frozen=True, kw_only=True)
class CorpusData:
    """What was done with which corpus: all that a report can show where the fold has no hand labels.

    main: the system that the report is about. fold: the one whose hand labels it is scored on.
    lfs: one mapping an LF: name, stance, coverage, overlap, conflict (shares of all sentences), votes, correct, n_gold,
    precision, precision_low, precision_high, alone (share), contribution (macro-F1 that the label model would lose
    without it), classifier_contribution, classifier_log_loss (the same of the classifier), votes_for (stances in
    words), warnings (sentences); all but the name may be missing or None.
    covered: share of all sentences on which an LF votes, None where unknown.
    folds: one mapping a fold: fold, articles, sentences, gold.
    about: what was done, as (label, value) pairs of text. agreement: how far annotators agree, where two have labelled.
    adaptation: what adapting to hand labels gave (`Adaptation.as_dict`), None where that was not tried.
    invariance: how many answers change where none should.
    """

    main: str = "classifier"
    fold: str = "test"
    lfs: Sequence[Mapping[str, Any]] = ()
    covered: float | None = None
    folds: Sequence[Mapping[str, Any]] = ()
    about: Sequence[tuple[str, str]] = ()
    agreement: Table | None = None
    adaptation: Mapping[str, Any] | None = None
    invariance: "Sequence[Invariance]" = ()

    def count(self, what: str) -> int:
        """Return how many "articles", "sentences" or "gold" sentences all folds have together."""
        return sum(fold[what] for fold in self.folds)


@dataclass(frozen=True, kw_only=True)
class ReportData(CorpusData):
    """Hand labels, predictions and descriptions of the rows that are evaluated, and of the corpus around them.

    The n rows are the hand-labelled sentences of one fold.

    gold: int (n,) stance ids. articles: (n,) article ids. texts: n sentences. fired: per sentence, the names of the
    LFs that voted on it. places: per sentence {title, address, before, after}: its article, where it stands in the
    pages, and the sentences around it; none where unknown.
    systems: name -> probabilities (n, 3) on the same rows, in the order they are shown; names are keys of
    metrics.json ("classifier", "label_model", ...).
    reference: the system that slices compare the main one with, where it is in systems.
    threshold, target_precision: confidence below which the main system abstains, and what it was chosen for.
    slices: group -> name -> bool (n,).
    resamples, confidence, seed: of the intervals.
    """

    gold: np.ndarray
    articles: np.ndarray
    texts: Sequence[str]
    fired: Sequence[Sequence[str]]
    places: Sequence[Mapping[str, str]] = ()
    systems: Mapping[str, np.ndarray]
    reference: str = "label_model"
    threshold: float | None = None
    target_precision: float | None = None
    slices: Slices = field(default_factory=dict)
    resamples: int = 2000
    confidence: float = 0.95
    seed: int = 13

    def __post_init__(self) -> None:
        """Check that all rows agree: GoldError without usable hand labels, InputError for anything else."""
        check_gold(self.gold, self.articles)
        if self.main not in self.systems:
            raise InputError("no predictions of the system to report on", self.main, got=", ".join(self.systems))
        for name, proba in self.systems.items():
            check_proba(proba, len(self.gold), name)
        rows: dict[str, Sized] = {"texts": self.texts, "fired": self.fired}
        rows |= {f"slice {g}: {name}": mask for g, names in self.slices.items() for name, mask in names.items()}
        for name, values in rows.items():
            if len(values) != len(self.gold):
                raise InputError("wrong number of rows", name, expected=str(len(self.gold)), got=str(len(values)))


def class_shares(table: "pa.Table") -> np.ndarray:
    """Return the shares of the stances in a fold, float64 (3,): of its gold where it has any, else of soft labels."""
    gold = table["gold"].drop_null().to_numpy()
    if len(gold):
        return np.bincount(gold, minlength=len(STANCES)) / len(gold)
    return np.array(table["soft_label"].to_pylist()).mean(axis=0)


def probabilities(answers: Iterable[Mapping[str, Any]], ids: Sequence[str]) -> np.ndarray:
    """Return the probabilities float64 (n, 3) that a table of answers gives the sentences of these ids."""
    found = {row["id"]: [row[f"p_{stance}"] for stance in STANCES] for row in answers}
    if missing := [name for name in ids if name not in found]:
        raise InputError("a sentence without an answer", missing[0], remedy="Run `dvc repro` to rebuild the answers.")
    proba = np.array([found[name] for name in ids]).reshape(-1, len(STANCES))
    return proba / proba.sum(axis=1, keepdims=True)


def count_folds(fold: str, table: "pa.Table") -> dict[str, Any]:
    """Return how many articles, sentences and gold sentences a fold has."""
    articles = len(table["article_id"].unique())
    return {"fold": fold, "articles": articles, "sentences": table.num_rows, "gold": len(table["gold"].drop_null())}


def covered_share(tables: Iterable["pa.Table"], n_lfs: int) -> float:
    """Return the share of the sentences in all folds on which one of the LFs votes."""
    covered = [(_votes(table, n_lfs) >= 0).any(axis=1) for table in tables]
    return float(np.concatenate(covered).mean())


def shown_lfs(
    statistics: Sequence[Mapping[str, Any]], contributions: Sequence[tuple[float, float]] | None = None
) -> list[dict[str, Any]]:
    """Return the labeling functions' statistics under the names that the report shows.

    `contributions`: what each adds to the classifier, in macro-F1 and in log-loss, where that is known.
    """
    shown = []
    unknown: list[tuple[float | None, float | None]] = [(None, None)] * len(statistics)
    for row, (f1, loss) in zip(statistics, contributions or unknown, strict=True):
        stance = STANCES[row["stance"]] if row["stance"] != ABSTAIN else "any"
        several = "/".join(STANCES[c] for c in row["stances"]) if len(row["stances"]) > 1 else stance
        same = {name: row[name] for name in _SHOWN}
        shares = {name: row[f"{name}_share"] for name in ("overlap", "conflict", "alone")}
        named = {"stance": stance, "votes_for": several, "n_gold": row["gold_votes"]}
        shown.append(same | shares | named | {"classifier_contribution": f1, "classifier_log_loss": loss})
    return shown


def _votes(table: "pa.Table", n_lfs: int) -> np.ndarray:
    """Return the votes (rows, n_lfs), without a Python object for each."""
    flat = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in table["votes"].chunks]
    return np.concatenate([np.empty(0, np.int8), *flat]).reshape(table.num_rows, n_lfs)


@dataclass(frozen=True)
class System:
    """Scores of one system: by name with intervals; the confusion matrix, int (3, 3), gold by predicted; calibration.

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
        """Whether there are too few articles for intervals to reach their nominal coverage."""
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
