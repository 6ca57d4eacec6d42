"""Which words moved a reader: what it would answer without each of them."""

import re
from dataclasses import dataclass

from pipeline.base.stances import STANCES
from pipeline.reader.predicting import Reader

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


@dataclass(frozen=True)
class WordEffect:
    """A word, where it stands (character offsets), and by how much it raised the log-probability of the stance."""

    text: str
    start: int
    end: int
    effect: float


def word_effects(reader: Reader, text: str, stance: str, top: int | None = None) -> list[WordEffect]:
    """Return what each word adds to a stance, by leaving it out; those that move most first, at most `top`.

    The effect is a difference of log-probabilities: 0.7 makes a stance about twice as likely. Words that mean the same
    hide one another: either alone can be left out without much loss.
    """
    words = list(_WORD.finditer(text))
    without = [text[: word.start()] + text[word.end() :].removeprefix(" ") for word in words]
    logs = reader.log_proba([text, *without])[:, STANCES.index(stance)]
    found = [
        WordEffect(word.group(), word.start(), word.end(), round(float(logs[0] - log), 4))
        for word, log in zip(words, logs[1:], strict=True)
    ]
    return sorted(found, key=lambda one: (-abs(one.effect), one.start))[:top]
