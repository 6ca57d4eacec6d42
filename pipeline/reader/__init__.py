"""The reader: a small pretrained encoder, fine-tuned on labelled sentences, that is combined with the label model.

The base model stays where it is; what training adds to it, the adapter, is a small file. Needs the extra `reader`.
"""

from importlib import import_module
from typing import Any

_HOME = {
    "Adapter": "adapter",
    "Combination": "combining",
    "Reader": "predicting",
    "fit_combination": "combining",
    "load_adapter": "adapter",
    "open_reader": "predicting",
    "train_reader": "training",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for."""
    if name in _HOME:
        return getattr(import_module(f"pipeline.reader.{_HOME[name]}"), name)
    raise AttributeError(f"module 'pipeline.reader' has no attribute {name!r}")
