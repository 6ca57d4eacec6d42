"""What a reader learns from: targets, articles, what is left out because it stands in an evaluation."""

import numpy as np
import pytest

from pipeline.base.errors import InputError
from pipeline.reader.training import (
    apart_from,
    hash_of,
    held_out,
    joined,
    labelled,
    near_any,
    read_labels,
    training_data,
)

LONG = "The two neighbours agreed on Monday to open the bridge to lorries before the end of the year."


def test_targets_say_how_sure_a_label_is():
    rows = [
        {"text": "a", "label": "opposition"},
        {"text": "b", "label": "agreement", "mixed": True},
        {"text": "c", "label": "mixed"},
        {"text": "d", "label": None},
        {"text": "e", "soft_label": [0.2, 0.5, 0.3]},
    ]
    data = training_data(rows, "file")
    assert data.texts == ["a", "b", "e"]
    assert data.targets == pytest.approx(np.array([[0.96, 0.02, 0.02], [0.1, 0.1, 0.8], [0.2, 0.5, 0.3]]))
    assert data.stances.tolist() == [0, 2, 1]


def test_sentences_of_one_article_are_known_by_any_of_three_columns():
    rows = [
        {"text": "a", "label": "neutral", "id": "x:0"},
        {"text": "b", "label": "neutral", "id": "x:1"},
        {"text": "c", "label": "neutral", "article": "y"},
        {"text": "d", "label": "neutral", "article_id": "y"},
        {"text": "e", "label": "neutral"},
    ]
    assert training_data(rows, "file").articles == ["x", "x", "y", "y", "file 5"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"label": "agreemnt"}, r"file, row 1: unknown label; .* got 'agreemnt'. Did you mean 'agreement'\?"),
        ({"soft_label": [0.5, 0.5]}, r"file, row 1: no soft label; expected 3 probabilities that sum to 1"),
        ({"soft_label": [0.5, 0.5, 0.5]}, r"no soft label"),
        ({"soft_label": "neutral"}, r"no soft label; .* got neutral"),
    ],
)
def test_a_row_that_cannot_be_learnt_from_is_named(row, expected):
    with pytest.raises(InputError, match=expected):
        training_data([{"text": "a", **row}], "file")


def test_labels_are_known_by_the_hash_of_a_sentence(tmp_path):
    file = tmp_path / "labels.tsv"
    file.write_text(f"{hash_of('Oslo met Lima.')}\tneutral\t1\n", "utf-8")
    rows = [{"text": "Oslo met Lima."}, {"text": "Other."}, {"text": "Oslo met Lima.", "label": "agreement"}]
    data = training_data(labelled(rows, read_labels(file)), "rows")
    assert data.stances.tolist() == [1, 2]
    assert data.targets.max(axis=1) == pytest.approx([0.8, 0.96])
    file.write_text("abc\tyes\t1\n", "utf-8")
    with pytest.raises(InputError, match=r"labels\.tsv, line 1: no label by hash; expected hash, stance, 0 or 1"):
        read_labels(file)


def test_equal_sentences_are_learnt_once_as_first_said():
    parts = [training_data([{"text": "a", "label": label}], label) for label in ("opposition", "agreement")]
    both = joined(parts)
    assert (both.texts, both.stances.tolist(), both.articles) == (["a"], [0], ["opposition 1"])
    assert len(joined([])) == 0


@pytest.mark.parametrize(
    ("text", "near"),
    [
        (LONG, True),
        (LONG.upper().replace(",", ""), True),
        (LONG.replace("lorries", "buses"), True),
        (f"{LONG} Then more was said by both of them, and much of it had been heard before in the capital.", True),
        (LONG.replace("agreed", "met").replace("bridge", "gate").replace("before", "at"), False),
        ("He said so.", True),
        ("He didn’t.", True),
        ("He said no.", False),
        ("", False),
    ],
)
def test_what_nearly_stands_in_an_evaluation_is_found(text, near):
    """By runs of four words; shorter sentences only where they are equal, case and punctuation apart."""
    assert near_any([text], [LONG, "he said so", "He didn't!"]).tolist() == [near]


def test_it_is_left_out(data):
    kept = apart_from(data, [data.texts[0], "Something else."])
    assert kept.texts == data.texts[1:]
    assert kept.identity != data.identity


def test_whole_articles_are_held_out_the_same_ones_in_a_larger_corpus(data):
    rows = [{"text": f"{k}", "label": "neutral", "article_id": f"a{k // 5}"} for k in range(2000)]
    large = training_data(rows, "rows")
    aside = held_out(large, 0.2)
    assert 0.14 < aside.mean() < 0.26
    assert all(len(set(aside[k : k + 5].tolist())) == 1 for k in range(0, 2000, 5))
    assert held_out(large[np.arange(100)], 0.2).tolist() == aside[:100].tolist()
    assert not held_out(large, 0.0).any()
