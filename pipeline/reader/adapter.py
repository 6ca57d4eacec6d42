"""The adapter: what training adds to the base model, as tensors (safetensors, never a pickle) beside a card (JSON)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.base.errors import ArtefactError, ExtraError, InputError
from pipeline.base.storage import atomic_open, read_json, write_json

TENSORS, CARD = "adapter.safetensors", "card.json"
FORMAT = 1

SHIPPED = Path(__file__).resolve().parents[1] / "pretrained" / "reader"
"""The adapter that comes with the package."""

_FIELDS = {"base": dict, "network": dict}  # what reading needs; the rest of a card is for people


@dataclass(frozen=True)
class Adapter:
    """Tensors by name, float16, and the card.

    Of the card `base` {name, identity} and `network` (settings of `pipeline.reader.network.Network`) are needed;
    `training`, `scores` and `combination` say where it comes from, how good it is, and how it goes with a label model.
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
        remedy = "Put both files of the adapter back, or train it anew."
        raise ArtefactError("not the tensors that the card belongs to", folder / TENSORS, remedy=remedy)
    return Adapter(_safetensors().load(content), card)


def _safetensors() -> Any:
    try:
        from safetensors import numpy
    except ImportError as error:
        what, remedy = f"needs a package that is not installed ({error.name})", NEEDS
        raise ExtraError(what, "reader", remedy=remedy) from None
    return numpy


NEEDS = "Run `pip install 'stance-pipeline[reader]'`."
"""What to do where the packages of the extra are missing."""
