"""What the numbers say, in sentences."""

import math

from pipeline.base.stances import STANCES
from pipeline.report.bootstrap import MIN_ARTICLES
from pipeline.report.cells import grouped, number, percent, signed, spoken
from pipeline.report.data import CorpusData, ReportData
from pipeline.report.results import Results
from pipeline.report.tables import trust

HOW_TO_LABEL = "docs/your-own-articles.md"

_UNKEPT = "No confidence was found above which {} of the answers are right, so none is withheld."


def headline(data: ReportData, results: Results) -> list[str]:
    """Return the result in words: the score, how it compares, how often a chosen answer is right."""
    score = results.systems[data.main].scores["macro_f1"]
    within = f" ({percent(data.confidence)} interval {number(score.low)} to {number(score.high)})"
    return [
        f"On {grouped(results.n)} hand-labelled sentences from {_articles(results.n_articles)} that played no part in "
        f"training, the {spoken(data.main)} reaches a macro-F1 of {number(score.value)}"
        f"{within if math.isfinite(score.low) else ''}.",
        *_comparison(data, results),
        *_answers(data, results),
    ]


def warnings(data: ReportData, results: Results) -> list[str]:
    """Return what makes the result less certain than it looks."""
    found = []
    if results.n_articles < MIN_ARTICLES:
        found.append(
            f"The hand labels come from {_articles(results.n_articles)}: too few to say how much the scores "
            "would vary, so there are no intervals. Label more articles."
        )
    elif results.few_articles:
        found.append(
            f"Only {results.n_articles} articles have hand labels in the {data.fold} fold. With fewer than 40 the "
            "intervals are too narrow: read them as the least uncertainty there is, and label more articles."
        )
    if results.absent:
        best = len(STANCES) - len(results.absent)
        found.append(
            f"No sentence is hand-labelled {' or '.join(results.absent)}: it counts as F1 = 0, so macro-F1 cannot "
            f"exceed {number(best / len(STANCES), 2)} here."
        )
    return found


def corpus_headline(data: CorpusData) -> list[str]:
    """Return how much there is, and on how much of it labeling functions vote."""
    size = f"{_articles(data.count('articles'))} with {grouped(data.count('sentences'))} sentences"
    if data.covered is None:
        return [f"{size}."]
    return [f"{size}; at least one labeling function votes on {percent(data.covered)} of them."]


def no_scores(data: CorpusData) -> str:
    """Say that nothing tells how good the predictions are, and what would."""
    return (
        f"No sentence of the {data.fold} fold is hand-labelled, so there are no scores: nothing here tells how often "
        f"the {spoken(data.main)} is right. How to label some sentences: {HOW_TO_LABEL}."
    )


def calibration_words(data: ReportData, results: Results) -> str:
    """Say whether the probabilities can be taken at their word."""
    system = results.systems[data.main]
    found = f"The expected calibration error is {number(system.ece)}. "
    limit = f"A perfectly calibrated model would stay below {number(system.ece_null)} on 95 % of such samples, "
    if system.ece <= system.ece_null:
        return found + limit + "so there is no sign that the probabilities are wrong."
    return (
        found + limit + f"so the probabilities are off: on average the model is {trust(system)} (mean confidence "
        f"{number(system.confidence, 2)}, right {number(system.scores['accuracy'].value, 2)})."
    )


def _comparison(data: ReportData, results: Results) -> list[str]:
    others = {name: s for name, s in results.systems.items() if s.behind is not None}
    if not others:
        return []
    best = max(others, key=lambda name: others[name].scores["macro_f1"].value)
    behind, score = others[best].behind, others[best].scores["macro_f1"].value
    digits = telling_digits(results.systems[data.main].scores["macro_f1"].value, score)
    against = f"the best of the other systems, the {spoken(best)} ({number(score, digits)})"
    if behind is None or not math.isfinite(behind.low):
        return [f"Whether it beats {against} cannot be told from so few articles."]
    within = f"difference {signed(behind, digits)}"
    if behind.low > 0:
        return [f"It beats {against}: {within}."]
    if behind.high < 0:
        return [f"It is worse than {against}: {within}."]
    return [f"Chance alone could explain its distance to {against}: {within}."]


def telling_digits(one: float, other: float) -> int:
    """Return how many decimals two scores need to be told apart where they are compared: 3, or 4 where those agree."""
    return 3 if number(one, 3) != number(other, 3) else 4


def _answers(data: ReportData, results: Results) -> list[str]:
    point = results.answered
    if point is None:
        return [] if data.promised is None else [_UNKEPT.format(percent(data.promised))]
    if not math.isfinite(point.precision.value):
        return [f"No sentence reaches the confidence of {number(point.threshold, 2)} that an answer needs."]
    within = f" (interval {percent(point.precision.low)} to {percent(point.precision.high)})"
    promise = f"; {percent(data.promised)} was aimed at" if data.promised is not None else ""
    return [
        f"Where it answers only when its confidence is {number(point.threshold, 2)} or more, it answers "
        f"{percent(point.coverage.value)} of the sentences and {percent(point.precision.value)} of these answers are "
        f"right{within if math.isfinite(point.precision.low) else ''}{promise}."
    ]


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{grouped(count)} articles"
