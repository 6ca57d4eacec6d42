"""Batches of sentences answered by other processes, some ahead of the one that is waited for."""

import hashlib
import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipeline.model.stance_model import StanceModel

_AHEAD = 2  # batches that wait for each process
_MOST_KEPT = 2  # models that a process keeps
_IDLE = 300  # seconds after which a process without work ends; joblib's own default


def shared_answers(model: "StanceModel", batches: Iterable[Sequence[str]], n_jobs: int) -> Iterator[np.ndarray]:
    """Yield for each batch, in their order, what `model.answer` returns, from `n_jobs` processes.

    The processes are those of joblib, which others may use meanwhile, for other models: each batch says which model is
    to answer it, and a process that does not have it reads it from a file, once.
    """
    from joblib.externals.loky import get_reusable_executor

    packed = pickle.dumps(model)
    name = hashlib.sha256(packed).hexdigest()
    with TemporaryDirectory(prefix="stance-") as folder:
        path = Path(folder, name)
        path.write_bytes(packed)
        processes = get_reusable_executor(max_workers=n_jobs, timeout=_IDLE)
        ahead: deque[Future[np.ndarray]] = deque()
        for batch in batches:
            ahead.append(processes.submit(_answer, str(path), batch))
            if len(ahead) > _AHEAD * n_jobs:
                yield ahead.popleft().result()
        yield from (answer.result() for answer in ahead)


_KEPT: dict[str, "StanceModel"] = {}
"""In a process that answers for another: the models it was sent last, by the hash of what was sent."""


def _answer(path: str, texts: Sequence[str]) -> np.ndarray:
    name = Path(path).name
    if name not in _KEPT:
        for oldest in list(_KEPT)[: len(_KEPT) - _MOST_KEPT + 1]:
            del _KEPT[oldest]
        _KEPT[name] = pickle.loads(Path(path).read_bytes())  # noqa: S301 - our own bytes
    return _KEPT[name].answer(texts)
