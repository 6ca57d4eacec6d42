"""Labeling functions of a user's Python file: run from its text, pickled with the files they read beside it."""

import atexit
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from os import PathLike
from pathlib import Path
from threading import Lock, local
from types import ModuleType
from typing import Any

from pipeline.base.errors import LFError
from pipeline.weak.lfs.lf import LF, collecting

MOST_BESIDE = 4 << 20
"""Bytes of the files beside an LF file that may travel with a model."""

Beside = tuple[tuple[str, bytes], ...]
"""Files beside an LF file: their relative names and contents, by name."""

_OUR_OWN = Path(__file__).resolve().parents[2]
_INSTALLED = tuple(f"{Path(folder).resolve()}{os.sep}" for folder in {*sysconfig.get_paths().values(), str(_OUR_OWN)})
_OF_THE_SYSTEM = ("/etc/", "/proc/", "/dev/", "/sys/", "/usr/share/zoneinfo/", "/usr/share/locale/")


@dataclass(eq=False)
class Script:
    """A file that was executed: its module, the LFs that it made, in its order, and the files that it has read.

    `home` is the folder in which it looks for others; `beside` are relative names there, `outside` files elsewhere.
    """

    module: ModuleType
    home: Path
    lfs: list[LF] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)

    def note(self, path: Any) -> None:
        """Take down that a file is being opened; what is opened by number was opened by name before."""
        if not isinstance(path, str | bytes | PathLike):
            return
        file = Path(os.fsdecode(path)).resolve()
        if file.suffix == ".pyc":
            return
        if file.is_relative_to(self.home):
            self.beside.add(file.relative_to(self.home).as_posix())
        elif not str(file).startswith((*_INSTALLED, *_OF_THE_SYSTEM)):
            self.outside.add(str(file))


class FileFunction:
    """LF `name` of a Python file called `file` with the text `source`; pickles as these and the files beside it."""

    def __init__(self, file: str, source: str, name: str, beside: Beside = (), script: Script | None = None):
        """Take the script of the file, or execute the source (once a process) in a folder made for the files beside."""
        self.file, self.source, self.name = file, source, name
        self._script = script or unpack_and_execute(file, source, beside)
        self._function = next(lf.function for lf in self._script.lfs if lf.name == name)

    def __call__(self, shown: Any) -> Any:
        """Vote on a sentence, or on a batch of them."""
        with _watching(self._script):
            return self._function(shown)  # type: ignore[misc]

    def __reduce__(self) -> tuple:
        """Take along the source and the files that were read: where the model is loaded the folder may not be there.

        Raises LFError where that cannot be done.
        """
        where = f"{self.file}, {self.name}"
        script = self._script
        if script.outside:
            remedy = f"Put it beside {self.file}, and read it by way of `__file__`."
            raise LFError(
                "reads a file that cannot travel with the model", where, got=min(script.outside), remedy=remedy
            )
        beside = tuple((name, (script.home / name).read_bytes()) for name in sorted(script.beside))
        if (size := sum(len(content) for _, content in beside)) > MOST_BESIDE:
            expected = f"up to {MOST_BESIDE:,} bytes"
            raise LFError("what it reads is too much to travel with a model", where, expected=expected, got=f"{size:,}")
        return FileFunction, (self.file, self.source, self.name, beside)


@cache
def unpack_and_execute(file: str, source: str, beside: Beside = ()) -> Script:
    """Execute the source text of `file` in a new folder that holds the files beside it."""
    script = execute(file, source, _unpacked(beside))
    script.beside |= {name for name, _ in beside}
    return script


def execute(file: str, source: str, home: Path) -> Script:
    """Execute the source text of `file`, which lies in the folder `home`; whatever it raises passes through.

    It stands in `sys.modules` under a private name, where dataclasses and the like look up their own module, and can
    import the modules beside it. What it prints goes to standard error.
    """
    home = home.resolve()
    module = ModuleType(f"stance_lfs_{file.removesuffix('.py')}")
    module.__file__ = str(home / file)
    script = Script(module, home)
    sys.modules[module.__name__] = module
    with _watching(script), _importing_from(script), collecting(script.lfs):
        exec(compile(source, file, "exec"), vars(module))
    script.beside.discard(file)
    return script


def _unpacked(beside: Beside) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="stance-lfs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name, content in beside:
        target = folder / name
        if not target.resolve().is_relative_to(folder.resolve()):
            raise LFError("a file of a labeling function points out of its folder", name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


@contextmanager
def _importing_from(script: Script) -> Iterator[None]:
    """Let modules in the folder of a script be imported, behind all others, and keep them to the script."""
    before, wrote = set(sys.modules), sys.dont_write_bytecode
    sys.path.append(str(script.home))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.path.remove(str(script.home))
        sys.dont_write_bytecode = wrote
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).resolve().is_relative_to(script.home):
                script.note(file)
                del sys.modules[name]


_watch = local()
_lock = Lock()
_redirected: list[Any] = []
_hooked: list[bool] = []


def _hook(event: str, args: tuple) -> None:
    script = getattr(_watch, "script", None)
    if script is not None and event == "open":
        script.note(args[0])


@contextmanager
def _watching(script: Script) -> Iterator[None]:
    """Take down what a script opens, and send what it prints to standard error: standard output is for answers."""
    with _lock:
        if not _hooked:
            _hooked.append(True)
            sys.addaudithook(_hook)
        _redirected.append(sys.stdout)
        sys.stdout = sys.stderr
    before, _watch.script = getattr(_watch, "script", None), script
    try:
        yield
    finally:
        _watch.script = before
        with _lock:
            first = _redirected[0]
            _redirected.pop()
            if not _redirected:
                sys.stdout = first
