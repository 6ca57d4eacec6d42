"""Hand labels (gold): the file, read and added to."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.base.errors import GoldError, InputError, suggest
from pipeline.base.stances import STANCES, stance_id
from pipeline.base.storage import read_jsonl, read_lines, write_text
from pipeline.gold.sheets import Filled, complain, text_key


@dataclass(frozen=True, slots=True)
class Gold:
    """One hand-labelled sentence: its id and text, final stance id, label of each annotator, whether it is mixed."""

    id: str
    text: str
    stance: int
    annotators: dict[str, str] = field(default_factory=dict)
    mixed: bool = False


def read_gold(path: Path | str) -> list[Gold]:
    """Read a JSON Lines file of {"id", "text", "label", "annotators"?, "mixed"?}; [] where there is no such file.

    Raises GoldError naming the line for a missing key, `annotators` that are no object of text or an id labelled twice,
    InputError for an unknown stance.
    """
    if not Path(path).exists():
        return []
    found: dict[str, Gold] = {}
    for number, row in read_jsonl(path):
        where = f"{path}, line {number}"
        missing = [key for key in ("id", "text", "label") if not isinstance(row.get(key), str)]
        if missing:
            raise GoldError(f"no text under {missing[0]!r}", where, expected='{"id": ..., "text": ..., "label": ...}')
        if row["id"] in found:
            raise GoldError(f"{row['id']!r} is labelled twice", where, remedy="Keep one of the two lines.")
        annotators = row.get("annotators", {})
        if not isinstance(annotators, dict) or not all(isinstance(label, str) for label in annotators.values()):
            raise GoldError("bad 'annotators'", where, expected='{"name": "label", ...}', got=repr(annotators)[:80])
        stance = stance_id(row["label"], where)
        found[row["id"]] = Gold(row["id"], row["text"], stance, annotators, bool(row.get("mixed", False)))
    return list(found.values())


Differing = Literal["refuse", "replace", "keep"]
"""What to do with a label that differs from the file's; where that is kept, only the annotator's label is recorded."""

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
    """Add labels to the gold file (made where there is none); lines to which they add nothing keep their bytes.

    `texts` are the sentences of the corpus by id. `annotator` is recorded with each label. Raises GoldError, before
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
        elif row.text and text_key(row.text) != text_key(texts[row.id]):
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
    """Return the lines of the file, rewritten where a label adds something."""
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
    labels = item.get("annotators", {}) | ({annotator: STANCES[row.stance]} if annotator else {})
    return {"annotators": labels} if labels else {}


def _line(item: dict[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False)
