"""The verb that counts the data card (3 s: all articles are read and split)."""

import json
from pathlib import Path

import pytest

from pipeline import card
from pipeline.base.params import Params, load_params
from pipeline.gold.labels import match_gold, read_gold
from pipeline.text.articles import read_articles
from pipeline.text.sentences import split_sentences
from tests.corpus import N_ARTICLES, PER_ARTICLE, write_project

ROOT = Path(__file__).parents[1]
MARKS = "".join(f"<!-- counts: {name} -->\n<!-- /counts -->\n" for name in ("corpus", "gold", "agreement"))


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of twelve small articles with a card that has never been filled."""
    monkeypatch.chdir(write_project(tmp_path))
    card.CARD.write_text(f"# Card\n{MARKS}End.\n", "utf-8")
    return tmp_path


def test_the_card_is_up_to_date(monkeypatch):
    """The committed card has the counts of the committed articles and labels: run `stance card`."""
    monkeypatch.chdir(ROOT)
    committed = card.CARD.read_text("utf-8")
    fresh = card.renew(committed, load_params())
    lines = zip(committed.splitlines(), fresh.splitlines(), strict=False)
    assert [pair for pair in lines if len(set(pair)) == 2] == []
    assert committed == fresh


def test_every_hand_label_belongs_to_a_sentence(monkeypatch):
    """Labels name sentences that are in the corpus, with the very text that they have there."""
    monkeypatch.chdir(ROOT)
    params = load_params()
    articles = read_articles(params.split.raw, params.split.columns.model_dump()).articles
    sentences = [(f"{a.id}:{s.index}", s.text) for a in articles for s in split_sentences(a.text)]
    ids, texts = zip(*sentences, strict=True)
    assert match_gold(read_gold(params.label.gold), ids, texts)[1] == []


def test_the_verb_fills_the_card(project, stance):
    """The first run writes the tables between the marks and says so; the second finds nothing to do."""
    result = [stance("card").out]
    text = card.CARD.read_text("utf-8")
    assert text.startswith("# Card\n<!-- counts: corpus -->\n\n| all | count |")
    assert text.endswith("No sentence was labelled by two annotators.\n\n<!-- /counts -->\nEnd.\n")
    assert f"| articles | {N_ARTICLES} |\n| sentences | {N_ARTICLES * PER_ARTICLE} |" in text
    assert "| all | 12 | 84 |" in text
    result.append(stance("card").out)
    assert card.CARD.read_text("utf-8") == text
    assert result == ["card: data/README.md has new counts\n", "card: data/README.md is as it was\n"]


def test_what_the_headers_say_is_counted(project):
    """Topic, region, source and decade come from the articles' files."""
    story = {"text": "They met.", "topic": "Water", "region": "polar", "source": "blog", "date": "1961-02-03"}
    Path("data/raw/one.json").write_text(json.dumps(story), "utf-8")
    text = card.renew(MARKS, Params())
    assert "| blog | 1 | 1 |" in text
    assert "| 1960s | 1 | 1 |" in text
    assert "| json | 1 | 1 |" in text


def test_a_card_without_marks(project, stance):
    """Is an error with exit code 2, and is left as it was."""
    card.CARD.write_text("# Card\n", "utf-8")
    result = stance("card")
    assert result.code == 2
    assert "error: data card: wrong blocks; expected corpus, gold, agreement; got none" in result.err
    assert card.CARD.read_text("utf-8") == "# Card\n"
