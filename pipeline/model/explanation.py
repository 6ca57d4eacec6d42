"""Why a sentence gets its stance: the labeling functions (LFs) that voted, and the n-grams that counted."""

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.base.repair import repaired
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.model.cue_modifiers import CueRead, Words, read_cues
from pipeline.model.explanation_text import reason
from pipeline.model.linear import Linear
from pipeline.model.parsed import Reading
from pipeline.reader.explaining import word_effects
from pipeline.weak.label_model.majority import majority_vote

if TYPE_CHECKING:
    from pipeline.model.stance_model import StanceModel

_ROUND = 4  # decimals

_SHARES = dict.fromkeys(STANCES, 0.0)
_WORDS = [{"text": "", "start": 0, "end": 0}]
_LF = {"name": "", "stance": "", "strength": 0.0, "rule": "", "why": "", "words": _WORDS}
EXAMPLE: dict[str, Any] = {
    "text": "",
    "label": "",
    "confidence": 0.0,
    "probabilities": _SHARES,
    "abstained": False,
    "using": "",
    "reason": "",
    "lfs": [{**_LF, "cues": [{"quote": "", "strength": 0.0, "notes": [""]}]}],
    "silent": [{"name": "", "stance": "", "quote": "", "notes": [""], "words": _WORDS}],
    "ngrams": {stance: [{"ngram": "", "contribution": 0.0}] for stance in STANCES},
    "meaning": _SHARES,
    "context": _SHARES,
    "reader": _SHARES,
    "reader_words": [{"text": "", "start": 0, "end": 0, "effect": 0.0}],
    "label_model": _SHARES,
    "majority_vote": _SHARES,
}
"""The form of every explanation, each list filled; files with fixed types take them from here."""


def explain(
    model: "StanceModel", texts: Sequence[str], top: int = 5, articles: Sequence[Hashable | None] | None = None
) -> list[dict[str, Any]]:
    """Return plain data on each sentence, of the `articles` named where there are any.

    `text`, the sentence as it was read, its damaged characters repaired; `label`, `confidence`, `probabilities`
    {stance: p}, `abstained`, `using`; `reason`, one line to read; `lfs`, the strongest first: `name`, `stance`,
    `strength`, `why`, `rule`, `words`, the cue words it fired on as {`text`, `start`, `end`} with offsets into `text`,
    and `cues`, the strongest first, as {`quote`, `strength`, `notes`}, where
    notes name negation and scope (both empty for an LF that is a Python function); `silent`: cues that do not count,
    as {`name`, `stance`, `quote`, `notes`, `words`}, with the stance that they would have in the open; `ngrams`
    {stance: [{`ngram`, `contribution`}]}, the `top` n-grams that spoke most for each stance (log-odds against the mean
    of the three; none where the label model answers); `meaning`, {stance: log-odds} that the embedding of the sentence
    adds against that of the average one (0 without an encoder); `context`, {stance: log-odds} that the article around
    it adds against the average article (0 where it stands alone); `reader`, {stance: p}, and `reader_words`, the `top`
    words that moved the reader most towards the label or away from it, as {`text`, `start`, `end`, `effect`} (0, and
    none, unless the reader answers); `label_model` and `majority_vote`, {stance: p} each.
    """
    texts = repaired(texts)
    reading, label_model = model.read(texts, articles)
    proba = model.judge(reading, label_model)
    abstained, majority = model.abstained(proba), majority_vote(reading.votes, len(STANCES))
    linear = model.answering == "classifier" and isinstance(model.classifier, Linear)
    matrix = model.features.transform(reading, label_model) if linear else None
    told = []
    for i, (text, cues) in enumerate(zip(texts, read_cues(model.lfs, texts), strict=True)):
        alone = reading[np.array([i])]
        one: dict[str, Any] = {
            "text": text,
            "label": STANCES[int(proba[i].argmax())],
            "confidence": round(float(proba[i].max()), _ROUND),
            "probabilities": _named(proba[i]),
            "abstained": bool(abstained[i]),
            "using": model.answering,
            "reason": "",
            "lfs": [_vote(model, text, cues, *vote) for vote in _votes(model, alone)],
            "silent": [_silent(model, text, cue) for cue in cues if cue.stance == ABSTAIN],
            "ngrams": {stance: [] for stance in STANCES},
            "meaning": _SHARES,
            "context": _SHARES,
            "reader": _SHARES,
            "reader_words": [],
            "label_model": _named(label_model[i]),
            "majority_vote": _named(majority[i]),
        }
        if matrix is not None:
            added = {name: _named(_block(model, matrix[i], name).sum(axis=0)) for name in ("meaning", "context")}
            one |= {"ngrams": _ngrams(model, matrix[i], top), **added}
        elif model.answering == "reader" and model.reader:
            effects = word_effects(model.reader, text, one["label"], top)
            one |= {"reader": _named(np.exp(reading.read[i])), "reader_words": [vars(effect) for effect in effects]}
        told.append({**one, "reason": reason(one)})
    return told


def _votes(model: "StanceModel", alone: Reading) -> list[tuple[int, tuple[int, float]]]:
    """Return (LF number, (stance id, strength)) of the only sentence that was read, the strongest first."""
    voting = np.flatnonzero(alone.votes[0] != ABSTAIN)
    pairs = zip(alone.votes[0, voting].tolist(), alone.strengths[0, voting].tolist(), strict=True)
    return sorted(zip(voting.tolist(), pairs, strict=True), key=lambda vote: (-vote[1][1], model.lfs[vote[0]].name))


def _named(proba: np.ndarray) -> dict[str, float]:
    return {stance: round(float(p), _ROUND) for stance, p in zip(STANCES, proba, strict=True)}


def _vote(model: "StanceModel", text: str, cues: list[CueRead], number: int, vote: tuple[int, float]) -> dict[str, Any]:
    lf, (stance, strength) = model.lfs[number], vote
    own = [cue for cue in cues if cue.lf == number and cue.stance == stance]
    return {
        "name": lf.name,
        "stance": STANCES[stance],
        "strength": round(float(strength), _ROUND),
        "rule": lf.rule,
        "why": lf.why,
        "words": _words(text, sorted({span for cue in own for span in cue.words})),
        "cues": [
            {"quote": cue.quote, "strength": round(cue.strength, _ROUND), "notes": list(cue.notes)}
            for cue in sorted(own, key=lambda cue: -cue.strength)
        ],
    }


def _silent(model: "StanceModel", text: str, cue: CueRead) -> dict[str, Any]:
    lf = model.lfs[cue.lf]
    said = {"quote": cue.quote, "notes": list(cue.notes), "words": _words(text, cue.words)}
    return {"name": lf.name, "stance": STANCES[lf.stance], **said}


def _words(text: str, spans: Words) -> list[dict[str, Any]]:
    return [{"text": text[start:end], "start": start, "end": end} for start, end in spans]


def _block(model: "StanceModel", row: np.ndarray, name: str) -> np.ndarray:
    """Return (columns of the block, 3): what each adds to the log-odds of each stance against the mean of the three."""
    first = model.features.starts[name]
    own = slice(first, first + model.features.widths[name])
    weights = model.classifier.weights[own]
    return row[own, None] * (weights - weights.mean(axis=1, keepdims=True)) / model.temperature


def _ngrams(model: "StanceModel", row: np.ndarray, top: int) -> dict[str, list[dict[str, Any]]]:
    parts = _block(model, row, "n-grams")
    return {
        stance: [
            {"ngram": model.features.ngram(int(i)), "contribution": round(float(parts[i, k]), _ROUND)}
            for i in np.argsort(-parts[:, k], kind="stable")[:top]
            if parts[i, k] > 0
        ]
        for k, stance in enumerate(STANCES)
    }
