"""What the pages of the documentation show, tried out (2 s: all labeling functions are loaded)."""

import re
import shlex
from pathlib import Path

import pytest
import typer
import yaml

from pipeline.base.params import LabelParams, Params
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.cli.app import app
from pipeline.weak.cues.language import parse_cues
from pipeline.weak.cues.matcher import Matcher
from pipeline.weak.cues.tokens import tokenize_all
from pipeline.weak.lf_analysis import failing_examples
from pipeline.weak.lfs.lf_set import LFSet
from pipeline.weak.loading import load_lfs
from pipeline.weak.zero_shot.endpoint import UNSURE
from pipeline.weak.zero_shot.nli import zero_shot_lfs
from tests.markdown import FENCED, code_of, files_of, rows_of
from tests.weak.model_server import model_server

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "data/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LF_PAGE = (ROOT / "docs/labeling-functions.md").read_text("utf-8")

COMMAND = re.compile(r"(?:^|[|$] *)(?:\.venv/bin/)?stance (?=[a-z-])(.*)")
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")
PARAMETER = re.compile(r"(?:split|label|train|evaluate)(?:\.\w+)+")


def commands():
    for page in PAGES:
        for line in code_of(page.read_text("utf-8")):
            if found := COMMAND.search(line):
                yield pytest.param(found[1], id=f"{page.name}: {found[1][:60]}")


@pytest.fixture(scope="module")
def documented(tmp_path_factory):
    """Return all LFs, and the numbers of those that the page shows, loaded from a folder of the page's files."""
    folder = tmp_path_factory.mktemp("my_lfs")
    for name, text in files_of(LF_PAGE).items():
        (folder / name).write_text(text, "utf-8")
    lfs = load_lfs(folder)
    return lfs, [lf for lf in lfs if any(Path(name).stem in lf.source for name in files_of(LF_PAGE))]


def test_the_files_shown_hold_on_their_own_examples(documented):
    """The YAML and the Python file load beside the shipped ones, replace none, and vote as their examples say."""
    lfs, shown = documented
    assert {lf.name for lf in shown} == {
        "boats_at_odds",
        "shared_catch",
        "roll_call",
        "poached_cod",
        "poached_herring",
        "match_report",
    }
    assert len(lfs) == len(load_lfs()) + len(shown)
    assert not [(lf.name, text) for lf, text, _ in failing_examples(lfs) if lf in shown]


@pytest.mark.parametrize(("sentence", "vote", "why"), rows_of(LF_PAGE, "sentence", "vote", "why"))
def test_votes_are_as_the_tables_say(documented, sentence, vote, why):
    """Scope, exceptions, and what a Python function returns."""
    lfs, shown = documented
    alone = LFSet(shown, lfs.idioms)
    cast = alone.vote(sentence)
    assert len(cast) <= 1
    result = "nothing"
    for number, (stance, strength) in cast.items():
        weakly = ", weakly" if strength < alone[number].strength / 2 else ""
        result = f"{STANCES[stance]}{weakly}" if stance != ABSTAIN else result
    assert result == vote, why


@pytest.mark.parametrize(("cue", "finds", "misses"), rows_of(LF_PAGE, "cue", "finds", "does not find"))
def test_cues_find_what_the_table_says(cue, finds, misses):
    """Every element of the language, on a sentence with it and one without."""
    matcher = Matcher((0, parsed) for parsed in parse_cues(cue.strip("`"), {}))
    assert len(matcher.find(tokenize_all([finds])).cue)
    assert not len(matcher.find(tokenize_all([misses])).cue)


def test_the_example_for_ones_own_folder_holds(tmp_path):
    (block,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "lfs/README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "own.yaml").write_text(block, "utf-8")
    lfs = load_lfs(tmp_path)
    assert "walk_out" in lfs.names
    assert [lf.name for lf, *_ in failing_examples(lfs) if lf.name == "walk_out"] == []


def test_models_can_be_asked_as_shown(monkeypatch, tmp_path):
    """Two examples are read as parameters; the second reaches a server with its options, and asks for what is read."""
    monkeypatch.chdir(tmp_path)
    shown = [yaml.safe_load(body)["label"] for _, body in FENCED.findall(LF_PAGE) if "zero_shot:" in body]
    first, (forced,) = (LabelParams(**label).model_dump()["zero_shot"] for label in shown)
    assert [entry["kind"] for entry in first] == ["nli", "endpoint"]
    with model_server() as server:
        (lf,) = zero_shot_lfs([{**forced, "url": server.url}])
        assert lf.function.votes(["Dinner is at eight."]) == [(STANCES.index("neutral"), 0.9)]
    (request,) = server.requests
    assert {name: request[name] for name in forced["options"]} == shown[1]["zero_shot"][0]["options"]
    answer = request["response_format"]["json_schema"]["schema"]["items"]
    assert answer["properties"]["stance"]["enum"] == [*STANCES, UNSURE]
    assert answer["required"] == list(answer["properties"]) == ["stance", "certainty"]


def test_tables_were_found():
    """A changed heading must not silence the tests above."""
    assert len(rows_of(LF_PAGE, "sentence", "vote", "why")) >= 10
    assert len(rows_of(LF_PAGE, "cue", "finds", "does not find")) >= 5
    assert len(list(commands())) >= 15


@pytest.mark.parametrize("line", list(commands()))
def test_commands_exist(line):
    """Every `stance` command line names an existing verb, and options that it has."""
    words = shlex.split(line, comments=True)
    words = words[: next((i for i, word in enumerate(words) if word in "|&><;"), len(words))]
    group = typer.main.get_command(app)
    if words and words[0] not in group.commands:
        assert words[0] in ("--help", "-h")
        return
    verb = group.commands[words[0]]
    with typer.Context(verb) as context:
        arguments = [word for word in words[1:] if word not in ("...", "--help", "-h")]
        verb.make_parser(context).parse_args(arguments)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """Links inside the repository name a file of it."""
    links = [link for link in LINK.findall(page.read_text("utf-8")) if "://" not in link]
    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_parameters_exist(page):
    """Parameters are named as params.yaml has them."""
    named = [word for code in code_of(page.read_text("utf-8")) for word in PARAMETER.findall(code)]
    known = flat_names(Params().model_dump())
    assert not {word for word in named if not word.endswith((".py", ".parquet", ".joblib"))} - known


def flat_names(values, prefix=""):
    """Return the dotted names of nested parameters, sections included."""
    found = set()
    for key, value in values.items():
        found |= {f"{prefix}{key}"} | (flat_names(value, f"{prefix}{key}.") if isinstance(value, dict) else set())
    return found
