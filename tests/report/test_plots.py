"""Files for `dvc metrics` and `dvc plots`."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from pipeline.base.stances import STANCES
from pipeline.report.data import compute_results
from pipeline.report.drawing import COLOURS
from pipeline.report.plots import (
    HEADLINE,
    PLOTTED,
    page_template,
    read_lf_contributions,
    write_counts,
    write_empty_plots,
    write_metrics,
    write_plots,
)
from tests.imports import ROOT

PLOTS = [
    next(iter(p.values()))
    for p in yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["plots"]
    if isinstance(p, dict)
]


@pytest.fixture
def written(make_data, tmp_path):
    data = make_data()
    results = compute_results(data)
    write_metrics(tmp_path, data, results)
    write_plots(tmp_path / "plots", data, results)
    return tmp_path


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_details_are_one_level_deep_and_rounded(written):
    """{system: {score: number}}, six digits, intervals beside their scores, differences with the main system."""
    metrics = json.loads((written / "details.json").read_text("utf-8"))
    assert metrics.pop("corpus") == {"articles": 15, "sentences": 150, "gold": 96, "covered": 0.125}
    assert set(metrics) == {"classifier", "label_model"}
    classifier = metrics["classifier"]
    assert all(round(value, 6) == value for system in metrics.values() for value in system.values())
    assert classifier["macro_f1_low"] < classifier["macro_f1"] < classifier["macro_f1_high"]
    gain = classifier["macro_f1"] - metrics["label_model"]["macro_f1"]
    assert classifier["macro_f1_over_label_model"] == pytest.approx(gain, abs=2e-6)
    assert (classifier["n"], classifier["articles"], classifier["threshold"]) == (96, 12, 0.6)
    assert "threshold" not in metrics["label_model"]


def test_metrics_are_about_ten_figures_with_short_names(written):
    """The main system's, each as in the details, and the label model's macro-F1."""
    metrics, details = (json.loads((written / f"{name}.json").read_text("utf-8")) for name in ("metrics", "details"))
    assert {name: details["classifier"][long] for name, long in HEADLINE.items()} == {
        name: metrics[name] for name in HEADLINE
    }
    assert metrics.keys() - HEADLINE.keys() == {"label_model_macro_f1"}
    assert len(metrics) == 10


def test_what_is_undefined_is_left_out(make_data, tmp_path):
    """With one article there are no intervals, and JSON has no NaN."""
    data = make_data(articles=np.full(96, "only"))
    write_metrics(tmp_path, data, compute_results(data))
    metrics = json.loads((tmp_path / "metrics.json").read_text("utf-8"))
    assert "macro_f1" in metrics
    assert "macro_f1_low" not in metrics


def test_confusion_has_one_row_a_cell(written, make_data):
    """Names, not ids; the shares of a hand label add up to one."""
    rows = json.loads((written / "plots/confusion.json").read_text("utf-8"))
    matrix = compute_results(make_data()).systems["classifier"].confusion
    assert [row["n"] for row in rows] == matrix.flatten().tolist()
    assert (rows[2]["actual"], rows[2]["predicted"]) == ("opposition", "agreement")
    assert sum(row["share"] for row in rows[:3]) == pytest.approx(1, abs=1e-5)


def test_curves_share_their_recalls(written):
    """51 recalls from 0 to 1 for each stance, precision never rising."""
    rows = json.loads((written / "plots/pr.json").read_text("utf-8"))
    for stance in STANCES:
        own = [row for row in rows if row["stance"] == stance]
        assert [own[0]["recall"], own[-1]["recall"], len(own)] == [0, 1, 51]
        values = [row["precision"] for row in own]
        assert values == sorted(values, reverse=True)


def test_bins_and_coverage_end_with_all_rows(written):
    """The bins hold every row, and the last point of the coverage curve answers every row."""
    assert sum(b["n"] for b in json.loads((written / "plots/calibration.json").read_text("utf-8"))) == 96
    assert json.loads((written / "plots/coverage.json").read_text("utf-8"))[-1]["coverage"] == 1


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot["template"])
def test_every_plot_has_a_template_of_its_own_whose_fields_are_in_the_data(written, plot):
    """Stances have the colours of the figures, and what a mouse points at is said in words."""
    template = (ROOT / f".dvc/plots/{plot['template']}.json").read_text("utf-8")
    (path, y), *_ = plot["y"].items()
    file = written / "plots" / Path(path).name
    row = read_csv(file)[0] if file.suffix == ".csv" else json.loads(file.read_text("utf-8"))[0]
    assert {plot["x"], y} <= row.keys()
    fields = set(re.findall(r'"(?:field|groupby)": "(\w+)"', template)) - {"rev", "x", "y"}
    assert fields
    assert fields <= row.keys()
    assert '"tooltip": [' in template
    assert all(colour in template for colour in COLOURS.values()) == ('"field": "stance"' in template)
    json.loads(template)


def test_missing_values_of_an_lf_are_nan(written):
    """An LF without a hand label has no precision: an empty cell would be drawn as 0."""
    reject, unseen = read_csv(written / "plots/lfs.csv")
    assert (reject["precision"], reject["stance"]) == ("0.9", "opposition")
    assert (unseen["precision"], unseen["contribution"]) == ("nan", "nan")


def test_without_hand_labels_there_are_counts(unlabelled, tmp_path):
    """The sums over the folds, and the share of sentences with a vote."""
    write_counts(tmp_path, unlabelled)
    counts = {"articles": 15, "sentences": 150, "gold": 0, "covered": 0.125}
    assert json.loads((tmp_path / "metrics.json").read_text("utf-8")) == counts


def test_without_hand_labels_only_the_labeling_functions_have_rows(unlabelled, written, tmp_path):
    """The other files are what they would be with no row; lfs.csv is the same."""
    write_empty_plots(tmp_path / "empty", unlabelled)
    for name in PLOTTED:
        assert json.loads((tmp_path / f"empty/{name}.json").read_text("utf-8")) == []
    assert (tmp_path / "empty/lfs.csv").read_bytes() == (written / "plots/lfs.csv").read_bytes()


def test_what_lfs_are_worth_to_the_classifier_is_read_again(make_data, tmp_path):
    """Only those of which it is known; nothing where there is no file, or one of an earlier version."""
    lfs = [{"name": "a, b", "classifier_contribution": 0.01, "classifier_log_loss": -0.0025}, {"name": "c"}]
    data = make_data(lfs=lfs)
    write_plots(tmp_path, data, compute_results(data))
    found = read_lf_contributions(tmp_path / "lfs.csv")
    assert found == {"a, b": {"classifier_contribution": 0.01, "classifier_log_loss": -0.0025}}
    assert read_lf_contributions(tmp_path / "none.csv") == {}
    (tmp_path / "old.csv").write_text("name,worth\na,0.1\n", "utf-8")
    assert read_lf_contributions(tmp_path / "old.csv") == {}


def test_scripts_stand_inside_and_dvc_finds_its_places():
    pytest.importorskip("vl_convert", reason="needs the extra `plots`")
    page = page_template()
    assert page.count("{plot_divs}") == page.count("{refresh_tag}") == 1
    assert "window.vegaEmbed=" in page
    assert "<script src" not in page
