"""Rates of right answers with Wilson intervals, capability by capability; run `python -m tests.behaviour.scoring`."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt

import numpy as np

from pipeline.base.stances import STANCES
from pipeline.text.articles import read_articles
from pipeline.text.sentences import split_sentences
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lfs.lf import prior_accuracies
from pipeline.weak.lfs.lf_set import LFSet, cast_votes
from pipeline.weak.loading import load_lfs
from tests.behaviour.capabilities import CAPABILITIES, CHANGES, Case, cases, changed
from tests.imports import ROOT

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
def shipped() -> tuple[LFSet, LabelModel]:
    """Return the shipped LFs, and the label model fitted to their votes on the project's articles, without gold."""
    lfs = load_lfs()
    texts = [s.text for article in read_articles(ROOT / "data/raw").articles for s in split_sentences(article.text)]
    votes, strengths = cast_votes(texts, lfs)
    model = LabelModel(empty=[0.15, 0.75, 0.10], lf_accuracy=prior_accuracies(lfs), prior_rows=100.0)
    return lfs, model.fit(votes, strengths=strengths)


def answers(texts: Sequence[str]) -> list[str]:
    """Return the stance that the label model gives each sentence."""
    lfs, model = shipped()
    return [STANCES[k] for k in np.asarray(model.predict(*cast_votes(list(texts), lfs)))]


def rates(found: Sequence[Case]) -> tuple[Rate, Rate]:
    """Return the rate on cases whose verb stands in a cue, and on those whose verb does not."""
    right = [answer == case.stance for answer, case in zip(answers([case.text for case in found]), found, strict=True)]
    known = [ok for ok, case in zip(right, found, strict=True) if case.known]
    new = [ok for ok, case in zip(right, found, strict=True) if not case.known]
    return Rate(sum(known), len(known)), Rate(sum(new), len(new))


def unchanged(name: str) -> Rate:
    """Return how many answers a change leaves as they are."""
    before, after = zip(*changed(name), strict=True)
    same = [a == b for a, b in zip(answers(before), answers(after), strict=True)]
    return Rate(sum(same), len(same))


def table() -> Iterator[str]:
    """Yield the lines of a Markdown table of all capabilities, and of one of the changes."""
    yield from ("| capability | verbs of cues | other verbs |", "|---|---|---|")
    for name in CAPABILITIES:
        known, new = rates(cases(name))
        yield f"| {name} | {known}, n {known.n} | {f'{new}, n {new.n}' if new.n else ''} |"
    yield from ("", "| change | answers changed | of |", "|---|---|---|")
    for name in CHANGES:
        rate = unchanged(name)
        yield f"| {name} | {rate.n - rate.right} | {rate.n} |"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table())
