"""Pairs of parties, added up by hand."""

import pytest

from pipeline.report.relations import count_pairs, most_named, shown_balance, timeline


def row(source, target, month, opposition, neutral, agreement, examples="a:0"):
    counts = {"opposition": opposition, "neutral": neutral, "agreement": agreement}
    return {"source": source, "target": target, "month": month, "articles": 1, "examples": examples, **counts}


ROWS = [
    row("NOR", "SWE", "1987-06", 0, 0, 1, "my file: b:0"),
    row("NOR", "SWE", "1987-04", 2, 5, 0, "a:0 a:1"),
    row("NOR", "SWE", "", 0, 1, 0, ""),
    row("SWE", "NOR", "1987-05", 0, 0, 1),
    row("NOR", "DNK", "1987-05", 0, 9, 0),
]


def test_months_are_added_up_in_order_and_a_pair_without_a_stance_is_left_out():
    first, second = count_pairs(ROWS)
    assert (first.source, first.target, first.counts, first.taken, first.articles) == ("NOR", "SWE", (2, 6, 1), 3, 3)
    assert [month for month, _ in first.months] == ["", "1987-04", "1987-06"]
    assert first.balance == pytest.approx(-1 / 3)
    assert (second.source, second.balance) == ("SWE", 1.0)


def test_ids_with_spaces_are_found_and_unknown_ones_left_out():
    first = count_pairs(ROWS)[0]
    assert first.ids({"a:1", "my file: b:0"}) == ["my file: b:0"]
    assert first.ids({"a:0", "a:1", "my file: b:0"}) == ["a:0", "a:1", "my file: b:0"]


def test_parties_with_most_sentences_come_first():
    pairs = count_pairs([*ROWS, row("DNK", "SWE", "1987-05", 9, 0, 0)])
    assert most_named(pairs, 2) == ["SWE", "DNK"]


def test_a_timeline_has_no_gaps_and_a_long_one_counts_years():
    names, counts = timeline(count_pairs(ROWS))
    assert names == ["1987-04", "1987-05", "1987-06"]
    assert counts == [[(2, 5, 0), (0, 0, 0), (0, 0, 1)], [(0, 0, 0), (0, 0, 1), (0, 0, 0)]]
    names, counts = timeline(count_pairs([*ROWS, row("NOR", "SWE", "1991-01", 1, 0, 0)]))
    assert names == ["1987", "1988", "1989", "1990", "1991"]
    assert counts[0] == [(2, 5, 1), (0, 0, 0), (0, 0, 0), (0, 0, 0), (1, 0, 0)]
    assert timeline(count_pairs([row("NOR", "SWE", "", 1, 0, 0)])) == ([], [[]])


@pytest.mark.parametrize(("balance", "shown"), [(-0.5, "−0.50"), (0.0, "0.00"), (1.0, "+1.00")])
def test_a_balance_has_a_sign(balance, shown):
    assert shown_balance(balance) == shown
