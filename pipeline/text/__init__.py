"""Articles, and the sentences they consist of."""

from importlib import import_module
from typing import Any

_HOMES = {
    "Article": "articles",
    "Reading": "articles",
    "read_article": "articles",
    "read_articles": "articles",
    "Sentence": "sentences",
    "split_sentences": "sentences",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: reading pages and tables is heavy, splitting is not."""
    if name in _HOMES:
        return getattr(import_module(f"pipeline.text.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
