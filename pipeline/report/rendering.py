"""Templates, what of a text may stand in a page, and the policy that keeps everything else out of it."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.base.stances import STANCES

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Page(NamedTuple):
    """Styles and scripts of a page, and the Content-Security-Policy that allows these alone, by their hashes."""

    css: Markup
    script: Markup
    early: Markup
    policy: Markup


@cache
def page_parts(styles: tuple[str, ...], script: str = "", early: str = "") -> Page:
    """Return the parts of a page from the names of files among the templates."""
    css = "\n" + "".join(_file(name) for name in styles)
    scripts = [_file(name) for name in (script, early)]
    allowed = " ".join(map(_hashed, filter(None, scripts))) or "'none'"
    policy = f"default-src 'none'; style-src {_hashed(css)}; script-src {allowed}; base-uri 'none'; form-action 'none'"
    return Page(Markup(css), Markup(scripts[0]), Markup(scripts[1]), Markup(policy))


def environment(**options: Any) -> Environment:
    """Return an environment of the templates beside this module; a name without a value is an error."""
    return Environment(
        loader=PackageLoader("pipeline.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )


def printable(value: Any) -> Any:
    """Drop control characters, those that reverse the direction of text, and broken halves of characters."""
    return type(value)(_UNPRINTABLE.sub("", value)) if isinstance(value, str) else value


def shares_of(counts: Mapping[str, int]) -> list[tuple[str, float, float]]:
    """Return (stance, start, width) of a bar that is 100 wide."""
    total = sum(counts.get(stance, 0) for stance in STANCES) or 1
    found, start = [], 0
    for stance in STANCES:
        count = counts.get(stance, 0)
        found.append((stance, round(100 * start / total, 2), round(100 * count / total, 2)))
        start += count
    return found


def _file(name: str) -> str:
    return (files("pipeline.report") / "templates" / name).read_text("utf-8") if name else ""


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
