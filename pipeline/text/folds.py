"""Folds for training, development and test; near-duplicates of an article lie in the same one."""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, combinations, pairwise

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from pipeline.base.errors import ParamsError

Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]

HELD = 0.85
"""The share of a text that another holds from which both count as one story."""

_HASHES = 128  # values in a signature; its estimate of a similarity of 0.8 has a standard error of 0.035
_MARGIN = 0.15  # a pair estimated further than this below the threshold is not verified
_MISSED = 1e-3  # highest chance that a pair right at the threshold shares no band and so is no candidate
_NEIGHBOURS = 50  # texts of one bucket that each is compared with: pages from one template would take quadratic time
_SEED = 1
_FEWEST_PAIRS = 20  # pairs of words of a text that is looked for inside others; a shorter one may stand anywhere
_SEQUENCE = 3  # words
_SAMPLED = 4  # one sequence in so many is indexed, chosen by its words alone
_COMMONEST = 50  # texts that share a sequence; a commoner one is a formula
_SHARED = 0.3  # of the indexed sequences of the smaller text, below which a pair is not verified
_WORD = re.compile(r"\w+")

Interval = tuple[float, float]  # [low, high) of [0, 1)

_log = logging.getLogger("pipeline.text.folds")


def near_duplicate_groups(texts: Sequence[str], threshold: float, held: float | None = HELD) -> list[int]:
    """Return a group number per text: the smallest index in its group, its own where it is alone.

    Two texts are joined when the Jaccard similarity of their pairs of adjacent words, without regard to case and
    punctuation, is at least `threshold` (0 < threshold <= 1), or when the longer holds the share `held` of the pairs of
    the shorter, if that has 20 of them (None: never); a group is what is joined directly or through others. At 0.8 a
    text may have one word in eighteen replaced, and at `held` 0.85 one in ten left out, or be any part of the other. A
    text of one word is joined only to equal ones, a text without words to none.

    No pair is joined without having been verified; a pair at the threshold is missed with a chance of about 1 in 1,000,
    less above it. Time grows about linearly with the number of texts, and equal texts give equal groups.
    """
    if not 0 < threshold <= 1:
        raise ParamsError("impossible similarity of near-duplicates", expected="0 < threshold <= 1", got=str(threshold))
    firsts: dict[str, int] = {}
    same = [firsts.setdefault(_normalised(text) or f"\0{i}", i) for i, text in enumerate(texts)]
    unique = sorted(i for words, i in firsts.items() if words[0] != "\0")
    groups = dict(zip(unique, (unique[k] for k in _joined([texts[i] for i in unique], threshold, held)), strict=True))
    return [groups.get(first, first) for first in same]


def _joined(texts: list[str], threshold: float, held: float | None) -> list[int]:
    """Return the group number per text, as above, for texts that all have words and all differ."""
    shingles = lru_cache(maxsize=4096)(lambda i: _shingles(texts[i]))
    parent: np.ndarray = np.arange(len(texts))  # a union-find forest whose roots are the smallest index of their tree
    for left, right in chain(_candidates(texts, threshold), _sharing_sequences(texts) if held else ()):
        parent = _flattened(parent)
        apart = parent[left] != parent[right]
        for a, b in zip(left[apart].tolist(), right[apart].tolist(), strict=True):
            low, high = sorted((_root(parent, a), _root(parent, b)))
            if low != high and _is_near(shingles(a), shingles(b), threshold, held):
                parent[high] = low
    return [int(root) for root in _flattened(parent)]


def _candidates(texts: list[str], threshold: float) -> Iterator[Pairs]:
    """Yield pairs of texts whose signatures agree in a whole band and, estimated over all of it, nearly enough."""
    signatures = np.empty((len(texts), _HASHES), dtype=np.uint32)
    for i, text in enumerate(texts):
        signatures[i] = _signature(text)
    rows = _rows_per_band(threshold)
    for begin in range(0, _HASHES, rows):
        order = np.lexsort(signatures[:, begin : begin + rows].T)  # stable: equal bands stay in the order of the texts
        band = signatures[order, begin : begin + rows]
        bucket = np.cumsum(np.any(band != np.roll(band, 1, axis=0), axis=1))
        for distance in range(1, min(_NEIGHBOURS, len(texts) - 1) + 1):
            near = np.flatnonzero(bucket[distance:] == bucket[:-distance])
            if not len(near):
                break
            left, right = order[near], order[near + distance]
            alike = (signatures[left] == signatures[right]).mean(axis=1) >= threshold - _MARGIN
            yield left[alike], right[alike]


def _sharing_sequences(texts: list[str]) -> Iterator[Pairs]:
    """Yield the pairs of texts that share a good part of the indexed sequences of the smaller one."""
    hashes = [_sampled_sequences(text) for text in texts]
    sizes = np.array([len(own) for own in hashes], dtype=np.int64)
    if not sizes.sum():
        return
    every = np.concatenate(hashes)
    owners = np.repeat(np.arange(len(texts)), sizes)
    order = np.lexsort((owners, every))
    every, owners = every[order], owners[order]
    starts = np.flatnonzero(np.r_[True, every[1:] != every[:-1]])
    ends = np.r_[starts[1:], len(every)]
    counts: Counter[int] = Counter()
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if 1 < end - start <= _COMMONEST:
            own = owners[start:end].tolist()
            counts.update(a * len(texts) + b for a, b in combinations(own, 2))
    keys = np.fromiter(counts.keys(), np.int64, len(counts))
    shared = np.fromiter(counts.values(), np.int64, len(counts))
    left, right = keys // len(texts), keys % len(texts)
    near = shared >= np.maximum(1, _SHARED * np.minimum(sizes[left], sizes[right]))
    chosen = np.lexsort((right[near], left[near]))
    yield left[near][chosen], right[near][chosen]


def _sampled_sequences(text: str) -> NDArray[np.uint64]:
    """Return the hashes of a sample of the text's sequences of words, each once; the same wherever they stand."""
    words = np.array([_word_hash(word) for word in _WORD.findall(text.casefold())], dtype=np.uint64)
    if len(words) < _SEQUENCE:
        return words[:0]
    mixed = np.zeros(len(words) - _SEQUENCE + 1, dtype=np.uint64)
    for place in range(_SEQUENCE):
        mixed = (mixed * np.uint64(0x9E3779B97F4A7C15)) ^ words[place : len(words) - _SEQUENCE + 1 + place]
    mixed = mixed * np.uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> np.uint64(32)
    return np.unique(mixed[mixed % np.uint64(_SAMPLED) == 0])


@lru_cache(maxsize=1 << 18)
def _word_hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _is_near(a: frozenset[str], b: frozenset[str], threshold: float, held: float | None) -> bool:
    smaller = min(len(a), len(b))
    if held and smaller >= _FEWEST_PAIRS and len(a & b) >= held * smaller:
        return True
    return _similarity(a, b) >= threshold


def _rows_per_band(threshold: float) -> int:
    """Return the longest band, a power of two, with which a pair at the threshold is hardly ever missed."""
    fits = [rows for rows in (1, 2, 4, 8, 16, 32, 64, 128) if (1 - threshold**rows) ** (_HASHES / rows) <= _MISSED]
    return max(fits, default=1)


def _signature(text: str) -> list[int]:
    sketch = RMinHash(_HASHES, _SEED)
    sketch.update(list(_shingles(text)))  # in any order
    return sketch.digest()


def _normalised(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _shingles(text: str) -> frozenset[str]:
    words = _WORD.findall(text.casefold())
    return frozenset(map(" ".join, pairwise(words))) if len(words) > 1 else frozenset(words)


def _similarity(a: frozenset[str], b: frozenset[str]) -> float:
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def _flattened(parent: NDArray[np.intp]) -> NDArray[np.intp]:
    while not np.array_equal(grand := parent[parent], parent):
        parent = grand
    return parent


def _root(parent: NDArray[np.intp], i: int) -> int:
    while parent[i] != i:
        i = int(parent[i])
    return i


def assign_folds(
    ids: Sequence[str], groups: Sequence[int], dev_share: float, test_share: float, seed: int
) -> list[str]:
    """Return the fold of each article: "train", "dev" or "test".

    `ids` are unique; near-duplicates share a number in `groups` (`near_duplicate_groups`). A hash of the seed and an id
    gives a point in [0, 1): test lies below `test_share`, then comes dev, then train. The first member of a group, the
    one with the shortest id (then by alphabet), decides for it. So new articles move no others, and the shares are
    right in expectation, counted in groups.

    Two exceptions. (1) A near-duplicate that becomes the first member, or joins two groups, moves its group. (2) With
    few articles a fold can be without a group: then test, train and dev, in this order, take the nearest group from a
    fold with several, or from dev, and give it back once a new article fills the fold. Two groups are train and test, a
    single one is train. A fold with a share of 0 stays empty.

    Raises ParamsError for shares that are negative or leave nothing to train on.
    """
    intervals = _intervals(dev_share, test_share)
    points = {group: _point(seed, article) for group, article in _first_members(ids, groups).items()}
    folds = {
        group: next(fold for fold in intervals if _distance(at, intervals[fold]) == 0) for group, at in points.items()
    }
    for fold in ("test", "train", "dev"):
        _fill(fold, folds, points, intervals[fold])
    return [folds[group] for group in groups]


def _intervals(dev_share: float, test_share: float) -> dict[str, Interval]:
    if min(dev_share, test_share) < 0 or dev_share + test_share >= 1:
        raise ParamsError(
            "impossible shares of folds",
            "split",
            expected="dev_share and test_share of 0 or more with a sum below 1",
            got=f"{dev_share} and {test_share}",
        )
    held_out = test_share + dev_share
    return {"test": (0.0, test_share), "dev": (test_share, held_out), "train": (held_out, 1.0)}


def _first_members(ids: Sequence[str], groups: Sequence[int]) -> dict[int, str]:
    first: dict[int, str] = {}
    for article, group in zip(ids, groups, strict=True):
        first[group] = min(first.get(group, article), article, key=lambda name: (len(name), name))
    return first


def _point(seed: int, article: str) -> float:
    """Return a number in [0, 1) that depends on nothing but the seed and the id."""
    digest = blake2b(f"{seed}\0{article}".encode(errors="backslashreplace"), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def _fill(fold: str, folds: dict[int, str], points: dict[int, float], interval: Interval) -> None:
    """Give an empty fold the group nearest to its interval, from a fold with several groups or from dev."""
    sizes = Counter(folds.values())
    alone = fold == "train" and len(folds) == 1
    spare = [group for group, where in folds.items() if sizes[where] > 1 or where == "dev" or alone]
    if fold in sizes or not spare or interval[0] == interval[1]:
        return
    nearest = min(spare, key=lambda group: (_distance(points[group], interval), points[group]))
    _log.warning("few articles: fold %s was empty and takes one from %s", fold, folds[nearest])
    folds[nearest] = fold


def _distance(point: float, interval: Interval) -> float:
    """Return how far `point` lies from the interval, 0 inside; an end that is not part of it counts as outside."""
    low, high = interval
    return 0.0 if low <= point < high else max(low - point, point - high, 2**-49)
