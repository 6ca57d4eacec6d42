"""Which files of articles a folder holds, and the one form in which their text is read."""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pipeline.base.errors import ArticleError

_NOT_ARTICLES = {"readme", "license", "licence", "copying", "changelog", "contributing"}


def list_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (path relative to `folder`, what is wrong with it or "") of every file below it, sorted.

    Hidden files, `*.dvc`, README and licence files are skipped; links to folders are not followed, and like
    anything else that is no regular file they come with what is wrong. Raise ArticleError where there is no folder.
    """
    if not folder.exists():
        raise ArticleError("no such folder", folder, remedy="Create it and put your articles there.")
    if not folder.is_dir():
        raise ArticleError("a file where a folder of articles was expected", folder)
    return iter(sorted(_walk(folder)))


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    for parent, subfolders, names in os.walk(folder, onerror=_raise):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        links = [name for name in subfolders if Path(parent, name).is_symlink()]
        for name in [*names, *links]:
            path = Path(parent, name)
            if not _is_skipped(name):
                yield path.relative_to(folder).as_posix(), _what_is_wrong(path)


def _is_skipped(name: str) -> bool:
    return name.startswith(".") or name.endswith(".dvc") or name.lower().split(".")[0] in _NOT_ARTICLES


def _what_is_wrong(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if stat.S_ISDIR(mode):
        return "a link to a folder, which is not followed"
    return "" if stat.S_ISREG(mode) else "not a regular file"


def _raise(error: OSError) -> None:
    raise ArticleError(f"cannot be read ({error.strerror})", error.filename)


_LINE_END = re.compile(r"\r\n?|[\v\f\x85\u2028]")
_BROKEN_WORD = re.compile(r"(?:\xad|(?<=\w)¬)\n *(\S*)( ?)")  # the rest of the word goes up
_SPACE = re.compile(r"[^\S\n]")
# soft hyphen, zero-width and bidi controls, variation selectors, tags, private use (icon fonts), other controls
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x9f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def normalise(text: str) -> str:
    """Return `text` in NFC, with "\\n" line ends and plain spaces, without characters that nobody sees.

    Removed are soft hyphens (with the line end that one stands at), zero-width and bidi controls, variation selectors,
    private-use and control characters; a lone surrogate becomes U+FFFD. `normalise(normalise(t)) == normalise(t)`.
    """
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    if "\xad\n" in text or "¬\n" in text:
        text = _BROKEN_WORD.sub(lambda found: found[1] + ("\n" if found[2] else ""), text)
    text = _SPACE.sub(" ", _UNSEEN.sub("", _SURROGATE.sub("\ufffd", text)))
    return unicodedata.normalize("NFC", text)
