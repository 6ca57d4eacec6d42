"""Hand labels: annotation sheets, the file of labels, and matching them to sentences."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pipeline.base.errors import GoldError, InputError, suggest
from pipeline.base.records import CsvWriter
from pipeline.base.repair import repaired
from pipeline.base.stances import STANCES, UNLABELED, stance_id
from pipeline.base.storage import atomic_open, read_jsonl, read_lines, write_text
from pipeline.base.tables_in import read_records

KINDS_OF_FILE = (".csv", ".jsonl")

_SHORT = {stance[0]: stance for stance in STANCES}
_SHORT |= {form: stance for number, stance in enumerate(STANCES) for form in (str(number), f"{number}.0")}
LABEL_FORMS = "opposition, neutral or agreement, or o, n, a, or 0, 1, 2"
"""What a cell of the column label may hold, in any case."""

_NO_LABEL = frozenset(
    ["", "skip", "skipped", "?", "??", "n/a", "#n/a", "na", "nan", "none", "null", "-", "–", "—", "unsure", "todo"]
)
_STRAIGHT = str.maketrans({**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„«»", '"')})
_NO = frozenset(["", "no", "n", "false", "0", "none"])
_SHOWN = 5

Differing = Literal["refuse", "replace", "keep"]
"""What to do with a label that differs from the file's; where that is kept, only the annotator's label is recorded."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A sentence that somebody labelled: where it stands ("file, row n"), id, text ("" where the sheet has none)."""

    where: str
    id: str
    text: str
    stance: int
    mixed: bool = False


def check_kind(path: Path | str) -> None:
    """Raise InputError unless the suffix is that of a sheet."""
    if Path(path).suffix.lower() not in KINDS_OF_FILE:
        raise InputError("not a kind of sheet", path, expected=" or ".join(KINDS_OF_FILE), got=Path(path).suffix)


def write_sheet(path: Path | str, rows: Sequence[dict[str, str]]) -> None:
    """Write rows with the same columns, whole or not at all; CSV as spreadsheets expect it.

    That is with a mark for UTF-8, and with a "'" before a sentence that would be taken for a formula.
    """
    check_kind(path)
    with atomic_open(path, "w") as file:
        if Path(path).suffix.lower() == ".jsonl":
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            return
        file.write("\ufeff")
        CsvWriter(file, list(rows[0])).write(rows)


def read_sheet(path: Path | str) -> tuple[list[Filled], int]:
    """Return the labelled rows of a sheet, and the number of rows without a label.

    Columns are `id` and `label` (a stance, its first letter or its id, in any case; skip, ? and n/a are no label),
    where there are such `text` and `mixed`, and others, which are not read. The file is a table of any kind that
    `read_records` reads. Raises InputError for a file that cannot be read, GoldError naming the rows of unknown labels
    and of an id that is labelled in two ways.
    """
    filled: list[Filled] = []
    wrong: list[InputError] = []
    empty = 0
    for record in read_records(path, ("id", "label"), fold=True):
        try:
            found = _filled(record.values, record.where)
        except InputError as error:
            wrong.append(error)
            continue
        filled += [found] * (found is not None)  # type: ignore[list-item]
        empty += found is None
    complain(wrong)
    return _without_repeats(filled), empty


def text_key(text: str) -> str:
    """Return what two texts share that differ in white space, form of quotation marks, or repaired characters only."""
    return " ".join(repaired(text).translate(_STRAIGHT).split())


def complain(wrong: Sequence[InputError]) -> None:
    """Raise the first of several errors, which then names the places of the others; nothing where there is none."""
    if wrong:
        first, *others = wrong
        places = ", ".join(error.where.rpartition(", ")[2] for error in others[:_SHOWN])
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        remedy = f"{first.remedy} Likewise: {places}{more}.".strip() if others else first.remedy
        raise GoldError(first.what, first.where, expected=first.expected, got=first.got, remedy=remedy)


def _filled(row: dict[str, Any], where: str) -> Filled | None:
    cell = row.get("label")
    label = "" if cell is None else str(cell).strip().casefold()
    if label in _NO_LABEL:
        return None
    stance = stance_id(_SHORT.get(label, label), where)
    mixed = str(row.get("mixed") or "").strip().casefold() not in _NO
    return Filled(where, str(row["id"]).strip(), str(row.get("text") or ""), stance, mixed)


def _without_repeats(filled: list[Filled]) -> list[Filled]:
    first: dict[str, Filled] = {}
    wrong: list[InputError] = []
    for row in filled:
        before = first.setdefault(row.id, row)
        if before.stance != row.stance:
            got = f"{STANCES[row.stance]}, and {STANCES[before.stance]} in {before.where.rpartition(', ')[2]}"
            wrong.append(GoldError(f"{row.id!r} is labelled in two ways", row.where, got=got))
    complain(wrong)
    return list(first.values())


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


def match_gold(gold: Sequence[Gold], ids: Sequence[str], texts: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the gold stance id of each sentence (UNLABELED where there is none), and the ids that are lost.

    A label belongs to a sentence of its article that has its text (white space, quotation marks and damaged characters
    aside). Where several have, the labels of the article keep their order, and as many as can be move by one distance:
    so equal sentences keep their own labels when the article grows, and where nothing was edited each stays with its
    id. Lost are those that match none.
    """
    stances, lost = [UNLABELED] * len(ids), []
    sentences: dict[str, list[int]] = defaultdict(list)
    items: dict[str, list[Gold]] = defaultdict(list)
    for row, sentence in enumerate(ids):
        sentences[_article(sentence)].append(row)
    for item in gold:
        items[_article(item.id)].append(item)
    for article, own in items.items():
        rows = sorted(sentences.get(article, []), key=lambda row: _index(ids[row]))
        own = sorted(own, key=lambda item: _index(item.id))
        places = _places([item.text for item in own], [texts[row] for row in rows])
        old, new = [_index(item.id) for item in own], [_index(ids[row]) for row in rows]
        matched = _aligned(old, new, places)
        for item, place in zip(own, matched, strict=True):
            if place is None:
                lost.append(item.id)
            else:
                stances[rows[place]] = item.stance
    order = {item.id: n for n, item in enumerate(gold)}
    return stances, sorted(lost, key=order.__getitem__)


class _Step(NamedTuple):
    """The best way to match labels up to one that takes a place; compared from the first field on."""

    matched: int
    shifts: int  # changes of the distance, negative
    distance: int  # sum of distances, negative
    label: int
    place: int


def _aligned(old: Sequence[int], new: Sequence[int], places: Sequence[Sequence[int]]) -> list[int | None]:
    """Return a place for each label, in order, None for those without; `places` are those with its text.

    `old` are the numbers that the labelled sentences had, `new` those that the places have.
    """
    at_home = {number: place for place, number in enumerate(new)}
    homes = [at_home.get(number) for number in old]
    if all(home in candidates for home, candidates in zip(homes, places, strict=True)):
        return homes  # nothing is better than every label where it was
    start = _Step(0, 0, 0, -1, -1)
    steps = [start]
    came_from: dict[tuple[int, int], _Step] = {}
    for label, candidates in enumerate(places):
        added = []
        for place in candidates:
            moved = new[place] - old[label]
            ways = [
                (_reached(before, moved, label, place, old, new), before) for before in steps if before.place < place
            ]
            best, before = max(ways)
            came_from[label, place] = before
            added.append(best)
        steps += added
    found: list[int | None] = [None] * len(places)
    at = max(steps)
    while at is not start:
        found[at.label] = at.place
        at = came_from[at.label, at.place]
    return _with_the_rest(found, places)


def _reached(before: _Step, moved: int, label: int, place: int, old: Sequence[int], new: Sequence[int]) -> _Step:
    last = new[before.place] - old[before.label] if before.label >= 0 else 0
    return _Step(before.matched + 1, before.shifts - (moved != last), before.distance - abs(moved), label, place)


def _with_the_rest(found: list[int | None], places: Sequence[Sequence[int]]) -> list[int | None]:
    """Give a label that is out of order the only place with its text that nobody took."""
    taken = {place for place in found if place is not None}
    for label, candidates in enumerate(places):
        free = [place for place in candidates if place not in taken]
        if found[label] is None and len(free) == 1:
            found[label] = free[0]
            taken.add(free[0])
    return found


def _places(labelled: Sequence[str], texts: Sequence[str]) -> list[list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        places[text_key(text)].append(place)
    return [places.get(text_key(text), []) for text in labelled]


def _article(sentence_id: str) -> str:
    return sentence_id.rpartition(":")[0]


def _index(sentence_id: str) -> int:
    number = sentence_id.rpartition(":")[2]
    return int(number) if number.isdecimal() else 0
