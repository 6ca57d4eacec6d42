"""The generated tables of the data card, on corpora that can be counted by hand."""

import numpy as np
import pytest

from pipeline.base.errors import InputError
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION, STANCES
from pipeline.gold.labels import Gold
from pipeline.report.cards import (
    CardArticle,
    agreement_block,
    coincidences,
    corpus_block,
    data_card,
    fill_blocks,
    gold_block,
    model_card,
    nominal_alpha,
    one_against_rest,
    recorded_table,
)

DRAWS = {"resamples": 200, "confidence": 0.95, "seed": 13}


def alpha(units, k):
    return float(nominal_alpha(coincidences(units, k).sum(axis=0)))


def article(id, fold="train", words=(5, 7), **result):
    known = {"topic": "water", "region": "Asia", "source": "wire", "date": "1975-11-28", "format": "txt"}
    return CardArticle(id=id, fold=fold, words=tuple(words), **{**known, **result})


def gold(id, stance, *labels, mixed=False):
    return Gold(id, "A sentence.", stance, dict(zip("abc", labels, strict=False)), mixed)


def test_alpha_of_two_annotators_by_hand():
    """Ten units, labels 0 and 1, four disagreements: observed 8 of 20, expected 14 x 6 x 2 / 19; alpha 0.095."""
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert alpha(list(zip(a, b, strict=True)), 2) == pytest.approx(1 - (8 / 20) / (14 * 6 * 2 / (20 * 19)))
    assert alpha(list(zip(a, b, strict=True)), 2) == pytest.approx(0.095, abs=5e-4)


def test_alpha_of_three_labels_by_hand():
    """Units 00 00 11 12: labels 4, 3, 1; observed 2 of 8, expected (64 - 16 - 9 - 1) / (8 x 7)."""
    assert alpha([[0, 0], [0, 0], [1, 1], [1, 2]], 3) == pytest.approx(1 - (2 / 8) / (38 / 56))


def test_alpha_with_three_annotators_and_a_missing_label():
    """A unit of three labels counts three times, one of a single label not at all: 001 and 11 and 0 by hand."""
    # 001: pairs 00 x 2, 01 x 2, 10 x 2, each worth 1/2; 11: pairs 11 x 2
    pairs = coincidences([[0, 0, 1], [1, 1], [0]], 2)
    assert pairs.sum(axis=(1, 2)).tolist() == [3, 2, 0]
    assert pairs.sum(axis=0).tolist() == [[1, 1], [1, 2]]
    assert alpha([[0, 0, 1], [1, 1], [0]], 2) == pytest.approx(1 - (2 / 5) / ((25 - 4 - 9) / (5 * 4)))


def test_alpha_ends():
    """Full agreement is 1, labels assigned at random about 0, and labels that are all the same tell nothing."""
    assert alpha([[0, 0], [1, 1], [2, 2]], 3) == 1
    random = np.random.default_rng(0).integers(0, 3, (5000, 2)).tolist()
    assert alpha(random, 3) == pytest.approx(0, abs=0.05)
    assert np.isnan(alpha([[1, 1], [1, 1]], 3))


def test_alpha_of_many_tables_at_once():
    """Alpha of a stack of coincidence tables is that of each: the bootstrap relies on it."""
    tables = np.stack([coincidences(units, 2).sum(axis=0) for units in ([[0, 1], [1, 1], [0, 0]], [[0, 0], [1, 1]])])
    assert nominal_alpha(tables).tolist() == [float(nominal_alpha(table)) for table in tables]


@pytest.mark.parametrize("stance", [OPPOSITION, NEUTRAL, AGREEMENT])
def test_one_against_the_rest_is_what_relabelling_gives(stance):
    """Merging the other two classes in the table equals merging them in the labels."""
    units = np.random.default_rng(1).integers(0, 3, (40, 2))
    merged = one_against_rest(coincidences(units.tolist(), 3).sum(axis=0), stance)
    assert merged == pytest.approx(coincidences((units != stance).astype(int).tolist(), 2).sum(axis=0))


def test_corpus_is_counted():
    """Articles and sentences by what their files say; one spelling of a region; the rare ones in one row."""
    rare = [article("d", region="Polar", topic="ice"), article("e", region="", topic="seals", date="")]
    block = corpus_block(
        [article("a"), article("b", region="asia", format="html"), article("c", words=(10,), topic="Water"), *rare]
    )
    assert "| articles | 5 |" in block
    assert "| sentences | 9 |" in block
    assert "| words | 58 |" in block
    assert "| asia | 3 | 5 |\n| 2 others | 2 | 4 |" in block
    assert "| water | 3 | 5 |\n| 2 others | 2 | 4 |" in block
    assert "| 1970s | 4 | 7 |\n| unknown | 1 | 2 |" in block
    assert "| txt | 4 | 7 |\n| html | 1 | 2 |" in block


def test_gold_is_counted_by_fold():
    """Labels by fold and stance with their shares; a label whose article is gone is counted as unknown."""
    labels = [
        gold("a:0", OPPOSITION),
        gold("a:1", NEUTRAL, mixed=True),
        gold("b:0", AGREEMENT),
        gold("gone:0", NEUTRAL),
    ]
    rows = gold_block(labels, [article("a"), article("b", "test")]).split("\n")[2:]
    assert rows == [
        "| train | 1 | 2 | 1 (50 %) | 1 (50 %) | 0 (0 %) | 1 |",
        "| test | 1 | 1 | 0 (0 %) | 0 (0 %) | 1 (100 %) | 0 |",
        "| unknown | 1 | 1 | 0 (0 %) | 1 (100 %) | 0 (0 %) | 0 |",
        "| all | 3 | 4 | 1 (25 %) | 2 (50 %) | 1 (25 %) | 1 |",
    ]


def test_agreement_is_reported_overall_and_by_stance():
    """Six articles of four sentences, one of them disputed: 23 of 24 alike, and the dispute is in the last table."""
    labels = [gold(f"{a}:0", OPPOSITION, "opposition", "opposition") for a in "abcdef"]
    labels += [gold(f"{a}:{k}", NEUTRAL, "neutral", "neutral") for a in "abcdef" for k in (1, 2)]
    labels += [gold(f"{a}:3", AGREEMENT, "agreement", "agreement") for a in "abcde"]
    labels += [gold("f:3", NEUTRAL, "agreement", "neutral", mixed=True), gold("f:4", NEUTRAL, "neutral")]
    block = agreement_block(labels, **DRAWS)
    assert block.startswith("24 sentences of 6 articles")
    assert "| all three stances | 96 % | 0.9" in block
    assert "| opposition or not | 100 % | 1.000 (1.000\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}1.000) |" in block
    assert "| neutral against agreement | 1 | 0 | 1 | 0 | 1 |" in block
    assert "| opposition against neutral | 0 | 0 | 0 | 0 | 0 |" in block


@pytest.mark.parametrize(("articles", "shown"), [("abcd", False), ("abcde", True)])
def test_no_interval_of_agreement_is_announced_where_there_is_none(articles, shown):
    block = agreement_block([gold(f"{a}:{k}", k, STANCES[k], STANCES[k]) for a in articles for k in range(3)], **DRAWS)
    assert ("alpha (95 % interval) |" in block, "| 1.000 (" in block) == (shown, shown)


def test_agreement_of_one_annotator():
    """Where nobody labelled a sentence a second time, the card says so."""
    assert agreement_block([gold("a:0", NEUTRAL, "neutral")], **DRAWS) == "No sentence was labelled by two annotators."


def test_an_annotators_label_that_is_no_stance():
    """It is named with its sentence."""
    with pytest.raises(InputError, match=r"a:0: unknown stance.*Did you mean 'neutral'"):
        agreement_block([gold("a:0", NEUTRAL, "neutral", "netral")], **DRAWS)


def test_blocks_are_filled_and_the_rest_stays():
    """Only what stands between the marks changes, and filling twice changes nothing more."""
    card = "Before.\n<!-- counts: corpus -->\nold\n<!-- /counts -->\nAfter.\n"
    filled = fill_blocks(card, {"corpus": "| new \\1 |"})
    assert filled == "Before.\n<!-- counts: corpus -->\n\n| new \\1 |\n\n<!-- /counts -->\nAfter.\n"
    assert fill_blocks(filled, {"corpus": "| new \\1 |"}) == filled


@pytest.mark.parametrize("card", ["", "<!-- counts: gold -->\n<!-- /counts -->"])
def test_a_block_without_a_place(card):
    """A card that lost its marks is not written without its tables."""
    with pytest.raises(InputError, match="wrong blocks; expected corpus; got"):
        fill_blocks(card, {"corpus": "x"})


MANIFEST = {
    "format_version": 4,
    "sha256": "ab" * 32,
    "rows": 12_000,
    "gold_rows": 5,
    "calibration": {"temperature": 1.25, "on": "dev gold"},
    "threshold": None,
    "encoder": None,
    "libraries": {"numpy": "2.0", "joblib": "1.5"},
}


def test_the_card_says_what_the_manifest_says():
    card = dict(model_card(MANIFEST))
    assert card["Trained on"] == "12\u202f000 sentences, 5 of them hand-labelled"
    beside = dict(model_card(MANIFEST | {"shipped_rows": 2795}))["Trained on"]
    assert beside == f"{card['Trained on']}, beside 2795 of the articles that ship"
    assert (card["Abstained"], card["Sentence encoder"]) == ("nothing", "none")
    assert card["Made with"] == "joblib 1.5, numpy 2.0"
    known = dict(model_card({**MANIFEST, "threshold": 0.757, "encoder": {"name": "mini"}}))
    assert (known["Abstained"], known["Sentence encoder"]) == ("answers below a confidence of 0.76", "mini")


def test_sources_and_dates_are_counted():
    articles = [
        {"source": "wire", "date": "1987-04-02"},
        {"source": "wire", "date": "2001"},
        {"source": "", "date": ""},
    ]
    assert dict(data_card(articles)) == {
        "Sources": "wire (2), unknown (1)",
        "Dates": "1987-04 to 2001; 1 article without one",
    }
    assert dict(data_card([{"source": f"s{k}", "date": ""} for k in range(9)]))["Sources"].endswith("3 more")


def test_recorded_scores_are_shown_with_intervals_where_they_have_one():
    details = {"corpus": {}, "classifier": {"n": 96, "macro_f1": 0.5, "macro_f1_low": 0.4, "macro_f1_high": 0.6}}
    table = recorded_table(details, shipped=True)
    assert "96 hand-labelled" in table.caption
    assert table.rows[0][:3] == ("classifier", "0.500 (0.400\u00a0to\u00a00.600)", "–")
