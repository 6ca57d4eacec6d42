"""Weak labels: labeling functions (LFs), their votes, and the models that combine votes into soft labels."""

from pipeline.base import lazy_names

_HOME = {
    "LF": "lfs.lf",
    "LFSet": "lfs.lf_set",
    "LabelModel": "label_model.label_model",
    "Parse": "lfs.parse",
    "apply_lfs": "lfs.lf_set",
    "cast_votes": "lfs.lf_set",
    "labeling_function": "lfs.lf",
    "lf_statistics": "lf_analysis",
    "load_lfs": "loading",
    "select_label_model": "label_model.selection",
    "majority_vote": "label_model.votes",
}

__all__ = sorted(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
