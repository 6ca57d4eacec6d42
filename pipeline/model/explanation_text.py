"""The reason for an answer in one line, from what an explanation holds."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from pipeline.base.stances import STANCES

AUDIBLE = 0.05
"""Log-odds from which an n-gram is worth naming as a reason."""

_MOST = 2  # LFs, or words, named on each side


def reason(told: dict[str, Any]) -> str:
    """Return what the answer rests on, and what stands against it, as one line without a point at its end.

    `told` is what `explain` returns, its own `reason` aside.
    """
    against = _against(_distinct([lf for lf in told["lfs"] if lf["stance"] != told["label"]]))
    line = f"{told['label']} {told['confidence']:.2f}, because {_because(told, bool(against))}"
    if against:
        return f"{line}; although {against}"
    silent = [cue for cue in told["silent"] if cue["stance"] not in (told["label"], "neutral")]
    return f"{line}; {said_in_silence(silent[0])} does not count" if silent else line


def said_by(lf: dict[str, Any]) -> str:
    """Return the words that an LF fired on, its name, and what weakens or turns them: '"not sign" (LF sign, ...)'."""
    if not lf["cues"]:
        return f"the sentence as a whole (LF {lf['name']})"
    cue = lf["cues"][0]
    return f'"{cue["quote"]}" ({", ".join(["LF " + lf["name"], *cue["notes"]])})'


def said_in_silence(cue: dict[str, Any]) -> str:
    """Return the words of a cue that does not count, the name of its LF, and why it does not."""
    notes = cue["notes"] or ["another cue comes first"]
    return f'"{cue["quote"]}" ({", ".join(["LF " + cue["name"], *notes])})'


def _because(told: dict[str, Any], opposed: bool) -> str:
    speaking = _distinct([lf for lf in told["lfs"] if lf["stance"] == told["label"]])
    if speaking:
        return _joined([said_by(lf) for lf in speaking])
    ngrams = [entry["ngram"] for entry in told["ngrams"][told["label"]] if entry["contribution"] >= AUDIBLE]
    moved = [word["text"] for word in told["reader_words"] if word["effect"] >= AUDIBLE]
    heard = [f'"{words}"' for words in [*ngrams, *moved] if any(map(str.isalnum, words))][:_MOST]
    if heard:
        return f"of the words {_joined(heard)}"
    if told["label"] == "neutral" or told["using"] == "label-model":
        return "nothing in it speaks clearly for a stance" if opposed else "nothing in it speaks for a stance"
    return "of its words taken together"


def _distinct(lfs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the LFs to name: those with words first, each passage once, at most _MOST of a stance."""
    kept: list[dict[str, Any]] = []
    passages: set[str] = set()
    for lf in sorted(lfs, key=lambda lf: not lf["cues"]):
        passage = lf["cues"][0]["quote"] if lf["cues"] else ""
        same_stance = sum(other["stance"] == lf["stance"] for other in kept)
        if same_stance < _MOST and passage not in passages and (passage or not same_stance):
            kept.append(lf)
            passages.add(passage)
    return kept


def _against(lfs: list[dict[str, Any]]) -> str:
    sides = {stance: [said_by(lf) for lf in lfs if lf["stance"] == stance] for stance in STANCES}
    said = [f"{_joined(by)} speak{'s' * (len(by) == 1)} for {stance}" for stance, by in sides.items() if by]
    return _joined(said)


def _joined(parts: list[str]) -> str:
    return " and ".join(parts)


_INDENT = 20


def as_text(explained: dict[str, Any], width: int | None = None) -> str:
    """Return what `StanceModel.explain` found, as lines: reason, probabilities, who voted, which n-grams spoke.

    With a `width` longer lines are broken, what belongs together indented.
    """
    doubt = " (abstained: too doubtful for the promised precision)" if explained["abstained"] else ""
    columns = {"label model": "label_model", "majority vote": "majority_vote"}
    if explained["using"] == "classifier":
        columns = {"classifier": "probabilities", **columns}
    elif explained["using"] == "reader":
        columns = {"together": "probabilities", "reader": "reader", **columns}
    blocks = [
        [explained["reason"] + doubt],
        [f"{name:<14}" + _shares(explained[key]) for name, key in columns.items()],
        _votes(explained),
        _silent(explained["silent"]),
        _ngrams(explained["ngrams"]),
        _added("meaning of the sentence as a whole", explained["meaning"]),
        _added("the article around it", explained["context"]),
        _reader_words(explained["reader_words"]),
    ]
    return "\n\n".join("\n".join(line for long in block for line in _broken(long, width)) for block in blocks if block)


def _broken(line: str, width: int | None) -> list[str]:
    indent = " " * (_INDENT if line.startswith("  ") else 2)
    return wrap(line, width, subsequent_indent=indent, break_on_hyphens=False) if width else [line]


def _shares(shares: dict[str, float]) -> str:
    return "  ".join(f"{name} {shares[name]:.2f}" for name in STANCES)


def _votes(explained: dict[str, Any]) -> list[str]:
    if not explained["lfs"]:
        return ["no labeling function voted"]
    in_order = sorted(STANCES, key=lambda stance: stance != explained["label"])
    lfs = sorted(explained["lfs"], key=lambda lf: in_order.index(lf["stance"]))
    return ["labeling functions that voted", *map(_vote, lfs)]


def _vote(lf: dict[str, Any]) -> str:
    return f"  {lf['stance']:<11} {lf['strength']:.2f}  {said_by(lf)}: {lf['why']}"


def _silent(cues: list[dict[str, Any]]) -> list[str]:
    lines = [f"  {cue['stance']:<17} {said_in_silence(cue)}" for cue in cues]
    return ["cues that do not count", *lines] if cues else []


def _ngrams(ngrams: dict[str, list[dict[str, Any]]]) -> list[str]:
    said = {stance: list(filter(_audible, ngrams[stance])) for stance in STANCES}
    lines = [f"  {stance:<17} " + ", ".join(map(_ngram, entries)) for stance, entries in said.items() if entries]
    return ["n-grams that counted most", *lines] if lines else []


def _added(what: str, said: dict[str, float]) -> list[str]:
    parts = [f"{stance} {said[stance]:+.2f}" for stance in STANCES if round(said[stance], 2)]
    return [f"{what}: " + ", ".join(parts)] if parts else []


def _reader_words(words: Sequence[dict[str, Any]]) -> list[str]:
    said = ", ".join(f'"{word["text"]}" {word["effect"]:+.2f}' for word in words if round(word["effect"], 2))
    return [f"words that moved the reader most: {said}"] if said else []


def _audible(entry: dict[str, Any]) -> bool:
    return round(entry["contribution"], 2) != 0


def _ngram(entry: dict[str, Any]) -> str:
    return f'"{entry["ngram"]}" {entry["contribution"]:+.2f}'
