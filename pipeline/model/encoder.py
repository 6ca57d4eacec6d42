"""Sentence embeddings as features: what encodes, how it is known again, and what was encoded once kept in a cache.

The weights stay where they are, in a local folder or in the cache of the hub; a trained model holds their hash.
"""

import base64
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import EncoderError
from pipeline.paths import EMBEDDINGS
from pipeline.storage import read_json, sha256

if TYPE_CHECKING:
    from pipeline.model.transformer import Transformer

log = logging.getLogger("pipeline.model.encoder")

FILES = ("*.json", "*.txt", "*.model", "*.safetensors", "1_Pooling/config.json")
"""What an embedding depends on. Weights in other forms than safetensors are pickles, and are not read."""

_SCHEME = "1"  # changes when equal files give other embeddings
_STRETCH = 2048  # sentences between two writes of the cache
_SILENCE = 20.0  # seconds between two reports of progress
_WIDTHS = ("hidden_size", "dim", "d_model", "n_embd")  # what models call it in config.json


@dataclass(frozen=True)
class Encoder:
    """A transformer by name (a local folder, or owner/model or owner/model@revision on the hub).

    `identity`: SHA-256 of its files, checked before anything is encoded; `width` of an embedding.
    """

    name: str
    identity: str
    width: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return the embeddings, float32 (len(texts), width), each of length 1, rounded to float16.

        They do not depend on what else is encoded. What the file `paths.EMBEDDINGS` of the current folder knows is
        taken from there, and the model is loaded for the rest alone. Raises ExtraError where torch or transformers is
        missing, EncoderError where the model is not there or not the same.
        """
        from pipeline.weak.answer_cache import AnswerCache

        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        keys = {text: self._key(text) for text in dict.fromkeys(readable)}
        cache = AnswerCache(EMBEDDINGS)
        found = self._known(cache.get(list(keys.values())), keys)
        missing = [text for text in keys if text not in found]
        said = monotonic()
        for start in range(0, len(missing), _STRETCH):
            stretch = missing[start : start + _STRETCH]
            vectors = _transformer(self.name, self.identity).encode(stretch).astype("<f2")
            cache.put({keys[text]: _packed(vector) for text, vector in zip(stretch, vectors, strict=True)})
            found |= dict(zip(stretch, vectors, strict=True))
            if monotonic() - said > _SILENCE:
                said = monotonic()
                log.info("%s: %d of %d sentences encoded", self.name, start + len(stretch), len(missing))
        return np.array([found[text] for text in readable], np.float32).reshape(-1, self.width)

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{_SCHEME} {self.identity} {text}".encode()).hexdigest()

    def _known(self, answers: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, np.ndarray]:
        vectors = {text: _unpacked(answers.get(key), self.width) for text, key in keys.items()}
        return {text: vector for text, vector in vectors.items() if vector is not None}


def open_encoder(name: str) -> Encoder:
    """Find a model and hash its files; nothing is loaded yet. Raises EncoderError where it is not there."""
    folder = _find(name)
    identity = identity_of(folder)
    config = read_json(folder / "config.json")
    width = next((config[key] for key in _WIDTHS if isinstance(config.get(key), int)), None)
    if width is None:
        raise EncoderError("no width in the model's configuration", folder / "config.json", expected=_WIDTHS[0])
    return Encoder(name, identity, width)


def embeddings(texts: Sequence[str], encoder: Encoder | None) -> np.ndarray:
    """Return the embeddings of sentences; without an encoder they have no columns."""
    return encoder.encode(texts) if encoder else np.zeros((len(texts), 0), np.float32)


def identity_of(folder: Path) -> str:
    """Return the SHA-256 of the names and contents of a model's files; raise EncoderError where they are not all."""
    files = sorted({file for pattern in FILES for file in folder.glob(pattern) if file.is_file()})
    if not _is_complete(folder):
        got = ", ".join(file.name for file in files) or "none of these"
        raise EncoderError("not a model", folder, expected="config.json, tokenizer and *.safetensors", got=got)
    made_of = [f"{file.relative_to(folder).as_posix()} {sha256(file)}" for file in files]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()


@lru_cache(maxsize=1)
def _transformer(name: str, identity: str) -> "Transformer":
    from pipeline.model.transformer import Transformer

    folder = _find(name)
    got = identity_of(folder)
    if got != identity:
        what, remedy = "not the encoder that the model was trained with", "Put the other one back, or train anew."
        raise EncoderError(what, name, expected=f"files with the hash {identity}", got=got, remedy=remedy)
    return Transformer(folder, name)


def _find(name: str) -> Path:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if name.startswith(("/", ".", "~")) or name.count("/") != 1:
        remedy = "Put the encoder there, or change train.encoder and train anew."
        raise EncoderError("no such folder", name, remedy=remedy)
    return _from_hub(name)


def _from_hub(name: str) -> Path:
    """Return the folder with a model of the hub, downloaded where it is not yet in the hub's cache."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    repository, _, revision = name.partition("@")
    try:
        try:
            folder = Path(snapshot_download(repository, revision=revision or None, local_files_only=True))
        except LocalEntryNotFoundError:
            folder = Path()
        if not _is_complete(folder):
            folder = Path(snapshot_download(repository, revision=revision or None, allow_patterns=list(FILES)))
    except Exception as error:
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        remedy = "Give a local folder, or a name on the hub that can be reached."
        raise EncoderError("cannot be fetched from the hub", name, got=said, remedy=remedy) from None
    return folder


def _is_complete(folder: Path) -> bool:
    return (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))


def _packed(vector: np.ndarray) -> str:
    return base64.b64encode(vector.tobytes()).decode()


def _unpacked(answer: Any, width: int) -> np.ndarray | None:
    """Return the vector that a cache gave, None where it gave something else."""
    try:
        vector = np.frombuffer(base64.b64decode(answer, validate=True), "<f2")
    except (TypeError, ValueError):
        return None
    return vector if len(vector) == width and np.isfinite(vector).all() else None
