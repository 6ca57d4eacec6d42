"""Why a sentence gets its stance: the labeling functions (LFs) that voted, and the n-grams that counted."""

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.model.features import Matrix
from pipeline.model.reading import check_texts
from pipeline.stances import STANCES
from pipeline.weak.majority import majority_vote
from pipeline.weak.parse import Parse
from pipeline.weak.tokens import token_spans

if TYPE_CHECKING:
    from pipeline.model.stance_model import StanceModel

_ROUND = 4  # decimals


def explain(model: "StanceModel", text: str, top: int = 5) -> dict[str, Any]:
    """Return plain data on one sentence.

    `label`, `confidence`, `probabilities` {stance: p}, `abstained`, `using`; `reason`, one line to read; `lfs`, the
    strongest first: `name`, `stance`, `strength`, `why`, `rule` and `words`, the cue words it fired on as {`text`,
    `start`, `end`} with offsets into `text` (none for an LF that is a Python function); `ngrams` {stance: [{`ngram`,
    `contribution`}]}, the `top` n-grams that spoke most for each stance (log-odds against the mean of the three);
    `label_model` and `majority_vote`, {stance: p} each.
    """
    check_texts([text])
    reading, label_model = model.read([text])
    matrix = model.features.transform(reading, label_model)
    proba = model.predict_proba([text])
    best = int(proba[0].argmax())
    lfs = _lfs(model, text)
    ngrams = _ngrams(model, matrix, top)
    return {
        "label": STANCES[best],
        "confidence": round(float(proba[0, best]), _ROUND),
        "probabilities": _named(proba[0]),
        "abstained": bool(model.abstained(proba)[0]),
        "using": model.answering,
        "reason": _reason(STANCES[best], float(proba[0, best]), lfs, ngrams),
        "lfs": lfs,
        "ngrams": ngrams,
        "label_model": _named(label_model[0]),
        "majority_vote": _named(majority_vote(reading.votes, len(STANCES))[0]),
    }


def _named(proba: np.ndarray) -> dict[str, float]:
    return {stance: round(float(p), _ROUND) for stance, p in zip(STANCES, proba, strict=True)}


def _lfs(model: "StanceModel", text: str) -> list[dict[str, Any]]:
    parse = model.lfs.parse(text)
    voted = [
        {
            "name": model.lfs[j].name,
            "stance": STANCES[stance],
            "strength": round(float(strength), _ROUND),
            "rule": model.lfs[j].rule,
            "why": model.lfs[j].why,
            "words": _words(parse, j, stance),
        }
        for j, (stance, strength) in model.lfs.vote(parse).items()
    ]
    return sorted(voted, key=lambda lf: (-lf["strength"], lf["name"]))


def _words(parse: Parse, lf: int, stance: int) -> list[dict[str, Any]]:
    spans = token_spans(parse.text)
    at = sorted({k for hit in parse.hits if hit.lf == lf and hit.stance == stance for k in hit.match.at})
    return [{"text": parse.text[slice(*spans[k])], "start": spans[k][0], "end": spans[k][1]} for k in at]


def _ngrams(model: "StanceModel", matrix: Matrix, top: int) -> dict[str, list[dict[str, Any]]]:
    first = model.features.starts["n-grams"]
    own = matrix.columns >= first
    columns, place = np.unique(matrix.columns[own], return_inverse=True)
    weights = model.weights[columns] - model.weights[columns].mean(axis=1, keepdims=True)
    parts = weights * np.bincount(place, weights=matrix.values[own], minlength=len(columns))[:, None]
    parts = parts / model.temperature
    return {
        stance: [
            {
                "ngram": model.features.ngrams.name(int(columns[i]) - first),
                "contribution": round(float(parts[i, k]), _ROUND),
            }
            for i in np.argsort(-parts[:, k], kind="stable")[:top]
            if parts[i, k] > 0
        ]
        for k, stance in enumerate(STANCES)
    }


def _reason(label: str, confidence: float, lfs: list[dict[str, Any]], ngrams: dict[str, list[dict[str, Any]]]) -> str:
    """Return one line: what the answer rests on, and what spoke against it."""
    speaking = {side: [lf for lf in lfs if (lf["stance"] == label) == side] for side in (True, False)}
    for_it = [_said(lf) for lf in speaking[True]]
    if not for_it:
        for_it = [f'"{entry["ngram"]}"' for entry in ngrams[label][:2]]
    line = f"{label} ({confidence:.2f}): " + (", ".join(for_it[:3]) or "nothing in it speaks for a stance")
    against = [f"{_said(lf)} for {lf['stance']}" for lf in speaking[False]]
    return f"{line}; but {', '.join(against[:2])}" if against else line


def _said(lf: dict[str, Any]) -> str:
    words = " ".join(word["text"] for word in lf["words"])
    return f'"{words}" ({lf["name"]})' if words else lf["name"]
