"""Labelled sentences to measure on: the project's own test articles, and local files of real news, if there are any."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from pipeline.base.errors import StanceError
from pipeline.base.params import Params
from pipeline.base.paths import fold_file
from pipeline.base.stances import NEUTRAL, STANCES, stance_id
from pipeline.base.storage import read_jsonl, read_table
from pipeline.report.metrics import ArticleBootstrap, draw_articles, row_terms, scores

FILES = {
    "world and U.S. news": ("news_dev", "news_dev_more"),
    "political relations": ("plover_dev",),
    "coded events": ("cameo_dev",),
}
"""Name of a set -> the files that make it up."""

OWN = "own test articles"
UNREAD = "of them never read"
"""Every second sentence of the news, without those that stand among the others, too: nobody looked at them while
labeling functions were made."""


@dataclass(frozen=True)
class EvaluationSet:
    """n labelled sentences; `units` (n,) are what is resampled: articles, or sentences where each stands alone."""

    name: str
    texts: list[str]
    gold: np.ndarray
    units: np.ndarray
    params: Params

    @cached_property
    def draws(self) -> ArticleBootstrap:
        """The resamples, the same for every model."""
        return draw_articles(self.units, **self.params.evaluate.model_dump())

    @property
    def classes(self) -> list[int]:
        """The stances that are distinguished: two where none is neutral."""
        return [k for k in range(len(STANCES)) if k != NEUTRAL or NEUTRAL in self.gold]

    def score(self, proba: np.ndarray) -> tuple[float, np.ndarray]:
        """Return macro-F1 over the set's classes, and its value in each resample, from probabilities (n, 3)."""
        among = np.zeros_like(proba)
        among[:, self.classes] = proba[:, self.classes]
        terms = row_terms(self.gold, among)
        return float(self._macro_f1(terms.sum(axis=0))), self._macro_f1(self.draws.sums(terms))

    def _macro_f1(self, sums: np.ndarray) -> np.ndarray:
        found = scores(sums)
        return np.mean([found[f"{STANCES[k]}_f1"] for k in self.classes], axis=0)


def load_sets(folder: Path, params: Params) -> list[EvaluationSet]:
    """Return the own test fold and what the folder has of FILES; say what is left out, and why."""
    test = read_table(fold_file("test"), ["text", "article_id", "gold"])
    test = test.filter(test["gold"].is_valid())
    own = np.array(test["gold"].to_pylist()), np.array(test["article_id"].to_pylist())
    sets = [EvaluationSet(OWN, test["text"].to_pylist(), *own, params)]
    for name, files in FILES.items():
        paths = [folder / f"{file}.jsonl" for file in files]
        if not all(path.exists() for path in paths):
            print(f"{name}: left out, {folder} has no {' and '.join(path.name for path in paths)}")
            continue
        found = [[row for _, row in read_jsonl(path)] for path in paths]
        sets.append(_set(name, [row for rows in found for row in rows], params))
        if len(files) > 1:
            read = {row["text"] for rows in found for row in rows[::2]}
            unread = [row for rows in found for row in rows[1::2] if row["text"] not in read]
            sets.append(_set(UNREAD, unread, params))
    return sets


def distinct(rows: Iterable[dict]) -> list[dict]:
    """Return the rows without those whose sentence came before."""
    first: dict[str, dict] = {}
    for row in rows:
        first.setdefault(row["text"], row)
    return list(first.values())


def _set(name: str, rows: Iterable[dict], params: Params) -> EvaluationSet:
    rows = distinct(rows)
    gold = np.array([stance_id(row["label"], name) for row in rows])
    return EvaluationSet(name, [row["text"] for row in rows], gold, np.arange(len(rows)), params)


def run_script(main: Callable[[], None]) -> None:
    """Run a benchmark; what is missing or wrong is one line on stderr, and the exit code of `stance`."""
    try:
        main()
    except StanceError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
