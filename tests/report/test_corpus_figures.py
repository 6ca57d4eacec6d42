"""Figures on what the articles say: drawn from odd data, too."""

import warnings

import pytest

from pipeline.report.corpus import by_source, by_time
from pipeline.report.figures import draw_sources, draw_timeline


def test_every_stance_and_source_is_drawn(answers):
    assert b"opposition" in draw_timeline(by_time(answers)).svg
    svg = draw_sources(by_source(answers)).svg
    assert b"wire  (3)" in svg or b"wire (3)" in svg


@pytest.mark.parametrize("source", ["$x$ & <b>", "", "a very long name of a source that goes on and on"])
def test_odd_names_do_no_harm(make_answer, source):
    rows = [make_answer(article=str(year), date=str(year), source=source) for year in (1960, 2020)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw_sources(by_source(rows)).png
        assert draw_timeline(by_time(rows)).png
