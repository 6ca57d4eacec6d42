"""What changed between two tables of answers: which sentences got another stance, and what moved them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.base.records import Row
from pipeline.base.storage import atomic_open

CAUSES = ("articles", "labeling functions", "parameters", "model")
"""What can move an answer, in the order in which it is asked: the first that differs for a sentence is its cause."""


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
        said = f"{len(self.relabelled)} of {self.n} sentences got another stance"
        said += f" ({by})" if by else ""
        said += f"; {new} sentences are new and {gone} are gone" if new or gone else ""
        return f"{said}. Parameters that differ: {', '.join(self.params)}." if self.params else f"{said}."


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
