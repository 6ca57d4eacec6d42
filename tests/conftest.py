"""A small project on which every stage has run, and the command line as a function."""

import io
import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings

from pipeline.cli.app import main
from pipeline.weak.lfs.lf_set import LFSet
from tests.corpus import write_project
from tests.tiny_encoder import make_base

# a busy machine fails no test
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

STAGES = ("split", "label", "train", "apply", "evaluate")


@dataclass(frozen=True)
class Said:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@contextmanager
def own_logging() -> Iterator[None]:
    """Put the package's logger back as it was: the command line sets it up for a whole process."""
    logger = logging.getLogger("pipeline")
    before = logger.handlers[:], logger.level, logger.propagate
    try:
        yield
    finally:
        logger.handlers[:], logger.level, logger.propagate = before


def exit_code(*args: str) -> int:
    """Run the command line in this process and return its exit code."""
    with own_logging():
        try:
            main(args)
        except SystemExit as done:
            return int(done.code or 0)
    return 0


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """The folder of a project on which every stage has run; look, do not touch."""
    folder = write_project(tmp_path_factory.mktemp("trained"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for verb in STAGES:
            assert exit_code(verb, "-q") == 0
    return folder


@pytest.fixture
def project(trained, tmp_path, monkeypatch):
    """A copy of it to work in; the current folder."""
    folder = shutil.copytree(trained, tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def base(tmp_path_factory):
    """The folder of a tiny encoder; skips where the extra `reader` is not installed."""
    return make_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def parsed(monkeypatch):
    """The sentences that labeling functions are shown from now on."""
    shown, parse_all = [], LFSet.parse_all
    monkeypatch.setattr(LFSet, "parse_all", lambda lfs, texts: parse_all(lfs, (shown.append(t) or t for t in texts)))
    return shown


@pytest.fixture
def stance(capsys, monkeypatch):
    """The command line: `stance("predict", ..., stdin=b"...")` returns what it Said."""

    def run(*args, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        capsys.readouterr()
        code = exit_code(*map(str, args))
        return Said(code, *capsys.readouterr())

    return run


def pytest_make_parametrize_id(val, argname):
    """Name bytes by their argument and place, not by their content: packed data may hold the time."""
    return argname if isinstance(val, bytes) else None
