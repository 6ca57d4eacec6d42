"""The classifier: from raw text to calibrated stance probabilities, trained on soft labels."""

from importlib import import_module
from typing import Any

_HOME = {
    "SoftLabelClassifier": "soft_labels",
    "StanceClassifier": "estimator",
    "StanceModel": "stance_model",
    "load_model": "artefact",
    "save_model": "artefact",
    "train_model": "training",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: predicting must not pay for scikit-learn."""
    if name in _HOME:
        return getattr(import_module(f"pipeline.model.{_HOME[name]}"), name)
    raise AttributeError(f"module 'pipeline.model' has no attribute {name!r}")
