"""Labeling functions written in Python, from files of a user."""

import atexit
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from os import PathLike
from pathlib import Path
from threading import Lock, local
from types import ModuleType
from typing import Any, NamedTuple, cast

import numpy as np

from pipeline.base.errors import LFError, StanceError
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.base.storage import scratch_folder
from pipeline.weak.lfs.lf import LF, Function, collecting
from pipeline.weak.lfs.parse import Parse, Parses, WordSet

MOST_BESIDE = 4 << 20
"""Bytes of the files beside an LF file that may travel with a model."""

Beside = tuple[tuple[str, bytes], ...]
"""Files beside an LF file: their relative names and contents, by name."""

_ONLY_OPENED = "Of the files that it reads, only those that Python opened (`open`, `os.open`) came with the model."

_OUR_OWN = Path(__file__).resolve().parents[2]
_INSTALLED = tuple(f"{Path(folder).resolve()}{os.sep}" for folder in {*sysconfig.get_paths().values(), str(_OUR_OWN)})
_OF_THE_SYSTEM = ("/etc/", "/proc/", "/dev/", "/sys/", "/usr/share/zoneinfo/", "/usr/share/locale/")

_watch = local()
_lock = Lock()
_redirected: list[Any] = []
_hooked: list[bool] = []

_ANSWER = "a stance id (0, 1, 2) or ABSTAIN (-1), alone or with a strength above 0 and up to 1"
_ANSWERS = "stance ids (0, 1, 2) or ABSTAIN (-1), one a sentence, alone or with strengths above 0 and up to 1"


@dataclass(eq=False)
class Script:
    """A file that was executed: its module, the LFs that it made, in its order, and the files that it has read.

    `home` is the folder in which it looks for others; `beside` are relative names there, `outside` files elsewhere.
    `travelled`: it came with a model, and `home` holds what it was seen to open when that was saved.
    """

    module: ModuleType
    home: Path
    lfs: list[LF] = field(default_factory=list)
    beside: set[str] = field(default_factory=set)
    travelled: bool = False
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

    @property
    def remedy(self) -> str:
        """What helps where it fails."""
        return _ONLY_OPENED if self._script.travelled else ""

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
    script.travelled = True
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
    kept = ExitStack()
    folder = kept.enter_context(scratch_folder())
    atexit.register(kept.close)
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


class Votes(NamedTuple):
    """v votes, arrays (v,): sentence in its batch, LF and stance, all int64, and strength, float64."""

    row: np.ndarray
    lf: np.ndarray
    stance: np.ndarray
    strength: np.ndarray


class PythonLFs:
    """Those LFs of some that are Python functions."""

    def __init__(self, lfs: Sequence[LF]):
        """Take all LFs; a vote names the place of its LF among them."""
        own = [(j, lf) for j, lf in enumerate(lfs) if lf.function]
        self._batched = [(j, lf) for j, lf in own if lf.batch]
        self._always = [(j, lf) for j, lf in own if not lf.batch and not lf.needs]
        self._needing = [(j, lf, WordSet(lf.needs)) for j, lf in own if not lf.batch and lf.needs]

    def votes(self, parses: Parses) -> Iterator[Votes]:
        """Yield the votes on some sentences.

        Raises LFError where a function fails or answers with anything but a vote.
        """
        for j, lf in self._batched:
            yield _votes_of_batch(j, lf, parses)
        if self._always or self._needing:
            yield _votes_one_by_one(self._asked(parses))

    def _asked(self, parses: Parses) -> Iterator[tuple[int, Parse, int, LF]]:
        """Yield (row, sentence, LF number, LF) for each function that is to see a sentence; no order is promised."""
        seen: dict[int, Parse] = {}
        for j, lf, rows in self._shown(parses):
            for row in rows:
                if row not in seen:
                    seen[row] = parses[row]
                yield row, seen[row], j, lf

    def _shown(self, parses: Parses) -> Iterator[tuple[int, LF, Iterable[int]]]:
        for j, lf in self._always:
            yield j, lf, range(len(parses))
        for j, lf, needs in self._needing:
            yield j, lf, np.flatnonzero(needs.rows(parses.tokens)).tolist()


def in_a_line(error: BaseException) -> str:
    """Return the kind of an error and what it says, in one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def _votes_one_by_one(asked: Iterable[tuple[int, Parse, int, LF]]) -> Votes:
    votes = [(row, j, *vote) for row, parse, j, lf in asked if (vote := _ask(lf, parse))]
    table = np.array(votes, float).reshape(-1, 4)
    row, number, stance = table[:, :3].astype(np.int64).T
    return Votes(row, number, stance, table[:, 3])


def _votes_of_batch(j: int, lf: LF, parses: Parses) -> Votes:
    answer = _answer(lf, parses, f"{len(parses)} sentences")
    parts = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, lf.strength)
    try:
        stances, strengths = np.asarray(parts[0]), np.broadcast_to(np.asarray(parts[1], float), len(parses))
    except (TypeError, ValueError):
        stances, strengths = np.empty(0), np.empty(0)
    rows = np.flatnonzero(stances != ABSTAIN)
    right = stances.shape == strengths.shape and (stances.dtype.kind in "iu" or not len(parses))
    if not right or not _are_votes(stances[rows], strengths[rows]):
        got = f"{_shortened(answer)} for {len(parses)} sentences"
        raise LFError("does not answer with votes", f"{lf.source}, {lf.name}", expected=_ANSWERS, got=got)
    return Votes(rows, np.full(len(rows), j), stances[rows].astype(np.int64), strengths[rows])


def _ask(lf: LF, parse: Parse) -> tuple[int, float] | None:
    """Return the vote of a Python LF, None where it abstains."""
    answer = _answer(lf, parse, repr(parse.text[:80]))
    if answer is ABSTAIN:
        return None
    stance, strength = answer if isinstance(answer, tuple) and len(answer) == 2 else (answer, lf.strength)
    if _is_id(stance) and stance == ABSTAIN:
        return None
    if _is_id(stance) and 0 <= stance < len(STANCES) and _is_strength(strength):
        return stance, strength
    raise LFError("does not answer with a vote", f"{lf.source}, {lf.name}", expected=_ANSWER, got=_shortened(answer))


def _answer(lf: LF, shown: Parse | Parses, got: str) -> Any:
    try:
        return cast(Function, lf.function)(shown)
    except StanceError:
        raise
    except (Exception, SystemExit) as error:
        what = "a batch of sentences" if lf.batch else "a sentence"
        where, remedy = f"{lf.source}, {lf.name}", getattr(lf.function, "remedy", "")
        raise LFError(f"fails on {what} ({in_a_line(error)})", where, got=got, remedy=remedy) from error


def _shortened(answer: object) -> str:
    return " ".join(repr(answer).split())[:80]


def _are_votes(stances: np.ndarray, strengths: np.ndarray) -> bool:
    known = (stances >= 0) & (stances < len(STANCES))
    return bool((known & (strengths > 0) & (strengths <= 1)).all())


def _is_id(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _is_strength(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and bool(0 < value <= 1)
