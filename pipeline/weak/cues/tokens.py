"""Words of a sentence, as the labeling functions see them: lower case, straight quotes, "'t" and "'s" apart."""

import re
import unicodedata
from itertools import chain
from threading import Lock

# One token: a word (inner hyphens, points and ampersands kept: "cease-fire", "u.s", "u.s.-led", "r&d"), a clitic ("'t"
# is the negation of "don't", "'s" the possessive), dots, a dash, or one punctuation mark; quotation marks are passed
# over, so that a cue may run across them. Every branch is linear.
_LOST = "\ue000"  # stands for the "t" of a negation whose apostrophe was lost, and is read as "'t"
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:(?:[-.&]|\.-)\w+)*|'(?:s|t|re|ve|ll|d|m)\b|\.\.+|--+|[^\w\s\"']")

# the point of an abbreviation ends nothing: "lifted U.S. sanctions" is one stretch of words
_ABBREVIATED = re.compile(
    r"\b(?=\w{1,5}\.)((?:\w\.)+\w|mrs?|ms|dr|gen|sens?|reps?|govs?|lt|col|maj|capt|sgt|rev|hon|prof|st|jr|sr|inc|corp"
    r"|co|ltd|vs|etc|jan|feb|mar|apr|aug|sept?|oct|nov|dec|calif|mass|conn|pa|va|fla|[b-hj-z](?=\.\W))\.(?=[^-\n])"
)
_SAME_LENGTH = str.maketrans("‘’‛´′ʼʹʽʻ＇“”„«»–—―\u00a0\u2011\u2010İ", "'" * 10 + '"""""--- --I')
_INVISIBLE = [0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_PLAIN = {**_SAME_LENGTH, **dict.fromkeys(_INVISIBLE)}

# negations whose apostrophe was lost: "doesnt", "doesn t", "does n't"; "wont" and "cant" are also nouns
_STEM = r"(?:ca|could|did|does|do|had|has|have|is|must|need|sha|should|was|were|wo|would|are)"
_ONE_WORD = re.compile(rf"\b((?!ca|wo(?!u)){_STEM}n)t\b")
_APART = re.compile(rf"\b((?i:{_STEM}n))(['’]?) t\b(?![.'’])")
_TREEBANK = re.compile(rf"\b((?i:{_STEM})) n(?=['’]t\b)")
_NOUN_OR_NOT = re.compile(r"(?:\b(\w+) )?\b((?:[Ww]o|[Cc]a)n)t(?= ([a-z]+))")
_BEFORE_NOUN = {
    "his",
    "her",
    "its",
    "our",
    "their",
    "your",
    "my",
    "the",
    "a",
    "an",
    "as",
    "of",
    "political",
    "religious",
}
_BEFORE_NOUN |= {"is", "are", "was", "were", "be", "been"}
_AFTER_NOUN = {"to", "of", "and", "about", "in", "that", "or", "is", "was", "but", "from", "by", "with"}

MAX_CHARS = 4_000
"""What lies behind this many characters of one sentence is not looked at, so that no input can cost much."""

NO_WORD = 0
"""The number of what is no word: the end of a sentence, a hidden word."""


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
    return [match.span() for match in _TOKEN.finditer(_plain(_with_negations(text[:MAX_CHARS])))]


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    text = text.lower()
    if "nt" in text:
        text = _ONE_WORD.sub(rf"\1{_LOST}", text)
    return _ABBREVIATED.sub(r"\1 ", text) if "." in text[:-1] else text


class Vocabulary(dict[str | None, tuple[int, ...]]):
    """The numbers of the tokens of pieces of text between two spaces, as they are met: few of a language are new.

    `words` are the tokens by their numbers. No token and no rule above reaches over a space; what ends a text ends in a
    line break, which is as good as its end. The piece None ends a sentence.
    """

    def __init__(self) -> None:
        """Begin without words."""
        super().__init__({None: (NO_WORD,)})
        self.words = [""]
        self._numbers = {"": NO_WORD}
        self._room = _ROOM
        self._lock = Lock()

    def __missing__(self, piece: str) -> tuple[int, ...]:
        """Read a new piece, and keep it."""
        tokens = ["'t" if token == _LOST else token for token in _TOKEN.findall(_plain(f"{piece} "))]
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
        """Say whether another should take its place, since it holds much."""
        return self._room < 0


def vocabulary() -> Vocabulary:
    """Return the vocabulary of this process: a new one when the last is full."""
    if _KEPT[0].full:
        _KEPT[0] = Vocabulary()
    return _KEPT[0]


def pieces(text: str) -> list[str]:
    """Return the pieces of the first MAX_CHARS characters of `text`."""
    return f"{_with_negations(text[:MAX_CHARS])}\n".split(" ")


def _with_negations(text: str) -> str:
    """Mark negations that lost their apostrophe, where more than one word tells them; the length stays the same."""
    if " t " in text:
        text = _APART.sub(lambda found: f"{found[1]}{' ' if found[2] else ''}'t", text)
    if " n't" in text or " n’t" in text:
        text = _TREEBANK.sub(r"\1n ", text)
    if "ont " in text or "ant " in text:
        text = _NOUN_OR_NOT.sub(_negation, text)
    return text


def _negation(found: re.Match[str]) -> str:
    noun = (found[1] or "").lower() in _BEFORE_NOUN or found[3] in _AFTER_NOUN
    return found[0] if noun else f"{found[0][:-1]}{_LOST}"


_ROOM, _COST = 1 << 25, 100  # bound memory, in bytes: what is kept, what a piece or a token costs beside its characters
_KEPT = [Vocabulary()]
