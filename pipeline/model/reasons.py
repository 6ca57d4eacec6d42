"""The reason for an answer in one line, from what an explanation holds."""

from typing import Any

from pipeline.stances import STANCES

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
    heard = [f'"{ngram}"' for ngram in ngrams if any(map(str.isalnum, ngram))][:_MOST]
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
