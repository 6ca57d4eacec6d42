"""Votes as label models take them: checked, counted as patterns, and combined by majority."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pipeline.base.errors import GoldError, InputError
from pipeline.base.stances import ABSTAIN

if TYPE_CHECKING:
    from scipy.sparse import csr_array

MAX_CLASSES = 1000
"""Most classes that there can be: a vote and its strength share 16 bits."""

_POSITIVE, _COUNTS = ("copies", "tol"), ("max_patterns", "max_iter")
_FINITE = ("given_rows", "prior_rows", "unlabelled_rows")

LEVELS = 20
"""Strengths are rounded to this many steps, so that graded votes still share patterns."""

BLOCK = 1 << 16
"""Rows worked on at a time where a temporary array would be large."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, odd: Fibonacci hashing
_SHIFT = np.uint64(32)

Empty = Literal["uniform", "prior"] | int | Sequence[float] | np.ndarray
"""What a row gets on which every LF abstains.

"uniform": every class the same; "prior": the class prior of the label model; a class id: that class, with probability
1; a sequence: these class shares.
"""


def checked_votes(votes: Any, n_classes: int, *, empty_ok: bool = True) -> np.ndarray:
    """Return `votes` as an int array (n, m) in -1 .. n_classes - 1; raise InputError with the place of a bad one."""
    array = _array(votes, "votes")
    if array.ndim != 2:
        raise InputError("wrong shape", "votes", expected="(rows, labeling functions)", got=str(array.shape))
    if array.shape[1] == 0:
        raise InputError("no labeling functions", "votes", expected="at least one column", got=str(array.shape))
    if array.shape[0] == 0 and not empty_ok:
        raise InputError("no rows to learn from", "votes", expected="at least one row", got=str(array.shape))
    if not np.issubdtype(array.dtype, np.integer) and array.size:
        raise InputError("not integers", "votes", expected="class ids, -1 to abstain", got=str(array.dtype))
    if array.size and (array.min() < ABSTAIN or array.max() >= n_classes):
        row, column = np.argwhere((array < ABSTAIN) | (array >= n_classes))[0]
        raise InputError(
            "vote out of range",
            f"votes, row {row}, column {column}",
            expected=f"-1 (abstain) to {n_classes - 1}",
            got=str(array[row, column]),
        )
    return array if np.issubdtype(array.dtype, np.signedinteger) else array.astype(np.int16)


def checked_strengths(strengths: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    """Return `strengths` as a float array of `shape` with entries in [0, 1], None for None; raise InputError."""
    if strengths is None:
        return None
    array = _array(strengths, "strengths")
    if array.shape != shape:
        raise InputError("wrong shape", "strengths", expected=f"{shape}, that of the votes", got=str(array.shape))
    if array.dtype.kind not in "iuf":
        raise InputError("not numbers", "strengths", expected="0 to 1", got=str(array.dtype))
    bad = ~((array >= 0) & (array <= 1))
    if bad.any():
        row, column = np.argwhere(bad)[0]
        where = f"strengths, row {row}, column {column}"
        raise InputError("strength out of range", where, expected="0 to 1", got=str(array[row, column]))
    return array


def checked_gold(gold: Any, n: int, n_classes: int) -> np.ndarray:
    """Return `gold` as an int array (n,) of class ids, -1 for unknown (None: all unknown); raise GoldError."""
    array = np.full(n, ABSTAIN) if gold is None else _array(gold, "gold", GoldError)
    if array.shape != (n,):
        raise GoldError("wrong shape", "gold", expected=f"({n},), one entry a row of votes", got=str(array.shape))
    if not np.issubdtype(array.dtype, np.integer) and array.size:
        raise GoldError("not integers", "gold", expected="class ids, -1 for unknown", got=str(array.dtype))
    bad = (array < ABSTAIN) | (array >= n_classes)
    if bad.any():
        row = int(np.argmax(bad))
        expected = f"-1 (unknown) to {n_classes - 1}"
        raise GoldError("gold label out of range", f"gold, row {row}", expected=expected, got=str(array[row]))
    return array


def checked_counts(counts: Any, shape: tuple[int, ...], where: str) -> np.ndarray:
    """Return `counts` as int64 of `shape`, none negative; raise InputError with the place of a bad one."""
    array = _array(counts, where)
    if array.shape != shape:
        raise InputError("wrong shape", where, expected=str(shape), got=str(array.shape))
    if not np.issubdtype(array.dtype, np.integer):
        raise InputError("not integers", where, expected="whole numbers of rows", got=str(array.dtype))
    if (array < 0).any():
        row = int(np.argwhere(array < 0)[0][0])
        raise InputError("negative count", f"{where}, row {row}", expected="0 or more", got=str(array.min()))
    return array


def checked_shares(shares: Any, n_classes: int, where: str, *, zero_ok: bool = False) -> np.ndarray:
    """Return class shares, float64 (n_classes,), scaled to sum 1; raise InputError unless all are positive (or 0)."""
    array = _floats(shares)
    fine = array.shape == (n_classes,) and np.isfinite(array).all() and array.sum() > 0 and (array >= 0).all()
    if not fine or not (zero_ok or array.all()):
        expected = f"{n_classes} numbers, none negative" if zero_ok else f"{n_classes} positive numbers"
        raise InputError("bad class shares", where, expected=expected, got=repr(shares))
    return array / array.sum()


def checked_accuracy(accuracy: Any, n_lfs: int) -> np.ndarray:
    """Return expected accuracies, float64 (n_lfs,), from one or n_lfs; raise InputError unless all are in (0, 1)."""
    array = _floats(accuracy)
    if array.shape not in ((), (n_lfs,)) or not ((array > 0) & (array < 1)).all():
        expected = f"one number in (0, 1), or {n_lfs}, one a labeling function"
        raise InputError("bad accuracy", "LabelModel, lf_accuracy", expected=expected, got=repr(accuracy))
    return np.broadcast_to(array, n_lfs)


def check_params(params: dict[str, Any]) -> None:
    """Raise InputError for a parameter of `LabelModel` that is out of range."""
    n_classes, prior, temperature = params["n_classes"], params["prior"], params["temperature"]
    if not isinstance(n_classes, (int, np.integer)) or not 2 <= n_classes <= MAX_CLASSES:
        raise _bad_param("n_classes", f"a whole number from 2 to {MAX_CLASSES}", n_classes)
    for name in _POSITIVE + _FINITE:
        if not _is_positive(params[name]) or (name in _FINITE and params[name] == np.inf):
            raise _bad_param(name, "a number > 0", params[name])
    for name in _COUNTS:
        if not _is_positive(params[name]) or params[name] < 1:
            raise _bad_param(name, "a number of 1 or more", params[name])
    if not (isinstance(temperature, str) and temperature == "auto") and not _is_positive(temperature):
        raise _bad_param("temperature", '"auto" or a number > 0', temperature)
    if isinstance(prior, str) and prior not in ("estimate", "uniform"):
        raise _bad_param("prior", '"estimate", "uniform" or class shares', prior)


def _array(values: Any, where: str, error: type[InputError] = InputError) -> np.ndarray:
    try:
        return np.asarray(values)
    except ValueError:
        raise error("rows of different lengths", where, expected="an array") from None


def _floats(values: Any) -> np.ndarray:
    """Return an array of floats, one of no entries for what is not made of numbers."""
    try:
        return np.asarray(values, dtype=float) if not isinstance(values, str) else np.empty(0)
    except (TypeError, ValueError):
        return np.empty(0)


def _is_positive(value: Any) -> bool:
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return number and bool(value > 0)


def _bad_param(name: str, expected: str, got: Any) -> InputError:
    return InputError("bad parameter", f"LabelModel, {name}", expected=expected, got=repr(got))


@dataclass(frozen=True)
class Patterns:
    """The p different rows of an (n, m) vote matrix, in an order that does not depend on the order of the rows.

    `cells` int16 (p, m): 0 abstains, else vote * LEVELS + level with level in 1 .. LEVELS; `inverse` (n,): the pattern
    of each row; `counts` (p,): rows of each pattern.
    """

    cells: np.ndarray
    inverse: np.ndarray
    counts: np.ndarray


def find_patterns(votes: np.ndarray, strengths: np.ndarray | None = None) -> Patterns:
    """Find the unique rows of votes, int (n, m), -1 to abstain, and of strengths in [0, 1], float (n, m)."""
    cells = _cells(votes, strengths)
    words = cells.view(np.uint64)
    _, first, inverse, counts = np.unique(_hash(words), return_index=True, return_inverse=True, return_counts=True)
    if any((column[first][inverse] != column).any() for column in words.T):
        _, first, inverse, counts = np.unique(words, axis=0, return_index=True, return_inverse=True, return_counts=True)
    return Patterns(cells[first, : votes.shape[1]], inverse.reshape(-1), counts)


def votes_of(cells: np.ndarray) -> np.ndarray:
    """Return the votes, int16 of the shape of `cells`, -1 where it abstains."""
    return (cells - 1) // LEVELS


def coordinates(cells: np.ndarray, n_classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, column and strength of each vote of `cells` int16 (p, m), (votes,) each, by row.

    Column j * n_classes + v is LF j voting v.
    """
    parts = [_coordinates(cells[block], block.start, n_classes) for block in blocks(len(cells))]
    rows, columns, strengths = (np.concatenate(part) for part in zip(*parts, strict=True))
    return rows, columns, strengths


def sparse_votes(cells: np.ndarray, n_classes: int) -> "csr_array":
    """Return the votes of `cells` int16 (p, m) as a sparse float64 (p, m * n_classes) matrix of their strengths."""
    from scipy.sparse import csr_array

    rows, columns, strengths = coordinates(cells, n_classes)
    return csr_array((strengths, (rows, columns)), shape=(len(cells), cells.shape[1] * n_classes))


def ungraded(table: "csr_array") -> "csr_array":
    """Return the same votes (p, m * k), all at full strength."""
    from scipy.sparse import csr_array

    return csr_array((np.ones_like(table.data), table.indices, table.indptr), shape=table.shape)


def covered(table: "csr_array") -> np.ndarray:
    """Return bool (p,): which of the p rows of a table have a vote."""
    return np.diff(table.indptr) > 0


def blocks(n: int) -> Iterator[slice]:
    """Yield slices that cover 0 .. n in steps of BLOCK; one empty slice for n = 0."""
    for start in range(0, max(n, 1), BLOCK):
        yield slice(start, min(start + BLOCK, n))


def _cells(votes: np.ndarray, strengths: np.ndarray | None) -> np.ndarray:
    n, m = votes.shape
    padded = np.zeros((n, m + -m % 4), dtype=np.int16)  # four int16 make one word to hash
    cells = padded[:, :m]
    cells[:] = votes
    if strengths is None:
        cells += 1
        cells *= LEVELS
        return padded
    for block in blocks(n):
        level = np.rint(np.asarray(strengths[block], dtype=np.float64) * LEVELS).astype(np.int16)
        cells[block] = np.where((cells[block] < 0) | (level == 0), 0, cells[block] * LEVELS + level)
    return padded


def _hash(words: np.ndarray) -> np.ndarray:
    mixed = np.zeros(len(words), dtype=np.uint64)
    for column in words.T:
        mixed ^= column
        mixed *= _MULTIPLIER
        mixed ^= mixed >> _SHIFT
    return mixed


def _coordinates(cells: np.ndarray, start: int, n_classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    voting = cells > 0
    rows = np.repeat(np.arange(len(cells)), voting.sum(axis=1))
    flat = np.flatnonzero(voting)
    vote, level = np.divmod(np.arange(n_classes * LEVELS + 1) - 1, LEVELS)  # of every cell that there can be
    found = cells.ravel()[flat]
    return rows + start, (flat - rows * cells.shape[1]) * n_classes + vote[found], ((level + 1) / LEVELS)[found]


def majority_vote(votes: Any, n_classes: int, *, empty: Empty = "uniform", strengths: Any = None) -> np.ndarray:
    """Return soft labels, float64 (n, n_classes): all mass on the class with most votes, shared between tied classes.

    `votes` int (n, m), -1 to abstain; `strengths` float (n, m) in [0, 1] makes a vote count for less, and 0 is
    abstaining; `empty` is the policy for rows without votes (`Empty`, without "prior"). Raises InputError with the
    place of a bad entry.
    """
    votes = checked_votes(votes, n_classes)
    strengths = checked_strengths(strengths, votes.shape)
    tallies = np.empty((len(votes), n_classes))
    for c in range(n_classes):
        chosen = votes == c
        tallies[:, c] = chosen.sum(axis=1) if strengths is None else (chosen * strengths).sum(axis=1)
    return majority_of(tallies, empty_shares(empty, n_classes))


def majority_of(tallies: np.ndarray, empty: np.ndarray) -> np.ndarray:
    """Return soft labels, float64 (n, k), from tallies (n, k): winners share a row; `empty` (k,) is one without."""
    tallies = tallies.round(9)  # so that sums of strengths can tie
    best = tallies.max(axis=1, keepdims=True, initial=0)
    winners = (tallies == best).astype(float)
    soft = winners / winners.sum(axis=1, keepdims=True)
    soft[best[:, 0] <= 0] = empty
    return soft


def empty_shares(empty: Empty, n_classes: int, prior: np.ndarray | None = None) -> np.ndarray:
    """Return the class shares, float64 (n_classes,), that `empty` gives a row without votes; raise InputError."""
    if isinstance(empty, str):
        if empty == "uniform":
            return np.full(n_classes, 1 / n_classes)
        if empty == "prior" and prior is not None:
            return prior
        valid = '"uniform", a class id or class shares' if prior is None else '"uniform", "prior", a class id or shares'
        raise InputError("unknown policy for rows without votes", "empty", expected=valid, got=repr(empty))
    if not isinstance(empty, (int, np.integer)) or isinstance(empty, bool):
        return checked_shares(empty, n_classes, "empty", zero_ok=True)
    if not 0 <= empty < n_classes:
        raise InputError("no such class", "empty", expected=f"0 to {n_classes - 1}", got=str(empty))
    return np.eye(n_classes)[empty]
