"""The report in a terminal."""

import io

from pipeline.report.changes import compare
from pipeline.report.narrative import print_report

COUNTS = {"opposition": 3, "neutral": 6, "agreement": 1}
SCORES = {"n": 96, "articles": 12, "macro_f1": 0.5, "macro_f1_low": 0.4, "macro_f1_high": 0.6, "accuracy": 0.7}
DETAILS = {
    "corpus": {"sentences": 10},
    "classifier": {**SCORES, "brier": 0.3, "log_loss": 0.9},
    "label_model": {**SCORES, "macro_f1": 0.55, "brier": 0.4, "log_loss": 1.0},
}


def printed(details=DETAILS, changes=None, since="the run before"):
    file = io.StringIO()
    print_report(file, details, COUNTS, changes, since)
    return file.getvalue()


def test_it_shows_stances_and_systems_the_best_first():
    result = printed()
    assert result.startswith("10 sentences: 3 opposition (30 %), 6 neutral (60 %), 1 agreement (10 %)\n")
    assert "96 hand labels from 12 articles" in result
    assert result.index("label model") < result.index("classifier")
    assert " ".join(result.split()).endswith("classifier 0.500 (0.400 to 0.600) 0.700 0.300 0.900")


def test_nothing_is_coloured_where_it_is_no_terminal():
    assert "\x1b" not in printed()


def test_without_hand_labels_it_says_so():
    result = printed({"corpus": {"sentences": 10}})
    assert "there are no scores" in result
    assert "macro-F1" not in result


def test_what_changed_is_listed(make_answer):
    changes = compare([make_answer(stance="neutral")], [make_answer()], {}, {})
    result = printed(changes=changes, since="v1.0")
    assert "Since v1.0: 1 of 1 sentences got another stance (1 by labeling functions)" in result
    assert "neutral → opposition (labeling functions)  They refused it." in result
