"""Words of a sentence, as the labeling functions see them: lower case, straight quotes, "'t" and "'s" apart."""

import re
import unicodedata
from itertools import chain

# One token: a word (inner hyphens, points and ampersands kept: "cease-fire", "u.s", "u.s.-led", "r&d"), a clitic ("'t"
# is the negation of "don't", "'s" the possessive), dots, a dash, or one punctuation mark; quotation marks are passed
# over, so that a cue may run across them. Every branch is linear.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\w+(?:(?:[-.&]|\.-)\w+)*|'(?:s|t|re|ve|ll|d|m)\b|\.\.+|--+|[^\w\s\"']")

# the point of an abbreviation ends nothing: "lifted U.S. sanctions" is one stretch of words
_ABBREVIATED = re.compile(
    r"\b(?=\w{1,5}\.)((?:\w\.)+\w|mrs?|ms|dr|gen|sens?|reps?|govs?|lt|col|maj|capt|sgt|rev|hon|prof|st|jr|sr|inc|corp"
    r"|co|ltd|vs|etc|jan|feb|mar|apr|aug|sept?|oct|nov|dec|calif|mass|conn|pa|va|fla|[b-hj-z](?=\.\W))\.(?=[^-\n])"
)
_SAME_LENGTH = str.maketrans("‘’‛´“”„«»–—―\u00a0\u2011\u2010İ", '\'\'\'\'"""""--- --I')
_INVISIBLE = [0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_PLAIN = {**_SAME_LENGTH, **dict.fromkeys(_INVISIBLE)}

MAX_CHARS = 4_000
"""What lies behind this many characters of one sentence is not looked at, so that no input can cost much."""


def tokenize(text: str) -> list[str]:
    """Return the tokens of the first MAX_CHARS characters of `text`, in lower case."""
    return list(chain.from_iterable(map(_PIECES.__getitem__, f"{text[:MAX_CHARS]}\n".split(" "))))


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) in `text` of each token that `tokenize` returns.

    Exact for text without invisible characters, which `tokenize` drops; an article's cleaned text has none.
    """
    return [match.span() for match in _TOKEN.finditer(_plain(text[:MAX_CHARS]))]


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    text = text.lower()
    return _ABBREVIATED.sub(r"\1 ", text) if "." in text[:-1] else text


class _Pieces(dict[str, tuple[str, ...]]):
    """The tokens of pieces of text between two spaces, as they are met: few pieces of a language are new.

    No token and no rule above reaches over a space; what ends a text ends in a line break, which is as good as its end.
    """

    def __missing__(self, piece: str) -> tuple[str, ...]:
        tokens = tuple(_TOKEN.findall(_plain(f"{piece} ")))
        if len(piece) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[piece] = tokens
        return tokens


_LONGEST_KEPT, _MOST_KEPT = 40, 1 << 17  # bound memory: characters of a piece, pieces
_PIECES = _Pieces()
