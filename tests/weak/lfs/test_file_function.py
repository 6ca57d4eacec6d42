"""Functions of a file take along their source, and the files that they read beside it."""

import pickle
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from pipeline.base.errors import LFError
from pipeline.weak.lfs import python_lfs as file_function
from pipeline.weak.lfs.python_lfs import FileFunction, execute, unpack_and_execute

HEAD = "from pipeline.weak import labeling_function\n"
DECORATED = '@labeling_function(stance="neutral", rule="a rule", fires=["a"], quiet=["b"])\n'
SOURCE = f"""{HEAD}LIMIT = 2

{DECORATED}def short(parse):
    'Short.'
    return 1 if len(parse) < LIMIT else -1
"""


def function(source: str, folder: Path, name: str = "short", file: str = "mine.py") -> FileFunction:
    """Return a function of a file that lies in a folder."""
    source = HEAD + dedent(source)
    return FileFunction(file, source, name, script=execute(file, source, folder))


def travelled(function: FileFunction, folder: Path) -> FileFunction:
    """Return it as it comes out of a model, on a machine without its folder."""
    data = pickle.dumps(function)
    folder.rename(folder.with_name("gone"))
    return pickle.loads(data)  # noqa: S301


def test_it_answers_as_the_function_of_the_file_does():
    short = FileFunction("mine.py", SOURCE, "short")
    assert (short("a"), short("abc")) == (1, -1)


def test_it_pickles_with_its_source_and_needs_no_file():
    data = pickle.dumps(FileFunction("nowhere.py", SOURCE, "short"))
    assert b"LIMIT = 2" in data
    assert pickle.loads(data)("a") == 1  # noqa: S301


def test_a_source_out_of_a_model_is_executed_once():
    assert unpack_and_execute("mine.py", SOURCE) is unpack_and_execute("mine.py", SOURCE)
    assert unpack_and_execute("mine.py", SOURCE) is not unpack_and_execute("other.py", SOURCE)


def test_a_source_finds_its_own_module_under_its_private_name(tmp_path):
    """Dataclasses look there for what their annotations mean."""
    script = execute("own.py", SOURCE, tmp_path)
    assert sys.modules["stance_lfs_own"] is script.module


def test_what_a_source_raises_passes_through(tmp_path):
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        execute("mine.py", "1 / 0", tmp_path)


def test_a_traceback_names_the_file(tmp_path):
    with pytest.raises(SyntaxError, match=r"mine\.py"):
        execute("mine.py", "def (", tmp_path)


FACTORY = """
def about(word):
    @labeling_function(name=f"about_{word}", stance="neutral", rule="a rule", fires=["a"], quiet=["b"])
    def lf(parse):
        "A word."
        return 1 if word in parse else -1
    return lf

KEPT = [about("cod"), about("eel")]
about("ray")
"""


def test_functions_that_a_factory_makes_are_found_wherever_they_are_kept(tmp_path):
    eel = function(FACTORY, tmp_path, "about_eel")
    names = [lf.name for lf in execute("mine.py", HEAD + FACTORY, tmp_path).lfs]
    assert names == ["about_cod", "about_eel", "about_ray"]
    assert (eel("an eel"), eel("a cod")) == (1, -1)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "lfs"
    folder.mkdir()
    (folder / "_helper.py").write_text("from _deeper import LIMIT\n\ndef few(text):\n    return len(text) < LIMIT\n")
    (folder / "_deeper.py").write_text("LIMIT = 2\n")
    (folder / "words.txt").write_text("cod\neel\n")
    return folder


IMPORTING = f"""
from _helper import few

{DECORATED}def short(parse):
    "Short."
    return 1 if few(parse) else -1
"""
AT_ONCE = f"""
from pathlib import Path
WORDS = Path(__file__).with_name("words.txt").read_text("utf-8").split()

{DECORATED}def short(parse):
    "Listed."
    return 1 if parse in WORDS else -1
"""
WHEN_ASKED = f"""
import os.path

{DECORATED}def short(parse):
    "Listed."
    with open(os.path.join(os.path.dirname(__file__), "words.txt")) as file:
        return 1 if parse in file.read().split() else -1
"""


@pytest.mark.parametrize(
    ("source", "yes", "no"),
    [(IMPORTING, "a", "abc"), (AT_ONCE, "cod", "ray"), (WHEN_ASKED, "eel", "ray")],
    ids=["helper modules", "a list read at once", "a list read when asked"],
)
def test_what_lies_beside_a_file_travels_with_it(home, source, yes, no):
    short = function(source, home)
    assert (short(yes), short(no)) == (1, -1)
    again = travelled(short, home)
    assert (again(yes), again(no)) == (1, -1)
    assert pickle.dumps(again) == pickle.dumps(pickle.loads(pickle.dumps(again)))  # noqa: S301


def test_what_it_does_not_read_stays_at_home(home):
    (home / "large.bin").write_bytes(b"large")
    data = pickle.dumps(function(AT_ONCE, home))
    assert b"large" not in data
    assert b"LIMIT" not in data


def test_nothing_is_left_in_the_folder_nor_on_the_path(home):
    path = list(sys.path)
    function(IMPORTING, home)
    assert sys.path == path
    assert "_helper" not in sys.modules
    assert not (home / "__pycache__").exists()


def test_two_folders_have_their_own_helpers(home, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "_helper.py").write_text("def few(text):\n    return len(text) > 2\n")
    assert (function(IMPORTING, home)("abc"), function(IMPORTING, other)("abc")) == (-1, 1)


def test_a_helper_that_changed_is_read_again(home):
    assert function(IMPORTING, home)("abc") == -1
    (home / "_helper.py").write_text("def few(text):\n    return True\n")
    assert function(IMPORTING, home)("abc") == 1


def test_a_file_from_elsewhere_cannot_travel(home, tmp_path):
    far = tmp_path / "far.txt"
    far.write_text("cod")
    short = function(AT_ONCE.replace('Path(__file__).with_name("words.txt")', f"Path({str(far)!r})"), home)
    assert short("cod") == 1
    with pytest.raises(LFError, match=r"mine\.py, short: reads a file that cannot travel.*far\.txt.*Put it beside"):
        pickle.dumps(short)


def test_too_much_cannot_travel_either(home):
    (home / "words.txt").write_text("cod " * (file_function.MOST_BESIDE // 4 + 1))
    with pytest.raises(LFError, match="too much to travel"):
        pickle.dumps(function(AT_ONCE, home))


def test_a_name_that_points_out_of_the_folder_is_refused():
    with pytest.raises(LFError, match="points out of its folder"):
        FileFunction("mine.py", SOURCE, "short", (("../evil.txt", b""),))


LOUD = f"""
import sys
print("at once")

{DECORATED}def short(parse):
    "Loud."
    print("asked")
    sys.stdout.write("again")
    return 1
"""


def test_what_it_prints_goes_to_standard_error(tmp_path, capsys):
    loud = function(LOUD, tmp_path)
    assert loud("a") == 1
    sys.stdout.write("an answer\n")
    result = capsys.readouterr()
    assert result.out == "an answer\n"
    assert result.err == "at once\nasked\nagain"
