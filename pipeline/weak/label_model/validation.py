"""Checks of what comes into the label models: votes, strengths, gold."""

from typing import Any

import numpy as np

from pipeline.base.errors import GoldError, InputError
from pipeline.base.stances import ABSTAIN

MAX_CLASSES = 1000
"""Most classes that there can be: a vote and its strength share 16 bits."""

_POSITIVE, _FINITE, _COUNTS = ("copies", "tol"), ("prior_rows", "unlabelled_rows"), ("max_patterns", "max_iter")


def checked_votes(votes: Any, n_classes: int, *, empty_ok: bool = True) -> np.ndarray:
    """Return `votes` as integers (n, m) in -1 .. n_classes - 1; raise InputError with the place of a bad one."""
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
    """Return `gold` as an integer array (n,) of class ids, -1 for unknown (None: all unknown); raise GoldError."""
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
    """Return `counts` as integers of `shape`, none negative; raise InputError with the place of a bad one."""
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
    """Return class shares (n_classes,) scaled to sum 1; raise InputError unless all are positive (or zero) numbers."""
    array = _floats(shares)
    fine = array.shape == (n_classes,) and np.isfinite(array).all() and array.sum() > 0 and (array >= 0).all()
    if not fine or not (zero_ok or array.all()):
        expected = f"{n_classes} numbers, none negative" if zero_ok else f"{n_classes} positive numbers"
        raise InputError("bad class shares", where, expected=expected, got=repr(shares))
    return array / array.sum()


def checked_accuracy(accuracy: Any, n_lfs: int) -> np.ndarray:
    """Return expected accuracies (n_lfs,) from one number or n_lfs of them; raise InputError unless all in (0, 1)."""
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
