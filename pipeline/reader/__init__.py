"""The reader: a small pretrained encoder, fine-tuned on labelled sentences, that is combined with the classifier.

The base model stays where it is; what training adds to it, the adapter, is a small file. Needs the extra `reader`.
"""

from pipeline.base import lazy_names

_HOME = {
    "Adapter": "adapter",
    "Combination": "predicting",
    "Reader": "predicting",
    "fit_combination": "predicting",
    "load_adapter": "adapter",
    "open_reader": "predicting",
    "train_reader": "training",
}

__all__ = sorted(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
