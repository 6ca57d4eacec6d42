"""Predicting with the reader: a cache by content, the combination with the classifier, the words that moved it."""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.base.calibration import log_losses, softmax
from pipeline.base.errors import EncoderError, ExtraError
from pipeline.base.paths import READINGS
from pipeline.base.process import cores
from pipeline.base.stances import STANCES
from pipeline.base.storage import DiskCache
from pipeline.reader.adapter import (
    LARGE,
    NEEDS,
    SHIPPED,
    Adapter,
    find_base,
    identity_of,
    is_at_hand,
    load_adapter,
    named_base,
)

if TYPE_CHECKING:
    from pipeline.reader.network import Network


ENOUGH = 30
"""Hand-labelled sentences from which a combination is fitted; with fewer it stays as it was."""

_PULL = 10.0  # nats that a distance of 1 from what it was costs all rows together
_MOST = 3.0
_FOLDS = 5

_LOWEST = 1e-4

log = logging.getLogger("pipeline.reader.predicting")
_PACKAGES = "safetensors", "torch", "transformers"  # of the extra
_SCHEME = "1"  # changes when equal files give other answers
_STRETCH = 2048  # sentences between two writes of the cache; bounds memory
_ROWS = 16  # of every batch on a CPU, the last one of a length filled up
_ROWS_ON_A_GPU = 256
_LOG_EVERY = 20.0  # seconds between two reports of progress
_DECIMALS = 4  # what another processor changes lies behind

Compute = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Token ids and mask, int64 (rows, length) each -> values (rows, width)."""

SHIPPED_READERS = {"reader": SHIPPED, "reader-large": LARGE}
"""The readers that come with the package -> the folders of their adapters."""

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


@dataclass(frozen=True)
class Combination:
    """Powers of the reader's and of the classifier's probabilities; log-odds added to opposition and agreement.

    (1, 1, 0, 0) is the plain product. The sum of the powers is the inverse of a temperature; the last two say how much
    commoner the stances are in the articles at hand than where the reader comes from.
    """

    reader: float = 0.75
    classifier: float = 0.55
    opposition: float = 0.0
    agreement: float = 0.0

    def proba(self, reader_log_proba: np.ndarray, classifier_proba: np.ndarray) -> np.ndarray:
        """Return probabilities, float64 (n, 3), from the reader's logs and the classifier's probabilities."""
        logs = np.log(np.maximum(classifier_proba, _LOWEST))
        added = np.array([self.opposition, 0.0, self.agreement])
        return softmax(self.reader * reader_log_proba + self.classifier * logs + added)


USUAL = Combination()
"""What a combination is before anything is fitted."""


def fit_combination(
    reader_log_proba: np.ndarray,
    classifier_proba: np.ndarray,
    gold: np.ndarray,
    prior: Combination = USUAL,
    *,
    same_mix: bool = False,
) -> Combination:
    """Return the combination with the least log-loss on gold; few rows stay near the prior.

    `reader_log_proba`, `classifier_proba` float64 (n, 3); `gold` int64 (n,), stance ids. Powers are from 0 to 3. With
    `same_mix` the stances are taken to be as common as where the reader comes from, and the added log-odds stay what
    they are.
    """
    if len(gold) < ENOUGH:
        return prior
    from scipy.optimize import minimize

    start, targets = np.array(list(vars(prior).values())), np.eye(len(STANCES))[gold]

    def loss(values: np.ndarray) -> float:
        proba = Combination(*values).proba(reader_log_proba, classifier_proba)
        return float(log_losses(proba, targets).sum() + _PULL * ((values - start) ** 2).sum())

    added = [(value, value) for value in start[2:]] if same_mix else [(-_MOST, _MOST)] * 2
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(0.0, _MOST)] * 2 + added).x
    return Combination(*(round(float(value), _DECIMALS) for value in found))


def cross_fitted(
    reader_log_proba: np.ndarray,
    classifier_proba: np.ndarray,
    gold: np.ndarray,
    articles: Sequence[str],
    prior: Combination = USUAL,
    *,
    same_mix: bool = False,
) -> np.ndarray:
    """Return probabilities, float64 (n, 3), each row's from a combination that was fitted without its article."""
    names, place = np.unique(np.asarray(articles), return_inverse=True)
    fold = np.random.default_rng(0).permutation(len(names))[place] % _FOLDS
    found = np.empty_like(classifier_proba)
    for k in range(_FOLDS):
        fit, held_out = fold != k, fold == k
        parts = reader_log_proba[fit], classifier_proba[fit], gold[fit]
        found[held_out] = fit_combination(*parts, prior, same_mix=same_mix).proba(
            reader_log_proba[held_out], classifier_proba[held_out]
        )
    return found


@dataclass(frozen=True)
class Reader:
    """An adapter, and what it needs to answer; nothing is loaded before the first sentence is new.

    `base`: where its base model is; where that is None, the environment variable STANCE_READER says it, else the card.
    `combination`: how its probabilities go with a classifier's; `threshold`: the confidence below which what the two
    say together is flagged as abstained (None: never).
    """

    adapter: Adapter
    base: str | None = None
    combination: Combination = USUAL
    threshold: float | None = None
    cache: Path = READINGS

    def log_proba(self, texts: Sequence[str]) -> np.ndarray:
        """Return log-probabilities, float64 (len(texts), 3) in the order of STANCES, none below log(0.0001).

        They do not depend on what else is asked, and are rounded to four decimals. Raises ExtraError where torch or
        transformers is missing, EncoderError where the base model is not there or another one.
        """
        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        keys = {text: self._key(text) for text in dict.fromkeys(readable)}
        cache = DiskCache(self.cache)
        kept = cache.get(list(keys.values()))
        found = {text: kept[key] for text, key in keys.items() if _is_answer(kept.get(key))}
        missing = sorted((text for text in keys if text not in found), key=len)
        logged = monotonic()
        for start in range(0, len(missing), _STRETCH):
            stretch = missing[start : start + _STRETCH]
            answers = dict(zip(stretch, self._read(stretch), strict=True))
            cache.put({keys[text]: answer for text, answer in answers.items()})
            found |= answers
            if monotonic() - logged > _LOG_EVERY:
                logged = monotonic()
                log.info("reader: %d of %d sentences read", start + len(stretch), len(missing))
        return np.array([found[text] for text in readable], float).reshape(-1, len(STANCES))

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{_SCHEME} {self.adapter.identity} {text}".encode()).hexdigest()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the network out of a pickle: it is loaded again from the base model."""
        return {name: value for name, value in self.__dict__.items() if name != "_network"}

    @property
    def base_name(self) -> str:
        """The base model that will be looked for."""
        own = self.adapter.card["base"]
        return named_base(self.base, own["name"], own["identity"])

    @cached_property
    def _network(self) -> "Network":
        """The base model with the adapter merged into it."""
        missing = _missing()
        if missing:
            raise ExtraError(f"needs a package that is not installed ({missing[0]})", "reader", remedy=NEEDS)
        folder = find_base(self.base_name)
        expected, got = self.adapter.card["base"]["identity"], identity_of(folder)
        if got != expected:
            what, remedy = "not the base model of the reader", f"Take {self.adapter.card['base']['name']}."
            raise EncoderError(what, folder, expected=f"files with the hash {expected}", got=got, remedy=remedy)
        from pipeline.reader.network import Network, device

        network = Network(folder, **self.adapter.card["network"])
        network.take(self.adapter.tensors)
        network.merge()
        return network.eval().to(device())

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Return the mean of the last layer of each sentence, float32 (len(texts), width), scaled to length 1.

        At least one sentence. Raises what `log_proba` raises; nothing is kept.
        """
        found = self._computed(texts, self._network.pooled)
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def _read(self, texts: Sequence[str]) -> list[list[float]]:
        scores = self._computed(texts, self._network).astype(float)
        logs = np.log(np.maximum(softmax(scores), _LOWEST))
        return logs.round(_DECIMALS).tolist()

    def _computed(self, texts: Sequence[str], of: Callable[[Any, Any], Any]) -> np.ndarray:
        """Return what the network, or a part of it, makes of each sentence, float32 (len(texts), width)."""
        network = self._network
        import torch

        from pipeline.reader.network import STEP

        place = next(network.parameters()).device
        before = torch.get_num_threads()

        def compute(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
            with torch.inference_mode():
                return of(torch.from_numpy(ids).to(place), torch.from_numpy(mask).to(place)).cpu().numpy()

        torch.set_num_threads(1)
        try:
            how = {"threads": cores()} if place.type == "cpu" else {"rows": _ROWS_ON_A_GPU}
            return in_batches(network.tokens(texts), compute, pad=network.pad, step=STEP, **how)
        finally:
            torch.set_num_threads(before)


def in_batches(
    tokens: Sequence[Sequence[int]], compute: Compute, *, pad: int, step: int, threads: int = 1, rows: int = _ROWS
) -> np.ndarray:
    """Return what `compute` makes of each sentence, float32 (len(tokens), width), at least one sentence.

    Every batch has the same number of rows, of one length, a multiple of `step`: kernels of matrix products are chosen
    by shape, so a sentence's values are the same to the last bit whatever else is computed. `threads` batches run side
    by side.
    """
    work = list(_batches([len(ids) for ids in tokens], rows, step))
    padded = (_padded([tokens[i] for i in own], length, pad, rows) for own, length in work)
    with ThreadPoolExecutor(threads) as pool:
        values = list(pool.map(lambda batch: compute(*batch), padded))
    found = np.empty((len(tokens), values[0].shape[1]), np.float32)
    for (own, _), of_batch in zip(work, values, strict=True):
        found[own] = of_batch[: len(own)]
    return found


def _batches(lengths: Sequence[int], rows: int, step: int) -> Iterator[tuple[list[int], int]]:
    """Yield (sentences, length): at most `rows` that fit that length, a multiple of `step`; short ones first."""
    of_length: dict[int, list[int]] = {}
    for sentence, n in enumerate(lengths):
        of_length.setdefault(max(-(-n // step), 1) * step, []).append(sentence)
    for length, alike in sorted(of_length.items()):
        yield from ((alike[start : start + rows], length) for start in range(0, len(alike), rows))


def _padded(tokens: Sequence[Sequence[int]], length: int, pad: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    ids, mask = np.full((rows, length), pad), np.zeros((rows, length), int)
    for row in range(rows):
        own = tokens[row % len(tokens)]
        ids[row, : len(own)], mask[row, : max(len(own), 1)] = own, 1
    return ids, mask


def _missing() -> list[str]:
    return [package for package in _PACKAGES if find_spec(package) is None]


def open_reader(adapter: Path | str = SHIPPED, base: str | None = None) -> Reader:
    """Return the reader of an adapter: its folder, or a name of SHIPPED_READERS.

    `base`: where its base model is, where that is not to be looked for. Raises InputError or ArtefactError where there
    is no such adapter.
    """
    loaded = load_adapter(SHIPPED_READERS.get(str(adapter), adapter))
    return Reader(loaded, base, Combination(**loaded.card.get("combination", {})), loaded.card.get("threshold"))


def reader_named(name: str) -> Reader | None:
    """Return the reader that a parameter asks for: "off", "auto", "shipped" or "large", or the folder of an adapter.

    "auto" is the one that ships where its packages and its base model are at hand without a network, else none.
    """
    if name == "off":
        return None
    if name != "auto":
        return open_reader({"shipped": "reader", "large": "reader-large"}.get(name, name))
    missing = _missing()
    reader = None if missing else open_reader()
    if reader is None or not is_at_hand(reader.base_name):
        what = f"the base model {reader.base_name} is not here" if reader else f"{missing[0]} is not installed"
        log.info("no reader is used: %s", what)
        return None
    return reader


def _is_answer(answer: Any) -> bool:
    return isinstance(answer, list) and len(answer) == len(STANCES) and all(isinstance(x, float) for x in answer)


@dataclass(frozen=True)
class WordEffect:
    """A word, where it stands (character offsets), and by how much it raised the log-probability of the stance."""

    text: str
    start: int
    end: int
    effect: float


def word_effects(reader: Reader, text: str, stance: str, top: int | None = None) -> list[WordEffect]:
    """Return what each word adds to a stance, by leaving it out; those that move most first, at most `top`.

    The effect is a difference of log-probabilities: 0.7 makes a stance about twice as likely. Words that mean the same
    hide one another: either alone can be left out without much loss.
    """
    words = list(_WORD.finditer(text))
    without = [text[: word.start()] + text[word.end() :].removeprefix(" ") for word in words]
    logs = reader.log_proba([text, *without])[:, STANCES.index(stance)]
    found = [
        WordEffect(word.group(), word.start(), word.end(), round(float(logs[0] - log), 4))
        for word, log in zip(words, logs[1:], strict=True)
    ]
    return sorted(found, key=lambda one: (-abs(one.effect), one.start))[:top]
