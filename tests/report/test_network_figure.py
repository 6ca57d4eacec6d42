"""The network of parties: the same bytes every time, dashes for opposition, odd names."""

import warnings

from pipeline.report.relations import Pair
from pipeline.report.relations_page import draw_network


def pair(source, target, opposition, agreement):
    return Pair(source, target, (("1987-04", (opposition, 0, agreement)),), 1, ("",))


PAIRS = [pair("NOR", "SWE", 3, 0), pair("SWE", "NOR", 0, 1), pair("DNK", "SWE", 1, 1)]
NAMES = ["SWE", "NOR", "DNK"]


def test_equal_pairs_give_equal_bytes_and_every_party_is_named():
    svg = draw_network(NAMES, PAIRS).svg
    assert draw_network(NAMES, PAIRS) == draw_network(list(NAMES), list(PAIRS))
    assert all(f">{name}<".encode() in svg for name in NAMES)


def test_opposition_is_dashed_and_agreement_is_not():
    """So that colour is not the only mark: of one pair there is the dash of the legend, and that of the arrow."""
    opposed, agreed = (draw_network(NAMES, [pair("NOR", "SWE", *counts)]).svg for counts in ((1, 0), (0, 1)))
    assert opposed.count(b"stroke-dasharray") > agreed.count(b"stroke-dasharray")


def test_odd_names_and_pairs_with_others_do_no_harm():
    names = ["$x$ & <b>", "a party with a very long name indeed"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = draw_network(names, [pair(*names, 1, 0), pair("NOR", names[0], 9, 0)]).svg
    assert b"a party with a\xe2\x80\xa6" in svg or b"a party with a \xe2\x80\xa6" in svg
    assert b"NOR" not in svg
