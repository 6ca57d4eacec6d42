"""Tokens of a sentence, and those of many sentences as arrays."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from threading import Lock
from typing import overload

import numpy as np

_NEGATED = "do|does|did|is|are|was|were|have|has|had|wo|would|could|should|must|need|ca|might|ai|sha"
_DAMAGED = r"(?:['`?\\]{0,2}|õ)t\b"  # what may be left of "'t"

# One token: a contracted verb ("doesn"), what is left of its "'t", a word (inner hyphens, points and ampersands kept:
# "cease-fire", "u.s", "u.s.-led", "r&d"), a clitic ("'s" is the possessive), dots, a dash, or one punctuation mark;
# quotation marks are left out, so that a cue may run across them. Every branch is linear.
_TOKEN = re.compile(
    rf"(?:{_NEGATED})n(?={_DAMAGED})|(?<=n){_DAMAGED}|\bn't\b"
    r"|\d+(?:[.,]\d+)+|\w+(?:(?:[-.&]|\.-)\w+)*|'(?:s|t|re|ve|ll|d|m)\b|\.\.+|--+|[^\w\s\"']"
)
_CONTRACTED = re.compile(rf"\W*(?:{_NEGATED})n['’]?", re.IGNORECASE)
_NOT = re.compile(rf"{_DAMAGED}|n't")

# the point of an abbreviation ends nothing: "lifted U.S. sanctions" is one stretch of words
_ABBREVIATED = re.compile(
    r"\b(?=\w{1,5}\.)((?:\w\.)+\w|mrs?|ms|dr|gen|sens?|reps?|govs?|lt|col|maj|capt|sgt|rev|hon|prof|st|jr|sr|inc|corp"
    r"|co|ltd|vs|etc|jan|feb|mar|apr|aug|sept?|oct|nov|dec|calif|mass|conn|pa|va|fla|[b-hj-z](?=\.\W))\.(?=[^-\n])"
)
_SAME_LENGTH = str.maketrans("‘’‛´ʼʽʻ′＇\x91\x92“”„«»–—―\u00a0\u2011\u2010İ", 11 * "'" + '"""""--- --I')
_INVISIBLE = [0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_PLAIN = {**_SAME_LENGTH, **dict.fromkeys(_INVISIBLE)}

MAX_CHARS = 4_000
"""What lies behind this many characters of one sentence is not looked at, so that no input can cost much."""

_NEGATION = "'t"

END = "\x1f"
"""The piece that ends a sentence: white space, so that a text can have none with a token."""
_BETWEEN = f"\n {END} "

NO_WORD = 0
"""The number of what is no word: the end of a sentence, a hidden word."""

_ROOM, _COST = 1 << 25, 100  # bound memory, in bytes: what is kept, what a piece or a token costs beside its characters


def tokenize(text: str) -> list[str]:
    """Return the tokens of the first MAX_CHARS characters of `text`, in lower case."""
    known = vocabulary()
    numbers = chain.from_iterable(map(known.__getitem__, pieces(text)))
    return list(map(known.words.__getitem__, numbers))


def read_as(word: str) -> list[str]:
    """Return the tokens as which a word is read amid a sentence: itself alone, for what a sentence can have."""
    return tokenize(f"{word} a")[:-1]


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) in `text` of each token that `tokenize` returns.

    Exact for text without invisible characters, which `tokenize` drops; an article's cleaned text has none.
    """
    return [match.span() for match in _TOKEN.finditer(_plain(text[:MAX_CHARS]))]


def _split(plain: str) -> list[str]:
    tokens = _TOKEN.findall(plain)
    for k in range(1, len(tokens)):
        if _NOT.fullmatch(tokens[k]) and _CONTRACTED.fullmatch(tokens[k - 1]):
            tokens[k] = _NEGATION
    return [_NEGATION if token == "n't" else token for token in tokens]


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    text = text.lower().replace("`", "'")
    return _ABBREVIATED.sub(r"\1 ", text) if "." in text[:-1] else text


class Vocabulary(dict[str, tuple[int, ...]]):
    """The numbers of the tokens of pieces of text between two spaces, as they are met: few of a language are new.

    `words` are the tokens by their numbers. No token and no rule above reaches over a space; what ends a text ends in a
    line break, which is as good as its end. The piece END ends a sentence.
    """

    def __init__(self) -> None:
        """Begin without words."""
        super().__init__({END: (NO_WORD,)})
        self.words = [""]
        self._numbers = {"": NO_WORD}
        self._room = _ROOM
        self._lock = Lock()

    def __missing__(self, piece: str) -> tuple[int, ...]:
        """Read a new piece, and keep it."""
        tokens = _split(_plain(f"{piece} "))
        self._room -= len(piece) + _COST
        self[piece] = numbers = tuple(map(self.number, tokens))
        return numbers

    def number(self, token: str) -> int:
        """Return the number of a token."""
        with self._lock:
            number = self._numbers.setdefault(token, len(self.words))
            if number == len(self.words):
                self.words.append(token)
                self._room -= len(token) + _COST
        return number

    @property
    def full(self) -> bool:
        """Return whether another should take its place, since it holds much."""
        return self._room < 0


def vocabulary() -> Vocabulary:
    """Return the vocabulary of this process: a new one when the last is full."""
    if _KEPT[0].full:
        _KEPT[0] = Vocabulary()
    return _KEPT[0]


def pieces(text: str) -> list[str]:
    """Return the pieces of the first MAX_CHARS characters of `text`."""
    return _pieces([text])[:-1]


def _pieces(texts: Iterable[str]) -> list[str]:
    """Return the pieces of the first MAX_CHARS characters of each text, and END behind them."""
    texts = [text[:MAX_CHARS] for text in texts]
    joined = _BETWEEN.join([*texts, ""])
    if joined.count(END) > len(texts):
        joined = _BETWEEN.join([*(text.replace(END, " ") for text in texts), ""])
    found = joined.split(" ")[:-1]
    for alone in ("t", "T"):  # "doesn t", where the apostrophe became a space
        k = 0
        for _ in range(joined.count(f" {alone} ")):
            k = found.index(alone, k + 1)
            same_case = alone == "t" or found[k - 1].isupper()  # not "can T cells"
            if same_case and _CONTRACTED.fullmatch(found[k - 1]):
                found[k] = _NEGATION
    return found


_KEPT = [Vocabulary()]


@dataclass(frozen=True, slots=True, eq=False)
class Tokens(Sequence[list[str]]):
    """The tokens of n sentences.

    `ids`, int64 (places,): the number of each token in `vocabulary`, with NO_WORD before and behind every sentence;
    `starts`, `lengths`, int64 (n,): the place of each sentence's first token, and how many tokens it has; `rows`, int64
    (places,): to which sentence a place belongs, the one before a sentence to that; n for the last place.
    """

    vocabulary: Vocabulary
    ids: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    rows: np.ndarray

    @classmethod
    def of(cls, sentences: Iterable[Iterable[str]]) -> "Tokens":
        """Return sentences that are tokenised already."""
        known = vocabulary()
        numbers = [[*map(known.number, tokens), NO_WORD] for tokens in sentences]
        ids = np.fromiter(chain([NO_WORD], *numbers), np.int64)
        return _cut(known, ids, np.cumsum([0, *map(len, numbers)]))

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.starts)

    @overload
    def __getitem__(self, key: int) -> list[str]: ...
    @overload
    def __getitem__(self, key: slice) -> list[list[str]]: ...
    def __getitem__(self, key: int | slice) -> list[str] | list[list[str]]:
        """Return the tokens of a sentence, or of several."""
        if isinstance(key, slice):
            return [self[i] for i in range(*key.indices(len(self)))]
        start = self.starts[key]
        return list(map(self.vocabulary.words.__getitem__, self.ids[start : start + self.lengths[key]].tolist()))

    def __reduce__(self) -> tuple:
        """Pickle the words: numbers mean nothing in another process."""
        return Tokens.of, (list(self),)

    def around(self, places: np.ndarray, steps: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Return the places these steps behind each of some, int64 (n, steps), and which are in its sentence, bool.

        Where they are not, the place is 0, where no word is.
        """
        at = places[:, None] + np.asarray(steps)
        row = self.rows[places]
        start = self.starts[row]
        inside = (at >= start[:, None]) & (at < (start + self.lengths[row])[:, None])
        return np.where(inside, at, 0), inside

    def take(self, rows: np.ndarray) -> "Tokens":
        """Return the sentences of `rows`, int (k,)."""
        sizes = self.lengths[rows] + 1
        shift = np.repeat(self.starts[rows] - np.cumsum(sizes) + sizes - 1, sizes)
        ids = np.append(self.ids[np.arange(len(shift)) + shift], NO_WORD)
        return _cut(self.vocabulary, ids, np.cumsum(np.append(0, sizes)))


class WordTable:
    """What something says of each word, kept as an array over a vocabulary that grows."""

    def __init__(self, look_up: Callable[[list[str]], np.ndarray]):
        """Take a function from words (n,) to an array (n, ...)."""
        self._look_up = look_up
        self._known: tuple[Vocabulary | None, np.ndarray] = None, look_up([])

    def of(self, tokens: Tokens) -> np.ndarray:
        """Return the rows of all words of the vocabulary of `tokens`, by their numbers: (words, ...), any dtype."""
        known, table = self._known
        words = tokens.vocabulary.words
        if known is not tokens.vocabulary:
            table = table[:0]
        if len(table) < len(words):
            table = np.concatenate([table, self._look_up(words[len(table) :])])
            self._known = tokens.vocabulary, table
        return table


def tokenize_all(texts: Iterable[str]) -> Tokens:
    """Return the tokens of each text, as `tokenize` does."""
    known = vocabulary()
    numbers = chain.from_iterable(map(known.__getitem__, _pieces(texts)))
    ids = np.fromiter(chain([NO_WORD], numbers), np.int64)
    return _cut(known, ids, np.flatnonzero(ids == NO_WORD))


def join(parts: Sequence[Tokens]) -> Tokens:
    """Return the sentences of all parts."""
    if len(parts) == 1:
        return parts[0]
    if len({id(part.vocabulary) for part in parts}) != 1:
        return Tokens.of(chain.from_iterable(parts))
    ids = np.concatenate([[NO_WORD], *(part.ids[1:] for part in parts)])
    return _cut(parts[0].vocabulary, ids, np.cumsum(np.concatenate([[0], *(part.lengths + 1 for part in parts)])))


def _cut(known: Vocabulary, ids: np.ndarray, ends: np.ndarray) -> Tokens:
    sizes = np.diff(ends)
    rows = np.append(np.repeat(np.arange(len(sizes)), sizes), len(sizes))
    return Tokens(known, ids, ends[:-1] + 1, sizes - 1, rows)
