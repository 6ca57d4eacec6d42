"""Reading and writing files: outputs are written whole or not at all, and inputs are hashed as they are read."""

import codecs
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipeline.base.errors import InputError


def encoding_of(head: bytes, where: Path | str) -> str:
    """Return the encoding of a text by its first bytes: UTF-16 where its mark stands there, else UTF-8.

    Raises InputError for gzip data, UTF-32, and UTF-16 without a mark.
    """
    if head.startswith(b"\x1f\x8b"):
        raise InputError("gzip data, not text", where, remedy="Unpack it (gunzip), or let its name end in .gz.")
    if every_other_is_zero(head) or head.startswith(codecs.BOM_UTF32_LE):
        what = "not UTF-8 text (it looks like UTF-16 without its byte order mark, or UTF-32)"
        raise InputError(what, where, remedy="Save it as UTF-8.")
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def every_other_is_zero(head: bytes) -> bool:
    """Say whether bytes begin as text in UTF-16 does that has no mark, or text in UTF-32."""
    return len(head) > 1 and any(head[:8:2]) != any(head[1:8:2])


if TYPE_CHECKING:
    import pyarrow as pa


@contextmanager
def atomic_open(path: Path | str, mode: str = "wb") -> Iterator[IO[Any]]:
    """Open a temporary file beside `path` that takes its place only when the block ends without an error.

    The data is on disk (fsync) before the rename; after any error the old file is still there and the temporary one
    is gone. A device or a pipe, such as /dev/null, is written to and not replaced. Text is UTF-8 with "\\n" line ends;
    what UTF-8 cannot hold (half of a surrogate pair) is written as JSON would, "\\ud800".
    """
    path = Path(path)
    text = {} if "b" in mode else {"encoding": "utf-8", "errors": "backslashreplace", "newline": "\n"}
    if path.is_dir():
        raise InputError("a folder where a file was expected", path)
    with _named(path):
        if path.exists() and not path.is_file():
            with path.open(mode, **text) as file:  # type: ignore[call-overload]
                yield file
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fd, tmp = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(fd, mode, **text) as file:  # type: ignore[call-overload]
                yield file
                file.flush()
                os.fsync(file.fileno())
            Path(tmp).chmod(0o644)
            Path(tmp).replace(path)
        except BaseException:
            Path(tmp).unlink(missing_ok=True)
            raise


def write_text(path: Path | str, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with atomic_open(path, "w") as file:
        file.write(text)


def write_json(path: Path | str, value: Any) -> None:
    """Write `value` as indented JSON with sorted keys, so that equal values give equal bytes."""
    write_text(path, json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path | str) -> Any:
    """Read one JSON value; raise InputError with line and column where it is broken."""
    try:
        return json.loads(Path(path).read_text("utf-8"))
    except FileNotFoundError:
        raise InputError("no such file", path) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"not valid JSON ({error})", path) from None


def read_jsonl(path: Path | str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number from 1, object) of a JSON Lines file (also .gz); blank lines are passed over."""
    for number, line in read_lines(path):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"not valid JSON ({error})", f"{path}, line {number}") from None
        if not isinstance(row, dict):
            raise InputError("not an object", f"{path}, line {number}", expected='{"text": ...}', got=line[:40])
        yield number, row


def read_lines(path: Path | str) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end) of a UTF-8 text file, unpacked first where it ends in .gz."""
    opener = gzip.open if Path(path).suffix == ".gz" else open
    try:
        with opener(path, "rb") as file:
            yield from decode_lines(file, path)
    except FileNotFoundError:
        raise InputError("no such file", path) from None
    except IsADirectoryError:
        raise InputError("a folder where a file was expected", path) from None
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"cannot be read ({error})", path) from None


def decode_lines(file: Iterable[bytes], where: Path | str) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end) of UTF-8 bytes, or UTF-16 ones with their mark.

    Raises InputError naming a line that is no such text.
    """
    decoder, number, rest = None, 1, ""
    try:
        for piece in chain(file, [b""]):
            decoder = decoder or codecs.getincrementaldecoder(encoding_of(piece, where))()
            # a piece ends with the byte of a line end, which in UTF-16 may be half of another character
            *lines, rest = (rest + decoder.decode(piece, final=not piece)).split("\n")
            for line in lines:
                yield number, line.removesuffix("\r")
                number += 1
    except UnicodeDecodeError as error:
        what = f"not {error.encoding.upper()} text ({error.reason} at byte {error.start + 1})"
        raise InputError(what, f"{where}, line {number}", remedy="Save it as UTF-8.") from None
    if rest:
        yield number, rest.removesuffix("\r")


def write_table(path: Path | str, table: "pa.Table") -> None:
    """Write a Parquet file with page checksums, whole or not at all."""
    import pyarrow.parquet as pq

    with atomic_open(path) as file:
        pq.write_table(table, file, write_page_checksum=True)


def read_table(path: Path | str | IO[bytes], columns: list[str] | None = None) -> "pa.Table":
    """Read a Parquet file (all or the named columns), its page checksums verified; raise InputError where it fails."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path, columns=columns, page_checksum_verification=True)
    except FileNotFoundError:
        raise InputError("no such file", path, remedy="Run `dvc repro` first?") from None
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"not a readable Parquet file ({' '.join(str(error).split())})", path) from None


def is_file(name: str) -> bool:
    """Say whether a text is the name of a file that is there; whatever no file can be called is none."""
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # too long, a null character
        return False


def sha256(path: Path | str) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def unmoved(*paths: Path | str) -> Iterator[None]:
    """Hash input files (or every file of input folders) before and after the block; fail when one was edited meanwhile.

    DVC records a dependency's hash after the command ends: without this, an input edited during a stage would be
    recorded as the one that was used.
    """
    before = {file: sha256(file) for file in _files(paths)}
    yield
    after = _files(paths)
    moved = [file for file in after if before.get(file) != sha256(file)] + [
        file for file in before if file not in after
    ]
    if moved:
        raise InputError("changed while it was being used", moved[0], remedy="Run `dvc repro` again.")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an error of the system name `path` where it names no file, or only the temporary one."""
    try:
        yield
    except OSError as error:
        if error.filename is None or Path(str(error.filename)).name.startswith(f".{path.name}."):
            error.filename = str(path)
        raise


def _files(paths: Iterable[Path | str]) -> list[Path]:
    found: list[Path] = []
    for path in map(Path, paths):
        found += sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path] * path.is_file()
    return found
