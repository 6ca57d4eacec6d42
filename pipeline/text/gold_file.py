"""New hand labels into the file of hand labels: all of them or none, and nothing overwritten unasked."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import GoldError, InputError, suggest
from pipeline.stances import STANCES
from pipeline.storage import read_lines, write_text
from pipeline.text.gold import read_gold
from pipeline.text.sheets import Filled, complain

Differing = Literal["refuse", "replace", "keep"]
"""What to do with a label that differs from the one in the file; of kept ones, only who said what is noted."""

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Merged:
    """How many labels were `new`, the `same` as before, or `differing`; `total`, how many the file has now."""

    new: int
    same: int
    differing: int
    total: int


def add_labels(
    path: Path | str,
    filled: Sequence[Filled],
    texts: Mapping[str, str],
    *,
    annotator: str = "",
    differing: Differing = "refuse",
) -> Merged:
    """Add labels to the gold file (made where there is none); lines about which they say nothing new keep their bytes.

    `texts` are the sentences of the corpus by id. `annotator` is written down as who said so. Raises GoldError, before
    anything is written, naming the rows whose sentence the corpus does not have so, and the labels that differ from
    those in the file where these are to `refuse`.
    """
    _check_sentences(filled, texts)
    known = {item.id: (item.stance, item.text) for item in read_gold(path)}
    new = [row for row in filled if row.id not in known]
    others = [row for row in filled if row.id in known and known[row.id] != (row.stance, texts[row.id])]
    if others and differing == "refuse":
        shown = [f"{row.id} ({STANCES[known[row.id][0]]}, now {STANCES[row.stance]})" for row in others[:_SHOWN]]
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        what = f"{len(others)} of the labels differ from those in {path}: {', '.join(shown)}{more}"
        remedy = "--replace takes the new ones, --keep the old ones."
        raise GoldError(what, others[0].where.rpartition(", ")[0], remedy=remedy)
    kept = {row.id for row in others} if differing == "keep" else set()
    lines = _touched(path, {row.id: row for row in filled}, texts, annotator, kept) if known else []
    lines += [_line(_item({"id": row.id, "text": texts[row.id]}, row, annotator)) for row in new]
    write_text(path, "".join(line + "\n" for line in lines))
    return Merged(len(new), len(filled) - len(new) - len(others), len(others), len(lines))


def _check_sentences(filled: Sequence[Filled], texts: Mapping[str, str]) -> None:
    wrong: list[InputError] = []
    for row in filled:
        if row.id not in texts:
            wrong.append(GoldError(f"no sentence has the id {row.id!r}", row.where, remedy=_nearest(row.id, texts)))
        elif row.text and row.text.split() != texts[row.id].split():
            what = f"the sentence {row.id} reads differently in the corpus"
            remedy = "If the article was edited, make a new sheet; else put the text back or leave the row out."
            wrong.append(
                GoldError(what, row.where, expected=repr(texts[row.id][:60]), got=repr(row.text[:60]), remedy=remedy)
            )
    complain(wrong)


def _nearest(name: str, texts: Mapping[str, str]) -> str:
    article = name.rpartition(":")[0]
    return suggest(name, [key for key in texts if key.rpartition(":")[0] == article] or texts)


def _touched(
    path: Path | str, filled: Mapping[str, Filled], texts: Mapping[str, str], annotator: str, kept: Collection[str]
) -> list[str]:
    """Return the lines of the file, anew where a label says something new."""
    lines = []
    for _, line in read_lines(path):
        item = json.loads(line) if line.strip() else {}
        row = filled.get(item.get("id", ""))
        again = item
        if row and row.id in kept:
            again = item | _annotated(item, row, annotator)
        elif row:
            again = _item(item | {"text": texts[row.id]}, row, annotator)
        lines += [line if again in (item, {"mixed": False} | item) else _line(again)] * bool(item)
    return lines


def _item(item: dict[str, Any], row: Filled, annotator: str) -> dict[str, Any]:
    label = STANCES[row.stance]
    mixed = row.mixed or (item.get("label") == label and bool(item.get("mixed", False)))
    return item | {"label": label} | _annotated(item, row, annotator) | {"mixed": mixed}


def _annotated(item: dict[str, Any], row: Filled, annotator: str) -> dict[str, dict[str, str]]:
    """Return `annotators` with what this one says, nothing where nobody has a name."""
    said = item.get("annotators", {}) | ({annotator: STANCES[row.stance]} if annotator else {})
    return {"annotators": said} if said else {}


def _line(item: dict[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False)
