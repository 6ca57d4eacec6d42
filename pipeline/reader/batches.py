"""Sentences of about one length side by side, so that little is padded and no answer depends on its neighbours."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

ROWS = 16  # of every batch on a CPU, the last one of a length filled up
STEP = 8  # lengths are filled up to multiples of this

Compute = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Token ids and mask, int64 (rows, length) each -> values (rows, width)."""


def in_batches(
    tokens: Sequence[Sequence[int]], compute: Compute, *, pad: int, threads: int = 1, rows: int = ROWS
) -> np.ndarray:
    """Return what `compute` makes of each sentence, float32 (len(tokens), width), at least one sentence.

    Every batch has the same number of rows, of one length: kernels of matrix products are chosen by shape, so a
    sentence's values are the same to the last bit whatever else is computed. `threads` batches run side by side.
    """
    work = list(_batches([len(ids) for ids in tokens], rows))
    padded = (_padded([tokens[i] for i in own], length, pad, rows) for own, length in work)
    with ThreadPoolExecutor(threads) as pool:
        values = list(pool.map(lambda batch: compute(*batch), padded))
    found = np.empty((len(tokens), values[0].shape[1]), np.float32)
    for (own, _), of_batch in zip(work, values, strict=True):
        found[own] = of_batch[: len(own)]
    return found


def cores() -> int:
    """Return how many processor cores there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _batches(lengths: Sequence[int], rows: int) -> Iterator[tuple[list[int], int]]:
    """Yield (sentences, length): at most `rows` that fit that length, a multiple of STEP; short ones first."""
    of_length: dict[int, list[int]] = {}
    for sentence, n in enumerate(lengths):
        of_length.setdefault(max(-(-n // STEP), 1) * STEP, []).append(sentence)
    for length, alike in sorted(of_length.items()):
        yield from ((alike[start : start + rows], length) for start in range(0, len(alike), rows))


def _padded(tokens: Sequence[Sequence[int]], length: int, pad: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    ids, mask = np.full((rows, length), pad), np.zeros((rows, length), int)
    for row in range(rows):
        own = tokens[row % len(tokens)]
        ids[row, : len(own)], mask[row, : max(len(own), 1)] = own, 1
    return ids, mask
