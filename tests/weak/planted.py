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
