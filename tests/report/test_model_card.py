"""What a model and its data are, from what was recorded."""

from pipeline.report.cards import data_card, model_card, recorded_table

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
        "Dates": "1987-04 to 2001-01; 1 articles without one",
    }
    assert dict(data_card([{"source": f"s{k}", "date": ""} for k in range(9)]))["Sources"].endswith("3 more")


def test_recorded_scores_are_shown_with_intervals_where_they_have_one():
    details = {"corpus": {}, "classifier": {"n": 96, "macro_f1": 0.5, "macro_f1_low": 0.4, "macro_f1_high": 0.6}}
    table = recorded_table(details, shipped=True)
    assert "96 hand-labelled" in table.caption
    assert table.rows[0][:3] == ("classifier", "0.500 (0.400\u00a0to\u00a00.600)", "–")
