"""Counts and shares of the corpus for the report, from the tables that the stages left."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.stances import STANCES

if TYPE_CHECKING:
    import pyarrow as pa


def class_shares(table: "pa.Table") -> np.ndarray:
    """Return the shares of the stances (3,) in a fold: of its gold where it has any, else of its soft labels."""
    gold = table["gold"].drop_null().to_numpy()
    if len(gold):
        return np.bincount(gold, minlength=len(STANCES)) / len(gold)
    return np.array(table["soft_label"].to_pylist()).mean(axis=0)


def count_folds(fold: str, table: "pa.Table") -> dict[str, Any]:
    """Return how many articles, sentences and gold sentences a fold has."""
    articles = len(table["article_id"].unique())
    return {"fold": fold, "articles": articles, "sentences": table.num_rows, "gold": len(table["gold"].drop_null())}


def covered_share(tables: Iterable["pa.Table"], n_lfs: int) -> float:
    """Return the share of the sentences in all folds on which one of the LFs votes."""
    covered = [(_votes(table, n_lfs) >= 0).any(axis=1) for table in tables]
    return float(np.concatenate(covered).mean())


def count_stances(
    folds: Mapping[str, "pa.Table"], predicted: Mapping[str, np.ndarray], articles: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return for each article, by id: its title and the number of sentences predicted for each stance."""
    counts: dict[str, np.ndarray] = {}
    for fold, table in folds.items():
        for article, stance in zip(table["article_id"].to_pylist(), predicted[fold].argmax(axis=1), strict=True):
            counts.setdefault(article, np.zeros(len(STANCES), int))[stance] += 1
    return [
        {"id": article, "title": articles[article]["title"]}
        | {name: int(n) for name, n in zip(STANCES, counts[article], strict=True)}
        for article in sorted(counts)
    ]


def shown_lfs(statistics: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the labeling functions' statistics under the names that the report shows."""
    return [
        {
            "name": row["name"],
            "stance": STANCES[row["stance"]],
            "coverage": row["coverage"],
            "overlap": row["overlap_share"],
            "conflict": row["conflict_share"],
            "votes": row["votes"],
            "correct": row["correct"],
            "n_gold": row["gold_votes"],
            "precision": row["precision"],
            "precision_low": row["precision_low"],
            "precision_high": row["precision_high"],
            "worth": row["worth"],
        }
        for row in statistics
    ]


def _votes(table: "pa.Table", n_lfs: int) -> np.ndarray:
    """Return the votes (rows, n_lfs), without a Python object for each."""
    flat = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in table["votes"].chunks]
    return np.concatenate([np.empty(0, np.int8), *flat]).reshape(table.num_rows, n_lfs)
