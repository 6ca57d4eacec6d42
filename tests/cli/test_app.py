"""The command line: help with examples, answers in every form, and errors that are one line with an exit code."""

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline import __version__, load_model
from pipeline.base.process import running
from pipeline.base.provenance import write_sealed
from pipeline.base.stances import STANCES
from pipeline.cli.app import app
from pipeline.model.stance_model import Answers
from tests.corpus import add_lf, edit_params
from tests.imports import ROOT

VERBS = [info.name or info.callback.__name__ for info in app.registered_commands]
SENTENCES = ["Ruritania rejected the plan.", "", "Borduria and Syldavia signed a treaty.", "It rained."]
STDIN = "\n".join(SENTENCES).encode()


def rows_of(result):
    """Rows of JSON Lines; stderr has one line where some hold no sentence, else none."""
    rows = [json.loads(line) for line in result.out.splitlines()]
    blank = any(not row["text"].strip() for row in rows)
    assert (result.code, "rows without a sentence" in result.err, result.err.count("\n")) == (0, blank, blank)
    return rows


def failed(result, code, match):
    """One line on stderr, nothing on stdout."""
    assert (result.code, result.out) == (code, "")
    assert re.search(match, result.err), result.err
    assert result.err.startswith("error: ")
    assert result.err.count("\n") == 1


def test_help_shows_every_verb(stance):
    result = stance("--help")
    assert result.code == 0
    assert all(re.search(rf"\b{verb}\b", result.out) for verb in VERBS)
    assert {"split", "label", "train", "evaluate", "predict", "explain", "lfs"} <= set(VERBS)


def test_the_version_is_said(stance):
    assert stance("--version").out == f"stance {__version__}\n"


def test_no_arguments_at_all_are_a_cry_for_help(stance):
    assert stance().out == stance("--help").out


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb_has_an_example(stance, verb):
    result = stance(verb, "--help")
    assert result.code == 0
    assert re.search(rf"Examples?: stance {verb}\b", result.out)


def test_help_does_not_wait_for_heavy_libraries():
    code = "import sys; from pipeline.cli.app import main\ntry: main(['predict', '-h'])\nexcept SystemExit: pass\n"
    code += "print(sorted({'numpy', 'scipy', 'sklearn', 'pyarrow', 'pandas', 'datasets'} & set(sys.modules)))"
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert child.stdout.splitlines()[-1] == "[]"


# --- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "match"),
    [
        (["predikt"], "No such command 'predikt'. Did you mean 'predict'"),
        (["predict", "--modle", "x"], r"No such option: --modle .*--model.* See `stance predict --help`\."),
        (["predict", "--jobs", "0", "Yes."], "--jobs.*greater than or equal to 1"),
        (["predict", "--jobs"], "--jobs.* requires an argument"),
        (["explain"], "Missing argument 'sentence'"),
        (
            ["predict", "-f", "xml", "Yes."],
            "--format: unknown format; expected table, jsonl, csv, parquet, xlsx, html; got xml",
        ),
        (["predict", "-f", "parquet", "Yes."], "Parquet needs a file"),
        (["predict", "-i", "a", "Yes."], "predict: give either sentences, --input FILE, or --article FILE"),
        (["predict", "-i", "gone.csv"], "gone.csv: no such file"),
        (["predict", "-i", "gone.doc"], "gone.doc: not a kind of file that is read; expected .txt"),
        (["predict", "-o", "out.docx", "Yes."], "out.docx: no format goes by this suffix; .*got .docx. Add --format."),
        (["predict", "-o", "out.csv.gz", "Yes."], "out.csv.gz: no format goes by this suffix"),
        (["predict", "-a", "gone.txt"], "gone.txt"),
        (["split", "--params", "gone.yaml"], "gone.yaml: no such file"),
        (["split"], "params.yaml: no such file. Run from the project's folder."),
        (["lfs", "--params", "gone.yaml"], "gone.yaml: no such file"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_with_2(stance, tmp_path, monkeypatch, args, match):
    monkeypatch.chdir(tmp_path)
    failed(stance(*args), 2, match)


@pytest.mark.parametrize(
    ("verb", "section", "values", "match"),
    [
        ("split", "split", {"raw": "nowhere"}, "nowhere: no such folder.* put your articles there"),
        ("split", "split", {"raw": "empty"}, "empty: no articles; .* got an empty folder. Put articles there."),
        ("train", "train", {"adopt": 3}, "params.yaml, train.adopt: unknown parameter; .*Did you mean 'adapt'"),
        ("train", "train", {"min_df": "2"}, "params.yaml, train.min_df: bad parameter; expected a valid integer"),
        ("label", "label", {"lf_folders": ["nowhere"]}, "nowhere: no such folder of labeling functions"),
    ],
)
def test_bad_parameters_are_one_line_and_exit_with_2(stance, project, verb, section, values, match):
    (project / "empty").mkdir()
    edit_params(project, section, **values)
    failed(stance(verb), 2, match)


@pytest.mark.parametrize(
    ("verb", "file", "content", "match"),
    [
        ("split", "data/raw/more.json", b'{"text": ', r"more\.json.*not valid JSON"),
        ("split", "data/raw/more.jsonl", b'{"text"', r"more\.jsonl, line 1: not valid JSON"),
        ("split", "data/raw/more.parquet", b"PAR1", r"more\.parquet"),
        ("split", "data/raw/more.txt.gz", gzip.compress(b"text" * 99, mtime=0)[:-9], r"more\.txt\.gz"),
        ("label", "data/labeled/sentences.parquet", b"PAR1", r"sentences\.parquet: not a readable Parquet file"),
        ("label", "data/labeled/gold.jsonl", b'{"id": "a:0"}', r"gold\.jsonl, line 1: no text under 'text'"),
        ("evaluate", "data/labeled/lfs.json", b"{", r"lfs\.json: not valid JSON"),
    ],
)
def test_broken_files_are_one_line_and_exit_with_2(stance, project, verb, file, content, match):
    (project / file).write_bytes(content)
    failed(stance(verb), 2, match)


@pytest.mark.parametrize("verb", ["label", "train", "apply", "evaluate"])
def test_a_stage_without_its_inputs_says_what_to_run(stance, project, verb):
    for path in (project / "data/labeled").glob("*.parquet"):
        path.unlink()
    failed(stance(verb), 2, r"\.parquet: (no such file|missing, needed by `\w+`)\. Run `dvc repro`")


def test_parameters_that_change_meanwhile_are_noticed(stance, project, monkeypatch):
    """DVC would record the new ones as those that were used."""

    def edit(params):
        edit_params(project, "split", seed=34)
        return "done"

    monkeypatch.setattr("pipeline.split.run", edit)
    failed(stance("split", "-q"), 2, r"params\.yaml: changed while it was being used\. Run `dvc repro` again\.")


def test_a_second_stage_is_told_who_is_at_work(stance, project):
    with running(Path(".stance-cache/stage.lock"), "label"):
        failed(stance("split", "-q"), 1, r"another stage is running in this project; got `label`, process \d+\. Wait")


def test_no_gold_is_a_warning_and_a_report_without_scores(stance, project):
    (project / "data/labeled/gold.jsonl").unlink()
    result = stance("label")
    assert result.code == 0
    assert "gold.jsonl: no such file, so there are no hand labels" in result.err
    assert stance("train", "-q").code == stance("apply", "-q").code == 0
    result = stance("evaluate")
    assert result.code == 0
    assert "no hand label in the test fold, so there are no scores; what to do: docs/your-own-articles.md" in result.err
    counts = json.loads((project / "reports/metrics.json").read_text())
    assert (counts["articles"], counts["gold"]) == (12, 0)
    assert "so there are no scores" in (project / "reports/model.html").read_text("utf-8")


def test_a_stance_that_is_missing_from_the_training_data_is_named(stance, project):
    """The training fold's sentences are all cut down to neutral ones, and nobody has labelled them."""
    for path in (project / "data/raw").iterdir():
        path.write_text("\n\n".join(f"The museum of {path.stem} opens at {hour} o'clock." for hour in range(3, 9)))
    (project / "data/labeled/gold.jsonl").write_text("")
    assert (stance("split", "-q").code, stance("label", "-q").code) == (0, 0)
    failed(
        stance("train", "-q"), 1, "a stance is missing from the training sentences; got 0 opposition, .*Add articles"
    )


def test_a_label_model_of_other_labeling_functions_is_refused(stance, project):
    """`train` was called after a change of labeling functions, without `label`."""
    add_lf(project, fires=["The museum opens."], quiet=["It rained."])
    result = stance("train", "-q")
    assert result.code == 2
    assert re.fullmatch(r"error: .*labeling functions.*\n", result.err)


@pytest.mark.parametrize("value", [b"junk", {}], ids=["junk", "other"])
def test_a_label_model_that_is_none_is_refused(stance, project, value):
    packed = io.BytesIO()
    joblib.dump(value, packed)
    data = value or packed.getvalue()
    write_sealed(project / "data/labeled/label_model.joblib", data)
    match = "cannot be loaded" if value else "holds no label model; got dict"
    failed(stance("train", "-q"), 2, rf"label_model\.joblib: {match}")


class Payload:
    """Writes a file when it is unpickled."""

    def __reduce__(self):
        return open, ("was-run", "w")


def test_nothing_of_a_planted_label_model_is_run(stance, project):
    joblib.dump(Payload(), project / "data/labeled/label_model.joblib")
    failed(stance("train", "-q"), 2, r"label_model\.joblib: the file is not the one that its hash describes")
    assert not (project / "was-run").exists()


def tamper(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_a_model_file_that_is_not_there_is_one_line(stance, project):
    remedy = "Name another model, or none"
    failed(stance("predict", "--model", "m.joblib", "Yes."), 2, rf"m\.joblib: no such model file\. {remedy}")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda path: path.with_name("model.joblib.json").unlink(), "the model's manifest is missing"),
        (tamper, "the file is not the one that its manifest describes; expected SHA-256"),
        (lambda path: path.write_bytes(b""), "the file is not the one that its manifest describes"),
        (lambda path: path.with_name("model.joblib.json").write_text("{}"), "not the manifest of a stance model"),
    ],
)
def test_a_wrong_model_file_is_one_line_and_exits_with_2(stance, project, change, match):
    change(project / "models/model.joblib")
    failed(stance("predict", "Yes."), 2, match)
    failed(stance("explain", "Yes."), 2, match)


def test_an_unknown_kind_of_answer_is_refused(stance, trained, monkeypatch):
    monkeypatch.chdir(trained)
    failed(stance("predict", "--using", "clasifier", "Yes."), 2, "expected classifier or label-model.*'classifier'")


def test_an_output_that_cannot_be_written_is_one_line(stance, trained, monkeypatch):
    monkeypatch.chdir(trained)
    failed(stance("predict", "Yes.", "-o", "data"), 2, "data: a folder where a file was expected")
    failed(stance("predict", "Yes.", "-o", "params.yaml/x"), 1, "params.yaml: (Not a directory|File exists)")


def break_down(*args):
    raise ZeroDivisionError("division\nby zero")


def test_the_unforeseen_is_one_line_too_and_verbose_shows_where(stance, trained, monkeypatch):
    monkeypatch.chdir(trained)
    monkeypatch.setattr("pipeline.model.stance_model.StanceModel.abstained", break_down)
    match = r"^error: ZeroDivisionError: division by zero \(run with -v for the traceback\)$"
    failed(stance("predict", "Yes."), 1, match)
    result = stance("predict", "-v", "Yes.")
    assert (result.code, result.out) == (1, "")
    assert "in break_down" in result.err
    assert result.err.endswith("\nerror: ZeroDivisionError: division by zero\n")


# --- predict ------------------------------------------------------------------------------------------------------


@pytest.fixture
def here(trained, monkeypatch):
    """The trained project as the current folder."""
    monkeypatch.chdir(trained)
    return trained


def test_every_row_has_label_confidence_probabilities_and_abstained(stance, here):
    rows = rows_of(stance("predict", *SENTENCES[::2]))
    assert [row["text"] for row in rows] == SENTENCES[::2]
    assert [row["label"] for row in rows] == ["opposition", "agreement"]
    for row in rows:
        assert list(row) == ["text", "label", "confidence", "probabilities", "abstained"]
        assert tuple(row["probabilities"]) == STANCES
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-5)
        assert row["confidence"] == max(row["probabilities"].values()) == row["probabilities"][row["label"]]
        assert row["abstained"] in (True, False)


def test_the_command_and_python_give_the_same_answers(stance, here):
    proba = load_model(here / "models/model.joblib").predict_proba(SENTENCES)
    rows = rows_of(stance("predict", "-i", "-", stdin=STDIN))
    assert [list(row["probabilities"].values()) for row in rows] == proba.round(6).tolist()


@pytest.mark.parametrize("args", [[], ["-i", "-"]])
def test_stdin_gives_a_row_a_line_empty_lines_too(stance, here, args):
    assert [row["text"] for row in rows_of(stance("predict", *args, stdin=STDIN))] == SENTENCES


def test_arguments_win_over_a_stdin_that_nobody_asked_for(stance, here):
    assert [row["text"] for row in rows_of(stance("predict", "It rained.", stdin=STDIN))] == ["It rained."]


@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".parquet"])
def test_files_keep_number_and_order_of_rows_and_other_columns(stance, here, tmp_path, suffix):
    path = tmp_path / f"in{suffix}"
    rows = [{"text": text, "page": str(number)} for number, text in enumerate(SENTENCES)]
    if suffix == ".txt":
        path.write_bytes(STDIN)
    elif suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif suffix == ".csv":
        path.write_text("page,text\n" + "".join(f'{row["page"]},"{row["text"]}"\n' for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    found = rows_of(stance("predict", "-i", path))
    assert [row["text"] for row in found] == SENTENCES
    assert suffix == ".txt" or [row["page"] for row in found] == ["0", "1", "2", "3"]


def test_the_text_can_stand_in_another_column(stance, here, tmp_path):
    (tmp_path / "in.csv").write_text("body\nYes.\n")
    (row,) = rows_of(stance("predict", "-i", tmp_path / "in.csv", "--text-column", "body"))
    assert (row["body"], row["text"]) == ("Yes.", "Yes.")


def test_rows_that_look_like_articles_are_told_of(stance, here, tmp_path):
    (tmp_path / "in.csv").write_text(
        'body\n"The two towns agreed on a bridge.\n\nIt will be built by spring."\n"Yes\nNo"\n'
    )
    result = stance("predict", "-i", tmp_path / "in.csv", "--text-column", "body")
    assert (len(result.out.splitlines()), result.code) == (2, 0)
    assert "in.csv: 1 row looks like an article, and each was answered as one sentence; -a FILE" in result.err
    assert "-a FILE" in stance("predict", "-i", tmp_path / "in.csv").err


def test_what_is_new_in_the_folder_of_labeling_functions_is_told_until_the_model_knows_it(stance, project):
    entry = {"name": "own", "stance": "neutral", "rule": "none", "why": "none", "kind": "phrase", "cues": ["museum"]}
    entry |= {"fires": ["The museum opens."], "quiet": ["It rained."]}
    for verb in (["explain"], ["predict"]):
        assert stance(*verb, "The museum opens.").err == ""
    Path("lfs").mkdir(exist_ok=True)
    Path("lfs/own.yaml").write_text(json.dumps({"lfs": [entry]}))
    for verb in (["explain"], ["predict"]):
        (line,) = stance(*verb, "The museum opens.").err.splitlines()
        assert line.endswith("which does not know what is new. Run `dvc repro`.")
    for verb in ("label", "train"):
        assert stance(verb).code == 0
    assert stance("explain", "The museum opens.").err == ""


def test_columns_called_like_the_answers_are_kept(stance, here, tmp_path):
    mine = {"label": "A", "confidence": 1, "probabilities": "B", "abstained": "C", "explanation": "D", "page": 2}
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": "Yes.", **mine}))
    (row,) = rows_of(stance("predict", "-i", tmp_path / "in.jsonl"))
    assert {name: row.get("page" if name == "page" else f"input_{name}") for name in mine} == mine
    assert row["label"] in STANCES
    assert "explanation" not in row


@pytest.mark.parametrize("jobs", [1, 2])
def test_batches_are_shared_by_the_processes_asked_for(stance, here, monkeypatch, jobs):
    asked = []

    def answer_batches(model, batches, n_jobs, *, explain):
        for batch in batches:
            asked.append((len(batch.texts), n_jobs))
            yield Answers(np.full((len(batch.texts), 3), 1 / 3), [], [])

    monkeypatch.setattr("pipeline.model.stance_model.StanceModel.answer_batches", answer_batches)
    assert stance("predict", "--jobs", jobs, stdin=b"Yes.\n" * 8_001).code == 0
    assert asked == [(4_000, jobs), (4_000, jobs), (1, jobs)]


def test_more_rows_than_a_batch_keep_number_and_order(stance, here, monkeypatch):
    monkeypatch.setattr("pipeline.predict.BATCH", 7)
    texts = [f"Party {number} met." for number in range(50)]
    rows = rows_of(stance("predict", stdin="\n".join(texts).encode()))
    assert [row["text"] for row in rows] == texts


def test_an_article_is_split_first_and_offsets_lead_back(stance, here):
    path = here / "data/raw/story-03.txt"
    rows = rows_of(stance("predict", "-a", path))
    text = path.read_text().rstrip("\n")
    assert [row["index"] for row in rows] == list(range(7))
    assert [text[row["start"] : row["end"]] for row in rows] == [row["text"] for row in rows] == text.split("\n\n")


def test_several_articles_of_one_file_are_told_apart(stance, here, tmp_path):
    (tmp_path / "two.jsonl").write_text('{"id": "x", "text": "Oslo agreed."}\n{"id": "y", "text": "Oslo refused."}\n')
    rows = rows_of(stance("predict", "-a", tmp_path / "two.jsonl"))
    assert [(row["article_id"], row["text"]) for row in rows] == [("two#x", "Oslo agreed."), ("two#y", "Oslo refused.")]


def test_the_column_of_an_articles_text_can_be_named(stance, here, tmp_path):
    (tmp_path / "in.csv").write_text('id,body,text\nx,"Oslo agreed. Rome refused.",Title\n')
    rows = rows_of(stance("predict", "-a", tmp_path / "in.csv", "--text-column", "body"))
    assert [row["text"] for row in rows] == ["Oslo agreed.", "Rome refused."]


def test_csv_and_table_go_to_stdout(stance, here):
    lines = list(csv.DictReader(io.StringIO(stance("predict", "-f", "csv", stdin=STDIN).out)))
    assert [row["text"] for row in lines] == SENTENCES
    assert {"label", "confidence", "abstained", "p_opposition", "p_neutral", "p_agreement"} <= set(lines[0])
    table = stance("predict", "-f", "table", stdin=STDIN).out.splitlines()
    assert len(table) == 4
    assert re.match(r"opposition +[01]\.\d\d[? ] Ruritania rejected the plan\.$", table[0])


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet", "txt", "CSV"])
def test_the_name_of_the_output_says_its_format(stance, here, tmp_path, suffix):
    path = tmp_path / f"new/out.{suffix}"
    assert stance("predict", "-o", path, stdin=STDIN).code == 0
    if suffix == "parquet":
        assert pq.read_table(path)["text"].to_pylist() == SENTENCES
    elif suffix.lower() == "csv":
        assert [row["text"] for row in csv.DictReader(path.open())] == SENTENCES
    else:
        assert len(path.read_text().splitlines()) == len(SENTENCES)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet", "table"])
def test_explanations_fit_into_every_format(stance, here, tmp_path, form):
    assert stance("predict", "--explain", "-f", form, "-o", tmp_path / "out", stdin=STDIN).code == 0
    if form == "jsonl":
        rows = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
        assert [row["explanation"]["label"] for row in rows] == [row["label"] for row in rows]
    elif form == "parquet":
        assert all(row["explanation"]["reason"] for row in pq.read_table(tmp_path / "out").to_pylist())
    else:
        assert "reject" in (tmp_path / "out").read_text()


def test_the_label_model_can_answer_alone(stance, here):
    by_model, by_lfs = (
        rows_of(stance("predict", "--using", using, SENTENCES[0]))[0] for using in ("classifier", "label-model")
    )
    assert by_model["label"] == by_lfs["label"] == "opposition"
    assert by_model["probabilities"] != by_lfs["probabilities"]


def test_a_broken_row_leaves_no_output(stance, here, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"text": "a"}\n' * 3 + "{")
    failed(stance("predict", "-i", tmp_path / "in.jsonl", "-o", tmp_path / "out.csv"), 2, "in.jsonl, line 4")
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_empty_input_gives_empty_output_and_says_so(stance, here, tmp_path):
    result = stance("predict", "-i", "-")
    assert (result.code, result.out, result.err) == (0, "", "stdin: no sentence in it\n")
    (tmp_path / "in.csv").write_text("text\n")
    result = stance("predict", "-i", tmp_path / "in.csv", "-o", tmp_path / "out.csv")
    assert (result.code, result.err) == (0, f"{tmp_path / 'in.csv'}: no sentence in it\n")
    assert (tmp_path / "out.csv").read_text().startswith("text,label,")


def test_rows_without_a_sentence_are_counted(stance, here):
    result = stance("predict", "-i", "-", stdin=b"It rained.\n\n  \n")
    assert [row["text"].strip() for row in rows_of(result)] == ["It rained.", "", ""]
    assert result.err == "stdin: rows without a sentence: 2; their answers mean nothing\n"


@pytest.mark.parametrize("verb", ["predict", "explain"])
def test_an_empty_argument_is_no_sentence(stance, here, verb):
    failed(stance(verb, " "), 2, r"argument 1: no sentence; got ' '$")


def test_a_reader_that_goes_away_is_no_error(here, tmp_path):
    """`stance predict ... | head -1` ends quietly in every format; so does a locale without UTF-8."""
    (tmp_path / "in.txt").write_text("Zürich rejected the plan.\n" * 4000, "utf-8")
    for form in ("jsonl", "table"):
        child = subprocess.Popen(
            [sys.executable, "-m", "pipeline", "predict", "-i", tmp_path / "in.txt", "-f", form],
            env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert "Zürich" in child.stdout.readline().decode("utf-8")
        child.stdout.close()
        assert (child.stderr.read(), child.wait()) == (b"", 0)
        child.stderr.close()


# --- the other verbs ----------------------------------------------------------------------------------------------


def test_explain_shows_what_fired(stance, here):
    result = stance("explain", SENTENCES[0])
    assert result.code == 0
    assert "reject" in result.out
    assert "opposition" in result.out


def test_lfs_are_listed_described_and_checked(stance, here):
    names = [line.split()[0] for line in stance("lfs").out.split("\n\n")[0].splitlines()]
    assert len(names) >= 40
    assert stance("lfs", names[0]).out.startswith(f"{names[0]}\n")
    failed(stance("lfs", names[0] + "x"), 2, f"no such labeling function. Did you mean '{names[0]}'")
    assert re.fullmatch(rf"\d+ examples of {len(names)} labeling functions hold\.\n", stance("lfs", "--check").out)


@pytest.mark.parametrize("content", ["[]", '{"lfs": 5}', '{"lfs": ["reject"]}', "{}", "{"])
def test_a_broken_report_of_lfs_is_left_out_with_a_warning(stance, project, content):
    (project / "data/labeled/lfs.json").write_text(content)
    result = stance("lfs")
    assert result.code == 0
    assert re.fullmatch(r".*lfs\.json: not a report of labeling functions, so it is left out\..*\n", result.err)
    assert "labeling functions; `stance lfs NAME` explains one." in result.out


def test_quiet_stages_say_nothing_and_verbose_ones_more(stance, project):
    assert stance("split", "-q").out == ""
    normal, verbose = stance("split"), stance("split", "-v")
    assert normal.out == verbose.out == "split: 12 articles (5 train, 3 dev, 4 test), 84 sentences\n"
    assert len(verbose.err) > len(normal.err)
