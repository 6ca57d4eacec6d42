"""An explanation as text for a terminal."""

from textwrap import wrap
from typing import Any

from pipeline.model.reasons import said_by, said_in_silence
from pipeline.stances import STANCES

_INDENT = 20


def as_text(explained: dict[str, Any], width: int | None = None) -> str:
    """Return what `StanceModel.explain` found, as lines: reason, probabilities, who voted, which n-grams spoke.

    With a `width` longer lines are broken, what belongs together indented.
    """
    doubt = " (abstained: too doubtful for the promised precision)" if explained["abstained"] else ""
    columns = {"label model": "label_model", "majority vote": "majority_vote"}
    if explained["using"] == "classifier":
        columns = {"classifier": "probabilities", **columns}
    blocks = [
        [explained["reason"] + doubt],
        [f"{name:<14}" + _shares(explained[key]) for name, key in columns.items()],
        _votes(explained),
        _silent(explained["silent"]),
        _ngrams(explained["ngrams"]),
        _meaning(explained["meaning"]),
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


def _meaning(said: dict[str, float]) -> list[str]:
    parts = [f"{stance} {said[stance]:+.2f}" for stance in STANCES if round(said[stance], 2)]
    return ["meaning of the sentence as a whole: " + ", ".join(parts)] if parts else []


def _audible(entry: dict[str, Any]) -> bool:
    return round(entry["contribution"], 2) != 0


def _ngram(entry: dict[str, Any]) -> str:
    return f'"{entry["ngram"]}" {entry["contribution"]:+.2f}'
