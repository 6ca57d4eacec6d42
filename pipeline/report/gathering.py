"""Counts and shares of the corpus for the report, from the tables that the stages left."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.stances import ABSTAIN, STANCES

if TYPE_CHECKING:
    import pyarrow as pa

_SHOWN = ("name", "coverage", "votes", "correct", "precision", "precision_low", "precision_high", "worth", "warnings")


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


def shown_lfs(
    statistics: Sequence[Mapping[str, Any]], worth: Sequence[tuple[float, float]] | None = None
) -> list[dict[str, Any]]:
    """Return the labeling functions' statistics under the names that the report shows.

    `worth`: what each is worth to the classifier, in macro-F1 and in log-loss, where that is known.
    """
    shown = []
    unknown: list[tuple[float | None, float | None]] = [(None, None)] * len(statistics)
    for row, (f1, loss) in zip(statistics, worth or unknown, strict=True):
        stance = STANCES[row["stance"]] if row["stance"] != ABSTAIN else "any"
        several = "/".join(STANCES[c] for c in row["stances"]) if len(row["stances"]) > 1 else stance
        same = {name: row[name] for name in _SHOWN}
        shares = {name: row[f"{name}_share"] for name in ("overlap", "conflict", "alone")}
        named = {"stance": stance, "votes_for": several, "n_gold": row["gold_votes"]}
        shown.append(same | shares | named | {"classifier_worth": f1, "classifier_log_loss": loss})
    return shown


def labelled(tables: Iterable["pa.Table"]) -> tuple[list[str], np.ndarray]:
    """Return the hand-labelled sentences of some folds, and their stance ids."""
    known = [table.filter(table["gold"].is_valid()) for table in tables]
    texts = [text for table in known for text in table["text"].to_pylist()]
    return texts, np.array([stance for table in known for stance in table["gold"].to_pylist()], dtype=np.int64)


def _votes(table: "pa.Table", n_lfs: int) -> np.ndarray:
    """Return the votes (rows, n_lfs), without a Python object for each."""
    flat = [chunk.flatten().to_numpy(zero_copy_only=False) for chunk in table["votes"].chunks]
    return np.concatenate([np.empty(0, np.int8), *flat]).reshape(table.num_rows, n_lfs)
