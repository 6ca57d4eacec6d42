"""Scores against hand labels, and the pages that show them; names are loaded when they are first used."""

from importlib import import_module
from typing import Any

_HOME = {
    "CorpusData": "pipeline.report.data",
    "ReportData": "pipeline.report.data",
    "standard_slices": "pipeline.report.slices",
    "write_report": "pipeline.report.model_page",
}

__all__ = ["CorpusData", "ReportData", "standard_slices", "write_report"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
