"""What changed, as a strip on a page and as Markdown."""

import re

from markupsafe import Markup

from pipeline.base.errors import InputError
from pipeline.report.cells import Table
from pipeline.report.changes import Changes
from pipeline.report.markdown import escape_markdown
from pipeline.report.rendering import environment, printable

PLACE = Markup("<!-- what changed -->")
"""Stands in a page where the strip goes: what the stages write must not depend on earlier runs."""

SHOWN, SHOWN_IN_MARKDOWN = 100, 10


def with_changes(html: str, changes: Changes, *, up: str = "../") -> str:
    """Return a page with the strip in its place; links to pages that are not copied beside it begin with `up`.

    Raises InputError for a page without the place.
    """
    if PLACE not in html:
        raise InputError("no place for what changed", "page", remedy="Run `dvc repro` to make the pages anew.")
    templates = environment(autoescape=True, finalize=printable)
    strip = templates.get_template("changes.html").render(changes=changes, table=changes_table(changes, SHOWN))
    return re.sub(r'href="(?=articles/\d|relations\.html)', f'href="{up}', html).replace(PLACE, strip, 1)


def changes_markdown(changes: Changes) -> str:
    """Return what changed as Markdown, with the first sentences that moved."""
    lines = ["## What changed", "", escape_markdown(changes.in_words())]
    table = changes_table(changes, SHOWN_IN_MARKDOWN)
    if table.rows:
        lines += ["", f"{table.caption}:", "", *(f"- {_line(*row)}" for row in table.rows)]
    return "\n".join(lines) + "\n"


def changes_table(changes: Changes, most: int) -> Table:
    """Return the sentences that got another stance, `most` of them."""
    moved = changes.relabelled
    rows = tuple((m.text, m.before, m.after, m.cause, m.id) for m in moved[:most])
    more = f", the first {most} of {len(moved)}" if len(moved) > most else ""
    return Table(f"Sentences with another stance{more}", ("sentence", "before", "now", "moved by", "id"), rows, 5)


def _line(text: str, before: str, after: str, cause: str, _: str) -> str:
    return f"{escape_markdown(text)} — {before} → {after} ({cause})"
