"""Everything that a report is made of, as plain values: the evaluate stage fills it, nothing is looked up later."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pipeline.errors import InputError
from pipeline.report.metrics import check_gold, check_proba
from pipeline.report.slices import Slices


@dataclass(frozen=True, kw_only=True)
class CorpusData:
    """What was done with which corpus: all that a report can show where the fold has no hand labels.

    main: the system that the report is about. fold: the one whose hand labels judge it.
    lfs: one mapping an LF: name, stance, coverage, overlap, conflict (shares of all sentences), votes, correct, n_gold,
    precision, precision_low, precision_high, alone (share), worth (macro-F1 that the label model would lose without
    it), classifier_worth, classifier_log_loss (what the classifier would lose), votes_for (stances in words), warnings
    (sentences); all but the name may be missing or None.
    covered: share of all sentences on which an LF votes, None where unknown.
    folds: one mapping a fold: fold, articles, sentences, gold.
    corpus: one mapping an article: id, title, and the predicted number of sentences per stance under its name.
    about: what was done, as (label, value) pairs of text.
    """

    main: str = "classifier"
    fold: str = "test"
    lfs: Sequence[Mapping[str, Any]] = ()
    covered: float | None = None
    folds: Sequence[Mapping[str, Any]] = ()
    corpus: Sequence[Mapping[str, Any]] = ()
    about: Sequence[tuple[str, str]] = ()

    def count(self, what: str) -> int:
        """Return how many "articles", "sentences" or "gold" sentences all folds have together."""
        return sum(fold[what] for fold in self.folds)


@dataclass(frozen=True, kw_only=True)
class ReportData(CorpusData):
    """Hand labels, predictions and descriptions of the rows that are evaluated, and of the corpus around them.

    The n rows are the hand-labelled sentences of one fold.

    gold: int (n,) stance ids. articles: (n,) article ids. texts: n sentences. fired: per sentence, the names of the
    LFs that voted on it.
    systems: name -> probabilities (n, 3) on the same rows, in the order they are shown; names are keys of
    metrics.json ("classifier", "label_model", ...).
    reference: the system that slices compare the main one with, where it is in systems.
    threshold, promised: confidence below which the main system abstains, and the precision it was chosen for.
    slices: group -> name -> bool (n,).
    resamples, confidence, seed: of the intervals.
    """

    gold: np.ndarray
    articles: np.ndarray
    texts: Sequence[str]
    fired: Sequence[Sequence[str]]
    systems: Mapping[str, np.ndarray]
    reference: str = "label_model"
    threshold: float | None = None
    promised: float | None = None
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
