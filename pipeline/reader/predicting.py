"""What a reader makes of sentences, each computed once: answers are kept in a cache by content."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.base.cache import AnswerCache
from pipeline.base.errors import EncoderError
from pipeline.base.paths import READINGS
from pipeline.base.stances import STANCES
from pipeline.reader.adapter import SHIPPED, Adapter, load_adapter
from pipeline.reader.base_model import find_base, identity_of, is_at_hand, named_base
from pipeline.reader.batches import cores, in_batches
from pipeline.reader.combining import USUAL, Combination

if TYPE_CHECKING:
    from pipeline.reader.network import Network

log = logging.getLogger("pipeline.reader.predicting")

_PACKAGES = "safetensors", "torch", "transformers"  # of the extra
_SCHEME = "1"  # changes when equal files give other answers
_STRETCH = 2048  # sentences between two writes of the cache; bounds memory
_ROWS_ON_A_GPU = 256
_SILENCE = 20.0  # seconds between two reports of progress
_DECIMALS = 4  # what another processor changes lies behind
_LOWEST = float(np.log(1e-4))


@dataclass(frozen=True)
class Reader:
    """An adapter, and what it needs to answer; nothing is loaded before the first sentence is new.

    `base`: where its base model is; where that is None, the environment variable STANCE_READER says it, else the card.
    `combination`: how its probabilities go with a label model's; `threshold`: the confidence below which what the two
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
        cache = AnswerCache(self.cache)
        kept = cache.get(list(keys.values()))
        found = {text: kept[key] for text, key in keys.items() if _is_answer(kept.get(key))}
        missing = sorted((text for text in keys if text not in found), key=len)
        said = monotonic()
        for start in range(0, len(missing), _STRETCH):
            stretch = missing[start : start + _STRETCH]
            answers = dict(zip(stretch, self._read(stretch), strict=True))
            cache.put({keys[text]: answer for text, answer in answers.items()})
            found |= answers
            if monotonic() - said > _SILENCE:
                said = monotonic()
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
        return named_base(self.base, self.adapter.card["base"]["name"])

    @cached_property
    def _network(self) -> "Network":
        """The base model with the adapter merged into it."""
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

    def _read(self, texts: Sequence[str]) -> list[list[float]]:
        network = self._network
        import torch

        place = next(network.parameters()).device
        before = torch.get_num_threads()

        def scores(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
            with torch.inference_mode():
                got = network(torch.from_numpy(ids).to(place), torch.from_numpy(mask).to(place))
                return got.double().log_softmax(1).float().cpu().numpy()

        torch.set_num_threads(1)
        try:
            how = {"threads": cores()} if place.type == "cpu" else {"rows": _ROWS_ON_A_GPU}
            found = in_batches(network.tokens(texts), scores, pad=network.pad, **how)
        finally:
            torch.set_num_threads(before)
        return np.maximum(found.astype(float), _LOWEST).round(_DECIMALS).tolist()


def open_reader(adapter: Path | str = SHIPPED, base: str | None = None) -> Reader:
    """Return the reader of an adapter's folder; the one that ships where none is named.

    `base`: where its base model is, where that is not to be looked for. Raises InputError or ArtefactError where there
    is no such adapter.
    """
    loaded = load_adapter(adapter)
    return Reader(loaded, base, Combination(**loaded.card.get("combination", {})), loaded.card.get("threshold"))


def reader_named(name: str) -> Reader | None:
    """Return the reader that a parameter asks for: "off", "auto" or "shipped", or the folder of an adapter.

    "auto" is the one that ships where its packages and its base model are at hand without a network, else none.
    """
    if name == "off":
        return None
    if name != "auto":
        return open_reader(SHIPPED if name == "shipped" else name)
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    reader = None if missing else open_reader()
    if reader is None or not is_at_hand(reader.base_name):
        what = f"the base model {reader.base_name} is not here" if reader else f"{missing[0]} is not installed"
        log.info("no reader is used: %s", what)
        return None
    return reader


def _is_answer(answer: Any) -> bool:
    return isinstance(answer, list) and len(answer) == len(STANCES) and all(isinstance(x, float) for x in answer)
