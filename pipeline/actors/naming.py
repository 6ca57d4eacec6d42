"""What a noun phrase names: the words, the code of the party, and of what kind it is."""

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline.actors.parties import ROLES, Kind, Named, Parties, Role
from pipeline.actors.sentence import Sentence
from pipeline.actors.word_classes import ACTS, HARMS, OF_ACTS, PROPOSALS
from pipeline.weak.cues.language import words

if TYPE_CHECKING:
    from pipeline.actors.context import Context


class End(NamedTuple):
    """One end of a relation.

    Its words, where they stand in the sentence, its code ("" where it has none), its kind, and `name`, whom a pronoun
    stands for ("" for other words).
    """

    text: str
    start: int
    end: int
    code: str
    kind: Kind | None
    name: str = ""

    @property
    def named(self) -> bool:
        """Return whether it has a code or a name: "the rebels" has neither, nor has a pronoun that nothing explains."""
        words = (self.name or self.text).split()
        return bool(self.code) or (self.kind is not None and any(word[0].isupper() for word in words[1:] or words))

    def __str__(self) -> str:
        """Say it: "Norway (NOR)"."""
        return f"{self.text} ({self.code})" if self.code else self.text


class Ambiguous(Exception):  # noqa: N818
    """Why an end cannot be named; never leaves the package."""


_POINTS = re.compile(r"\b\w\.\w$")  # "U.S" lacks its last point
_SPEAKERS = frozenset(["i", "we", "me", "us"])
_YOU = frozenset(["you"])
PRONOUNS = {
    **dict.fromkeys(["he", "she", "him"], ("office or person",)),
    "it": ("state", "organisation", "group"),
    **dict.fromkeys(["they", "them"], ("state", "organisation", "group", "office or person")),
}
"""Of what kind a party is for which a pronoun may stand."""
_FOREIGN = frozenset(["latin", "south", "central", "north", "african", "native", "pan"])  # before "American"
_PEOPLE = words("mr mrs ms dr sir lord lady gen col lt capt maj sen rep gov president-elect")


class Naming:
    """Names the ends of one sentence."""

    def __init__(self, s: Sentence, parties: Parties, context: "Context | None", day: date | None):
        """Take a sentence, the parties to know, and what the article says before."""
        self._s, self._parties, self._context, self._day = s, parties, context, day

    def text(self, i: int) -> str:
        """Return the words of a noun phrase, with the "of" phrases behind it."""
        start, end = self.span(i)
        return self._s.text[start:end]

    def span(self, i: int) -> tuple[int, int]:
        """Return where they stand."""
        s = self._s
        last = s.bounds[s.with_of(i) if s.kinds[i] == "NP" else i + 1]
        places = s.places(s.bounds[i], last)
        start, end = places[0][0], places[-1][1]
        return start, end + bool(s.text[end : end + 1] == "." and _POINTS.search(s.text[start:end]))

    def plain(self, i: int) -> End:
        """Return what `end` returns, without a code where it is not settled."""
        try:
            return self.end(i)
        except Ambiguous:
            start, end = self.span(i)
            return End(self._s.text[start:end], start, end, "", None)

    def end(self, i: int, speaker: End | None = None, quoted: bool = False) -> End:
        """Return what chunk i names; raises Ambiguous where it may be several parties, or an unknown speaker."""
        s = self._s
        start, end = self.span(i)
        text = s.text[start:end]
        if s.kinds[i] == "U":
            return self._pronoun(i, End(text, start, end, "", None), speaker, quoted)
        return self._named(i, End(text, start, end, "", None), s.bounds[i + 1], s.bounds[s.with_of(i)])

    def owner(self, i: int) -> End:
        """Return whose a thing is: Norway of "Norway's rejection"; raises Ambiguous as `end` does."""
        s = self._s
        last = s.bounds[i] + s.letters(i).rindex("'")
        places = s.places(s.bounds[i], last)
        start, end = places[0][0], places[-1][1]
        return self._named(i, End(s.text[start:end], start, end, "", None), last, last)

    def _named(self, i: int, end: End, behind_head: int, last: int) -> End:
        """Return an end of the words of chunk i up to `last`, with the code and kind that they say."""
        s, first = self._s, self._s.bounds[i]
        words = [s.text[a:b] for a, b in s.places(first, last)]
        found = [one for one in self._parties.find(words, self._day) if not _is_foreign(words, one)]
        if i == 0 and _is_dateline(words):
            found = [one for one in found if one.end > 1] or found
        head = s.head(i) if behind_head == s.bounds[i + 1] else words[-1].lower()
        role = self._role(words[: behind_head - first], found)
        kind = self._kind(head, words, found, role.kind if role else "")
        named = found[0] if found else None
        if named is None:
            code = self._context.code_of(words) if self._context else ""
            kind = "office or person" if "-" in code and kind == "organisation" else kind
            return end._replace(code=code, kind=kind)
        if head in HARMS & OF_ACTS and named.start >= behind_head - first:
            return end._replace(kind=kind)  # "the bombing of Lima": to whom it is done
        code = named.code or self._disambiguated(named, words)
        if kind != "proposal" and role and role.part and "-" not in code and named.kind == "state":
            code = f"{code}-{role.part}"
        return end._replace(code=code, kind=kind)

    def _role(self, words: list[str], found: list[Named]) -> Role | None:
        """Return what the last noun of office says that is no part of a name."""
        inside = {k for one in found for k in range(one.start, one.end)}
        for k in range(len(words) - 1, -1, -1):
            if k not in inside and (role := ROLES.get(words[k].lower())) is not None:
                return role
        return None

    def _kind(self, head: str, words: list[str], found: list[Named], role: str) -> Kind | None:
        if head in PROPOSALS or head in ACTS or head in OF_ACTS:
            return "proposal"
        if role and role != "place":
            return role  # type: ignore[return-value]
        if found:
            return found[0].kind
        names = [word for word in words if word[:1].isupper()]
        if words[0].lower().rstrip(".") in _PEOPLE or (len(names) == len(words) and 1 < len(words) < 5):
            return "office or person"
        return "organisation" if names else "group"

    def _disambiguated(self, named: Named, words: list[str]) -> str:
        """Return the code of a word that names several states where the article settles it."""
        if self._context and (code := self._context.disambiguate(named.codes)):
            return code
        word = " ".join(words[named.start : named.end])
        raise Ambiguous(f'"{word}" may be {" or ".join(named.codes)}')

    def _antecedent(self, i: int, word: str) -> End | None:
        """Return the one party that a pronoun may mean: a subject before it, else what the article says."""
        s = self._s
        before = [j for j in range(i) if s.kinds[j] == "NP" and s.kinds[s.skip(s.with_of(j))] == "VG"]
        fitting = [end for end in map(self.plain, before) if stands_for(word, end)]
        if fitting:
            keys = {end.code.partition("-")[0] or end.text.lower() for end in fitting}
            return fitting[0] if len(keys) == 1 else None
        return self._context.antecedent(word) if self._context else None

    def _pronoun(self, i: int, words: End, speaker: End | None, quoted: bool) -> End:
        word = words.text.lower()
        if word in _SPEAKERS:
            if speaker is None:
                raise Ambiguous("quotation of an unknown speaker" if quoted else f'"{words.text}" is not named')
            return words._replace(code=speaker.code, kind=speaker.kind, name=speaker.name or speaker.text)
        if word in _YOU:
            raise Ambiguous(f'"{words.text}" is not named')
        if word in PRONOUNS and (known := self._antecedent(i, word)) is not None:
            return words._replace(code=known.code, kind=known.kind, name=known.name or known.text)
        return words


def stands_for(pronoun: str, end: End) -> bool:
    """Return whether a pronoun may stand for a named party: of its kind, and a person in the same number."""
    if end.kind not in PRONOUNS[pronoun] or not end.named:
        return False
    if pronoun in ("it", "they", "them") and not end.code and " " not in end.text:
        return False  # a name alone may be a person's
    plural = end.text.split(" of ")[0].endswith("s") and " " in end.text
    return end.kind != "office or person" or plural == (pronoun in ("they", "them"))


def _is_dateline(words: list[str]) -> bool:
    """Return whether a phrase begins with the place of a report: "BAGHDAD US warplanes"."""
    return len(words) > 1 and words[0].isupper() and len(words[0]) > 3 and words[1][:1].isupper()


def _is_foreign(words: list[str], named: Named) -> bool:
    """Return whether "American" is that of "Latin American"."""
    before = words[named.start - 1].lower() if named.start else ""
    return words[named.start].lower().startswith("american") and before in _FOREIGN
