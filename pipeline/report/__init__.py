"""Scores against hand labels, and the pages that show them."""

from pipeline.base import lazy_names

_HOME = {
    "CorpusData": "data",
    "ReportData": "data",
    "standard_slices": "metrics",
    "write_report": "model_page",
}

__all__ = sorted(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
