"""Parties by name: states, organisations, groups, what nouns of office say, and a user's own parties."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.actors.word_classes import NOUN, cased_words, class_of
from pipeline.base.errors import PartyError
from pipeline.base.files import read_yaml
from pipeline.weak.cues.language import noun_forms, state_rows
from pipeline.weak.cues.tokens import token_spans

Kind = Literal["state", "organisation", "office or person", "group", "proposal"]

_DATA = Path(__file__).parent / "data"
_OF_STATE = frozenset(["GOV", "LEG", "JUD", "MIL"])  # parts of a state; a movement against it has a code of its own
_APART = frozenset(["OPP", "REB"])  # no part of the state whose code they bear
_SHARED = "~"  # before a name that parties of other states bear, too
_LED = "-led"  # "Saudi-led" names the state that leads


class Entry(NamedTuple):
    """What a name says: the code of its party, of what kind, and when it holds (both ends may be open).

    `state` and `part` are those of a group; `shared`: parties of other states bear the same name.
    """

    code: str
    kind: Kind
    start: date | None = None
    end: date | None = None
    state: str = ""
    part: str = ""
    shared: bool = False

    def holds(self, day: date | None) -> bool:
        """Return whether the name means this party on a day; without a day it does."""
        return day is None or ((self.start is None or self.start <= day) and (self.end is None or day <= self.end))


class Role(NamedTuple):
    """What a noun like "minister" says: the part of a state ("GOV"), and the kind of party, or "place"."""

    part: str
    kind: str


class Named(NamedTuple):
    """A party named at the words [start, end): its code, "" where it has none; `codes`, all it may be."""

    start: int
    end: int
    code: str
    kind: Kind
    codes: tuple[str, ...]
    entry: Entry


@dataclass(frozen=True)
class Parties:
    """Names of parties by their first word, the longest first."""

    names: dict[str, list[tuple[tuple[str, ...], bool, Entry]]]
    ambiguous: dict[str, tuple[str, ...]]

    def find(self, words: Sequence[str], day: date | None = None) -> Iterator[Named]:
        """Yield the parties named in some words, which are as they are written."""
        low = [word.lower() for word in words]
        behind = 0
        for at, word in enumerate(words):
            if at < behind or not (word[0].isupper() or low[at] in _SMALL):
                continue
            if (named := self._at(words, low, at, day)) is not None:
                yield named
                behind = named.end

    def _at(self, words: Sequence[str], low: list[str], at: int, day: date | None) -> Named | None:
        first = low[at].removesuffix(_LED)
        for name, exact, entry in self.names.get(first, ()):
            size = len(name)
            if (first, *low[at + 1 : at + size]) != name or not entry.holds(day):
                continue
            if exact and not words[at][: len(first)].isupper():
                continue
            codes = self.ambiguous.get(low[at], ()) if size == 1 else ()
            code = "" if codes or entry.shared else entry.code
            return Named(at, at + size, code, entry.kind, codes or (entry.code,), entry)
        return None

    def home(self, words: Sequence[str]) -> str:
        """Return the state that a text is about: of which it names two parties, else the one named most; "" if none."""
        groups: dict[str, set[str]] = {}
        times: Counter[str] = Counter()
        for one in self.find(words):
            if one.kind == "state" and one.code:
                times[one.code] += 1
            elif one.entry.state:
                groups.setdefault(one.entry.state, set()).add(one.entry.code)
                if not one.entry.shared:
                    times[one.entry.state] += 1
        pairs = [state for state, codes in groups.items() if len(codes) > 1]
        if len(pairs) == 1:
            return pairs[0]
        most = times.most_common(2)
        clear = len(most) == 1 or (len(most) == 2 and most[0][1] > most[1][1])
        return most[0][0] if clear else ""

    def in_normal_case(self, text: str) -> str:
        """Return a text in capitals throughout with capitals in the listed names alone, letter for letter."""
        places = token_spans(f"{text} ")
        letters = [a if len(a) == 1 else b for a, b in ((c.lower(), c) for c in text)]
        words = [text[start:end] for start, end in places]
        for one in self.find(words):
            alone = one.end - one.start == 1
            low = words[one.start].lower()
            if alone and (low in _COMMON or (low != "us" and class_of(low) != NOUN)):
                continue  # "who", "is", "all"
            for start, end in places[one.start : one.end]:
                whole = alone and any(exact for _, exact, _ in self.names[low.removesuffix(_LED)])
                if whole or text[start:end].lower() not in _INSIDE:
                    letters[start : end if whole else start + 1] = text[start : end if whole else start + 1]
        return "".join(letters)


_COMMON = frozenset(["mend", "shape", "quad", "solidarity", "tigers"])  # words that are names, too
_INSIDE = frozenset(["of", "and", "the", "for"])
_SMALL = frozenset(["al-qaeda", "al-qaida", "al-shabaab", "al-shabab", "al-nusra", "contras", "al"])


class _Party(BaseModel):
    """A party or person as a user writes it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    code: str = Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$")
    kind: Literal["state", "organisation", "office or person", "group"]
    names: list[str] = Field(min_length=1)
    start: date | None = Field(None, alias="from")
    until: date | None = None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    parties: list[dict[str, Any]] = []


def load_parties(*folders: Path | str) -> Parties:
    """Load the shipped parties and those of the YAML files of `folders`; a user's go before the shipped ones.

    Raises PartyError naming the file, the party and the field that is wrong.
    """
    own = [pair for folder in folders for file in _files(Path(folder)) for pair in _read(file)]
    return _build([*own, *_shipped()])


@cache
def shipped_parties() -> Parties:
    """Return the shipped parties."""
    return _build(_shipped())


@cache
def names_by_code() -> dict[str, str]:
    """Return the first name of each shipped party by its code, and what the ledger counts apart from a state."""
    unsure = {word for word, _ in _rows("ambiguous.tsv")}
    found: dict[str, str] = {}
    for name, entry in _shipped():
        if name not in unsure:
            found.setdefault(entry.code.partition("-")[0], name)
    for code, names, people, _ in state_rows():
        for part, what in (("OPP", "party or opposition"), ("REB", "rebels")):
            found[f"{code}-{part}"] = f"{_parts(names or people)[0]} ({what})"
    return found


def whole(code: str) -> str:
    """Return the party of which a code names a part: "FRA" of "FRA-GOV"; "FRA-OPP" and "FRA-REB" are no part of it."""
    state, _, part = code.partition("-")
    return code if part in _APART else state


def _build(pairs: Sequence[tuple[str, Entry]]) -> Parties:
    names: dict[str, list[tuple[tuple[str, ...], bool, Entry]]] = {}
    for name, entry in pairs:
        words = tuple(word.lower() for word in cased_words(name))
        exact = len(words) == 1 and name.isupper() and name.isalpha()
        names.setdefault(words[0], []).append((words, exact, entry))
    for some in names.values():
        some.sort(key=lambda one: -len(one[0]))  # stable: of equals, what was named first
    ambiguous = {row[0].lower(): tuple(row[1].split(";")) for row in _rows("ambiguous.tsv")}
    return Parties(names, ambiguous)


def _shipped() -> list[tuple[str, Entry]]:
    found: list[tuple[str, Entry]] = []
    for word, codes in _rows("ambiguous.tsv"):
        found.append((word, Entry(codes.split(";")[0], "state")))
    for code, names, people, seats in state_rows():
        found += [(name, Entry(code, "state")) for part in (names, people, seats) for name in _parts(part)]
    for code, names in _rows("organisations.tsv"):
        found += [(name, Entry(code, "organisation")) for name in _parts(names)]
    for code, state, part, names in _rows("groups.tsv"):
        own = f"{state}-{part}" if part in _OF_STATE else code
        for name in _parts(names):
            known = Entry(own, "group", state=state, part=part, shared=name[0] == _SHARED)
            found.append((name.removeprefix(_SHARED), known))
    return found


def _rows(file: str) -> list[list[str]]:
    lines = (_DATA / file).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


def _parts(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(";") if name.strip()]


def _roles() -> dict[str, Role]:
    table = read_yaml(_DATA / "roles.yaml")
    found: dict[str, Role] = {}
    for row in table:
        for noun in row["nouns"].split():
            for form in noun_forms(noun):
                found.setdefault(form, Role(row["part"], row["kind"]))
    return found


ROLES = _roles()
"""What nouns of office and of groups say, by form."""


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise PartyError("no such folder of parties", folder, remedy="A project keeps its own parties in actors/.")
    return sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml") and file.name[0] not in "._")


def _read(file: Path) -> Iterator[tuple[str, Entry]]:
    raw_page = read_yaml(file, PartyError)
    try:
        page = _File.model_validate({} if raw_page is None else raw_page)
    except ValidationError as error:
        raise _explained(error, str(file)) from None
    for number, raw in enumerate(page.parties, 1):
        where = f"{file}, party {raw.get('code', f'number {number}')!r}"
        try:
            party = _Party.model_validate(raw)
        except ValidationError as error:
            raise _explained(error, where) from None
        if party.start and party.until and party.start > party.until:
            raise PartyError(
                "ends before it begins", where, expected="from <= until", got=f"{party.start}, {party.until}"
            )
        for name in party.names:
            if not cased_words(name):
                raise PartyError("a name without a word", where, got=repr(name))
            yield name, Entry(party.code, party.kind, party.start, party.until)


def _explained(error: ValidationError, where: str) -> PartyError:
    first = error.errors()[0]
    field = ".".join(map(str, first["loc"])) or "the file"
    said = first["msg"]
    return PartyError(f"{field}: {said[:1].lower()}{said[1:]}", where, got=repr(first["input"]))
