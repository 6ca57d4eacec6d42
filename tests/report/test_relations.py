"""Who opposes and agrees with whom: in the rows of answers, and added up by hand."""

from pipeline.actors import load_parties, write_ledger
from pipeline.base.stances import NEUTRAL
from pipeline.report.relations import SHOWN_PAIRS, pair_table, read_relations, relate_answers
from pipeline.weak.loading import load_lfs


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
    related, statements = relate_answers(rows, load_lfs(), load_parties(), {"copy": "a"})
    columns = ("source_text", "source_code", "source_kind", "target_text", "target_code", "symmetric")
    assert [related[0][name] for name in columns] == ["Norway", "NOR", "state", "Sweden", "SWE", False]
    assert (related[0]["voice"], related[0]["why"]) == ("narrator", "")
    assert related[0]["rule"]
    assert related[0]["marks"] == rows[0]["marks"]
    write_ledger(tmp_path, statements)
    (found,) = read_relations(tmp_path / "relations.csv")
    assert (found["source"], found["target"], found["month"], found["opposition"]) == ("NOR", "SWE", "1987-04", "1")
    assert pair_table([found]).rows == (("Norway", "Sweden", "1", "0", "0", "−1.00"),)


def test_ends_are_those_of_the_likelier_stance_where_no_stance_is_not_likely(make_answer):
    """A sentence answered as neutral, but with less than half of the probability, has ends; it counts as neutral."""
    row = make_answer("Norway accused Sweden of theft.", word="accused")
    row |= {"stance": "neutral", "p_neutral": 0.45, "p_opposition": 0.4, "p_agreement": 0.15}
    (related,), (statement,) = relate_answers([row], load_lfs(), load_parties(), {})
    assert (related["source_text"], related["target_text"]) == ("Norway", "Sweden")
    assert statement.stance == NEUTRAL
    (quiet,), _ = relate_answers([row | {"p_neutral": 0.8}], load_lfs(), load_parties(), {})
    assert (quiet["source_text"], quiet["target_text"], quiet["source_code"]) == ("", "", "")
