"""A sentence in chunks: noun phrases, verb groups and clauses, with the classes of its words."""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate, chain
from operator import itemgetter

from pipeline.actors.parties import ROLES, Parties, shipped_parties
from pipeline.actors.word_classes import (
    ACTS,
    CALAMITIES,
    DISPOSED,
    EMPTY,
    LEMMA_OF,
    MOODS,
    OF_ACTS,
    OTHERS,
    PARTITIVE,
    PREPS,
    PROPOSALS,
    SAY,
    STATES,
    Pieces,
    chunks,
)
from pipeline.weak.cues.language import words
from pipeline.weak.cues.tokens import pieces

PREPOSITIONS = frozenset("obtmgwnfiavlkps")
VERBAL = frozenset(["VG", "IN", "GE"])
NOTHING = frozenset[str]()

_LIKE_A_VERB = re.compile("(?<=[NC])[AE](?=[NCDGAEbwgtnf]|R(?!V)|pa)")  # in a sentence without another verb
_PIECES = Pieces()
_TOKENS = itemgetter(1)
_LEAD = 12  # letters that say whether all may be in capitals
_STOPS = [".", ".", ".", "."]


class Sentence:
    """One sentence; methods take the numbers of chunks, `kinds` has stops behind the last.

    `tags` has one letter for each token, `words` the tokens in lower case, `verbs` the finite verb groups.
    """

    def __init__(self, text: str, parties: Parties | None = None):
        """Read a sentence; `parties`: whose names keep their capitals where all is in capitals."""
        self.text = self.written = text
        if text[:_LEAD].isupper() and sum(map(str.islower, text)) * 10 < sum(map(str.isupper, text)):
            self.written = (parties or shipped_parties()).in_normal_case(text)
        self._pieces = pieces(self.written)
        self._pieces_at: tuple[list[int], list[int]] | None = None
        self._known = list(map(_PIECES.__getitem__, self._pieces))
        self.words = list(chain.from_iterable(map(_TOKENS, self._known)))
        self._cut(_PIECES.classes(self._pieces, self._known))
        if not self.verbs and (verb := _LIKE_A_VERB.search(self.tags)):
            self._cut(f"{self.tags[: verb.start()]}S{self.tags[verb.end() :]}")

    def _cut(self, tags: str) -> None:
        self._what: dict[int, str] = {}
        self.tags = tags
        self.kinds, self.bounds = chunks(tags)
        self.size = len(self.kinds)
        groups = [i for i, kind in enumerate(self.kinds) if kind == "VG"]
        self.kinds += _STOPS
        ends = [self.words[bound - 1] for bound in self.bounds[1:]]
        heads = ends if "suspected" not in ends else list(map(self._head, range(self.size)))
        # what the rules ask for most: the last word of chunk i, and the verb of a verb group i
        self.head: Callable[[int], str] = heads.__getitem__
        self.lemma: Callable[[int], str] = [LEMMA_OF.get(word, word) for word in ends].__getitem__
        self._reduced = self._participles(groups)
        self.verbs = [v for v in groups if v not in self._reduced]

    def _head(self, i: int) -> str:
        last = self.bounds[i + 1] - 1
        return self.words[last - (self.words[last] == "suspected" and last > self.bounds[i])]  # "a man suspected of"

    def places(self, first: int, last: int) -> list[tuple[int, int]]:
        """Return where each of the tokens [first, last) stands in the text."""
        if self._pieces_at is None:  # of each piece the characters before it without spaces, the tokens up to its end
            begins = list(accumulate(map(len, self._pieces), initial=0))
            self._pieces_at = begins, list(accumulate(map(len, map(_TOKENS, self._known))))
        begins, ends = self._pieces_at
        piece = bisect_right(ends, first)
        before = ends[piece - 1] if piece else 0
        found: list[tuple[int, int]] = []
        while len(found) < last - before:
            at = begins[piece] + piece
            found += [(at + start, at + end) for start, end in self._known[piece][2]]
            piece += 1
        return found[first - before : last - before]

    def start(self, token: int) -> int:
        """Return where a token begins in the text."""
        return self.places(token, token + 1)[0][0]

    def opening(self, i: int) -> str:
        """Return the first word of a chunk, in lower case."""
        return self.words[self.bounds[i]]

    def preps(self, v: int) -> frozenset[str]:
        """Return the prepositions behind which a verb names the other party."""
        return PREPS.get(self.lemma(v), NOTHING)

    def letters(self, i: int) -> str:
        """Return the classes of the words of a chunk."""
        return self.tags[self.bounds[i] : self.bounds[i + 1]]

    def passive(self, v: int) -> bool:
        """Return whether a verb group is passive."""
        letters = self.letters(v)
        if v > 1 and self.kinds[v - 1] == "J" and self.kinds[v - 2] == "VG" and letters.lstrip("R") == "V":
            return self.passive(v - 2)  # "was arrested and beaten"
        if len(letters) < 2 or letters[-1] != "V":
            return False
        if (head := self.head(v)) in STATES and (head in MOODS or self.kinds[v + 1] != "b"):
            return False
        return "X" in letters or "Y" in letters

    def disposes(self, v: int) -> bool:
        """Return whether a verb group says how somebody is disposed: "is committed to"."""
        return self.head(v) in STATES and not {"X", "Y"}.isdisjoint(self.letters(v))

    def reduced(self, v: int) -> bool:
        """Return whether a past form is a participle behind its noun: "a plan presented by"."""
        return v in self._reduced

    def _participles(self, groups: list[int]) -> set[int]:
        found: set[int] = set()
        before = -1  # the verb before that is finite
        for v in groups:
            if self.tags[self.bounds[v + 1] - 1] == "V" and self._may_be_reduced(v, before):
                found.add(v)
            else:
                before = v
        return found

    def _governed(self, v: int, before: int) -> bool:
        """Return whether a verb of the clause, but of saying, stands before: then a past form is a participle."""
        return before >= 0 and _CLAUSE_ENDS.isdisjoint(self.kinds[before + 1 : v]) and self.lemma(before) not in SAY

    def _may_be_reduced(self, v: int, verb: int) -> bool:
        if self.letters(v).lstrip("R") != "V":
            return False
        before = self.kinds[v - 1] if v else ","
        if self.kinds[v + 1] == "b" and before in ("NP", ","):
            return True
        if before == "," and self.kinds[v - 2] == "NP":  # "the pact, signed in Oslo, was"
            closing = next((i for i in range(v + 1, self.size) if self._ends_aside(i)), self.size)
            return self.kinds[closing] == "," and self.kinds[closing + 1] == "VG"
        if before == "NP" and self.kinds[v + 1] == "o" and self.lemma(v) in OF_WHAT and self.kinds[v - 2] not in "WQ":
            return True  # "men accused of theft"
        if before == "NP" and self.lemma(v) not in SAY:  # "men linked to Peru stole"
            i = v + 1
            while self.kinds[i] in PREPOSITIONS and self.kinds[i + 1] in ("NP", "TM"):
                i += 2
            if self.kinds[v + 1] in _LINKING and self.kinds[i] == "VG" and self.letters(i)[-1] not in "AES":
                return True
        return before == "NP" and self._governed(v, verb)

    def _ends_aside(self, i: int) -> bool:
        return self.kinds[i] in _ASIDE_ENDS and not (self.kinds[i] == "K" and self.kinds[i + 1] == "TM")

    def subordinate(self, v: int) -> bool:
        """Return whether a verb stands in a clause behind "who", "after", "that" of a noun."""
        for i in range(v - 1, -1, -1):
            kind = self.kinds[i]
            if kind in ",;:.":
                return False
            if kind in "KW":
                return True
            if kind == "Q":
                return not self._says(i - 1)
        return False

    def _says(self, i: int) -> bool:
        """Return whether the "that" behind chunk i opens what is said, or goes on with it."""
        if self.kinds[i] in VERBAL or self.kinds[i] == "J":
            return True
        while self.kinds[i] == "NP" and i > 0 and self.kinds[i - 1] in PREPOSITIONS:
            i -= 2  # "complained in a letter that"
        return self.kinds[i] == "VG" and self.lemma(i) in _SAY_THAT

    def skip(self, i: int) -> int:
        """Return the first chunk from i on that is no adverb, time or parenthesis."""
        kinds = self.kinds
        if i < self.size and kinds[i] in _MEANT:  # as nearly always
            return i
        while i < self.size:
            kind = kinds[i]
            if kind in "RZ" or kind == "TM":
                i += 1
            elif kind in PREPOSITIONS and kinds[i + 1] == "TM":
                i += 2
            elif kind == "(":
                while i < self.size and kinds[i] != ")":
                    i += 1
                i += 1
            else:
                return i
        return self.size

    def examples(self, i: int) -> int | None:
        """Return the comma that closes an aside of examples opened by the one at i: ", including tents and food,"."""
        if self.kinds[i + 1] != "p" or self.opening(i + 1) != "including":
            return None
        for j in range(i + 2, self.size):
            if self.kinds[j] == "," or self.kinds[j] in VERBAL:
                return j if self.kinds[j] == "," else None
        return None

    def back_over_parenthesis(self, i: int) -> int:
        """Return the chunk before the parenthesis that closes at i."""
        while i >= 0 and self.kinds[i] != "(":
            i -= 1
        return i - 1

    def with_of(self, i: int) -> int:
        """Return the chunk behind a noun phrase and the "of" phrases that belong to it.

        A name takes only a name: "Weber of Peru", but not "accused Peru of theft"; nor does whom somebody accuses.
        """
        name = self.tags[self.bounds[i + 1] - 1] == "C"
        if self.kinds[i + 1] == "o" and not name:
            name = i > 0 and self.kinds[i - 1] in VERBAL and self.lemma(i - 1) in OF_WHAT
        i += 1
        while self.kinds[i] == "o" and self.kinds[i + 1] == "NP" and not (name and "C" not in self.letters(i + 1)):
            i += 2
        return i

    def what(self, i: int) -> str:
        """Return what a noun phrase names.

        "party", "place", "proposal" or "act"; "theirs", a thing that belongs to a party; "own", one of the source's;
        "" for any other thing.
        """
        kind = self.kinds[i]
        if kind != "NP":
            return "party" if kind == "U" else ""
        if i not in self._what:
            self._what[i] = self._what_phrase(i)
        return self._what[i]

    def _what_phrase(self, i: int) -> str:
        letters, head = self.letters(i), self.head(i)
        if (head in PARTITIVE or not letters.strip("#")) and self.kinds[i + 1] == "o" and self.kinds[i + 2] == "NP":
            return self.what(i + 2)
        if head in OTHERS and letters[0] == "G" and len(letters) > 1:
            return "party"  # "his Danish counterpart"
        if letters[0] == "G" and "'" not in letters and self.opening(i) != "whose":
            return "party" if len(letters) > 2 and letters[-1] == "C" and head not in ROLES else "own"
        if (head == "state" and self.kinds[i + 1] == "o") or head in _ACTS_TOO:
            return "act"  # "a state of siege", "a tough position"
        if head in DISPOSED and ("C" in letters or (len(letters) > 1 and self.words[self.bounds[i + 1] - 2] in ROLES)):
            return "party"  # "found Peru guilty", "rebels loyal to"
        if letters[-1] == "#" or head in CALAMITIES:
            return ""
        if head in EMPTY and head != "offices" and not (len(letters) > 1 and "C" in letters):
            return ""  # but "the Foreign Office", "the Russian side"
        if head in PROPOSALS:
            return "proposal"
        if head in ACTS or head in OF_ACTS:
            movement = head == "opposition" and len(letters) > 1 and self.kinds[i + 1] not in PREPOSITIONS
            return "party" if movement else "act"
        if role := ROLES.get(head):
            return "place" if role.kind == "place" else "party"
        if letters[-1] == "C" or not _OFFICE_ONCE.isdisjoint(self.words[self.bounds[i] : self.bounds[i + 1] - 1]):
            return "party"
        return "theirs" if "C" in letters or self.owned(i) else ""

    def owned(self, i: int) -> bool:
        """Return whether a noun phrase names somebody: "Rome's offer", "the call of the senate"."""
        start, end = self.bounds[i], self.bounds[self.with_of(i)]
        letters = self.tags[start:end]
        if "C" in letters:
            return True
        return any(letters[k + 1 - start : k + 2 - start] == "'" and self.words[k] in ROLES for k in range(start, end))


_OFFICE_ONCE = words("former acting outgoing ousted deposed exiled jailed")  # before what somebody is
_BOTH = words(
    "sides countries nations governments parties neighbours neighbors ministers leaders states allies rivals foes"
)


def two_sides(s: Sentence, i: int) -> bool:
    """Return whether a noun phrase stands for two parties that it does not name: "the two sides"."""
    if s.kinds[i] != "NP" or s.head(i) not in _BOTH or "C" in s.letters(i):
        return False
    if s.kinds[i + 1] == "o":
        return False  # "two leaders of the party"
    said = {s.words[k] for k in range(s.bounds[i], s.bounds[i + 1])}
    return not said.isdisjoint(("two", "both"))


def listed(s: Sentence, i: int, *, subjects: bool = False) -> list[int]:
    """Return a noun phrase with those that commas and "and" join to it from behind; `subjects`: even before a verb."""
    found = [i]
    if s.kinds[i] != "NP":
        return found
    j = s.with_of(i)
    while True:
        step = 2 if s.kinds[j] == "," and s.kinds[j + 1] == "J" else 1 if s.kinds[j] in "J," else 0
        if not step or s.kinds[j + step] != "NP":
            return found
        behind = s.with_of(j + step)
        if s.kinds[s.skip(behind)] == "VG" and not subjects:
            return found
        found.append(j + step)
        j = behind


def verb_before(s: Sentence, i: int) -> bool:
    """Return whether a finite verb stands before chunk i in its clause."""
    for j in range(i - 1, -1, -1):
        if s.kinds[j] in ",;:.":
            return False
        if s.kinds[j] == "VG" and not s.reduced(j):
            return True
    return False


def clause_ahead(s: Sentence, i: int) -> bool:
    """Return whether a noun phrase or pronoun is the subject of a clause."""
    i = s.skip(i + 1)
    while (s.kinds[i] in PREPOSITIONS or s.kinds[i] == "J") and s.kinds[i + 1] == "NP":
        i = s.skip(i + 2)
    return s.kinds[i] == "VG" and not s.reduced(i)


def is_given(s: Sentence, i: int) -> bool:
    """Return whether a phrase is a party and what it is given: "gave Peru permission"."""
    first, last = s.bounds[i], s.bounds[i + 1] - 1
    return s.words[last] in _GIFTS and last > first and (s.tags[last - 1] == "C" or s.words[last - 1] in ROLES)


_GIFTS = words("permission access asylum refuge clearance approval authority authorization immunity leave")


def held_in(s: Sentence, v: int) -> int | None:
    """Return the place that holds whom a passive names, where it names nobody who does: "was jailed in Peru"."""
    found, i = None, v + 1
    while True:
        i = s.skip(i)
        if s.kinds[i] not in _INTO_HANDS or s.kinds[i + 1] != "NP":
            return found
        if s.kinds[i] == "i" and s.letters(i + 1)[-1] == "C":
            found = i + 1
        i += 2


_INTO_HANDS = frozenset("iamo")


_ACTS_TOO = frozenset(["position", "border", "borders"])
_SAY_THAT = SAY | frozenset(["complain", "lament", "fear"])
OF_WHAT = words("accuse suspect convict deprive rob acquit strip inform warn remind notify")
"""Verbs behind whose object "of" says what for."""
_LINKING = frozenset("tfwmni")
_MEANT = frozenset(["NP", "VG", "IN", "GE", *"UJQKWB,;:.?!)-"])
_ASIDE_ENDS = frozenset([*",;:.KWQU", "VG"])
_CLAUSE_ENDS = frozenset("KWQ;:.-B,J")


def according(s: Sentence) -> int | None:
    """Return who is named in "according to X"."""
    if "according" not in s.text and "According" not in s.text:
        return None
    for i in range(s.size - 2):
        if s.kinds[i] == "R" and s.head(i) == "according" and s.kinds[i + 1] == "t" and s.kinds[i + 2] == "NP":
            return i + 2
    return None
