"""An explanation as text for a terminal."""

from typing import Any

from pipeline.stances import STANCES


def as_text(explained: dict[str, Any]) -> str:
    """Return what `StanceModel.explain` found, as lines: reason, probabilities, who voted, which n-grams spoke."""
    doubt = "  (abstained: too doubtful for the promised precision)" if explained["abstained"] else ""
    lines = [explained["reason"] + doubt, ""]
    columns = {"label model": "label_model", "majority vote": "majority_vote"}
    if explained["using"] == "classifier":
        columns = {"classifier": "probabilities", **columns}
    lines += [f"{name:<14}" + _shares(explained[key]) for name, key in columns.items()]
    lines += ["", "labeling functions that voted" if explained["lfs"] else "no labeling function voted"]
    lines += [_vote(lf) for lf in explained["lfs"]]
    said = {stance: list(filter(_audible, entries)) for stance, entries in explained["ngrams"].items()}
    spoken = [(stance, entries) for stance, entries in said.items() if entries]
    lines += ["", "n-grams that counted most"] if spoken else []
    lines += [f"  {stance:<11} " + ", ".join(map(_ngram, entries)) for stance, entries in spoken]
    return "\n".join(lines)


def _shares(shares: dict[str, float]) -> str:
    return "  ".join(f"{name} {shares[name]:.2f}" for name in STANCES)


def _vote(lf: dict[str, Any]) -> str:
    words = " ".join(word["text"] for word in lf["words"])
    said = f'"{words}"' if words else "the sentence as a whole"
    return f"  {lf['stance']:<11} {lf['strength']:.2f}  {lf['name']}: {said} ({lf['why']})"


def _audible(entry: dict[str, Any]) -> bool:
    return round(entry["contribution"], 2) != 0


def _ngram(entry: dict[str, Any]) -> str:
    return f'"{entry["ngram"]}" {entry["contribution"]:+.2f}'
