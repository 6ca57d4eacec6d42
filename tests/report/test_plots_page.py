"""The page around DVC's plots."""

import pytest

from pipeline.report.plots import page_template


def test_scripts_stand_inside_and_dvc_finds_its_places():
    pytest.importorskip("vl_convert", reason="needs the extra `plots`")
    page = page_template()
    assert page.count("{plot_divs}") == page.count("{refresh_tag}") == 1
    assert "window.vegaEmbed=" in page
    assert "<script src" not in page
