"""What a noun phrase names: the words, the code of the party, and of what kind it is."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline.actors.ends import subject
from pipeline.actors.parties import ROLES, Entry, Kind, Named, Parties, Role, whole
from pipeline.actors.sentence import VERBAL, Sentence, clause_ahead
from pipeline.actors.word_classes import ACTS, HARMS, NOUN, OF_ACTS, PROPOSALS, class_of
from pipeline.weak.cues.language import words

if TYPE_CHECKING:
    from pipeline.actors.context import Context


class End(NamedTuple):
    """One end of a relation.

    Its words, where they stand in the sentence, its code ("" where it has none), its kind, and `name`, whom a pronoun
    stands for, or how words in capitals throughout are written elsewhere ("" for other words).
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
THINGS = frozenset(["it", "them"])
"""Pronouns that, as objects, may stand for a proposal."""
_FOREIGN = frozenset(["latin", "south", "central", "north", "african", "native", "pan"])  # before "American"
_OFFICES = words("minister ministers premier chancellor ambassador envoy government cabinet ministry")
_MOVEMENTS = words("party movement alliance front union forum league bloc coalition guard army left centre center")
_SORTS = words("senior junior moderate centrist veteran fellow local key top ruling leading house senate")
_PEOPLE = words("mr mrs ms dr sir lord lady gen col lt capt maj sen rep gov president-elect")


class Naming:
    """Names the ends of one sentence."""

    def __init__(
        self,
        s: Sentence,
        parties: Parties,
        context: "Context | None",
        day: date | None,
        home: Callable[[], str] | None = None,
    ):
        """Take a sentence, the parties to know, and what the article says before; `home`: which state it is about."""
        self._s, self._parties, self._context, self._day, self._of_article = s, parties, context, day, home
        self._home: str | None = None

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
        words = [s.written[a:b] for a, b in s.places(first, last)]
        found = [one for one in self._parties.find(words, self._day) if not _is_foreign(words, one)]
        if i == 0 and _is_dateline(words):
            found = [one for one in found if one.end > 1] or found
        head = s.head(i) if behind_head == s.bounds[i + 1] else words[-1].lower()
        role = self._role(words[: behind_head - first], found)
        kind = self._kind(head, words, found, role.kind if role else "", s.what(i) == "party")
        named = found[0] if found else None
        if named is None:
            code = self._context.code_of(words) if self._context else ""
            kind = "office or person" if "-" in code and kind == "organisation" else kind
            return end._replace(code=code, kind=kind, name="" if code else self._plain_name(words))
        if head in HARMS & OF_ACTS and named.start >= behind_head - first:
            return end._replace(kind=kind)  # "the bombing of Lima": to whom it is done
        group, code = self._group(words, found, behind_head - first, kind)
        if group is not None:
            kind = group.kind if kind == named.kind else kind
            return end._replace(code=code, kind=kind, name="" if code else self._plain_name(words))
        code = named.code or self._disambiguated(named, words)
        if kind != "proposal" and role and role.part and "-" not in code and named.kind == "state":
            code = f"{code}-{role.part}"
        return end._replace(code=code, kind=kind)

    def _plain_name(self, words: list[str]) -> str:
        """Return words in capitals throughout as they are written elsewhere, "" for others."""
        return " ".join(words) if self._s.written is not self._s.text else ""

    def _group(self, words: list[str], found: list[Named], size: int, kind: Kind | None) -> tuple[Named | None, str]:
        """Return the movement that a phrase names, and its code, where a state beside it or the article settles that.

        `size`: how many of the words stand in the phrase without "of". "Norway's Labour Party", "the Free Democrats".
        """
        size = size if found[0].start < size else len(words)  # "the leader of the Labour Party"
        k = next((k for k, one in enumerate(found) if one.kind == "group" and one.end <= size), -1)
        if k < 0 or (k > 0 and found[k - 1].kind != "state"):
            return None, ""
        group, entry, state = found[k], found[k].entry, found[k - 1] if k else None
        longer = (entry.shared or entry.part == "OPP") and _goes_on(words, group)
        other = longer or (entry.shared and _begins_before(words, state.end if state else 0, group))
        if state is None and group.end == size and len(found) > 1 and found[1].kind == "state" and entry.part == "OPP":
            between = [word.lower() for word in words[size : found[1].start]]
            state = found[1] if between in (["of"], ["of", "the"]) else None
        if state is None:
            if not entry.shared and not longer:
                return None, ""
            return group, "" if other else self._settled(entry)
        if (longer and not entry.shared) or not _OFFICES.isdisjoint(word.lower() for word in words[group.end : size]):
            return None, ""  # "the British Conservative minister"
        if entry.part != "OPP" and not entry.shared:
            armed = all(word.lower() in ROLES and ROLES[word.lower()].part == "REB" for word in words[group.end : size])
            theirs = state.code == entry.state or armed  # not "a US Taliban envoy"
            return (group, group.code) if theirs and kind != "proposal" else (None, "")
        code = state.code or self._disambiguated(state, words)
        return group, entry.code if code == entry.state and not other else f"{code}-OPP"

    def _settled(self, entry: Entry) -> str:
        """Return the code of a movement of whose name there are several, "" where its state is not what it is about."""
        if self._home is None:
            s = self._s
            self._home = self._parties.home([s.written[a:b] for a, b in s.places(0, len(s.tags))])
        if self._home == entry.state or (self._of_article and self._of_article() == entry.state):
            return entry.code
        return ""

    def _role(self, words: list[str], found: list[Named]) -> Role | None:
        """Return what the last noun of office says that is no part of a name."""
        inside = {k for one in found for k in range(one.start, one.end)}
        for k in range(len(words) - 1, -1, -1):
            if k in inside:
                continue
            word = words[k].lower()
            if (role := (ROLES.get(f"{words[k - 1].lower()}-{word}") if k else None) or ROLES.get(word)) is not None:
                return role
        return None

    def _kind(self, head: str, words: list[str], found: list[Named], role: str, party: bool) -> Kind | None:
        if head in PROPOSALS or (head in ACTS and not (party and role)) or head in OF_ACTS:
            return "proposal"
        if role and role != "place":
            return role  # type: ignore[return-value]
        if found and any(word.lower() in _PEOPLE for word in words[found[0].end :] if word[0].isupper()):
            return "office or person"  # "Libya's Gen. Weber"
        if found:
            return found[0].kind
        names = [word for word in words if word[:1].isupper()]
        person = len(names) == len(words) and 1 < len(words) < 5 and words[0].lower() != "the"
        if words[0].lower().rstrip(".") in _PEOPLE or person:
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
        phrases = [j for j in range(i) if s.kinds[j] == "NP"]
        before = [j for j in phrases if s.kinds[s.skip(s.with_of(j))] == "VG"]
        fitting = [end for end in map(self.plain, before) if stands_for(word, end)]
        acts = clause_ahead(s, i)
        own = set() if acts else self._own_subjects(i)
        keys = {key(end) for end in fitting}
        if len(keys) > 1 or (not acts and word in THINGS and any(s.what(j) == "proposal" for j in phrases)):
            return None
        if keys - own:
            return fitting[0]
        known = self._context.antecedent(word, acts) if self._context else None
        return None if known is None or key(known) in own else known

    def _own_subjects(self, i: int) -> set[str]:
        """Return the keys of those who do what is done to the object i: no pronoun there stands for them."""
        s = self._s
        verb = next((v for v in range(i - 1, -1, -1) if s.kinds[v] in VERBAL and not s.reduced(v)), None)
        return set() if verb is None else {key(self.plain(j)) for j in subject(s, verb)[0]}

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


def key(end: End) -> str:
    """Return what two ends share that are the same party, or parts of the same."""
    return whole(end.code) or (end.name or end.text).lower()


def same(a: End, b: End) -> bool:
    """Return whether both ends are one party: one state or organisation as a whole, or the same words."""
    whole_one = bool(a.code) and a[3:5] == b[3:5] and a.kind in _WHOLES and "-" not in a.code
    return a.start == b.start or whole_one


_WHOLES = frozenset(["state", "organisation"])


def unlike(end: End, others: Sequence[End]) -> End:
    """Return an end, as a mere word where it is a pronoun read as the party at the other end."""
    if end.name and any(end.code == one.code and key(end) == key(one) for one in others):
        return end._replace(code="", kind=None, name="")
    return end


def stands_for(pronoun: str, end: End) -> bool:
    """Return whether a pronoun may stand for a named party: of its kind, and a person in the same number."""
    if end.kind not in PRONOUNS[pronoun] or not end.named:
        return False
    if pronoun in ("it", "they", "them") and not end.code and " " not in end.text:
        return False  # a name alone may be a person's
    plural = end.text.split(" of ")[0].endswith("s") and " " in end.text
    return end.kind != "office or person" or plural == (pronoun in ("they", "them"))


def _goes_on(words: list[str], named: Named) -> bool:
    """Return whether a name goes on to one that no list knows: "Democratic Alliance"."""
    behind = words[named.end : named.end + 1]
    return bool(behind) and behind[0][0].isupper() and behind[0].lower() in _MOVEMENTS


def _begins_before(words: list[str], first: int, named: Named) -> bool:
    """Return whether a name is the end of one that no list knows: "Free Democrats"."""
    before = words[first : named.start]
    while before and not before[-1][0].isalpha():  # "Weber's Democrats"
        before.pop()
    owner = next((k for k in range(len(before) - 1, -1, -1) if not before[k][0].isalpha()), -1)
    return any(word[0].isupper() and _names(word.lower()) for word in before[owner + 1 :])


def _names(word: str) -> bool:
    return word not in ROLES and word not in _SORTS and word not in _PEOPLE and class_of(word) == NOUN


def _is_dateline(words: list[str]) -> bool:
    """Return whether a phrase begins with the place of a report: "BAGHDAD US warplanes"."""
    return len(words) > 1 and words[0].isupper() and len(words[0]) > 3 and words[1][:1].isupper()


def _is_foreign(words: list[str], named: Named) -> bool:
    """Return whether "American" is that of "Latin American"."""
    before = words[named.start - 1].lower() if named.start else ""
    return words[named.start].lower().startswith("american") and before in _FOREIGN
