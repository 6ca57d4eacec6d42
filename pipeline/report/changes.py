"""What changed between two runs: the labels that moved, why, and the strip on the pages."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from pipeline.base.errors import InputError
from pipeline.base.logs import counted
from pipeline.base.records import Row
from pipeline.base.storage import atomic_open
from pipeline.report.rendering import Table, environment, escape_markdown, printable

CAUSES = ("articles", "labeling functions", "parameters", "model")
"""What can move an answer, in the order in which it is asked: the first that differs for a sentence is its cause."""

PLACE = Markup("<!-- what changed -->")
"""Stands in a page where the strip goes: what the stages write must not depend on earlier runs."""

SHOWN, SHOWN_IN_MARKDOWN = 100, 10


@dataclass(frozen=True)
class Moved:
    """A sentence that got another stance, is new or is gone (`before` or `after` is then ""), and why."""

    id: str
    text: str
    before: str
    after: str
    cause: str


@dataclass(frozen=True)
class Changes:
    """`moved`: sentences by id. `params`: names of parameters that differ. `n`: sentences that both tables have."""

    moved: Sequence[Moved]
    params: Sequence[str]
    n: int

    @property
    def relabelled(self) -> list[Moved]:
        """Sentences that both tables have, with another stance."""
        return [m for m in self.moved if m.before and m.after]

    def in_words(self) -> str:
        """Say it in a sentence or two."""
        gone, new = (sum(not getattr(m, key) for m in self.moved) for key in ("after", "before"))
        causes = Counter(m.cause for m in self.relabelled)
        by = ", ".join(f"{causes[cause]} by {cause}" for cause in CAUSES if causes[cause])
        text = f"{len(self.relabelled)} of {self.n} sentences got another stance"
        text += f" ({by})" if by else ""
        if new or gone:
            text += f"; {counted(new, 'sentence is', 'sentences are')} new and {counted(gone, 'is', 'are')} gone"
        return f"{text}. Parameters that differ: {', '.join(self.params)}." if self.params else f"{text}."


def compare(
    before: Sequence[Row], after: Sequence[Row], about_before: Mapping[str, str], about_after: Mapping[str, str]
) -> Changes:
    """Compare two tables of answers, rows as `read_answers` returns them, `about` as `read_about` does.

    A sentence is the same where id and text are. A stance moved by "articles" is that of a sentence whose article has
    other sentences than before, by "labeling functions" where other LFs vote on it, by "parameters" where those of
    labelling or training differ, else by the "model", which was trained on other data.
    """
    old = {(row["id"], row["text"]): row for row in before}
    new = {(row["id"], row["text"]): row for row in after}
    texts_before, texts_after = _texts(before), _texts(after)
    params = _differing(about_before.get("params"), about_after.get("params"))
    moved = [Moved(*key, row["stance"], "", "articles") for key, row in old.items() if key not in new]
    for key, row in new.items():
        was = old.get(key)
        if was is None:
            moved.append(Moved(*key, "", row["stance"], "articles"))
        elif was["stance"] != row["stance"]:
            article = row["article_id"]
            differs = (texts_before[article] != texts_after[article], was["lfs"] != row["lfs"], bool(params), True)
            moved.append(Moved(*key, was["stance"], row["stance"], CAUSES[differs.index(True)]))
    return Changes(sorted(moved, key=lambda m: (m.id, m.before)), params, len(old.keys() & new.keys()))


@contextmanager
def kept_before(path: Path, previous: Path) -> Iterator[None]:
    """Keep what a file holds before the block under the name `previous`, where the block gives it another content."""
    before = path.read_bytes() if path.is_file() else None
    yield
    if before is not None and before != path.read_bytes():
        with atomic_open(previous) as file:
            file.write(before)


def _texts(rows: Sequence[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["article_id"], []).append(row["text"])
    return found


def _differing(before: str | None, after: str | None) -> list[str]:
    """Return the dotted names of the parameters of labelling and training that differ; none where one is unknown."""
    if not before or not after:
        return []
    one, other = (_flat({k: v for k, v in json.loads(p).items() if k in ("label", "train")}) for p in (before, after))
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


def with_changes(html: str, changes: Changes, since: str = "the run before", *, up: str = "../") -> str:
    """Return a page with a strip on what changed since `since` in its place.

    Links to pages that are not copied beside it begin with `up`. Raises InputError for a page without the place.
    """
    if PLACE not in html:
        raise InputError("no place for what changed", "page", remedy="Run `dvc repro` to rebuild the pages.")
    templates = environment(autoescape=True, finalize=printable)
    table = changes_table(changes, SHOWN)
    strip = templates.get_template("changes.html").render(changes=changes, table=table, since=since)
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
