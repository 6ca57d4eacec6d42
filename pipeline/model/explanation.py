"""Why a sentence has its answer, as values and in words; and what the answers owe to each labeling function."""

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pipeline.base.calibration import log_losses, softmax
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.model.features import ExplainedCue, Linear, Words, explain_cues
from pipeline.model.parsed import ParsedBatch
from pipeline.reader.predicting import word_effects
from pipeline.weak.label_model.selection import macro_f1
from pipeline.weak.label_model.votes import majority_vote
from pipeline.weak.lfs.parse import Parses

if TYPE_CHECKING:
    from pipeline.model.stance_model import StanceModel
    from pipeline.reader.predicting import Reader
    from pipeline.weak.lfs.lf_set import CastVotes


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
    "suppressed": [{"name": "", "stance": "", "quote": "", "notes": [""], "words": _WORDS}],
    "ngrams": {stance: [{"ngram": "", "contribution": 0.0}] for stance in STANCES},
    "embedding": _SHARES,
    "context": _SHARES,
    "reader": _SHARES,
    "reader_words": [{"text": "", "start": 0, "end": 0, "effect": 0.0}],
    "classifier": _SHARES,
    "label_model": _SHARES,
    "majority_vote": _SHARES,
}
"""The form of every explanation, each list filled; files with fixed types take them from here."""

NOTABLE = 0.05
"""Log-odds from which an n-gram is named as a reason."""

_MOST = 2  # LFs, or words, named on each side
_INDENT = 20
N = len(STANCES)


def explanations(
    model: "StanceModel",
    batch: ParsedBatch,
    parses: Sequence[Parses],
    label_model: np.ndarray,
    proba: np.ndarray,
    top: int = 5,
) -> list[dict[str, Any]]:
    """Return plain data on each of n sentences.

    `parses`: the sentences parsed; `label_model`, `proba`: float64 (n, 3), the label model's and the model's
    probabilities. Each has

    `text`, the sentence as it was read, its damaged characters repaired; `label`, `confidence`, `probabilities`
    {stance: p}, `abstained`, `using`; `reason`, one line to read; `lfs`, the strongest first: `name`, `stance`,
    `strength`, `why`, `rule`, `words`, the cue words it fired on as {`text`, `start`, `end`} with offsets into `text`,
    and `cues`, the strongest first, as {`quote`, `strength`, `notes`}, where notes name negation and scope (both empty
    for an LF that is a Python function); `suppressed`: cues that do not count where they stand, as {`name`, `stance`,
    `quote`, `notes`, `words`}, with the stance that they would have elsewhere; `ngrams` {stance: [{`ngram`,
    `contribution`}]}, the `top` n-grams for each stance (log-odds against the mean of the three; none where the label
    model answers); `embedding`, {stance: log-odds} that the embedding of the sentence adds to the average one (0
    without an encoder); `context`, {stance: log-odds} that the article around it adds to the average article (0 where
    it stands alone); `reader`, {stance: p}, and `reader_words`, the `top` words that moved the reader most, as {`text`,
    `start`, `end`, `effect`} (0, and none, unless the reader answers); `classifier` (0 where the
    label model answers), `label_model`, `majority_vote`: {stance: p}.
    """
    abstained, majority = model.abstained(proba), majority_vote(batch.votes, len(STANCES))
    own = None if model.answered_by == "label-model" else model.using("classifier").predict_parsed(batch, label_model)
    linear = own is not None and isinstance(model.classifier, Linear)
    matrix = model.features.transform(batch, label_model) if linear else None
    found = []
    for i, (text, cues) in enumerate(zip(batch.texts, explain_cues(model.lfs, parses), strict=True)):
        one: dict[str, Any] = {
            "text": text,
            "label": STANCES[int(proba[i].argmax())],
            "confidence": round(float(proba[i].max()), _ROUND),
            "probabilities": _named(proba[i]),
            "abstained": bool(abstained[i]),
            "using": model.answered_by,
            "reason": "",
            "lfs": [_vote(model, text, cues, *vote) for vote in _votes(model, batch, i)],
            "suppressed": [_suppressed(model, text, cue) for cue in cues if cue.stance == ABSTAIN],
            "ngrams": {stance: [] for stance in STANCES},
            "embedding": _SHARES,
            "context": _SHARES,
            "reader": _SHARES,
            "reader_words": [],
            "classifier": _SHARES if own is None else _named(own[i]),
            "label_model": _named(label_model[i]),
            "majority_vote": _named(majority[i]),
        }
        if matrix is not None:
            one |= _of_classifier(model, matrix[i], top)
        if model.answered_by == "reader" and model.reader:
            one |= _of_reader(model.reader, text, one["label"], batch.reader_log_proba[i], top)
        found.append({**one, "reason": reason(one)})
    return found


def _votes(model: "StanceModel", batch: ParsedBatch, i: int) -> list[tuple[int, tuple[int, float]]]:
    """Return (LF number, (stance id, strength)) of the votes on a sentence, the strongest first."""
    voting = np.flatnonzero(batch.votes[i] != ABSTAIN)
    pairs = zip(batch.votes[i, voting].tolist(), batch.strengths[i, voting].tolist(), strict=True)
    return sorted(zip(voting.tolist(), pairs, strict=True), key=lambda vote: (-vote[1][1], model.lfs[vote[0]].name))


def _named(proba: np.ndarray) -> dict[str, float]:
    return {stance: round(float(p), _ROUND) for stance, p in zip(STANCES, proba, strict=True)}


def _vote(
    model: "StanceModel", text: str, cues: list[ExplainedCue], number: int, vote: tuple[int, float]
) -> dict[str, Any]:
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


def _suppressed(model: "StanceModel", text: str, cue: ExplainedCue) -> dict[str, Any]:
    lf = model.lfs[cue.lf]
    shown = {"quote": cue.quote, "notes": list(cue.notes), "words": _words(text, cue.words)}
    return {"name": lf.name, "stance": STANCES[lf.stance], **shown}


def _words(text: str, spans: Words) -> list[dict[str, Any]]:
    return [{"text": text[start:end], "start": start, "end": end} for start, end in spans]


def _block(model: "StanceModel", row: np.ndarray, name: str) -> np.ndarray:
    """Return (columns of the block, 3): what each adds to the log-odds of each stance against the mean of the three."""
    first = model.features.starts[name]
    own = slice(first, first + model.features.widths[name])
    weights = model.classifier.weights[own]
    return row[own, None] * (weights - weights.mean(axis=1, keepdims=True)) / model.temperature


def _of_classifier(model: "StanceModel", row: np.ndarray, top: int) -> dict[str, Any]:
    added = {name: _named(_block(model, row, name).sum(axis=0)) for name in ("embedding", "context")}
    return {"ngrams": _ngrams(model, row, top), **added}


def _of_reader(reader: "Reader", text: str, label: str, log_proba: np.ndarray, top: int) -> dict[str, Any]:
    effects = word_effects(reader, text, label, top)
    return {"reader": _named(np.exp(log_proba)), "reader_words": [vars(effect) for effect in effects]}


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


def reason(explained: dict[str, Any]) -> str:
    """Return what the answer rests on, and what stands against it, as one line without a point at its end.

    `explained` is what `explain` returns, its own `reason` aside.
    """
    against = _against(_distinct([lf for lf in explained["lfs"] if lf["stance"] != explained["label"]]))
    line = f"{explained['label']} {explained['confidence']:.2f}, because {_because(explained, bool(against))}"
    if against:
        return f"{line}; although {against}"
    suppressed = [cue for cue in explained["suppressed"] if cue["stance"] not in (explained["label"], "neutral")]
    return f"{line}; {suppressed_in_words(suppressed[0])} does not count" if suppressed else line


def lf_in_words(lf: dict[str, Any]) -> str:
    """Return the words that an LF fired on, its name, and what weakens or turns them: '"not sign" (LF sign, ...)'."""
    if not lf["cues"]:
        return f"the sentence as a whole (LF {lf['name']})"
    cue = lf["cues"][0]
    return f'"{cue["quote"]}" ({", ".join(["LF " + lf["name"], *cue["notes"]])})'


def suppressed_in_words(cue: dict[str, Any]) -> str:
    """Return the words of a cue that does not count, the name of its LF, and why it does not."""
    notes = cue["notes"] or ["another cue comes first"]
    return f'"{cue["quote"]}" ({", ".join(["LF " + cue["name"], *notes])})'


def _because(explained: dict[str, Any], opposed: bool) -> str:
    speaking = _distinct([lf for lf in explained["lfs"] if lf["stance"] == explained["label"]])
    if speaking:
        return _joined([lf_in_words(lf) for lf in speaking])
    ngrams = [entry["ngram"] for entry in explained["ngrams"][explained["label"]] if entry["contribution"] >= NOTABLE]
    moved = [word["text"] for word in explained["reader_words"] if word["effect"] >= NOTABLE]
    named = [f'"{words}"' for words in [*ngrams, *moved] if any(map(str.isalnum, words))][:_MOST]
    if named:
        return f"of the words {_joined(named)}"
    if explained["label"] == "neutral" or explained["using"] == "label-model":
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
    sides = {stance: [lf_in_words(lf) for lf in lfs if lf["stance"] == stance] for stance in STANCES}
    shown = [f"{_joined(by)} speak{'s' * (len(by) == 1)} for {stance}" for stance, by in sides.items() if by]
    return _joined(shown)


def _joined(parts: list[str]) -> str:
    return " and ".join(parts)


def as_text(explained: dict[str, Any], width: int | None = None) -> str:
    """Return what `StanceModel.explain` found, as lines: reason, probabilities, who voted, which n-grams spoke.

    With a `width` longer lines are broken, what belongs together indented.
    """
    doubt = " (abstained: too doubtful for the target precision)" if explained["abstained"] else ""
    columns = {"label model": "label_model", "majority vote": "majority_vote"}
    if explained["using"] != "label-model":
        columns = {"classifier": "classifier", **columns}
    if explained["using"] == "reader":
        columns = {"together": "probabilities", "reader": "reader", **columns}
    blocks = [
        [explained["reason"] + doubt],
        [f"{name:<14}" + _shares(explained[key]) for name, key in columns.items()],
        _vote_lines(explained),
        _abstention_lines(explained["suppressed"]),
        _ngram_lines(explained["ngrams"]),
        _added("embedding of the sentence", explained["embedding"]),
        _added("the article around it", explained["context"]),
        _reader_words(explained["reader_words"]),
    ]
    return "\n\n".join("\n".join(line for long in block for line in _broken(long, width)) for block in blocks if block)


def _broken(line: str, width: int | None) -> list[str]:
    indent = " " * (_INDENT if line.startswith("  ") else 2)
    return wrap(line, width, subsequent_indent=indent, break_on_hyphens=False) if width else [line]


def _shares(shares: dict[str, float]) -> str:
    return "  ".join(f"{name} {shares[name]:.2f}" for name in STANCES)


def _vote_lines(explained: dict[str, Any]) -> list[str]:
    if not explained["lfs"]:
        return ["no labeling function voted"]
    in_order = sorted(STANCES, key=lambda stance: stance != explained["label"])
    lfs = sorted(explained["lfs"], key=lambda lf: in_order.index(lf["stance"]))
    return ["labeling functions that voted", *map(_vote_line, lfs)]


def _vote_line(lf: dict[str, Any]) -> str:
    return f"  {lf['stance']:<11} {lf['strength']:.2f}  {lf_in_words(lf)}: {lf['why']}"


def _abstention_lines(cues: list[dict[str, Any]]) -> list[str]:
    lines = [f"  {cue['stance']:<17} {suppressed_in_words(cue)}" for cue in cues]
    return ["cues that do not count", *lines] if cues else []


def _ngram_lines(ngrams: dict[str, list[dict[str, Any]]]) -> list[str]:
    shown = {stance: list(filter(_notable, ngrams[stance])) for stance in STANCES}
    lines = [f"  {stance:<17} " + ", ".join(map(_ngram, entries)) for stance, entries in shown.items() if entries]
    return ["n-grams that counted most", *lines] if lines else []


def _added(what: str, shown: dict[str, float]) -> list[str]:
    parts = [f"{stance} {shown[stance]:+.2f}" for stance in STANCES if round(shown[stance], 2)]
    return [f"{what}: " + ", ".join(parts)] if parts else []


def _reader_words(words: Sequence[dict[str, Any]]) -> list[str]:
    shown = ", ".join(f'"{word["text"]}" {word["effect"]:+.2f}' for word in words if round(word["effect"], 2))
    return [f"words that moved the reader most: {shown}"] if shown else []


def _notable(entry: dict[str, Any]) -> bool:
    return round(entry["contribution"], 2) != 0


def _ngram(entry: dict[str, Any]) -> str:
    return f'"{entry["ngram"]}" {entry["contribution"]:+.2f}'


class Contribution(NamedTuple):
    """What is lost without an LF: macro-F1, and the log-loss (nats) that is added; below 0 the LF does harm."""

    macro_f1: float
    log_loss: float


def lf_contributions(
    model: "StanceModel",
    texts: Sequence[str],
    gold: np.ndarray,
    articles: Sequence[str] | None = None,
    cast: "CastVotes | None" = None,
) -> list[Contribution]:
    """Return what each LF adds to the classifier on sentences with stance ids `gold`, int (n,).

    The classifier must not have been trained on these sentences; `articles` names the article of each. A sentence with
    gold -1 serves as context only. Without gold the result is []. `cast`: the votes, where they were cast before.
    """
    known = np.flatnonzero(gold >= 0)
    if not len(known):
        return []
    batch, proba = model.parse(texts, articles, cast)
    scores = model.scores(batch, proba)
    whole, found = _scores_on_gold(scores[known], gold[known]), []
    for j in range(len(model.lfs)):
        fired = np.flatnonzero(batch.votes[:, j] != ABSTAIN)
        without = whole
        if len(fired):
            votes, strengths, thinned = batch.votes.copy(), batch.strengths.copy(), proba.copy()
            votes[fired, j], strengths[fired, j] = ABSTAIN, 0
            thinned[fired] = model.label_model.predict_proba(votes[fired], strengths[fired])
            rest = replace(batch, votes=votes, strengths=strengths)
            without = _scores_on_gold(model.scores(rest, thinned)[known], gold[known])
        found.append(Contribution(whole.macro_f1 - without.macro_f1, without.log_loss - whole.log_loss))
    return found


def _scores_on_gold(scores: np.ndarray, gold: np.ndarray) -> Contribution:
    losses = log_losses(softmax(scores), np.eye(N)[gold])
    return Contribution(macro_f1(gold, scores.argmax(axis=1), N), float(losses.mean()))
