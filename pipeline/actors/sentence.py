"""A sentence in chunks: noun phrases, verb groups and clauses, with the classes of its words."""

import re
from functools import cached_property
from itertools import chain
from pathlib import Path

from pipeline.actors.parties import ROLES
from pipeline.actors.word_classes import LEMMA_OF, PREPS, SAY, Classes, Places
from pipeline.base.files import read_yaml
from pipeline.weak.cues.language import noun_forms, words
from pipeline.weak.cues.tokens import pieces, vocabulary

# runs of adverbs are bounded, so that no text takes long; letters are those of pipeline.actors.word_classes
# words of a noun phrase
_HEAD = r"[NC]|T(?=[NCAE'])|e(?!#?T)|(?<=[DG'])S|(?<![NC])#|A(?![DGU]|pD)|E(?![DGUC]|pD)|'(?=[NCAEVI#TR])"
_ADDED = r"(?<=[DG'#R])[VSI](?=[NCAE#])|(?<=[DG'])R(?=[NVAI])|(?<=[DGNC])I(?=[NCAE])"  # participles, adverbs
_CHUNK = re.compile(
    r"(?P<ONE>[obwgnfmlkps,;:.()?!JBUWQK-])"  # begins nothing longer: met first, as it is quickest
    r"|(?P<TM>[DG]?[eR]{0,6}#?e?T[T#]*(?:,#(?![NCAE]))?(?![NAE']))"
    r"|(?P<IN>tR{0,6}(?:[YH]R{0,6})*(?:[SA]|V)|tYR{0,6}|tH)"
    r"|(?P<VG>(?:R{0,6}[XYHMd](?:[RZ]|(?<=[MXYHd])U(?=[SAVI]))*)+(?:[VS]|I|(?<=[MdRZ])A)?|R{0,6}(?:ZR{0,6})?[VS](?!'))"
    r"|(?P<FV>[AE](?=[DGUQ]|pD)(?<=[NCU)TR].)|E(?=C)(?<=[NC].)|[AE](?<=W.))"
    rf"|(?P<NP>(?:(?:aR|v|[NDAR]s|R)(?=#))?[DG#]+R?(?:{_HEAD}|{_ADDED})+|(?:{_HEAD}|{_ADDED})+|[DG#])"
    r"|(?P<GE>I)"
    r"|(?P<OTHER>.)",
    re.DOTALL,
)

_KINDS = {"TM": "TM", "IN": "IN", "VG": "VG", "FV": "VG", "NP": "NP", "GE": "GE"}  # others: the letter


def chunks(tags: str) -> tuple[list[str], list[int]]:
    """Return the kinds of the n chunks of a sentence, and n + 1 bounds, given one letter for each of its tokens.

    Chunk i is the tokens [bounds[i], bounds[i + 1]). Kinds: `NP` a noun phrase, `TM` a time, `VG` a finite verb group,
    `IN` an infinitive, `GE` a gerund or participle; what stands between has its word's class as its kind.
    """
    found = list(_CHUNK.finditer(tags))
    kinds = [_KINDS.get(match.lastgroup or "") or match[0] for match in found]
    return kinds, [0, *[match.end() for match in found]]


_TABLE = read_yaml(Path(__file__).parent / "data" / "nouns.yaml")
ACTS, OF_ACTS, PROPOSALS, RECEIVED, EMPTY = (
    frozenset(form for noun in _TABLE[name].split() for form in noun_forms(noun))
    for name in ("acts", "of", "proposals", "received", "empty")
)
"""Nouns of some kinds; data/nouns.yaml says which."""

PREPOSITIONS = frozenset("obtmgwnfiavlkps")
VERBAL = frozenset(["VG", "IN", "GE"])
STATES = words(
    "committed opposed prepared determined concerned pleased interested dedicated inclined resigned united divided "
    "worried alarmed outraged angered disappointed satisfied delighted encouraged reconciled engaged supposed expected "
    "allied poised involved"
)
"""Participles that say how somebody is disposed: "is committed to" is no passive."""
NOTHING = frozenset[str]()

_CLASSES, _PLACES = Classes(), Places()
_STOPS = [".", ".", ".", "."]


class Sentence:
    """One sentence; methods take the numbers of chunks, `kinds` has stops behind the last."""

    def __init__(self, text: str):
        """Read a sentence."""
        self.text = text
        self._pieces = pieces(text)
        self.tags = _CLASSES.of(self._pieces)
        self.kinds, self.bounds = chunks(self.tags)
        self.size = len(self.kinds)
        self.kinds += _STOPS

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each token stands in the text."""
        return _PLACES.of(self._pieces)

    @cached_property
    def words(self) -> list[str]:
        """The tokens, in lower case."""
        known = vocabulary()
        return list(map(known.words.__getitem__, chain.from_iterable(map(known.__getitem__, self._pieces))))

    def head(self, i: int) -> str:
        """Return the last word of a chunk, in lower case."""
        return self.words[self.bounds[i + 1] - 1]

    def opening(self, i: int) -> str:
        """Return the first word of a chunk, in lower case."""
        return self.words[self.bounds[i]]

    def lemma(self, v: int) -> str:
        """Return the verb of a verb group."""
        last = self.words[self.bounds[v + 1] - 1]
        return LEMMA_OF.get(last, last)

    def preps(self, v: int) -> frozenset[str]:
        """Return the prepositions behind which a verb names the other party."""
        return PREPS.get(self.lemma(v), NOTHING)

    def letters(self, i: int) -> str:
        """Return the classes of the words of a chunk."""
        return self.tags[self.bounds[i] : self.bounds[i + 1]]

    def passive(self, v: int) -> bool:
        """Say whether a verb group is passive."""
        letters = self.letters(v)
        if len(letters) < 2 or letters[-1] != "V" or self.head(v) in STATES:
            return False
        return "X" in letters or "Y" in letters

    def reduced(self, v: int) -> bool:
        """Say whether a past form is a participle behind its noun: "a plan presented by"."""
        return v in self._reduced

    @cached_property
    def _reduced(self) -> set[int]:
        found: set[int] = set()
        governs = False  # a verb of the clause so far, but of saying, behind which a past form is a participle
        for v, kind in enumerate(self.kinds):
            if kind in _CLAUSE_ENDS:
                governs = False
            elif kind == "VG":
                if self._may_be_reduced(v, governs):
                    found.add(v)
                else:
                    governs = self.lemma(v) not in SAY
        return found

    def _may_be_reduced(self, v: int, governed: bool) -> bool:
        if self.letters(v).replace("R", "") != "V":
            return False
        before = self.kinds[v - 1] if v else ","
        if self.kinds[v + 1] == "b" and before in ("NP", ","):
            return True
        return governed and before == "NP"

    def subordinate(self, v: int) -> bool:
        """Say whether a verb stands in a clause behind "who", "after", "that" of a noun."""
        for i in range(v - 1, -1, -1):
            kind = self.kinds[i]
            if kind in ",;:.":
                return False
            if kind in "KW":
                return True
            if kind == "Q":
                return self.kinds[i - 1] not in VERBAL
        return False

    def skip(self, i: int) -> int:
        """Return the first chunk from i on that is no adverb, time or parenthesis."""
        kinds = self.kinds
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

    def back_over_parenthesis(self, i: int) -> int:
        """Return the chunk before the parenthesis that closes at i."""
        while i >= 0 and self.kinds[i] != "(":
            i -= 1
        return i - 1

    def with_of(self, i: int) -> int:
        """Return the chunk behind a noun phrase and the "of" phrases that belong to it.

        A name takes only a name: "Erdogan of Turkey", but not "accused Turkey of theft".
        """
        name = self.tags[self.bounds[i + 1] - 1] == "C"
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
        if kind == "U":
            return "party"
        if kind != "NP":
            return ""
        letters, head = self.letters(i), self.head(i)
        if letters[0] == "G" and "'" not in letters and self.opening(i) != "whose":
            return "own"
        if head == "state" and self.kinds[i + 1] == "o":
            return "act"  # "a state of siege"
        if head in EMPTY or letters[-1] == "#":
            return ""
        if head in PROPOSALS:
            return "proposal"
        if head in ACTS or head in OF_ACTS:
            return "act"
        if role := ROLES.get(head):
            return "place" if role.kind == "place" else "party"
        if letters[-1] == "C":
            return "party"
        return "theirs" if "C" in letters or self.owned(i) else ""

    def owned(self, i: int) -> bool:
        """Say whether a noun phrase names somebody: "Rome's offer", "the call of the senate"."""
        start, end = self.bounds[i], self.bounds[self.with_of(i)]
        letters = self.tags[start:end]
        if "C" in letters:
            return True
        return any(letters[k + 1 - start : k + 2 - start] == "'" and self.words[k] in ROLES for k in range(start, end))


_CLAUSE_ENDS = frozenset("KWQ;:.-B,J")
