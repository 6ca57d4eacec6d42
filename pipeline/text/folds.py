"""Assignment of articles to folds: by hash, so that an article stays where it is when others come."""

import logging
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

from pipeline.base.errors import ParamsError

Interval = tuple[float, float]  # [low, high) of [0, 1)

_log = logging.getLogger("pipeline.text.folds")


def assign_folds(
    ids: Sequence[str], groups: Sequence[int], dev_share: float, test_share: float, seed: int
) -> list[str]:
    """Return the fold of each article: "train", "dev" or "test".

    `ids` are unique; `groups` are numbers that near-duplicates share (`near_duplicate_groups`). A hash of the seed and
    an article's id gives a point in [0, 1): test lies below `test_share`, then comes dev, then train. A group goes
    where the point of its first member lies, first being the shortest id, and the alphabet decides among equally long
    ones. No other article has a say, nor have the group numbers or the order of the articles. So new articles move none
    that is there, and the shares are right in expectation, counted in groups.

    Two exceptions. (1) A new near-duplicate whose id comes first takes its group along to its own fold, and so does one
    that joins two groups. Copies are mostly named after the original with something added, and numbered ids grow;
    where names are arbitrary, one new copy in k + 1 comes first in a group of k, and then its point may well lie in the
    same fold. (2) With few articles a fold can be left without a group. Then test, train and dev, in this order, each
    get the group whose point is nearest to their interval, from a fold with several groups or from dev; it goes back
    where it belongs once a new article fills that fold. Two groups are train and test, a single one is train. A fold
    with a share of 0 stays empty.

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
