"""Rates of right answers with Wilson intervals, capability by capability; run `python -m tests.behaviour.scoring`."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import get_args

import numpy as np

from pipeline.base.stances import STANCES
from pipeline.text.articles import read_articles
from pipeline.text.sentences import split_sentences
from pipeline.weak.invariance import Answer, Invariance, invariance
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lfs.lf import prior_accuracies
from pipeline.weak.lfs.lf_set import LFSet, cast_votes
from pipeline.weak.loading import load_lfs
from tests.behaviour.capabilities import (
    CAPABILITIES,
    CHANGES,
    N_CASES,
    PARTIES,
    Case,
    Verbs,
    cases,
    changed,
    quoting_texts,
    unchanged_texts,
)  # fmt: skip
from tests.imports import ROOT

KINDS: tuple[Verbs, ...] = get_args(Verbs)
_Z = 1.96


@dataclass(frozen=True)
class Rate:
    """So many of n are right."""

    right: int
    n: int

    @property
    def low(self) -> float:
        """The lower end of the 95 % Wilson interval."""
        return wilson(self.right, self.n)[0]

    def __str__(self) -> str:
        """Show the rate and its interval."""
        low, high = wilson(self.right, self.n)
        return f"{self.right / max(self.n, 1):.2f} ({low:.2f} to {high:.2f})"


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a rate; (0, 1) of none."""
    if not n:
        return 0.0, 1.0
    share, room = right / n, _Z**2 / n
    middle, half = share + room / 2, _Z * sqrt(share * (1 - share) / n + room / n / 4)
    return (middle - half) / (1 + room), (middle + half) / (1 + room)


@cache
def shipped() -> tuple[LFSet, Answer, Answer]:
    """Return the shipped LFs, and the answers of the label model fitted to their votes, in their order and backwards.

    It is fitted to the project's articles, without gold.
    """
    lfs = load_lfs()
    texts = [s.text for article in read_articles(ROOT / "data/raw").articles for s in split_sentences(article.text)]
    votes, strengths = cast_votes(texts, lfs)
    model = LabelModel(empty=[0.15, 0.75, 0.10], lf_accuracy=prior_accuracies(lfs), prior_rows=100.0)
    both = (refitted(model, lfs, votes, strengths, backwards=backwards) for backwards in (False, True))
    return lfs, *both


def refitted(
    model: LabelModel, lfs: LFSet, votes: np.ndarray, strengths: np.ndarray, *, backwards: bool = False
) -> Answer:
    """Return the answers of a label model with the parameters of `model`, fitted to votes int8 (n, m) of `lfs`.

    `strengths` float64 (n, m) grade the votes. With `backwards`, rows and labeling functions stand in the opposite
    order, as if the files of both had other names.
    """
    params = model.get_params()
    if backwards:
        lfs = LFSet(lfs.lfs[::-1], lfs.idioms, lfs.proper_names)
        votes, strengths = votes[::-1, ::-1], strengths[::-1, ::-1]
        if np.ndim(params["lf_accuracy"]):
            params["lf_accuracy"] = list(params["lf_accuracy"])[::-1]
    fitted = LabelModel(**params).fit(votes, strengths=strengths)
    return lambda texts: fitted.predict(*cast_votes(texts, lfs))


def answers(texts: Sequence[str]) -> list[str]:
    """Return the stance that the label model gives each sentence."""
    return [STANCES[k] for k in shipped()[1](texts)]


def rates(found: Sequence[Case]) -> dict[Verbs, Rate]:
    """Return the rate on the cases with each kind of verbs."""
    right = [answer == case.stance for answer, case in zip(answers([case.text for case in found]), found, strict=True)]
    of_kind = {kind: [ok for ok, case in zip(right, found, strict=True) if case.verbs == kind] for kind in KINDS}
    return {kind: Rate(sum(own), len(own)) for kind, own in of_kind.items()}


def not_misread(found: Sequence[Case]) -> Rate:
    """Return how many of the cases with other verbs are answered rightly, or as neutral."""
    other = [case for case in found if case.verbs == "other"]
    given = zip(answers([case.text for case in other]), other, strict=True)
    return Rate(sum(answer in (case.stance, "neutral") for answer, case in given), len(other))


def unchanged(name: str) -> Rate:
    """Return how many answers a change leaves as they are."""
    before, after = zip(*changed(name), strict=True)
    same = [a == b for a, b in zip(answers(before), answers(after), strict=True)]
    return Rate(sum(same), len(same))


def invariances() -> list[Invariance]:
    """Return how many answers the changes of the package change, on sentences of the suite."""
    _, answer, reordered = shipped()
    texts = [*unchanged_texts(), *quoting_texts()]
    return invariance(answer, texts, [party for party in PARTIES if party.istitle()], reordered, N_CASES)


def table() -> Iterator[str]:
    """Yield the lines of a Markdown table of all capabilities, and of one of the changes."""
    head = "| capability | verbs of cues | derived verbs | other verbs: right or neutral | other verbs: right |"
    yield from (head, "|---|---|---|---|---|")
    for name in CAPABILITIES:
        of_cues, derived, other = rates(cases(name)).values()
        columns = (of_cues, derived, not_misread(cases(name)), other)
        cells = [f"{rate}, n {rate.n}" if rate.n else "" for rate in columns]
        yield f"| {name} | {' | '.join(cells)} |"
    yield from ("", "| change | answers changed | of |", "|---|---|---|")
    for row in invariances():
        yield f"| {row.change} | {row.changed} | {row.cases} |"
    for name in CHANGES:
        rate = unchanged(name)
        yield f"| {name} | {rate.n - rate.right} | {rate.n} |"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table())
