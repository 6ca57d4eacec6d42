"""Who opposes and agrees with whom: in the rows of answers, and added up by hand."""

import pytest

from pipeline.actors import load_parties, write_ledger
from pipeline.base.stances import NEUTRAL
from pipeline.report.relations import (
    SHOWN_PAIRS,
    count_pairs,
    most_named,
    pair_table,
    read_relations,
    relate_answers,
    shown_balance,
    timeline,
)


def row(source, target, opposition, neutral, agreement):
    return {
        "source": source,
        "target": target,
        "opposition": opposition,
        "neutral": neutral,
        "agreement": agreement,
        "month": "1987-04",
        "articles": 1,
        "examples": "a:0",
    }


def test_months_of_a_pair_are_added_up_and_the_most_frequent_pair_comes_first():
    """A pair without a stance is left out; from one to the other is not the same as back."""
    rows = [row("Oslo", "Bergen", 1, 0, 0), row("Oslo", "Bergen", 2, 5, 1), row("Bergen", "Oslo", 0, 0, 3)]
    table = pair_table([*rows, row("Oslo", "Rome", 0, 9, 0)])
    assert table.rows == (("Oslo", "Bergen", "3", "5", "1", "−0.50"), ("Bergen", "Oslo", "0", "0", "3", "+1.00"))


def test_of_many_pairs_the_most_frequent_are_shown():
    table = pair_table(row("Oslo", f"party {k}", k, 0, 0) for k in range(1, 100))
    assert len(table.rows) == SHOWN_PAIRS
    assert table.rows[0][1] == "party 99"
    assert "12 most frequent of 99" in table.caption


def test_answers_say_who_holds_the_stance_towards_whom(make_answer, tmp_path):
    """The ledger of the statements gives the same pair, in the month of the article; copies are one story."""
    rows = [
        make_answer("Norway accused Sweden of theft.", word="accused", article=article, date="2 April 1987")
        for article in ("a", "copy")
    ]
    related, statements = relate_answers(rows, [[], []], load_parties(), {"copy": "a"})
    columns = ("source_text", "source_code", "source_kind", "target_text", "target_code", "symmetric")
    assert [related[0][name] for name in columns] == ["Norway", "NOR", "state", "Sweden", "SWE", False]
    assert (related[0]["voice"], related[0]["why"]) == ("narrator", "")
    assert related[0]["rule"]
    assert related[0]["marks"] == rows[0]["marks"]
    write_ledger(tmp_path, statements)
    (found,) = read_relations(tmp_path / "relations.csv")
    assert [one.date for one in statements] == ["1987-04-02"] * 2
    assert (found["source"], found["target"], found["month"], found["opposition"]) == ("NOR", "SWE", "1987-04", "1")
    assert pair_table([found]).rows == (("Norway", "Sweden", "1", "0", "0", "−1.00"),)


def test_ends_are_those_of_the_likelier_stance_where_no_stance_is_not_likely(make_answer):
    """A sentence answered as neutral, but with less than half of the probability, has ends; it counts as neutral."""
    row = make_answer("Norway accused Sweden of theft.", word="accused")
    row |= {"stance": "neutral", "p_neutral": 0.45, "p_opposition": 0.4, "p_agreement": 0.15}
    (related,), (statement,) = relate_answers([row], [[]], load_parties(), {})
    assert (related["source_text"], related["target_text"]) == ("Norway", "Sweden")
    assert statement.stance == NEUTRAL
    (quiet,), _ = relate_answers([row | {"p_neutral": 0.8}], [[]], load_parties(), {})
    assert (quiet["source_text"], quiet["target_text"], quiet["source_code"]) == ("", "", "")


def row_of_pairs(source, target, month, opposition, neutral, agreement, examples="a:0"):
    counts = {"opposition": opposition, "neutral": neutral, "agreement": agreement}
    return {"source": source, "target": target, "month": month, "articles": 1, "examples": examples, **counts}


ROWS = [
    row_of_pairs("NOR", "SWE", "1987-06", 0, 0, 1, "my file: b:0"),
    row_of_pairs("NOR", "SWE", "1987-04", 2, 5, 0, "a:0 a:1"),
    row_of_pairs("NOR", "SWE", "", 0, 1, 0, ""),
    row_of_pairs("SWE", "NOR", "1987-05", 0, 0, 1),
    row_of_pairs("NOR", "DNK", "1987-05", 0, 9, 0),
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
    pairs = count_pairs([*ROWS, row_of_pairs("DNK", "SWE", "1987-05", 9, 0, 0)])
    assert most_named(pairs, 2) == ["SWE", "DNK"]


def test_a_timeline_has_no_gaps_and_a_long_one_counts_years():
    names, counts = timeline(count_pairs(ROWS))
    assert names == ["1987-04", "1987-05", "1987-06"]
    assert counts == [[(2, 5, 0), (0, 0, 0), (0, 0, 1)], [(0, 0, 0), (0, 0, 1), (0, 0, 0)]]
    names, counts = timeline(count_pairs([*ROWS, row_of_pairs("NOR", "SWE", "1991-01", 1, 0, 0)]))
    assert names == ["1987", "1988", "1989", "1990", "1991"]
    assert counts[0] == [(2, 5, 1), (0, 0, 0), (0, 0, 0), (0, 0, 0), (1, 0, 0)]
    assert timeline(count_pairs([row_of_pairs("NOR", "SWE", "", 1, 0, 0)])) == ([], [[]])


@pytest.mark.parametrize(("balance", "shown"), [(-0.5, "−0.50"), (0.0, "0.00"), (1.0, "+1.00")])
def test_a_balance_has_a_sign(balance, shown):
    assert shown_balance(balance) == shown
