"""The package `pipeline.text`."""

import subprocess
import sys

import pytest

import pipeline.text


def test_public_names_are_there():
    """Each is the object of its module."""
    from pipeline.text.articles import Article, Reading, read_article, read_articles

    assert pipeline.text.Article is Article
    assert pipeline.text.Reading is Reading
    assert pipeline.text.read_article is read_article
    assert pipeline.text.read_articles is read_articles
    assert callable(pipeline.text.split_sentences)


def test_an_unknown_name_is_an_attribute_error():
    """As for any module."""
    with pytest.raises(AttributeError, match=r"module 'pipeline\.text' has no attribute 'read_artikel'"):
        _ = pipeline.text.read_artikel


def test_importing_it_is_cheap():
    """Neither the extraction of pages nor tables are loaded before they are needed, and not to read plain text."""
    code = (
        "import sys, pipeline.text as t; t.read_articles; print([m for m in"
        " ('trafilatura', 'pyarrow', 'lxml', 'markdown_it', 'charset_normalizer', 'pandas') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
