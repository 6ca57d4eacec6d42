"""`stance plots`: DVC's plots on a page with its scripts inside."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.plots import TEMPLATE


def test_without_the_extra_it_is_named(project, stance, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    (project / ".dvc").mkdir()
    result = stance("plots")
    assert result.code == 1
    assert "pip install 'stance-pipeline[plots]'" in result.err


def test_outside_a_project_it_says_so(tmp_path, stance, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = stance("plots")
    assert result.code == 2
    assert "no DVC project" in result.err


def test_the_page_fetches_nothing(tmp_path, stance, monkeypatch):
    """One plot of a table; DVC's own page would fetch three scripts."""
    pytest.importorskip("vl_convert", reason="needs the extra `plots`")
    monkeypatch.chdir(tmp_path)
    subprocess.run([sys.executable, "-m", "dvc", "init", "-q", "--no-scm"], check=True)
    Path("points.csv").write_text("x,y\n1,2\n2,3\n")
    Path("dvc.yaml").write_text("plots:\n  - points.csv: {x: x, y: y}\n")
    result = stance("plots")
    assert result.code == 0, result.err
    page = Path("dvc_plots/index.html").read_text("utf-8")
    assert "vegaEmbed(" in page
    assert "<script src=" not in page
    assert TEMPLATE.exists()
