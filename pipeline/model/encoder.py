"""Sentence embeddings as features: what encodes, how it is known again, and what was encoded once kept in a cache.

A model of sentence-transformers, or the reader, whose vectors hold what it learnt about stances. The weights stay where
they are; a trained model holds their hash.
"""

import base64
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from pipeline.base.errors import EncoderError, ExtraError
from pipeline.base.paths import EMBEDDINGS
from pipeline.base.storage import DiskCache
from pipeline.reader.adapter import CARD, find_base, identity_of
from pipeline.reader.predicting import SHIPPED_READERS, open_reader

log = logging.getLogger("pipeline.model.encoder")

FILES = ("*.json", "*.txt", "*.model", "*.safetensors", "*/config.json", "*/*.safetensors")
"""What an embedding depends on. Weights in other forms than safetensors are pickles, and are not read."""

Encode = Callable[[Sequence[str]], np.ndarray]
"""Sentences, at least one -> float32 (n, width), each of length 1."""

_SCHEME = "2"  # changes when equal files give other embeddings
_STRETCH = 2048  # sentences between two writes of the cache
_LOG_EVERY = 20.0  # seconds between two reports of progress


@dataclass(frozen=True)
class Encoder:
    """A model by name: "reader", "reader-large", a folder of an adapter or a model, owner/model[@revision] on the hub.

    `identity`: SHA-256 of its files, checked before anything is encoded; `width` of an embedding.
    """

    name: str
    identity: str
    width: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return the embeddings, float32 (len(texts), width), each of length 1, rounded to float16.

        What the file `paths.EMBEDDINGS` of the current folder knows is taken from there, and the model is loaded for
        the rest alone. Raises ExtraError where a package is missing, EncoderError where the model is not there or not
        the same.
        """
        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        keys = {text: self._key(text) for text in dict.fromkeys(readable)}
        cache = DiskCache(EMBEDDINGS)
        found = self._known(cache.get(list(keys.values())), keys)
        missing = [text for text in keys if text not in found]
        logged = monotonic()
        for start in range(0, len(missing), _STRETCH):
            stretch = missing[start : start + _STRETCH]
            vectors = loaded(self.name, self.identity)(stretch).astype("<f2")
            if not np.isfinite(vectors).all():
                raise EncoderError("gives vectors that hold no numbers", self.name)
            cache.put({keys[text]: _packed(vector) for text, vector in zip(stretch, vectors, strict=True)})
            found |= dict(zip(stretch, vectors, strict=True))
            if monotonic() - logged > _LOG_EVERY:
                logged = monotonic()
                log.info("%s: %d of %d sentences encoded", self.name, start + len(stretch), len(missing))
        return np.array([found[text] for text in readable], np.float32).reshape(-1, self.width)

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{_SCHEME} {self.identity} {text}".encode()).hexdigest()

    def _known(self, answers: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, np.ndarray]:
        vectors = {text: _unpacked(answers.get(key), self.width) for text, key in keys.items()}
        return {text: vector for text, vector in vectors.items() if vector is not None}


def open_encoder(name: str) -> Encoder:
    """Find and load a model. Raises EncoderError where it is not there, ExtraError where a package is missing."""
    identity, _ = _found(name)
    return Encoder(name, identity, loaded(name, identity)([""]).shape[1])


def embeddings(texts: Sequence[str], encoder: Encoder | None) -> np.ndarray:
    """Return embeddings, float32 (len(texts), width); (len(texts), 0) without an encoder."""
    return encoder.encode(texts) if encoder else np.zeros((len(texts), 0), np.float32)


@lru_cache(maxsize=1)
def loaded(name: str, identity: str) -> Encode:
    """Return what encodes; raise EncoderError where the model is another one than that of this identity."""
    got, load = _found(name)
    if got != identity:
        what, remedy = "not the encoder that the model was trained with", "Put the other one back, or train again."
        raise EncoderError(what, name, expected=f"files with the hash {identity}", got=got, remedy=remedy)
    return load()


def sentence_transformer(folder: Path, name: str) -> Encode:
    """Load a model of sentence-transformers, on a GPU where there is one; `name` is what errors call it."""
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        remedy = "Run `pip install 'stance-pipeline[encoder]'`, or set train.encoder to null and train again."
        what = f"needs a package that is not installed ({error.name})"
        raise ExtraError(what, f"encoder {name}", remedy=remedy) from None
    try:
        model = SentenceTransformer(str(folder), local_files_only=True, model_kwargs={"use_safetensors": True})
    except Exception as error:
        got = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise EncoderError("the encoder cannot be loaded", name, got=got) from error
    return lambda texts: model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)


def _found(name: str) -> tuple[str, Callable[[], Encode]]:
    """Return the identity of a model, and what loads it."""
    folder = Path(name).expanduser()
    if name in SHIPPED_READERS or (folder / CARD).is_file():
        reader = open_reader(name if name in SHIPPED_READERS else folder)
        return reader.adapter.identity, lambda: reader.vectors
    folder = find_base(name)
    return identity_of(folder, FILES), lambda: sentence_transformer(folder, name)


def _packed(vector: np.ndarray) -> str:
    return base64.b64encode(vector.tobytes()).decode()


def _unpacked(answer: Any, width: int) -> np.ndarray | None:
    """Return the vector that a cache gave, None where it gave something else."""
    try:
        vector = np.frombuffer(base64.b64decode(answer, validate=True), "<f2")
    except (TypeError, ValueError):
        return None
    return vector if len(vector) == width and np.isfinite(vector).all() else None
