"""Many numbers looked up at once in a table of numbers."""

import numpy as np

_VALUE_BITS = 23
_ROOM = 8  # slots for each key
_MULTIPLIER, _SHIFT = 0x9E3779B1, 12  # 2**32 / golden ratio, odd: Fibonacci hashing


class KeyIndex:
    """Keys (integers from 0 to 2**40 - 1), each with one value or several (integers from 0 to 2**23 - 1)."""

    def __init__(self, keys: np.ndarray, values: np.ndarray):
        """Take the pairs (keys[i], values[i]) in any order."""
        pairs = np.sort(keys << _VALUE_BITS | values)
        keys = pairs >> _VALUE_BITS
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        self._mask = (1 << (_ROOM * len(first)).bit_length()) - 1
        slots = self._slot(keys[first])
        by_slot = np.argsort(slots, kind="stable")
        self._values = pairs & ((1 << _VALUE_BITS) - 1)
        self._first = first[by_slot]
        self._sizes = np.diff(first, append=len(pairs))[by_slot]
        in_slot = np.bincount(slots, minlength=self._mask + 1)
        self._used = in_slot > 0  # few numbers that are no key come past this
        self._start = (np.cumsum(in_slot) - in_slot).astype(np.int32)
        self._deepest = max(1, int(np.max(in_slot)))
        self._keys = np.append(keys[self._first], np.full(self._deepest, -1))  # whatever slot is read on from

    def find(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the places in `wanted` (n,) that hold a key, and which key each of these is."""
        slots = self._slot(wanted)
        at = np.flatnonzero(self._used[slots])
        key = self._start[slots[at]]
        found = [self._check(wanted, at, key + nth) for nth in range(self._deepest)]
        places, keys = zip(*found, strict=True)
        return np.concatenate(places), np.concatenate(keys)

    def look_up(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return places in `wanted` and values: a pair for each value of the key that stands there."""
        at, key = self.find(wanted)
        cell, nth = spread(self._first[key], self._sizes[key])
        return np.repeat(at, self._sizes[key]), self._values[cell + nth]

    def _check(self, wanted: np.ndarray, at: np.ndarray, key: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        same = np.flatnonzero(self._keys[key] == wanted[at])
        return at[same], key[same]

    def _slot(self, keys: np.ndarray) -> np.ndarray:
        return (keys * _MULTIPLIER >> _SHIFT) & self._mask


def spread(numbers: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each number as often as `times` says, and beside it how often it stood there already."""
    before = np.repeat(np.cumsum(times) - times, times)
    return np.repeat(numbers, times), np.arange(len(before)) - before
