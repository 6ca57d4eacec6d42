"""Articles, and the sentences they consist of; reading pages and tables is heavy, splitting is not."""

from pipeline.base import lazy_names

_HOME = {
    "Article": "articles",
    "Reading": "articles",
    "read_article": "articles",
    "read_articles": "articles",
    "Sentence": "sentences",
    "split_sentences": "sentences",
}

__all__ = sorted(_HOME)
__getattr__ = lazy_names(__name__, _HOME)
