"""Relations in their article: mentions of parties, pronouns; and those of a table of answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.actors.ends import subject
from pipeline.actors.naming import PRONOUNS, THINGS, End, Naming, key, stands_for
from pipeline.actors.parties import ROLES, Parties, shipped_parties, whole
from pipeline.actors.readings import Cue, attribution
from pipeline.actors.relations import Relation, relate
from pipeline.actors.sentence import Sentence
from pipeline.actors.word_classes import SAY, cased_words
from pipeline.base.stances import AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.text.dates import date_of
from pipeline.text.quotes import quotations

if TYPE_CHECKING:
    from pipeline.weak.lfs.parse import StanceHit


_BEFORE = 3  # sentences in which an antecedent is looked for
_REMEMBERED = 100  # sentences after which somebody introduced is forgotten


class Article:
    """The sentences of one article, in order; each is read when it is first needed."""

    def __init__(
        self,
        texts: Sequence[str],
        paragraphs: Sequence[int] | None = None,
        *,
        parties: Parties | None = None,
        day: date | None = None,
    ):
        """Take the sentences, the number of the paragraph of each (all in one if not given), and the article's day."""
        self.texts, self.parties, self.day = texts, parties or shipped_parties(), day
        self.paragraphs = paragraphs if paragraphs is not None else [0] * len(texts)
        self._sentences: dict[int, Sentence] = {}
        self._mentions: dict[int, list[End]] = {}
        self._endings: dict[int, dict[str, list[int]]] = {}
        self._plain: dict[tuple[int, int], End] = {}
        self._namings: dict[int, Naming] = {}

    def relations(self, stances: Sequence[int], cues: Iterable[Sequence[Cue]] | None = None) -> list[Relation]:
        """Return what `relate` returns, of each sentence with what the article says around it."""
        each = cues if cues is not None else ((),) * len(self.texts)
        return [
            relate(text, stance, some, parties=self.parties, context=Context(self, i), day=self.day)
            for i, (text, stance, some) in enumerate(zip(self.texts, stances, each, strict=True))
        ]

    def sentence(self, i: int) -> Sentence:
        """Return sentence i as the rules see it."""
        if i not in self._sentences:
            self._sentences[i] = Sentence(self.texts[i], self.parties)
        return self._sentences[i]

    def mentions(self, i: int) -> list[End]:
        """Return the parties that sentence i names, those without a code among them."""
        if i not in self._mentions:
            s = self.sentence(i)
            self._mentions[i] = _parties(s, ((chunk, self._named(i, chunk)) for chunk in _phrases(s)))
        return self._mentions[i]

    def proposes(self, i: int) -> bool:
        """Return whether sentence i names a proposal."""
        s = self.sentence(i)
        return any(s.what(chunk) == "proposal" for chunk in _phrases(s))

    def codes_of(self, word: str, before: int) -> set[str]:
        """Return the codes of the phrases that end in a word, in lower case, in the sentences before one.

        Of movements without a code it is their text.
        """
        having = (i for i in range(max(before - _REMEMBERED, 0), before) if word in self._lowered[i])
        ends = [self._named(i, chunk) for i in having for chunk in self._ending(i).get(word, ())]
        movement = word in ROLES and ROLES[word].part == "OPP"  # "the party": one without a code may be meant, too
        return {end.code or (end.text if movement and end.named else "") for end in ends} - {""}

    def _ending(self, i: int) -> dict[str, list[int]]:
        """Return the noun phrases of sentence i by their last word."""
        if i not in self._endings:
            found: dict[str, list[int]] = {}
            s = self.sentence(i)
            for chunk in _phrases(s):
                found.setdefault(s.words[s.bounds[s.with_of(chunk)] - 1], []).append(chunk)
            self._endings[i] = found
        return self._endings[i]

    def _named(self, i: int, chunk: int) -> End:
        """Return what a phrase of sentence i names by itself."""
        if (i, chunk) not in self._plain:
            self._plain[i, chunk] = self._naming(i).plain(chunk)
        return self._plain[i, chunk]

    def _naming(self, i: int) -> Naming:
        if i not in self._namings:
            self._namings[i] = Naming(self.sentence(i), self.parties, None, self.day, lambda: self.home)
        return self._namings[i]

    @cached_property
    def home(self) -> str:
        """The state that the article is about, "" where that is not clear."""
        return self.parties.home([word for text in self.texts for word in cased_words(text)])

    @cached_property
    def _lowered(self) -> list[str]:
        """The texts in lower case."""
        return [text.lower() for text in self.texts]

    @cached_property
    def codes(self) -> frozenset[str]:
        """The states and organisations that the article names without doubt."""
        every = (whole(end.code) for i in range(len(self.texts)) for end in self.mentions(i))
        return frozenset(every)

    @cached_property
    def quoted(self) -> list[bool]:
        """Return for each sentence whether it stands in a quotation from its first word on."""
        inside = [False] * len(self.texts)
        members: dict[int, list[int]] = {}
        for i, paragraph in enumerate(self.paragraphs):
            members.setdefault(paragraph, []).append(i)
        for some in members.values():
            starts, at = [], 0
            for i in some:
                starts.append(at)
                at += len(self.texts[i]) + 1
            spans = quotations(" ".join(self.texts[i] for i in some))
            for i, start in zip(some, starts, strict=True):
                inside[i] = any(a <= start < b for a, b in spans)
        return inside

    def speaker(self, i: int) -> End | None:
        """Return who is named as speaking in sentence i itself."""
        s = self.sentence(i)
        found = attribution(s, -1)
        for v in range(s.size):
            if found is None and s.kinds[v] == "VG" and s.lemma(v) in SAY and not s.reduced(v):
                found = next(iter(subject(s, v)[0]), None)
        return None if found is None else self._naming(i).plain(found)


class Context:
    """What the article says around sentence `at`."""

    def __init__(self, article: Article, at: int):
        """Take an article and the number of the sentence."""
        self._article, self._at = article, at

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self._article.sentence(self._at)

    @property
    def inside_quotation(self) -> bool:
        """Return whether the sentence begins inside a quotation."""
        return self._article.quoted[self._at]

    @cached_property
    def speaker(self) -> End | None:
        """Who is quoted: named before or behind in the paragraph, or in the one before; None where nobody is."""
        article, at = self._article, self._at
        own = article.paragraphs[at]
        around = range(max(at - _BEFORE, 0), min(at + _BEFORE + 1, len(article.texts)))
        nearby = [i for i in around if article.paragraphs[i] == own and i != at]
        nearby.sort(key=lambda i: (abs(i - at), i > at))
        first = next((i for i in range(at, max(at - _REMEMBERED, -1), -1) if article.paragraphs[i] != own), -1)
        before = [i for i in range(first, max(first - _BEFORE, -1), -1) if article.paragraphs[i] == own - 1]
        for i in [*nearby, *before]:
            if (speaker := article.speaker(i)) is not None:
                return self._resolved(speaker, i)
        return None

    def _resolved(self, speaker: End, i: int) -> End | None:
        word = speaker.text.lower()
        if word not in PRONOUNS:
            return speaker
        known = Context(self._article, i).antecedent(word)
        return None if known is None else speaker._replace(text=known.text, code=known.code, kind=known.kind)

    def antecedent(self, pronoun: str, acts: bool = True) -> End | None:
        """Return the one party that the nearest sentence before names which the pronoun may mean, else None.

        `acts`: the pronoun is a subject; as an object it may mean a proposal, too.
        """
        for i in range(self._at - 1, max(self._at - 1 - _BEFORE, -1), -1):
            if not acts and pronoun in THINGS and self._article.proposes(i):
                return None
            fitting = {key(end): end for end in self._article.mentions(i) if stands_for(pronoun, end)}
            if fitting:
                return next(iter(fitting.values())) if len(fitting) == 1 else None
        return None

    @property
    def home(self) -> str:
        """The state that the article is about, "" where that is not clear."""
        return self._article.home

    def disambiguate(self, codes: Sequence[str]) -> str:
        """Return the one of some codes that the article names elsewhere without doubt, "" where none or several."""
        named = [code for code in codes if code in self._article.codes]
        return named[0] if len(named) == 1 else ""

    def code_of(self, words: Sequence[str]) -> str:
        """Return the code of a person or office that the article has introduced: "Duval", "the ministry"."""
        if words[0].lower() in ("a", "an"):
            return ""
        codes = self._article.codes_of(words[-1].lower(), self._at)
        return codes.pop() if len(codes) == 1 and all(map(str.isupper, codes)) else ""

    def pair(self) -> tuple[End, End] | None:
        """Return the two parties of "the two sides": those that the article has named so far, if they are two.

        Of more, the two named most, where the second is named at least twice as often as the third.
        """
        named: dict[str, End] = {}
        times: Counter[str] = Counter()
        for i in range(self._at - 1, max(self._at - 1 - _REMEMBERED, -1), -1):
            for end in self._article.mentions(i):
                if end.code and end.kind != "proposal":
                    state = end.code.partition("-")[0]
                    known = named.setdefault(state, end)
                    named[state] = min(known, end, key=lambda one: ("-" in one.code, len(one.text)))
                    times[state] += 1
        most = times.most_common(3)
        clear = len(most) == 2 or (len(most) == 3 and most[1][1] >= 2 * most[2][1])
        return (named[most[0][0]], named[most[1][0]]) if clear else None


def mentions(text: str, parties: Parties | None = None, day: date | None = None) -> list[End]:
    """Return the parties that a text names, in its order."""
    parties = parties or shipped_parties()
    s = Sentence(text, parties)
    naming = Naming(s, parties, None, day)
    return _parties(s, ((chunk, naming.plain(chunk)) for chunk in _phrases(s)))


def _parties(s: Sentence, named: Iterable[tuple[int, End]]) -> list[End]:
    return [end for chunk, end in named if end.code or s.what(chunk) == "party"]


def _phrases(s: Sentence) -> list[int]:
    """Return the noun phrases that do not belong to one before them."""
    return [i for i in range(s.size) if s.kinds[i] == "NP" and s.kinds[i - 1] != "o"]


def relate_rows(
    rows: Sequence[dict[str, Any]],
    stances: Sequence[int],
    hits: Sequence[Sequence["StanceHit"]],
    parties: Parties,
    *,
    whole: bool = False,
) -> list[Relation]:
    """Return the relation of each row, which has `text`, and of which `hits` has the cues that take a side.

    Rows beside each other with one `article_id` are read as an article, with `paragraph` and `date` where they have
    them; `whole`: all rows are one article. Others stand alone.
    """
    own_cues = (
        [(position, strength) for stance, position, strength in some if stance == own]
        for some, own in zip(hits, stances, strict=True)
    )
    found: list[Relation] = []
    numbered = zip(rows, stances, own_cues, strict=True)
    for article, some in groupby(numbered, lambda one: True if whole else one[0].get("article_id")):
        own = list(some)
        if article is None:
            found += [
                relate(row["text"], stance, cue, parties=parties, day=_day(row.get("date"))) for row, stance, cue in own
            ]
            continue
        texts, paragraphs = [row["text"] for row, _, _ in own], [row.get("paragraph") for row, _, _ in own]
        known = [int(k) for k in paragraphs if isinstance(k, int | float)]
        context = Article(
            texts, known if len(known) == len(own) else None, parties=parties, day=_day(own[0][0].get("date"))
        )
        found += context.relations([stance for _, stance, _ in own], [cue for _, _, cue in own])
    return found


def likely_stances(probabilities: np.ndarray) -> list[int]:
    """Return for each row of probabilities, float (n, 3), the stance whose ends are looked for.

    It is the most probable of opposition and agreement, and neutral only where that is likelier than both together.
    """
    sides = np.where(probabilities[:, OPPOSITION] >= probabilities[:, AGREEMENT], OPPOSITION, AGREEMENT)
    return np.where(probabilities[:, NEUTRAL] >= 0.5, NEUTRAL, sides).tolist()


def _day(value: object) -> date | None:
    """Return the day that a row's `date` names, None where it names none."""
    if isinstance(value, date):
        return value
    day = date_of(str(value or ""))
    return date.fromisoformat(day) if day.count("-") == 2 else None
