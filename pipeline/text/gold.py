"""Hand labels (gold): read them, and find the sentences they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import GoldError
from pipeline.stances import UNLABELED, stance_id
from pipeline.storage import read_jsonl


@dataclass(frozen=True, slots=True)
class Gold:
    """One hand-labelled sentence: its id and text, the settled stance id, what each annotator said, and doubts."""

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


def match_gold(gold: Sequence[Gold], ids: Sequence[str], texts: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the gold stance id of each sentence (UNLABELED where there is none), and the ids that are lost.

    A label belongs to the sentence of its id; where that one reads differently now (the article was edited, or is cut
    in other places), to the sentence of the same article that has its very text. Lost are those that match none, and
    those whose sentence has a label already.
    """
    row_of = {sentence: row for row, sentence in enumerate(ids)}
    text_of = dict(zip(ids, texts, strict=True))
    row_of_text = {(_article(sentence), text): row for row, (sentence, text) in enumerate(zip(ids, texts, strict=True))}
    stances, lost = [UNLABELED] * len(ids), []

    def moved(item: Gold) -> bool:
        return text_of.get(item.id) != item.text

    for item in sorted(gold, key=moved):
        row = row_of_text.get((_article(item.id), item.text)) if moved(item) else row_of[item.id]
        if row is None or stances[row] != UNLABELED:
            lost.append(item.id)
        else:
            stances[row] = item.stance
    return stances, lost


def _article(sentence_id: str) -> str:
    return sentence_id.rpartition(":")[0]
