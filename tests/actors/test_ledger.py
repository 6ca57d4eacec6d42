"""The ledger: counts by pair and month, intervals, files."""

import csv
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from pipeline.actors import build_ledger, write_ledger
from pipeline.base.stances import AGREEMENT, OPPOSITION
from tests.actors.statements import STATEMENTS, statement


def test_counts_by_pair_and_month():
    """Near-duplicates count once, what is symmetric both ways, what has no name not at all."""
    ledger = build_ledger(STATEMENTS)
    rows = [
        (pair, month, counts.tolist())
        for pair, month, counts in zip(ledger.pairs, ledger.months, ledger.counts, strict=True)
    ]
    assert rows == [
        (("KEN", "UGA"), "", [0, 0, 1]),
        (("NOR", "ISL"), "1974-05", [2, 1, 0]),
        (("NOR", "ISL"), "1974-06", [0, 0, 1]),
        (("UGA", "KEN"), "", [0, 0, 1]),
    ]
    assert ledger.articles.tolist() == [1, 2, 1, 1]
    assert ledger.examples[1] == ["a:0", "b:0", "b:1"]
    assert ledger.totals()["NOR", "ISL"].tolist() == [2, 1, 1]
    assert [(month, counts.tolist()) for month, counts in ledger.timeline("NOR", "ISL")] == [
        ("1974-05", [2, 1, 0]),
        ("1974-06", [0, 0, 1]),
    ]


def test_matrix_has_the_sign_from_row_to_column():
    names, signs = build_ledger(STATEMENTS).matrix()
    place = {name: i for i, name in enumerate(names)}
    assert signs[place["NOR"], place["ISL"]] == pytest.approx((1 - 2) / 3)
    assert np.isnan(signs[place["ISL"], place["NOR"]])
    assert signs[place["KEN"], place["UGA"]] == signs[place["UGA"], place["KEN"]] == 1


def test_intervals_hold_the_counts_and_narrow_with_more_articles():
    """An article counts as one draw: ten sentences of one article are less sure than ten of ten articles."""
    one = build_ledger([statement("Norway condemned Iceland.", OPPOSITION)._replace(text=str(k)) for k in range(10)])
    ten = build_ledger([statement("Norway condemned Iceland.", OPPOSITION, story=str(k)) for k in range(10)])
    for ledger in (one, ten):
        assert ledger.low[0, 0] <= ledger.counts[0, 0] == 10 <= ledger.high[0, 0]
    assert one.high[0, 0] - one.low[0, 0] > ten.high[0, 0] - ten.low[0, 0]


def test_no_statements_make_an_empty_ledger(tmp_path):
    assert build_ledger([]).rows() == []
    write_ledger(tmp_path, [])
    assert (tmp_path / "relations.csv").read_text("utf-8").startswith("source,target,month,opposition,")
    assert (tmp_path / "statements.csv").read_text(
        "utf-8"
    ) == "person,organization,concept,agreement,date,document,text\n"


def test_files(tmp_path):
    """A table, a network that any XML reader reads, and the statements of Discourse Network Analyzer."""
    backing = statement("French minister Jean Duval backs the “Ruhr & Rhine” plan.", AGREEMENT, story="f")
    write_ledger(tmp_path, [*STATEMENTS, backing])
    with (tmp_path / "relations.csv").open(encoding="utf-8") as file:
        rows = {(row["source"], row["target"], row["month"]): row for row in csv.DictReader(file)}
    assert rows["NOR", "ISL", "1974-05"]["opposition"] == "2"
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    graph = ET.fromstring((tmp_path / "relations.graphml").read_text("utf-8"))
    edges = {(e.get("source"), e.get("target")): e for e in graph.iterfind(".//g:edge", space)}
    values = {data.get("key"): data.text for data in edges["NOR", "ISL"].iterfind("g:data", space)}
    assert values == {"opposition": "2", "neutral": "1", "agreement": "1", "sign": "-0.3333"}
    with (tmp_path / "statements.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] | {"text": ""} == {
        "person": "",
        "organization": "NOR",
        "concept": "ISL",
        "agreement": "0",
        "date": "1974-05-02",
        "document": "a",
        "text": "",
    }
    assert rows[-1]["person"] == "French minister Jean Duval"
    assert rows[-1]["agreement"] == "1"


def test_statements_without_a_name_or_with_oneself_are_left_out(tmp_path):
    """So are pronouns that nothing explains."""
    texts = ["Three men condemned Iceland.", *(f"Norway condemned {whom}." for whom in ("it", "Norway", "the offer"))]
    write_ledger(tmp_path, [statement(text, OPPOSITION) for text in texts])
    with (tmp_path / "statements.csv").open(encoding="utf-8") as file:
        rows = [(row["organization"], row["concept"]) for row in csv.DictReader(file)]
    assert rows == [("NOR", "the offer")]


def test_names_in_the_network_are_escaped(tmp_path):
    write_ledger(tmp_path, [statement('Norway condemned A&B "Shipping" Company.', OPPOSITION)])
    assert ET.fromstring((tmp_path / "relations.graphml").read_text("utf-8")) is not None


def test_a_party_of_a_state_and_its_rebels_are_not_counted_as_the_state():
    texts = ["Sweden's Social Democrats condemned Sweden.", "Swedish rebels condemned the Swedish army."]
    ledger = build_ledger(statement(text, OPPOSITION) for text in texts)
    assert ledger.pairs == [("SWE-OPP", "SWE"), ("SWE-REB", "SWE")]
