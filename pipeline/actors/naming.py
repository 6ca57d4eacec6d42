"""What a noun phrase names: the words, the code of the party, and of what kind it is."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline.actors.parties import ROLES, Kind, Named, Parties
from pipeline.actors.sentence import PROPOSALS, Sentence

if TYPE_CHECKING:
    from pipeline.actors.context import Context


class End(NamedTuple):
    """One end of a relation: its words, where they stand in the sentence, its code ("" where it has none), its kind."""

    text: str
    start: int
    end: int
    code: str
    kind: Kind | None


class Unsettled(Exception):  # noqa: N818
    """Why an end cannot be named; never leaves the package."""


_SPEAKERS = frozenset(["i", "we", "me", "us"])
_OTHERS = frozenset(["it", "he", "she", "they", "him", "them"])
_FOREIGN = frozenset(["latin", "south", "central", "north", "african", "native", "pan"])  # before "American"
_PEOPLE = frozenset("mr mrs ms dr sir lord lady gen col lt capt maj sen rep gov president-elect".split())


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
        last = s.chunks[s.with_of(i) - 1 if s.kinds[i] == "NP" else i].end
        return s.spans[s.chunks[i].start][0], s.spans[last - 1][1]

    def end(self, i: int, speaker: str = "") -> End:
        """Return what chunk i names; raises Unsettled where it may be several parties, or an unknown speaker."""
        s = self._s
        start, end = self.span(i)
        text = s.text[start:end]
        if s.kinds[i] == "U":
            return self._pronoun(i, End(text, start, end, "", None), speaker)
        first, last = s.chunks[i].start, s.chunks[s.with_of(i) - 1].end
        words = [s.text[a:b] for a, b in s.spans[first:last]]
        found = [one for one in self._parties.find(words, self._day) if not _is_foreign(words, one)]
        role = next((r for word in reversed(words[: s.chunks[i].end - first]) if (r := ROLES.get(word.lower()))), None)
        kind = self._kind(s.head(i), words, found, role.kind if role else "")
        named = found[0] if found else None
        if named is None:
            return End(text, start, end, self._context.code_of(words) if self._context else "", kind)
        code = named.code or self._settled(named, words)
        if kind != "proposal" and role and role.part and "-" not in code and named.kind == "state":
            code = f"{code}-{role.part}"
        return End(text, start, end, code, kind)

    def _kind(self, head: str, words: list[str], found: list[Named], role: str) -> Kind | None:
        if head in PROPOSALS:
            return "proposal"
        if role and role != "place":
            return role  # type: ignore[return-value]
        if found:
            return found[0].kind
        names = [word for word in words if word[:1].isupper()]
        if words[0].lower().rstrip(".") in _PEOPLE or (len(names) == len(words) and 1 < len(words) < 5):
            return "office or person"
        return "organisation" if names else "group"

    def _settled(self, named: Named, words: list[str]) -> str:
        """Return the code of a word that names several states where the article settles it."""
        if self._context and (code := self._context.settle(named.codes)):
            return code
        word = " ".join(words[named.start : named.end])
        raise Unsettled(f'"{word}" may be {" or ".join(named.codes)}')

    def _pronoun(self, i: int, words: End, speaker: str) -> End:
        word = words.text.lower()
        if word in _SPEAKERS:
            if speaker and speaker not in ("narrator", "unknown", "source"):
                code = self._context.code_of(speaker.split()) if self._context else ""
                return words._replace(code=code or self._code(speaker), kind="office or person")
            raise Unsettled("quotation of an unknown speaker")
        if word in _OTHERS and self._context is not None:
            antecedent = self._context.antecedent(word)
            return words if antecedent is None else words._replace(code=antecedent.code, kind=antecedent.kind)
        return words._replace(kind="office or person" if word in ("he", "she", "him") else None)

    def _code(self, text: str) -> str:
        return next((one.code for one in self._parties.find(text.split(), self._day)), "")


def _is_foreign(words: list[str], named: Named) -> bool:
    """Say whether "American" is that of "Latin American"."""
    before = words[named.start - 1].lower() if named.start else ""
    return words[named.start].lower().startswith("american") and before in _FOREIGN
