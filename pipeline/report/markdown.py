"""The report for a pull request: short, and as Markdown in which no sentence becomes markup."""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.report.rendering import environment, printable

_MARKUP = re.compile(r"([\\`*_\[\]<>|~$])")


class Raw(str):
    """Markdown that is already escaped."""

    __slots__ = ()


def render_markdown(view: Mapping[str, Any]) -> str:
    """Render the report as Markdown; every value is escaped."""
    templates = environment(autoescape=False, finalize=escape_markdown)
    templates.filters["raw"] = Raw
    return templates.get_template("report.md").render(view)


def escape_markdown(value: Any) -> Any:
    """Escape text for one line of Markdown, in a table or outside: no markup, no link, no mention, no line break."""
    if isinstance(value, Raw) or not isinstance(value, str):
        return value
    line = " ".join(printable(value).split())
    line = _MARKUP.sub(r"\\\1", line.replace("&", "&amp;"))
    return line.replace("://", ":&#47;&#47;").replace("www.", "www&#46;").replace("@", "&#64;")
