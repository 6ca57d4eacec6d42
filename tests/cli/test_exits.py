"""How a command line ends: exit codes, and errors on one line."""

import os
import subprocess
import sys

import pytest
import typer

from pipeline.base.errors import ArtefactError, ExtraError, InputError
from pipeline.cli import options as exits
from tests.conftest import own_logging
from tests.imports import ROOT

app = typer.Typer()


@app.command()
def fail(kind: str) -> None:
    """Fail in some way."""
    ways = {
        "input": InputError("bad row", "a.csv", got="x"),
        "artefact": ArtefactError("no such model file", "m"),
        "extra": ExtraError("needs a package", "reader"),
        "disk": OSError(28, "No space left on device", "out.csv"),
        "interrupt": KeyboardInterrupt(),
        "bug": ValueError("two\nlines"),
        "done": typer.Exit(),
    }
    raise ways[kind]


def ended(capsys, *argv):
    with own_logging(), pytest.raises(SystemExit, match=r"^\d+$") as done:
        exits.run(app, "tool", argv)
    return done.value.code, *capsys.readouterr()


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("input", 2, "error: a.csv: bad row; got x\n"),
        ("artefact", 2, "error: m: no such model file\n"),
        ("extra", 1, "error: reader: needs a package\n"),
        ("disk", 1, "error: out.csv: No space left on device\n"),
        ("interrupt", 130, ""),
        ("bug", 1, "error: ValueError: two lines (run with -v for the traceback)\n"),
        ("done", 0, ""),
    ],
)
def test_the_code_says_of_what_kind_an_error_was(capsys, kind, code, expected):
    assert ended(capsys, kind) == (code, "", expected)


def test_a_message_holds_no_control_characters(capsys):
    code, _, result = ended(capsys, "input", "\x1b[31m")
    assert (code, "\x1b" in result, "\\x1b[31m" in result) == (2, False, True)


def child(command, **env):
    """Run a shell command in which $STANCE is the command line in a process of its own; return (code, out, err)."""
    script = f"{sys.executable} -c 'from pipeline.cli.app import main; main()'"
    done = subprocess.run(
        ["sh", "-c", command.replace("$STANCE", script)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("command", "code", "err"),
    [
        ("$STANCE --version >&-", 1, "error: stdout: Bad file descriptor\n"),
        ("$STANCE --version > /dev/full", 1, "error: stdout: No space left on device\n"),
        ("$STANCE --version <&- 2>&-", 0, ""),
        ("$STANCE nonsense 2>&-", 2, ""),
        ("$STANCE predict -i - <&-", 2, "error: stdin: cannot be read (Bad file descriptor)\n"),
        ("$STANCE predict <&-", 2, "error: stdin: cannot be read (Bad file descriptor)\n"),
    ],
)
def test_closed_streams_are_named_and_no_traceback_is_shown(command, code, err):
    found, _, result = child(command)
    assert (found, result) == (code, err)


def test_a_terminal_of_no_width_gets_its_help():
    assert "--text-column" in child("$STANCE predict --help", COLUMNS="0")[1]


def test_wrong_options_name_the_help(capsys):
    code, out, result = ended(capsys, "input", "--colour")
    assert (code, out) == (2, "")
    assert result.startswith("error: No such option: --colour")
    assert result.endswith(" See `tool --help`.\n")


def test_no_arguments_ask_for_help(capsys):
    code, out, result = ended(capsys)
    assert (code, result) == (0, "")
    assert "Fail in some way." in out
    assert ended(capsys, "--help") == (code, out, result)
