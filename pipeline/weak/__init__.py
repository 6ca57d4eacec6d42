"""Weak labels: labeling functions (LFs), their votes, and the models that combine votes into soft labels."""

from importlib import import_module
from typing import Any

_HOME = {
    "LF": "lfs.lf",
    "LFSet": "lfs.lf_set",
    "LabelModel": "label_model.label_model",
    "Parse": "lfs.parse",
    "apply_lfs": "lfs.lf_set",
    "cast_votes": "lfs.lf_set",
    "labeling_function": "lfs.lf",
    "lf_card": "lf_analysis",
    "lf_statistics": "lf_analysis",
    "load_lfs": "loading",
    "select_label_model": "label_model.selection",
    "majority_vote": "label_model.majority",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `stance --help` must not pay for numpy."""
    if name in _HOME:
        return getattr(import_module(f"pipeline.weak.{_HOME[name]}"), name)
    raise AttributeError(f"module 'pipeline.weak' has no attribute {name!r}")
