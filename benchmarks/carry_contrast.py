"""What own test articles and real news have in common and what not: class mix, style, vocabulary, worth of a vote."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.carry_page import table
from benchmarks.carry_sets import UNREAD, EvaluationSet
from pipeline.base.stances import NEUTRAL, STANCES
from pipeline.model.features import Features
from pipeline.model.stance_model import StanceModel
from pipeline.report.cells import DASH, number, percent
from pipeline.weak.label_model.em import softmax

LABEL_MODEL = "label model"
_QUOTES = '"“”«»'
_LENGTHS = {"below 16 words": (0, 16), "16 to 23 words": (16, 24), "24 words or more": (24, 10**6)}
_VOTES = {"no vote for a stance": (0, 1), "one": (1, 2), "two": (2, 3), "three or more": (3, 10**6)}


def contrast_block(sets: Sequence[EvaluationSet], models: Mapping[str, StanceModel], learnt: np.ndarray) -> str:
    """Lay out a table of the sets side by side.

    The first of the models is compared with the label model; of the last it is tried what it loses by. `learnt` are
    the stance ids that they learnt from.
    """
    shown = [s for s in sets if s.name != UNREAD]
    columns = [dict(_contrast(s, models)) | dict(_trials(s, *list(models.items())[-1], learnt)) for s in shown]
    return table(("", *(s.name for s in shown)), [(name, *(c[name] for c in columns)) for name in columns[0]])


def _contrast(s: EvaluationSet, models: Mapping[str, StanceModel]) -> Iterator[tuple[str, str]]:
    first = next(iter(models.values()))
    batch, alone = first.parse(s.texts)
    yield "sentences", str(len(s.gold))
    for k, stance in enumerate(STANCES):
        yield stance, percent(np.mean(s.gold == k))
    yield from _style(s)
    votes = ((batch.votes >= 0) & (batch.votes != NEUTRAL)).sum(axis=1)
    yield "no vote for a stance", percent(np.mean(votes == 0))
    yield from _neutral(_VOTES, votes, s)
    answers = {LABEL_MODEL: alone} | {name: model.predict_proba(s.texts) for name, model in models.items()}
    decided = {name: np.array(s.classes)[proba[:, s.classes].argmax(axis=1)] for name, proba in answers.items()}
    for name, of_name in decided.items():
        yield f"{name}: right where there is no such vote", _share(of_name == s.gold, votes == 0)
        yield f"{name}: right elsewhere", _share(of_name == s.gold, votes > 0)
        yield f"{name}: answers neutral", percent(np.mean(of_name == NEUTRAL))
    yield from _differences(s, decided, next(iter(models)))


def _trials(s: EvaluationSet, name: str, model: StanceModel, learnt: np.ndarray) -> Iterator[tuple[str, str]]:
    batch, alone = model.parse(s.texts)
    mix, had = (np.bincount(gold, minlength=len(STANCES)) / len(gold) for gold in (s.gold, learnt))
    shifted = softmax(model.scores(batch, alone) + np.log(np.maximum(mix, 1e-9) / had))
    trials = {"": model.predict_proba(s.texts), ", given the class mix": shifted}
    for block, (first, end) in _places(model.features).items():
        weights = model.classifier.weights.copy()
        weights[first:end] = 0
        without = replace(model, classifier=replace(model.classifier, weights=weights))
        trials[f", without its weights of {block}"] = softmax(without.scores(batch, alone))
    for what, proba in trials.items():
        yield f"{name}{what}: macro-F1", number(s.score(proba)[0])


def _places(features: Features) -> dict[str, tuple[int, int]]:
    starts, widths = features.starts, features.widths
    return {block: (starts[block], starts[block] + widths[block]) for block in ("votes", "structure")}


def _style(s: EvaluationSet) -> Iterator[tuple[str, str]]:
    lengths = np.array([len(text.split()) for text in s.texts])
    yield "words a sentence, median", f"{np.median(lengths):.0f}"
    yield "with a quotation mark", percent(np.mean([any(mark in text for mark in _QUOTES) for text in s.texts]))
    yield from _neutral(_LENGTHS, lengths, s)


def _neutral(ranges: Mapping[str, tuple[int, int]], values: np.ndarray, s: EvaluationSet) -> Iterator[tuple[str, str]]:
    for name, (low, high) in ranges.items():
        yield f"neutral, {name}", _share(s.gold == NEUTRAL, (values >= low) & (values < high))


def _differences(s: EvaluationSet, decided: Mapping[str, np.ndarray], name: str) -> Iterator[tuple[str, str]]:
    apart = decided[name] != decided[LABEL_MODEL]
    yield f"{name} and {LABEL_MODEL} differ", percent(apart.mean())
    for one in (LABEL_MODEL, name):
        yield f"there the {one} is right", _share(decided[one] == s.gold, apart)


def _share(true: np.ndarray, among: np.ndarray) -> str:
    return percent(true[among].mean()) if among.any() else DASH
