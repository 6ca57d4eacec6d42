"""Sentences of about one length side by side, so that little is padded and no answer depends on its neighbours."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

ROWS = 16  # of every batch, the last one of a length filled up
STEP = 8  # lengths are filled up to multiples of this

Compute = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Token ids and mask, int64 (ROWS, length) each -> values (ROWS, width)."""


def in_batches(tokens: Sequence[Sequence[int]], compute: Compute, *, pad: int, threads: int) -> np.ndarray:
    """Return what `compute` makes of each sentence, float32 (len(tokens), width), at least one sentence.

    Every batch has the same number of rows, of one length: kernels of matrix products are chosen by shape, so a
    sentence's values are the same to the last bit whatever else is computed. `threads` batches run side by side.
    """
    work = list(_batches([len(ids) for ids in tokens]))
    padded = (_padded([tokens[i] for i in rows], length, pad) for rows, length in work)
    with ThreadPoolExecutor(threads) as pool:
        values = list(pool.map(lambda batch: compute(*batch), padded))
    found = np.empty((len(tokens), values[0].shape[1]), np.float32)
    for (rows, _), of_batch in zip(work, values, strict=True):
        found[rows] = of_batch[: len(rows)]
    return found


def _batches(lengths: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Yield (rows, length) with at most ROWS rows that fit that length, a multiple of STEP; short ones first."""
    of_length: dict[int, list[int]] = {}
    for row, n in enumerate(lengths):
        of_length.setdefault(max(-(-n // STEP), 1) * STEP, []).append(row)
    for length, rows in sorted(of_length.items()):
        yield from ((rows[start : start + ROWS], length) for start in range(0, len(rows), ROWS))


def _padded(tokens: Sequence[Sequence[int]], length: int, pad: int) -> tuple[np.ndarray, np.ndarray]:
    ids, mask = np.full((ROWS, length), pad), np.zeros((ROWS, length), int)
    for row in range(ROWS):
        own = tokens[row % len(tokens)]
        ids[row, : len(own)], mask[row, : max(len(own), 1)] = own, 1
    return ids, mask
