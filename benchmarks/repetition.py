"""How often the same words come again: measures over tokenised sentences."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

import numpy as np

from pipeline.weak.cues.language import noun_forms, verb_forms
from pipeline.weak.cues.tokens import tokenize
from pipeline.weak.lfs.lf_set import LFSet

Tokens = Sequence[Sequence[str]]
"""Sentences as lists of lower-case tokens."""


def words_of(text: str) -> list[str]:
    """Return the lower-case words and numbers of a sentence, as labeling functions see them."""
    return [token for token in tokenize(text) if any(map(str.isalnum, token))]


def first_tokens(sentences: Tokens, size: int) -> list[list[str]]:
    """Return the sentences that hold the first `size` tokens, the last one cut there."""
    kept: list[list[str]] = []
    left = size
    for sentence in sentences:
        if left <= 0:
            break
        kept.append(list(sentence[:left]))
        left -= len(sentence)
    return kept


def repeated_ngrams(sentences: Tokens, n: int = 4) -> float:
    """Return the share of n-gram tokens whose n-gram stands more than once in the sentences."""
    counts = Counter(chain.from_iterable(_ngrams(sentence, n) for sentence in sentences))
    return sum(count for count in counts.values() if count > 1) / max(sum(counts.values()), 1)


def sharing_ngram(sentences: Tokens, n: int = 6, of: Sequence[object] | None = None) -> float:
    """Return the share of sentences that have an n-gram in common with one of another article.

    `of`: the article of each sentence; without it every sentence is one of its own.
    """
    of = range(len(sentences)) if of is None else of
    where: dict[tuple[str, ...], set[object]] = {}
    for sentence, article in zip(sentences, of, strict=True):
        for ngram in _ngrams(sentence, n):
            where.setdefault(ngram, set()).add(article)
    shared = [any(len(where[ngram]) > 1 for ngram in _ngrams(sentence, n)) for sentence in sentences]
    return float(np.mean(shared))


def openings(sentences: Tokens, top: int = 10) -> float:
    """Return the share of sentences that begin with one of the `top` commonest pairs of first words."""
    return carried_by_top([tuple(sentence[:2]) for sentence in sentences], top)


def carried_by_top(items: Sequence[object], top: int) -> float:
    """Return the share of the items that the `top` commonest make up; NaN of none."""
    if not items:
        return float("nan")
    return sum(count for _, count in Counter(items).most_common(top)) / len(items)


def cues_of(lfs: LFSet, text: str) -> Iterator[tuple[int, str]]:
    """Yield (stance, cue) of every hit in a sentence; a cue is named by its words in their base forms."""
    parsed = lfs.parse(text)
    for hit in parsed.hits:
        words = zip(hit.match.at, hit.match.cue.words, strict=True)
        yield hit.stance, " ".join(base_form(parsed.tokens[place], element) for place, element in words)


@cache
def base_form(word: str, among: frozenset[str]) -> str:
    """Return the shortest of the words of which `word` is a form."""
    bases = [other for other in among if word in verb_forms(other) or word in noun_forms(other)]
    return min(bases, key=lambda base: (len(base), base), default=word)


def content_word_shares(
    sentences: Tokens, gold: np.ndarray, stance: int, n: int, seed: int, common: int = 150
) -> tuple[float, float]:
    """Return how many of `n` sentences of a stance hold their commonest content word, and the ten commonest on average.

    No content words are the `common` commonest of all sentences, numbers, and those of fewer than three letters.
    """
    frequent = Counter(token for sentence in sentences for token in set(sentence)).most_common(common)
    left_out = {token for token, _ in frequent}
    chosen = np.random.default_rng(seed).choice(np.flatnonzero(gold == stance), n, replace=False)
    counts = Counter(
        token
        for i in chosen
        for token in set(sentences[i])
        if token.isalpha() and len(token) > 2 and token not in left_out
    )
    top = [count / n for _, count in counts.most_common(10)]
    return top[0], float(np.mean(top))


def _ngrams(sentence: Sequence[str], n: int) -> Iterator[tuple[str, ...]]:
    return zip(*(sentence[k:] for k in range(n)), strict=False)
