"""Figures: rendered, with no trace in matplotlib's state."""

import subprocess
import sys
import warnings

import matplotlib
import numpy as np
import pytest

from pipeline.report.corpus import by_source, by_time
from pipeline.report.data import compute_results
from pipeline.report.drawing import themed
from pipeline.report.figures import draw_confusion, draw_lfs, draw_sources, draw_timeline
from pipeline.report.model_page import draw_figures

PNG = b"\x89PNG\r\n\x1a\n"


def test_all_figures_are_png(make_data):
    """Six pictures without the library's version in them, which would change their bytes with each release."""
    data = make_data()
    pictures = draw_figures(data, compute_results(data))
    assert set(pictures) == {"confusion", "precision_recall", "reliability", "coverage_precision", "slices", "lfs"}
    assert all(p.png.startswith(PNG) and b"Software" not in p.png for p in pictures.values())
    assert all(matplotlib.__version__ not in themed(p.svg, name, name) for name, p in pictures.items())


@pytest.mark.parametrize(("per_article", "shown"), [(24, False), (8, True)])
def test_an_interval_that_is_not_drawn_has_no_legend(make_data, per_article, shown):
    data = make_data(articles=np.arange(96) // per_article)
    picture = draw_figures(data, compute_results(data))["coverage_precision"]
    assert (b"interval by article" in picture.svg) is shown


def test_settings_of_the_caller_neither_change_nor_matter():
    """A figure looks the same under other settings, which are as before afterwards."""
    plain = draw_confusion(np.eye(3, dtype=int))
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "black"}):
        before = dict(matplotlib.rcParams)
        assert draw_confusion(np.eye(3, dtype=int)) == plain
        assert dict(matplotlib.rcParams) == before


def test_pyplot_is_not_loaded():
    """The module draws without pyplot, which would choose a backend for the whole process."""
    code = "import sys, pipeline.report.figures; print('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize(
    "lfs",
    [
        [],
        [{"name": "idle", "coverage": 0.0}],
        [{"name": r"$\frac{$", "stance": "odd", "coverage": 0.5, "conflict": 0.6, "precision": 0.1, "n_gold": 9}],
        [{"name": "a", "stance": "neutral", "coverage": 0.5, "precision": float("nan")}],
    ],
    ids=["none", "never votes", "name like a formula", "no precision"],
)
def test_odd_lfs_are_drawn(lfs):
    """Missing values and names that look like formulas do no harm."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw_lfs(lfs).png.startswith(PNG)


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
