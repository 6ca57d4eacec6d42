"""How much a sentence holds that no labelled sentence has: words that other articles use, too."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush

_WORD = re.compile(r"[^\W\d_]{3,}")


class Novelty:
    """Sentences ranked by their unseen words, anew after each sentence that is added to the seen ones.

    A word counts by the logarithm of the number of articles that have it; those of a single article count nothing.
    Long sentences gain less than their length: the sum is divided by the root of the number of words. As the value of
    a sentence can only fall, only the top of the ranking is computed anew (M. Minoux, "Accelerated greedy algorithms
    for maximizing submodular set functions", 1978).
    """

    def __init__(self, texts: Sequence[str], articles: Sequence[str], seen: Sequence[str]):
        """Take sentences with the id of each one's article, and sentences that have been seen."""
        self._words = [_words(text) for text in texts]
        pairs = {(article, word) for article, words in zip(articles, self._words, strict=True) for word in words}
        counts = Counter(word for _, word in pairs)
        self._worth = {word: math.log(count) for word, count in counts.items() if count > 1}
        self._seen = {word for text in seen for word in _words(text)}

    def add(self, row: int) -> None:
        """Count the words of a sentence among the seen ones."""
        self._seen.update(self._words[row])

    def unseen(self, row: int) -> list[str]:
        """Return the unseen words of a sentence, those of most articles first."""
        new = self._worth.keys() & self._words[row] - self._seen
        return sorted(new, key=lambda word: (-self._worth[word], word))

    def ranked(self) -> Iterator[int]:
        """Yield the rows of sentences with unseen words, each time the one that has most to offer now."""
        heap = [(-self._value(row), row) for row in range(len(self._words))]
        heapify(heap)
        while heap:
            _, row = heappop(heap)
            value = self._value(row)
            if heap and (-value, row) > heap[0]:
                heappush(heap, (-value, row))
            elif value > 0:
                yield row

    def _value(self, row: int) -> float:
        return math.fsum(self._worth[word] for word in self.unseen(row)) / math.sqrt(len(self._words[row]) or 1)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
