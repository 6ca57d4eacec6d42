"""Parameters are plain data that nobody changes on the way."""

import pytest
import yaml
from pydantic import ValidationError

from pipeline.base.errors import ParamsError
from pipeline.base.params import Params, load_params
from tests.imports import ROOT


def test_parameters_cannot_be_changed_by_a_stage():
    with pytest.raises(ValidationError, match="frozen"):
        Params().train.min_df = 5


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def of(text):
        (tmp_path / "params.yaml").write_text(text, "utf-8")
        return load_params()

    return of


def keys(value, path=""):
    """All paths of a nested mapping."""
    if not isinstance(value, dict):
        return {path}
    return {path} | {p for key, inner in value.items() for p in keys(inner, f"{path}.{key}" if path else key)}


def test_the_shipped_file_sets_every_parameter_to_its_default():
    """Who reads params.yaml sees everything that can be set, and what happens without the file's line."""
    shipped = ROOT / "params.yaml"
    assert keys(yaml.safe_load(shipped.read_text("utf-8"))) == keys(Params().model_dump())
    assert load_params(shipped) == Params()


def test_what_is_left_out_has_its_default(load):
    assert load("") == load("train: {}") == Params()
    assert load("train: {min_df: 3}").train.min_df == 3


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("splitt: {}", r"^params\.yaml, splitt: unknown parameter; expected split, label.*Did you mean 'split'\?$"),
        ("train: {adopt: off}", r"train\.adopt: unknown parameter; expected classifier, .*Did you mean 'adapt'\?$"),
        ("label: {methd: auto}", r"label\.methd: unknown parameter; .*Did you mean 'method'\?$"),
        ("evaluate: {resample: 100}", r"evaluate\.resample: unknown parameter; .*Did you mean 'resamples'\?$"),
        ("split: {dataset: {path: n, spilt: x}}", r"split\.dataset\.spilt: unknown .*Did you mean 'split'\?$"),
        ("split: {columns: {txt: body}}", r"split\.columns\.txt: unknown parameter; .*Did you mean 'text'\?$"),
    ],
)
def test_an_unknown_key_is_named_with_its_path_and_the_nearest_name(load, text, match):
    with pytest.raises(ParamsError, match=match):
        load(text)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("split: {seed: '1'}", r"params\.yaml, split\.seed: bad parameter; expected a valid integer; got '1'"),
        ("split: {raw: 3}", r"split\.raw: bad parameter; expected a valid string; got 3"),
        ("split:", r"params\.yaml, split: bad parameter; expected a valid dictionary; got None"),
        ("split: {columns: text}", r"split\.columns: bad parameter; expected a valid dictionary; got 'text'"),
        ("split: {dataset: news}", r"split\.dataset: bad parameter; expected a valid dictionary; got 'news'"),
        (
            "split: {dataset: {path: n, keep: {a: b}}}",
            r"dataset\.keep\.a: .* expected a valid list; got 'b'",
        ),
        ("split: {dataset: {path: n, keep: {a: [[1]]}}}", r"keep\.a\.0: .* expected text, a number, true or false"),
        ("split: {dataset: {path: n, limit: 0}}", r"dataset\.limit: .* expected greater than or equal to 1; got 0"),
        ("label: {lf_folders: mine}", r"label\.lf_folders: bad parameter; expected a valid list; got 'mine'"),
        ("label: {learn_from_gold: 1}", r"label\.learn_from_gold: bad parameter; expected a valid boolean; got 1"),
        ("label: {method: vote}", r"label\.method: .* expected 'auto', 'label-model' or 'majority-vote'; got 'vote'"),
        ("label: {prior: flat}", r"label\.prior: bad parameter; expected 'uniform' or 'estimate'; got 'flat'"),
        (
            "label: {prior: [0.5, 0.2]}",
            r"label\.prior: bad parameter; expected .*at least 3 items.*; got \[0\.5, 0\.2\]",
        ),
        ("label: {prior: [0.5, 0.2, 0.2]}", r"label\.prior: bad parameter; expected shares that sum to 1; got \[0.5"),
        ("label: {empty: [2, -1, 0]}", r"label\.empty\.0: bad parameter; expected less than or equal to 1; got 2"),
        ("train: {reader: true}", r"train\.reader: bad parameter; expected a valid string; got True"),
        ("train: {encoder: 3}", r"train\.encoder: bad parameter; expected a valid string; got 3"),
        ("train: {gold_weight: none}", r"train\.gold_weight: bad parameter; expected a valid number; got 'none'"),
        ("train: {gold_weight: true}", r"train\.gold_weight: bad parameter; expected a valid number; got True"),
        ("train: {gold_weight: -1}", r"train\.gold_weight: .* expected greater than or equal to 0; got -1"),
        ("train: {gold_weight: .inf}", r"train\.gold_weight: bad parameter; expected a finite number; got inf"),
        ("train: {adapt: maybe}", r"train\.adapt: bad parameter; expected 'auto', 'on' or 'off'; got 'maybe'"),
        ("train: {classifier: {grid: {C: []}}}", r"train\.classifier\.grid\.C: .* at least 1 item.*; got \[\]"),
        ("train: {classifier: {C: 1}}", r"train\.classifier\.C: unknown parameter; expected name, params, grid"),
        ("train: {ngram_max: 5}", r"train\.ngram_max: bad parameter; expected less than or equal to 4; got 5"),
        ("train: {cv_folds: 1}", r"train\.cv_folds: bad parameter; expected greater than or equal to 2; got 1"),
        ("evaluate: {confidence: 1}", r"evaluate\.confidence: bad parameter; expected less than 1; got 1"),
        (
            "split: {dev_share: 0.5, test_share: 0.5}",
            r"split: bad parameter; expected .* so that articles train; got 0.5 and 0.5$",
        ),
        ("[1]", r"params\.yaml: bad parameter; expected a valid dictionary; got \[1\]$"),
        ("split: {", r"params\.yaml, line 2: not valid YAML \("),
        ("split: !!python/object:os.system {}", r"params\.yaml, line 1: not valid YAML"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(load, text, match):
    with pytest.raises(ParamsError, match=match) as raised:
        load(text)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("train: {gold_weight: 1e-3}", r"train\.gold_weight: .* got '1e-3'\. YAML reads this as text: write 0\.001\.$"),
        ("evaluate: {resamples: 2e3}", r"resamples: .* got '2e3'\. YAML reads this as text: write 2000\.$"),
    ],
)
def test_a_number_that_yaml_reads_as_text_is_shown_as_it_must_be_written(load, text, match):
    with pytest.raises(ParamsError, match=match):
        load(text)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (
            "train:\n  adapt: on\n  min_df: 2\n  adapt: off\n",
            r"^params\.yaml, line 4: the key 'adapt' stands twice\. Keep one",
        ),
        ("split: {}\n\nsplit: {}\n", r"^params\.yaml, line 3: the key 'split' stands twice"),
        ("split: {columns: {id: a, id: b}}", r"^params\.yaml, line 1: the key 'id' stands twice"),
    ],
)
def test_a_key_that_stands_twice_is_named_with_its_line(load, text, match):
    with pytest.raises(ParamsError, match=match):
        load(text)


@pytest.mark.parametrize(("expected", "meant"), [("on", "on"), ("off", "off"), ("auto", "auto"), ("'on'", "on")])
def test_a_switch_is_a_word_whatever_yaml_makes_of_it(load, expected, meant):
    assert load(f"train: {{adapt: {expected}}}").train.adapt == meant


@pytest.mark.parametrize(
    ("entry", "match"),
    [
        ("{kind: nli, modle: m}", r"zero_shot\.0\.modle: unknown parameter; expected model, .*Did you mean 'model'\?$"),
        ("{kind: nli, model: m, url: u}", r"zero_shot\.0\.url: unknown parameter"),
        ("{kind: nli}", r"zero_shot\.0\.model: missing parameter$"),
        ("{kind: endpoint, model: m}", r"zero_shot\.0\.url: missing parameter$"),
        ("{kind: nly, model: m}", r"zero_shot\.0\.kind: bad parameter; expected nli or endpoint; got 'nly'$"),
        ("{model: m}", r"zero_shot\.0\.kind: bad parameter; expected nli or endpoint; got None$"),
        ("nli", r"zero_shot\.0: bad parameter; expected a valid dictionary"),
        ("{kind: nli, model: m, batch: 0}", r"zero_shot\.0\.batch: bad parameter; expected greater than or equal to 1"),
        ("{kind: nli, model: m, name: My LF}", r"zero_shot\.0\.name: bad parameter; expected text of pattern"),
        ("{kind: nli, model: m, hypotheses: {opposition: [a]}}", r"0\.hypotheses\.agreement: missing parameter$"),
        ("{kind: nli, model: m, hypotheses: {oppose: [a]}}", r"hypotheses\.oppose: .*Did you mean 'opposition'\?$"),
        ("{kind: endpoint, model: m, url: 'x.org'}", r"zero_shot\.0\.url: bad parameter"),
        ("{kind: endpoint, model: m, url: 'https://me:key@x.org'}", r"zero_shot\.0\.url: bad parameter"),
        ("{kind: endpoint, model: m, url: 'https://x.org', key_env: sk-123}", r"zero_shot\.0\.key_env: bad parameter"),
    ],
)
def test_a_wrong_lf_that_asks_a_model_is_named_by_its_place_in_the_list(load, entry, match):
    with pytest.raises(ParamsError, match=rf"^params\.yaml, label\..*{match}"):
        load(f"label: {{zero_shot: [{entry}]}}")


def test_lfs_that_ask_a_model_need_no_more_than_where_it_is(load):
    nli, llm = load(
        "label: {zero_shot: [{kind: nli, model: m}, {kind: endpoint, model: m, url: 'http://localhost:8000/v1'}]}"
    ).label.zero_shot
    assert (nli.name, nli.hypotheses, llm.name, llm.prompt, llm.key_env) == ("nli", None, "llm", None, "")


def test_three_shares_are_a_prior(load):
    assert load("label: {prior: [0.2, 0.6, 0.2]}").label.prior == [0.2, 0.6, 0.2]


def test_a_missing_file_and_one_that_is_not_text_are_named(tmp_path):
    with pytest.raises(ParamsError, match=r"gone\.yaml: no such file\. Run from the project's folder\."):
        load_params(tmp_path / "gone.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ParamsError, match=r"bad\.yaml: not UTF-8 text"):
        load_params(tmp_path / "bad.yaml")


@pytest.mark.parametrize(
    ("text", "reader"), [("{}", "off"), ("train: {reader: off}", "off"), ("train: {reader: x}", "x")]
)
def test_the_word_off_is_no_truth_value(load, text, reader):
    """YAML reads it as false."""
    assert load(text).train.reader == reader
