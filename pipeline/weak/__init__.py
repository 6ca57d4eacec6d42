"""Weak labels: labeling functions (LFs), their votes, and the models that combine votes into soft labels."""

from importlib import import_module
from typing import Any

_HOME = {
    "LF": "lf",
    "LFSet": "votes",
    "LabelModel": "label_model",
    "Parse": "parse",
    "apply_lfs": "votes",
    "cast_votes": "votes",
    "choose": "choice",
    "labeling_function": "lf",
    "lf_card": "analysis",
    "lf_statistics": "analysis",
    "load_lfs": "loading",
    "majority_vote": "majority",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `stance --help` must not pay for numpy."""
    if name in _HOME:
        return getattr(import_module(f"pipeline.weak.{_HOME[name]}"), name)
    raise AttributeError(f"module 'pipeline.weak' has no attribute {name!r}")
