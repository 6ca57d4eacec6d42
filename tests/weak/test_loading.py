"""Loading labeling functions: a user's own files beside the shipped ones, and errors that say where."""

import logging
import pickle

import pytest

from pipeline.base.errors import LFError
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak import loading
from pipeline.weak.loading import load_lfs

YAML = """\
sets:
  fish: [(cod|herring)~n]
  catch: ["{fish}", prawns]
idioms:
  - red herring~n
lfs:
  - name: fish_row
    stance: opposition
    negated: agreement
    strength: 0.5
    rule: "opposition: disputes"
    why: Quarrels over fish.
    cues: ["squabble~v ..3 {catch} =0.25; herring-bone row~n"]
    exceptions: [squabble~v about cod]
    fires: [The islands squabble over herring.]
    quiet: [The islands eat herring.]
"""

PYTHON = '''\
from pipeline.base.stances import ABSTAIN, AGREEMENT
from pipeline.weak import labeling_function
from pipeline.weak.lfs.shipped import open_question  # of another module: not this file's

LIMIT = 3


@labeling_function(stance="agreement", rule="4: hope", fires=["Cheers, all!"], quiet=["All is well."])
def cheers(parse):
    """Short cheers are friendly."""
    return (AGREEMENT, 0.75) if "cheers" in parse.tokens[:LIMIT] else ABSTAIN


alias = cheers
'''


@pytest.fixture(scope="module")
def shipped():
    return load_lfs()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.yaml").write_text(YAML, "utf-8")
    (tmp_path / "mine.py").write_text(PYTHON, "utf-8")
    return tmp_path


def votes(lfs, text):
    return {lfs.names[j]: vote for j, vote in lfs.vote(text).items()}


def named(lfs, name):
    return lfs[lfs.names.index(name)]


class TestUserFolder:
    def test_its_lfs_come_behind_the_shipped_ones_in_the_order_of_file_names(self, folder, shipped):
        assert load_lfs(folder).names == (*shipped.names, "cheers", "fish_row")

    def test_a_yaml_lf_is_what_its_file_says(self, folder):
        lf = named(load_lfs(folder), "fish_row")
        assert (lf.stance, lf.negated, lf.strength, lf.kind) == (OPPOSITION, AGREEMENT, 0.5, "verb")
        assert (lf.source, lf.rule, lf.why) == ("mine.yaml", "opposition: disputes", "Quarrels over fish.")
        assert [cue.source for cue in lf.cues] == ["squabble~v ..3 {catch} =0.25", "herring-bone row~n"]
        assert (len(lf.exceptions), lf.fires) == (1, ("The islands squabble over herring.",))

    def test_sets_may_use_earlier_sets(self, folder):
        assert named(load_lfs(folder), "fish_row").cues[0].words[1] == {"cod", "cods", "herring", "herrings", "prawns"}

    def test_its_lfs_vote(self, folder):
        lfs = load_lfs(folder)
        assert votes(lfs, "The islands squabble over cod.")["fish_row"] == (OPPOSITION, 0.25)
        assert votes(lfs, "Cheers, all!")["cheers"] == (AGREEMENT, 0.75)

    def test_its_exceptions_and_idioms_count(self, folder):
        lfs = load_lfs(folder)
        assert "fish_row" not in votes(lfs, "The islands squabble about cod.")
        assert any(cue.source == "red herring~n" for cue in lfs.idioms)

    def test_an_lf_of_the_same_name_takes_the_place_of_the_shipped_one(self, folder, shipped):
        own = YAML.replace("fish_row", "open_question").replace("stance: opposition", "stance: neutral")
        (folder / "mine.yaml").write_text(own, "utf-8")
        lfs = load_lfs(folder)
        assert lfs.names[:-1] == shipped.names
        assert (named(lfs, "open_question").source, named(lfs, "open_question").function) == ("mine.yaml", None)

    def test_a_later_folder_wins_over_an_earlier(self, folder, tmp_path_factory):
        later = tmp_path_factory.mktemp("later")
        (later / "z.yaml").write_text(YAML.replace("Quarrels over fish.", "Another reason."), "utf-8")
        assert named(load_lfs(folder, later), "fish_row").why == "Another reason."
        assert named(load_lfs(later, folder), "fish_row").why == "Quarrels over fish."

    def test_other_files_and_hidden_ones_are_passed_over(self, folder, shipped):
        for name in ("notes.txt", "_draft.yaml", ".hidden.py"):
            (folder / name).write_text("): no LF", "utf-8")
        assert len(load_lfs(folder)) == len(shipped) + 2

    def test_yml_is_yaml(self, folder):
        (folder / "mine.yaml").rename(folder / "mine.yml")
        assert named(load_lfs(folder), "fish_row").source == "mine.yml"

    def test_a_folder_without_any_file_of_labeling_functions_is_warned_of(self, tmp_path, shipped, caplog):
        (tmp_path / "notes.txt").write_text("none", "utf-8")
        with caplog.at_level(logging.WARNING, "pipeline.weak.loading"):
            assert load_lfs(tmp_path).names == shipped.names
        assert caplog.messages == [f"{tmp_path}: no labeling functions here; expected files *.yaml, *.yml, *.py"]

    def test_a_python_file_may_hold_dataclasses_with_postponed_annotations(self, tmp_path):
        made = "@dataclass\nclass Reach:\n    left: int = 3\n\n\nLIMIT = Reach().left"
        imports = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        (tmp_path / "mine.py").write_text(imports + PYTHON.replace("LIMIT = 3", made), "utf-8")
        assert votes(load_lfs(tmp_path), "Cheers, all!")["cheers"] == (AGREEMENT, 0.75)

    @pytest.mark.parametrize(
        ("name", "text", "warning"),
        [
            ("empty.yaml", "", "no labeling functions in it"),
            ("comment.yaml", "# nothing yet\n", "no labeling functions in it"),
            ("none.yaml", "lfs: []\n", "no labeling functions in it"),
            ("helper.py", "LIMIT = 3\n", "no labeling function in it; the name of a file that only helps others"),
        ],
    )
    def test_a_file_that_adds_nothing_is_warned_of(self, name, text, warning, tmp_path, shipped, caplog):
        (tmp_path / name).write_text(text, "utf-8")
        with caplog.at_level(logging.WARNING, "pipeline.weak.loading"):
            assert load_lfs(tmp_path).names == shipped.names
        assert len(caplog.messages) == 1
        assert caplog.messages[0].startswith(f"{tmp_path / name}: {warning}")

    def test_word_sets_alone_are_not_warned_of(self, tmp_path, caplog):
        (tmp_path / "sets.yaml").write_text("sets:\n  boat: [cutter~n]\n", "utf-8")
        with caplog.at_level(logging.WARNING, "pipeline.weak.loading"):
            load_lfs(tmp_path)
        assert caplog.messages == []

    def test_a_factory_makes_lfs_with_names_of_their_own(self, tmp_path):
        made = PYTHON.replace("@labeling_function(", "def of(name): return labeling_function(name=name, ").replace(
            "def cheers(parse)", "@of('cheers_two')\n@of('cheers_one')\ndef cheers(parse)"
        )
        (tmp_path / "mine.py").write_text(made, "utf-8")
        assert load_lfs(tmp_path).names[-2:] == ("cheers_one", "cheers_two")

    def test_two_of_one_name_in_a_python_file_are_refused(self, tmp_path):
        (tmp_path / "mine.py").write_text(PYTHON + PYTHON[PYTHON.index("@labeling") :], "utf-8")
        with pytest.raises(LFError, match=r"mine\.py, LF 'cheers': two of one name.*name="):
            load_lfs(tmp_path)

    @pytest.mark.parametrize(
        ("old", "new"),
        [("cod|herring)~n]", "cod|herring)~n, no]"), ("squabble~v about cod", "yes"), ("fish: [", "no: [")],
    )
    def test_unquoted_no_and_yes_get_a_hint(self, folder, old, new):
        (folder / "mine.yaml").write_text(YAML.replace(old, new, 1), "utf-8")
        with pytest.raises(LFError, match=r"mine\.yaml.*YAML reads no, yes, on and off as false and true"):
            load_lfs(folder)

    def test_proper_names_take_their_words_from_every_cue(self, folder):
        text = YAML.replace("idioms:", "proper_names:\n  - herring quay~n\nidioms:")
        (folder / "mine.yaml").write_text(text, "utf-8")
        lfs = load_lfs(folder)
        assert "fish_row" in votes(lfs, "They squabble over herring.")
        assert "fish_row" not in votes(lfs, "They squabble by the Herring Quay.")
        assert "fish_row" not in votes(pickle.loads(pickle.dumps(lfs)), "They squabble by the Herring Quay.")  # noqa: S301

    def test_python_lfs_pickle_and_need_their_file_no_more(self, folder):
        data = pickle.dumps(load_lfs(folder))
        for file in folder.iterdir():
            file.unlink()
        lfs = pickle.loads(data)  # noqa: S301
        assert votes(lfs, "Cheers, all!")["cheers"] == (AGREEMENT, 0.75)
        assert votes(lfs, "The islands squabble over cod.")["fish_row"] == (OPPOSITION, 0.25)

    def test_a_set_of_lfs_pickles_to_what_it_was(self, folder):
        lfs = load_lfs(folder)
        again = pickle.loads(pickle.dumps(lfs))  # noqa: S301
        assert (again.names, again.idioms) == (lfs.names, lfs.idioms)
        assert votes(again, "Will they sign?")["open_question"][0] == NEUTRAL


class TestErrors:
    @pytest.fixture(autouse=True)
    def nothing_shipped(self, tmp_path_factory, monkeypatch):
        """Read only the file in question: the errors are the same, and each test is quick."""
        monkeypatch.setattr(loading, "SHIPPED", tmp_path_factory.mktemp("shipped"))

    def refused(self, tmp_path, name, text):
        (tmp_path / name).write_text(text, "utf-8")
        with pytest.raises(LFError, match=name) as error:
            load_lfs(tmp_path)
        return str(error.value)

    def test_a_missing_folder_is_named(self, tmp_path):
        with pytest.raises(LFError, match=r"nowhere: no such folder of labeling functions.*lf_folders"):
            load_lfs(tmp_path / "nowhere")

    def test_an_unknown_field_is_named_with_file_lf_and_nearest_field(self, tmp_path):
        result = self.refused(tmp_path, "bad.yaml", YAML.replace("strength:", "strenght:"))
        assert "LF 'fish_row': unknown field 'strenght'" in result
        assert "Did you mean 'strength'?" in result

    def test_a_misspelt_field_is_named_before_the_one_that_is_missing_for_it(self, tmp_path):
        result = self.refused(tmp_path, "bad.yaml", YAML.replace("cues:", "cuess:"))
        assert "LF 'fish_row': unknown field 'cuess'" in result
        assert "Did you mean 'cues'?" in result

    def test_an_unknown_section_is_named_with_the_nearest(self, tmp_path):
        result = self.refused(tmp_path, "bad.yaml", YAML.replace("idioms:", "idiom:"))
        assert "unknown field 'idiom'" in result
        assert "Did you mean 'idioms'?" in result

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("stance: opposition", "stance: against", "bad field 'stance'; expected 'opposition'"),
            ("strength: 0.5", "strength: 2", "bad field 'strength'; expected less than or equal to 1"),
            ("strength: 0.5", "kind: adverb", "bad field 'kind'; expected 'verb', 'noun' or 'phrase'"),
            ("    why: Quarrels over fish.\n", "", "bad field 'why'; expected Field required"),
            ("cues: [", "cues: [3, ", "bad field 'cues.0'; expected a valid string"),
            (
                "fires: [The islands squabble over herring.]",
                "fires: []",
                "bad field 'fires'; expected a list of at least 1 item",
            ),
            ("{catch}", "{cash}", "cues: no word set 'cash'; there are "),
            ("squabble~v ..3", "squabble~w ..3", "cues: cannot read the cue element 'squabble~w'"),
            ("squabble~v about cod", '"..2 cod"', "exceptions: cue '..2 cod' must begin and end with a word"),
        ],
    )
    def test_a_bad_field_is_named_with_file_and_lf(self, tmp_path, old, new, expected):
        assert old in YAML
        message = self.refused(tmp_path, "bad.yaml", YAML.replace(old, new))
        assert "LF 'fish_row'" in message
        assert expected in message

    def test_a_bad_name_is_shown(self, tmp_path):
        assert "got 'Fish row'" in self.refused(tmp_path, "bad.yaml", YAML.replace("fish_row", "Fish row"))

    def test_an_lf_without_a_name_is_named_by_its_number(self, tmp_path):
        result = self.refused(tmp_path, "bad.yaml", YAML.replace("- name: fish_row\n    stance", "- stance"))
        assert "LF 'number 1': bad field 'name'" in result

    def test_a_bad_set_or_idiom_is_named(self, tmp_path):
        assert "sets, catch: no word set 'fishes'" in self.refused(
            tmp_path, "bad.yaml", YAML.replace('["{fish}"', '["{fishes}"')
        )
        assert "idioms: cannot read" in self.refused(
            tmp_path, "bad.yaml", YAML.replace("herring~n\nlfs", "herring~m\nlfs")
        )

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("lfs: [", "not valid YAML"),
            ("- 1\n", "bad field 'top level'; expected a valid dictionary; got [1]"),
            ("lfs: [one]\n", "bad field 'lfs.0'"),
        ],
    )
    def test_a_file_of_another_shape_is_refused(self, tmp_path, text, expected):
        assert expected in self.refused(tmp_path, "bad.yaml", text)

    @pytest.mark.parametrize("key", ["    why: twice.\n", "lfs: []\n", "sets: {}\n"])
    def test_a_key_that_stands_twice_is_refused_with_its_line(self, tmp_path, key):
        """Plain YAML would forget what stands under the first of the two."""
        result = self.refused(tmp_path, "bad.yaml", YAML + key)
        assert f"line {YAML.count(chr(10)) + 1}: the key {key.split(':')[0].strip()!r} stands twice" in result

    @pytest.mark.parametrize("cues", ['""', '" ; "'])
    def test_a_string_without_a_cue_is_refused(self, tmp_path, cues):
        result = self.refused(tmp_path, "bad.yaml", YAML.replace("cues: [", f"cues: [{cues}, "))
        assert "LF 'fish_row', cues: no cue in" in result

    def test_a_file_that_is_not_utf_8_is_refused(self, tmp_path):
        (tmp_path / "bad.yaml").write_bytes(b"why: \xff\xfe")
        with pytest.raises(LFError, match=r"bad\.yaml: not UTF-8 text"):
            load_lfs(tmp_path)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("def (", "fails on import (SyntaxError"),
            ("import nowhere_to_be_found", "fails on import (ModuleNotFoundError"),
            ("1 / 0", "fails on import (ZeroDivisionError: division by zero)"),
            ("import sys\nsys.exit()", "fails on import (SystemExit"),
            ("raise ValueError('a\\nb')", "fails on import (ValueError: a b)"),
            (PYTHON.replace('stance="agreement"', 'stance="agrement"'), "bad.py, LF 'cheers': unknown stance; "),
            (PYTHON.replace('["Cheers, all!"]', '"Cheers!"'), "bad.py, LF 'cheers': bad field 'fires'; "),
            (PYTHON.replace('"""Short cheers are friendly."""', "pass"), "bad.py, LF 'cheers': labeling function with"),
        ],
    )
    def test_a_python_file_that_fails_is_named(self, tmp_path, text, expected):
        assert expected in self.refused(tmp_path, "bad.py", text)

    def test_two_lfs_of_one_name_in_a_folder_are_refused(self, folder):
        (folder / "other.yaml").write_text(YAML, "utf-8")
        with pytest.raises(LFError, match=r"other\.yaml, LF 'fish_row': two of one name; got one in mine\.yaml too"):
            load_lfs(folder)
