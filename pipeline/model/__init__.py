"""The classifier: from raw text to calibrated stance probabilities, trained on soft labels."""

from pipeline.base import lazy_names

_HOME = {
    "SoftLabelClassifier": "soft_labels",
    "StanceClassifier": "estimator",
    "StanceModel": "stance_model",
    "load_model": "artefact",
    "save_model": "artefact",
    "train_model": "training",
}

__all__ = sorted(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
