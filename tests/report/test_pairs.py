"""Pairs of parties, added up by hand."""

from pipeline.report.pairs import SHOWN_PAIRS, pair_table


def row(source, target, opposition, neutral, agreement):
    return {
        "source": source,
        "target": target,
        "opposition": opposition,
        "neutral": neutral,
        "agreement": agreement,
        "month": "1987-04",
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
    assert "25 most frequent of 99" in table.caption
