"""The ledger as files."""

import csv
import xml.etree.ElementTree as ET

from pipeline.actors import write_ledger
from pipeline.actors.ledger import build_ledger
from pipeline.base.stances import AGREEMENT, OPPOSITION
from tests.actors.statements import STATEMENTS, statement


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


def test_names_in_the_network_are_escaped(tmp_path):
    write_ledger(tmp_path, [statement('Norway condemned A&B "Shipping" Company.', OPPOSITION)])
    assert ET.fromstring((tmp_path / "relations.graphml").read_text("utf-8")) is not None
