"""Vote matrices with a planted truth, for tests and benchmarks."""

from collections.abc import Sequence

import numpy as np


def plant(
    seed: int,
    *,
    n: int = 600,
    m: int = 20,
    shares: Sequence[float] = (1, 1, 1),
    unipolar: bool = True,
    coverage: tuple[float, float] = (0.02, 0.25),
    accuracy: tuple[float, float] = (0.5, 0.95),
    adversarial: int = 0,
    echoes: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return votes int8 (n, m) and the truth (n,) with classes drawn by `shares`.

    Coverage and accuracy (precision, if the classes were equally common) of each LF are drawn from the given ranges. A
    unipolar LF votes for one class only; the first `adversarial` LFs are right in 10 to 25 % of votes; the last
    `echoes` LFs repeat the first sane one on about 80 % of rows.
    """
    rng = np.random.default_rng(seed)
    k = len(shares)
    truth = rng.choice(k, n, p=np.divide(shares, sum(shares)))
    votes = np.full((n, m), -1, dtype=np.int8)
    for j in range(m):
        right = rng.uniform(0.1, 0.25) if j < adversarial else rng.uniform(*accuracy)
        fires = rng.uniform(*coverage)
        if unipolar:
            rate = np.where(truth == j % k, k * right, k * (1 - right) / (k - 1)) * fires
            votes[rng.random(n) < np.minimum(rate, 0.95), j] = j % k
        else:
            wrong = (truth + rng.integers(1, k, n)) % k
            vote = np.where(rng.random(n) < right, truth, wrong)
            votes[:, j] = np.where(rng.random(n) < 2 * fires, vote, -1)
    for j in range(m - echoes, m):
        heard = rng.random(n) < 0.8
        votes[heard, j] = votes[heard, adversarial]
    return votes, truth


def plant_precise(
    seed: int, *, n: int, shares: Sequence[float], lfs: Sequence[tuple[int, float, float]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return votes int8 (n, len(lfs)) and the truth (n,) of LFs for one class each: (class, coverage, precision).

    Unlike those of `plant`, LFs of a rare class are as precise as others, as they are where people write them.
    """
    rng = np.random.default_rng(seed)
    share = np.divide(shares, sum(shares))
    truth = rng.choice(len(share), n, p=share)
    votes = np.full((n, len(lfs)), -1, dtype=np.int8)
    for j, (c, coverage, precision) in enumerate(lfs):
        own, other = coverage * precision / share[c], coverage * (1 - precision) / (1 - share[c])
        votes[rng.random(n) < np.minimum(np.where(truth == c, own, other), 0.95), j] = c
    return votes, truth


def outvoted(seed: int, n: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    """Return votes and truth of classes 93:7: seven busy LFs vote for the one, two quiet ones for the other."""
    rng = np.random.default_rng(seed)
    busy = [(0, rng.uniform(0.2, 0.7), rng.uniform(0.94, 0.98)) for _ in range(7)]
    quiet = [(1, rng.uniform(0.01, 0.05), rng.uniform(0.4, 0.8)) for _ in range(2)]
    return plant_precise(seed, n=n, shares=(0.93, 0.07), lfs=busy + quiet)


def keywords(seed: int, n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return votes and truth of classes 86:14 and 70 precise keyword LFs that each vote on under 2 % of rows."""
    rng = np.random.default_rng(seed)
    common = [(0, rng.uniform(0.002, 0.02), rng.uniform(0.9, 1)) for _ in range(30)]
    rare = [(1, rng.uniform(0.001, 0.012), rng.uniform(0.85, 1)) for _ in range(40)]
    return plant_precise(seed, n=n, shares=(0.86, 0.14), lfs=common + rare)


SCENARIOS: dict[str, dict] = {
    "unipolar": {},
    "bipolar": {"unipolar": False},
    "unipolar, skewed classes": {"shares": (0.2, 0.65, 0.15)},
    "bipolar, skewed classes": {"unipolar": False, "shares": (0.2, 0.65, 0.15)},
    "unipolar, 60 rows": {"n": 60},
    "bipolar, 60 rows": {"n": 60, "unipolar": False},
    "unipolar, 3 adversarial": {"adversarial": 3},
    "bipolar, 3 adversarial": {"unipolar": False, "adversarial": 3},
    "unipolar, 6 echoes": {"echoes": 6},
    "bipolar, 6 echoes": {"unipolar": False, "echoes": 6},
    "unipolar, 60 narrow LFs": {"m": 60, "n": 2000, "coverage": (0.005, 0.1)},
    "two classes": {"shares": (1, 1), "m": 12},
    "five classes": {"shares": (1, 1, 1, 1, 1), "m": 40},
}
