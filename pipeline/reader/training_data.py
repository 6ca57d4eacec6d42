"""What a reader learns from: sentences with a target distribution each, without those that an evaluation holds."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.base.errors import InputError, suggest
from pipeline.base.stances import STANCES
from pipeline.base.storage import read_lines

NEAR = 0.4
"""Jaccard similarity of runs of four words above which two sentences count as the same."""

_SURE, _MIXED = 0.96, 0.8  # target of the label; the other stances share the rest
_RUN = 4
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"['’]")


@dataclass(frozen=True)
class TrainingData:
    """Sentences, their targets, float32 (n, 3), rows sum to 1, and the article of each."""

    texts: list[str]
    targets: np.ndarray
    articles: list[str]

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.texts)

    def __getitem__(self, rows: np.ndarray) -> "TrainingData":
        """Return the data of some rows, int (m,)."""
        picked = rows.tolist()
        return TrainingData([self.texts[i] for i in picked], self.targets[rows], [self.articles[i] for i in picked])

    @property
    def stances(self) -> np.ndarray:
        """Stance ids, int (n,): the likeliest of each target."""
        return self.targets.argmax(axis=1)

    @property
    def identity(self) -> str:
        """SHA-256 of sentences and targets in their order."""
        digest = hashlib.sha256(self.targets.astype("<f4").tobytes())
        for text in self.texts:
            digest.update(f"{len(text)} {text}".encode("utf-8", "replace"))
        return digest.hexdigest()


def training_data(rows: Iterable[Mapping[str, Any]], where: str) -> TrainingData:
    """Return what rows teach: each has `text`, and `label` or `soft_label` ([opposition, neutral, agreement]).

    `mixed` (true, or 1) makes a label less sure. Sentences with the same `article`, `article_id`, or `id` up to its
    last colon are of one article. Rows whose label is null or "mixed" teach nothing. Raises InputError naming the row.
    """
    texts, targets, articles = [], [], []
    for number, row in enumerate(rows, 1):
        target = _target(row, f"{where}, row {number}")
        if target is None:
            continue
        own = str(row.get("id") or f"{where} {number}")
        texts.append(row["text"])
        targets.append(target)
        articles.append(str(row.get("article_id") or row.get("article") or own.rpartition(":")[0] or own))
    return TrainingData(texts, np.array(targets, np.float32).reshape(-1, len(STANCES)), articles)


def read_labels(path: Path | str) -> dict[str, dict[str, Any]]:
    """Return `label` and `mixed` by the hash of a sentence, from a file of lines "hash, label, 0 or 1", tabs between.

    The hash is the first 16 digits of the SHA-256 of the sentence: labels can be passed on where sentences cannot.
    """
    found = {}
    for number, line in read_lines(path):
        parts = line.split("\t")
        if len(parts) != 3 or parts[1] not in STANCES:
            where, expected = f"{path}, line {number}", "hash, stance, 0 or 1"
            raise InputError("no label by hash", where, expected=expected, got=line[:40])
        found[parts[0]] = {"label": parts[1], "mixed": parts[2] == "1"}
    return found


def labelled(rows: Iterable[Mapping[str, Any]], labels: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows, those without a label with the one that `read_labels` knows for their sentence."""
    for row in rows:
        own = row.get("label") is not None or row.get("soft_label") is not None
        yield {**row} if own else {**row, **labels.get(hash_of(row["text"]), {})}


def hash_of(text: str) -> str:
    """Return the hash by which `read_labels` knows a sentence."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def joined(parts: Sequence[TrainingData]) -> TrainingData:
    """Return several data as one; of sentences that are equal the first stays."""
    texts = [text for part in parts for text in part.texts]
    targets = np.concatenate([np.empty((0, len(STANCES)), np.float32), *(part.targets for part in parts)])
    whole = TrainingData(texts, targets, [article for part in parts for article in part.articles])
    first: dict[str, int] = {}
    for row, text in enumerate(texts):
        first.setdefault(text, row)
    return whole[np.array(list(first.values()), int)]


def apart_from(data: TrainingData, kept: Sequence[str]) -> TrainingData:
    """Return the data without sentences that stand, nearly word for word, among those that are `kept` for scores."""
    return data[np.flatnonzero(~near_any(data.texts, kept))]


def near_any(texts: Sequence[str], others: Sequence[str]) -> np.ndarray:
    """Return bool (len(texts),): whether a sentence is the same as one of `others`, or nearly so.

    Nearly: the Jaccard similarity of their runs of four words is above NEAR, case and punctuation apart.
    """
    runs, holders = [_runs(text) for text in others], {}  # type: ignore[var-annotated]
    for place, of_other in enumerate(runs):
        for run in of_other:
            holders.setdefault(run, []).append(place)
    equal = {" ".join(_words(text)) for text in others}
    found = np.zeros(len(texts), bool)
    for row, text in enumerate(texts):
        own = _runs(text)
        shared = Counter(place for run in own for place in holders.get(run, ()))
        near = any(n / (len(own) + len(runs[place]) - n) > NEAR for place, n in shared.items())
        found[row] = near or " ".join(_words(text)) in equal
    return found


def held_out(data: TrainingData, share: float) -> np.ndarray:
    """Return bool (n,): the rows of about that share of the articles, the same whatever else there is."""
    limit = int(share * 2**32)
    drawn = {a: int(hashlib.sha256(f"reader {a}".encode()).hexdigest()[:8], 16) < limit for a in set(data.articles)}
    return np.array([drawn[article] for article in data.articles], bool)


def _target(row: Mapping[str, Any], where: str) -> np.ndarray | None:
    soft = row.get("soft_label")
    if soft is not None:
        return _distribution(soft, where)
    label = row.get("label")
    if label in (None, "", "mixed"):
        return None
    if label not in STANCES:
        remedy = suggest(str(label), STANCES)
        raise InputError("unknown label", where, expected=", ".join(STANCES), got=repr(label), remedy=remedy)
    sure = _MIXED if row.get("mixed") in (True, 1, "1", "true", "True") else _SURE
    target = np.full(len(STANCES), (1 - sure) / (len(STANCES) - 1))
    target[STANCES.index(label)] = sure
    return target


def _distribution(soft: Any, where: str) -> np.ndarray:
    expected = f"{len(STANCES)} probabilities that sum to 1"
    try:
        found = np.array(soft, float)
    except (TypeError, ValueError):
        raise InputError("no soft label", where, expected=expected, got=str(soft)[:40]) from None
    if found.shape != (len(STANCES),) or not (found >= 0).all() or abs(found.sum() - 1) > 1e-3:
        raise InputError("no soft label", where, expected=expected, got=str(soft)[:40])
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(_APOSTROPHE.sub("", text.lower()))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}
