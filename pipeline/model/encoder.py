"""Sentence embeddings as features: what encodes, how it is known again, and what was encoded once kept in a cache.

The weights stay where they are, in a local folder or in the cache of the hub; a trained model holds their hash.
"""

import base64
import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from pipeline.base.errors import EncoderError, ExtraError
from pipeline.base.paths import EMBEDDINGS
from pipeline.base.storage import read_json, sha256

log = logging.getLogger("pipeline.model.encoder")

FILES = ("*.json", "*.txt", "*.model", "*.safetensors", "1_Pooling/config.json")
"""What an embedding depends on. Weights in other forms than safetensors are pickles, and are not read."""

_SCHEME = "1"  # changes when equal files give other embeddings
_STRETCH = 2048  # sentences between two writes of the cache
_LOG_EVERY = 20.0  # seconds between two reports of progress
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
        from pipeline.base.cache import DiskCache

        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        keys = {text: self._key(text) for text in dict.fromkeys(readable)}
        cache = DiskCache(EMBEDDINGS)
        found = self._known(cache.get(list(keys.values())), keys)
        missing = [text for text in keys if text not in found]
        logged = monotonic()
        for start in range(0, len(missing), _STRETCH):
            stretch = missing[start : start + _STRETCH]
            vectors = _transformer(self.name, self.identity).encode(stretch).astype("<f2")
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
    """Find a model and hash its files; nothing is loaded yet. Raises EncoderError where it is not there."""
    folder = _find(name)
    identity = identity_of(folder)
    config = read_json(folder / "config.json")
    width = next((config[key] for key in _WIDTHS if isinstance(config.get(key), int)), None)
    if width is None:
        raise EncoderError("no width in the model's configuration", folder / "config.json", expected=_WIDTHS[0])
    return Encoder(name, identity, width)


def embeddings(texts: Sequence[str], encoder: Encoder | None) -> np.ndarray:
    """Return embeddings, float32 (len(texts), width); (len(texts), 0) without an encoder."""
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

    folder = _find(name)
    got = identity_of(folder)
    if got != identity:
        what, remedy = "not the encoder that the model was trained with", "Put the other one back, or train again."
        raise EncoderError(what, name, expected=f"files with the hash {identity}", got=got, remedy=remedy)
    return Transformer(folder, name)


def _find(name: str) -> Path:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if name.startswith(("/", ".", "~")) or name.count("/") != 1:
        remedy = "Put the encoder there, or change train.encoder and train again."
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
        got = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        remedy = "Give a local folder, or a name on the hub that can be reached."
        raise EncoderError("cannot be fetched from the hub", name, got=got, remedy=remedy) from None
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


_LONGEST = 256  # tokens; what follows is cut off
_ROWS = 16  # sentences of every batch, the last one of a length filled up
_STEP = 8  # lengths are filled up to multiples of this


class Transformer:
    """A model from a local folder: mean (or first) of the last layer's tokens, scaled to length 1.

    Every batch has the same number of rows, of one length: the kernels of matrix products are chosen by shape, so a
    sentence's vector is the same to the last bit whatever else is encoded. On a CPU each batch has one thread, and as
    many run side by side as torch has threads.
    """

    def __init__(self, folder: Path, name: str):
        """Load tokenizer and weights, on a GPU where there is one.

        `name` is what errors call it. Raises ExtraError where torch or transformers is missing, EncoderError where the
        folder cannot be loaded.
        """
        try:
            import torch
            import transformers
        except ImportError as error:
            remedy = "Run `pip install 'stance-pipeline[encoder]'`, or set train.encoder to null and train again."
            what = f"needs a package that is not installed ({error.name})"
            raise ExtraError(what, f"encoder {name}", remedy=remedy) from None
        self.name, self.device = name, "cuda" if torch.cuda.is_available() else "cpu"
        try:
            self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
            with _hide_progress(transformers.utils.logging):
                network = transformers.AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
        except Exception as error:
            got = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            raise EncoderError("the encoder cannot be loaded", name, got=got) from error
        self.network = network.float().eval().to(self.device)
        positions = getattr(network.config, "max_position_embeddings", None) or _LONGEST
        longest = min(_LONGEST, self.tokenizer.model_max_length, positions - 2)  # some models number from 2
        self.longest = max(longest // _STEP, 1) * _STEP
        self.first_token = _pools_first_token(folder)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return float32 (len(texts), width), at least one text; raise EncoderError where there is no number in it."""
        tokens = self.tokenizer(list(texts), truncation=True, max_length=self.longest)["input_ids"]
        batches = list(_batches([len(ids) for ids in tokens]))
        vectors = self._in_parallel([([tokens[i] for i in rows], length) for rows, length in batches])
        found = np.empty((len(texts), vectors[0].shape[1]), np.float32)
        for (rows, _), of_batch in zip(batches, vectors, strict=True):
            found[rows] = of_batch[: len(rows)]
        if not np.isfinite(found).all():
            raise EncoderError("gives vectors that hold no numbers", self.name)
        return found

    def _in_parallel(self, batches: list[tuple[list[list[int]], int]]) -> list[np.ndarray]:
        import torch

        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            with ThreadPoolExecutor(threads if self.device == "cpu" else 1) as pool:
                return list(pool.map(lambda batch: self._vectors(*batch), batches))
        finally:
            torch.set_num_threads(threads)

    def _vectors(self, tokens: list[list[int]], length: int) -> np.ndarray:
        import torch

        ids = np.full((_ROWS, length), self.tokenizer.pad_token_id or 0)
        mask = np.zeros((_ROWS, length), int)
        for row in range(_ROWS):
            own = tokens[row % len(tokens)]
            ids[row, : len(own)], mask[row, : max(len(own), 1)] = own, 1
        with torch.inference_mode():
            seen: Any = torch.from_numpy(mask).to(self.device)
            states = self.network(input_ids=torch.from_numpy(ids).to(self.device), attention_mask=seen)[0]
            weights = seen[..., None]
            pooled = states[:, 0] if self.first_token else (states * weights).sum(1) / weights.sum(1)
            return torch.nn.functional.normalize(pooled, dim=1).cpu().numpy()


@contextmanager
def _hide_progress(logging: Any) -> Iterator[None]:
    """Show no bar of progress."""
    before = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if before:
            logging.enable_progress_bar()


def _batches(lengths: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Yield (rows, length) with at most _ROWS rows that fit that length, a multiple of _STEP; short ones first."""
    of_length: dict[int, list[int]] = {}
    for row, n in enumerate(lengths):
        of_length.setdefault(max(-(-n // _STEP), 1) * _STEP, []).append(row)
    for length, rows in sorted(of_length.items()):
        yield from ((rows[start : start + _ROWS], length) for start in range(0, len(rows), _ROWS))


def _pools_first_token(folder: Path) -> bool:
    """Return what a model of sentence-transformers says of itself; others are averaged."""
    file = folder / "1_Pooling" / "config.json"
    config = read_json(file) if file.is_file() else {}
    return bool(config.get("pooling_mode_cls_token")) or config.get("pooling_mode") == "cls"
