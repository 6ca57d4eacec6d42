"""The block of `key: value` lines between `---` lines with which a text file may begin."""

import re
from typing import Any

import yaml

from pipeline.errors import ArticleError

_START = re.compile(r"\s*---[ ]*\n(?=([A-Za-z][\w-]*):(?:\s|$))")
_END = re.compile(r"^(?:---|\.\.\.)[ ]*$", re.MULTILINE)
_LINE = re.compile(r"([A-Za-z][\w-]*):(?:\s+([\"']?)(.*)\2)?")
_LONGEST = 1 << 16  # characters


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the values of the front matter, all as text with keys in lower case, and the text after it.

    The block is YAML; where it is not (a title with a colon and without quotes), each line is a key and its value.
    Raise ArticleError where it is neither, or does not end.
    """
    start = _START.match(text)
    if not start:
        return {}, text
    end = _END.search(text, start.end(), start.end() + _LONGEST)
    if end:
        return _values(text[start.end() : end.start()]), text[end.end() :]
    if start[1].islower():
        raise ArticleError("front matter that does not end", remedy="Put a line with three dashes after it.")
    return {}, text


def _values(block: str) -> dict[str, str]:
    try:
        # BaseLoader leaves dates, numbers and "no" as they are written
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(block)):
            raise ArticleError("front matter with a YAML alias", remedy="Write the value out.")
        found = yaml.load(block, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        found = dict(map(_key_and_value, filter(str.strip, block.split("\n"))))
    said = {str(key).lower(): _as_text(value) for key, value in found.items()}
    return {key: value for key, value in said.items() if value}


def _key_and_value(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line.strip())
    if not found:
        raise ArticleError("front matter that cannot be read", expected="key: value", got=repr(line.strip()[:60]))
    return found[1], found[3] or ""


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_as_text(item)}" for key, item in value.items())
    return " ".join(str(value).split())
