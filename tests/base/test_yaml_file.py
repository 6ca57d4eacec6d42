"""YAML: plain values, and whatever is wrong is named with its line."""

import pytest

from pipeline.base.errors import InputError, LFError
from pipeline.base.files import read_yaml


def put(tmp_path, text):
    path = tmp_path / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing\n", None),
        ("\ufeffa: [1, no, 2001-05-03x]", {"a": [1, False, "2001-05-03x"]}),
        ("base: &b {x: 1}\nmore: {<<: *b, y: 2}", {"base": {"x": 1}, "more": {"x": 1, "y": 2}}),
    ],
)
def test_values(tmp_path, text, value):
    assert read_yaml(put(tmp_path, text)) == value


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("a: 1\nb: 2\na: 3\n", r"a\.yaml, line 3: the key 'a' stands twice\. Keep one of the two lines\."),
        ("a: {b: 1, b: 2}", r"line 1: the key 'b' stands twice"),
        ("? [a]\n: 1", r"a\.yaml, line 1: not valid YAML \(.*unhashable"),
        ("a: [1,\n", r"a\.yaml, line \d: not valid YAML"),
        ("a: !!python/object:os.system {}", r"a\.yaml, line 1: not valid YAML"),
        (b"a: \xff", r"a\.yaml: not UTF-8 text \(invalid start byte at byte 4\)"),
        ("a: \x00", r"a\.yaml.*: not valid YAML"),
        ("[" * 5_000, r"a\.yaml.*: not (valid|readable) YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, match):
    with pytest.raises(LFError, match=match):
        read_yaml(put(tmp_path, text), LFError)


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(InputError, match=r"gone\.yaml: no such file\. Run it elsewhere\."):
        read_yaml(tmp_path / "gone.yaml", missing="Run it elsewhere.")
