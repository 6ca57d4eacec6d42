"""Classes of words, verbs and nouns of some kinds among them, from lists and endings."""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from pathlib import Path

from pipeline.base.files import read_yaml
from pipeline.weak.cues.language import noun_forms, verb_forms, words
from pipeline.weak.cues.tokens import token_spans, vocabulary

_TABLE = read_yaml(Path(__file__).parent / "data" / "verbs.yaml")

PREPS: dict[str, frozenset[str]] = {verb: frozenset(preps.split()) for verb, preps in _TABLE["preps"].items()}
"""The prepositions behind which a verb names the other party."""

_NAMES = words(
    "light control say mutual contact judge appraise despatch together receive wish custody give create plain ambiguous"
)
_SETS: dict[str, frozenset[str]] = {name: words(_TABLE[name]) for name in _NAMES}
LIGHT, CONTROL, SAY, MUTUAL = (_SETS[name] for name in ("light", "control", "say", "mutual"))
CONTACT, JUDGE, APPRAISE, DESPATCH = (_SETS[name] for name in ("contact", "judge", "appraise", "despatch"))
TOGETHER, RECEIVE, WISH = (_SETS[name] for name in ("together", "receive", "wish"))
GIVE, CREATE, CUSTODY = (_SETS[name] for name in ("give", "create", "custody"))
"""Lemmas of some kinds; data/verbs.yaml says which."""

LEADING = LIGHT | GIVE | CREATE | DESPATCH | CONTROL | CONTACT
"""Verbs whose object leads on to the party that is concerned."""

_AMBIGUOUS = _SETS["ambiguous"]
_LEMMAS = sorted(PREPS.keys() | frozenset().union(*(_SETS[name] for name in sorted(_NAMES - {"ambiguous"}))))

LEMMA_OF: dict[str, str] = {
    **{form: lemma for lemma in reversed(_LEMMAS) for form in verb_forms(lemma)},
    **{lemma: lemma for lemma in _LEMMAS},
}
"""The verb of which a word is a form."""

NOUNS = read_yaml(Path(__file__).parent / "data" / "nouns.yaml")
"""Lists of nouns by their name."""

ACTS, OF_ACTS, PROPOSALS, RECEIVED, EMPTY, PRESS, FEELINGS, HOLDERS, VICTIMS, OTHERS, CALAMITIES, HARMS, DEEDS = (
    frozenset(form for noun in NOUNS[name].split() for form in noun_forms(noun))
    for name in (
        *("acts", "of", "proposals", "received", "empty", "press", "feelings", "holders", "victims", "others"),
        *("calamities", "harms", "deeds"),
    )
)
"""Nouns of some kinds; data/nouns.yaml says which."""

TURNED = words(NOUNS["turned"])
"""Forms of nouns by which one party turns to another without a stance."""

DISPOSED = words(NOUNS["disposed"])
"""What is said behind "is" of how somebody is disposed."""

PARTITIVE = words(NOUNS["partitive"])
"""Nouns that stand for those behind "of": "parts of"."""

MOODS = words(NOUNS["moods"])
"""Participles behind which "by" names what somebody feels something about."""

STATES = MOODS | words(NOUNS["states"])
"""Participles that say how somebody is disposed: "is committed to" is no passive."""


def _thirds(lemmas: Iterable[str]) -> frozenset[str]:
    return frozenset(form for lemma in lemmas for form in verb_forms(lemma) if form.endswith("s") and form != lemma)


_ALIKE = words("cut hit set put")  # past forms like the base, read as past
_PAST_TOO = words("let met led won shot shut split beat") - _AMBIGUOUS
PLURAL_LIKE = _thirds(_AMBIGUOUS)
"""Forms like "attacks", verb or noun."""
GERUNDS = frozenset(form for form in LEMMA_OF if form.endswith("ing")) - _AMBIGUOUS - frozenset(_LEMMAS)
PASTS = (frozenset(LEMMA_OF) - GERUNDS - _thirds(_LEMMAS) - frozenset(_LEMMAS)) | _ALIKE | _PAST_TOO
AMBIGUOUS = _AMBIGUOUS - PASTS
"""Forms like "attack", verb or noun."""
BASES = (frozenset(_LEMMAS) | _thirds(_LEMMAS)) - AMBIGUOUS - PLURAL_LIKE - PASTS

NAME, NOUN, TIME, NUMBER, PAST, GERUND, ADVERB = "CNT#VIR"

_CLOSED = {
    "D": "the a an this these those some all each every both any several many few most another other such half no "
    "certain various numerous newly nobody none everybody everyone anybody anyone somebody someone",
    "G": "his her its their our my your whose",
    "o": "of",
    "b": "by",
    "t": "to",
    "w": "with alongside",
    "g": "against versus vs",
    "n": "on upon onto",
    "f": "for",
    "i": "in inside within",
    "a": "at",
    "m": "from",
    "v": "over about regarding concerning around",
    "l": "into toward towards",
    "k": "between among amongst",
    "p": "through during throughout under despite amid amidst without across near behind beyond above below outside "
    "following including involving pending via per beside besides off out along",
    "s": "like than except",
    "X": "is are was were am isn aren wasn weren ain",
    "Y": "be been being",
    "H": "have has had having haven hasn hadn",
    "M": "will would can could should must might shall may cannot ought wo ca couldn shouldn wouldn mustn",
    "d": "do does did don doesn didn",
    "Z": "not never n't 't neither nor",
    "J": "and or &",
    "B": "but",
    "u": "he she they we i",
    "U": "it you him them us me himself herself itself themselves ourselves",
    "W": "who which whom where what why how whoever whichever",
    "Q": "that",
    "K": "if when while because although though unless whether whereas as after before since until till once so",
    "T": "monday tuesday wednesday thursday friday saturday sunday january february march april june july august "
    "september october november december today yesterday tomorrow tonight week weeks month months year years day "
    "days hour hours minute minutes morning afternoon evening night midnight noon weekend decade decades autumn "
    "summer winter spring fortnight mon tue tues wed thu thurs fri sat sun jan feb mar apr jun jul aug sep sept oct "
    "nov dec daytime moment midday dawn dusk",
    "R": "always sometimes recently officially reportedly additionally separately similarly directly consequently "
    "subsequently unfortunately shortly immediately initially eventually ultimately apparently allegedly currently "
    "according long yet also again already still now then meanwhile however later longer earlier once soon often ever "
    "even just only thus therefore instead recently previously together too further jointly twice first finally abroad "
    "elsewhere overnight far well almost nearly up down back away forward ahead apart there here very quite "
    "rather formally "
    "so-far indeed perhaps maybe least ago moreover furthermore nevertheless otherwise",
    "e": "last next early late past coming previous recent mid-week latest",
    "#": "one two three four five six seven eight nine ten eleven twelve dozen million billion thousand",
    "N": "united armed alleged suspected so-called red hundred hundreds need bed speed indeed "
    "seed sacred naked wicked rugged aged beloved family assembly reply ally supply anomaly "
    "monopoly embassy building buildings meeting meetings killing killings bombing bombings "
    "shooting shootings evening king kings ring rings ruling rulings hearing hearings understanding spring string "
    "thing things nothing something anything everything being beings feeling warning warnings gathering proceedings "
    "findings funding training housing crossing wing wings briefing briefings filing filings uprising uprisings "
    "long-standing outstanding surroundings offering settlement opposition position only",
}
_OF_WORD = {word: tag for tag, words in _CLOSED.items() for word in words.split()}
_DOINGS = words("training meeting funding building killing bombing shooting hearing warning housing crossing briefing")
_AS_VERB = {**dict.fromkeys(_DOINGS, "making"), "being": "been"}  # "is training them", "is being held"
_BEING = words("is are was were be been isn't aren't wasn't weren't")
_FLOATING = frozenset(["both", "longer"])
_MAY = frozenset(["May", "May,", "May."])
_BEFORE_MONTHS = words("in since until till last early mid late")
_ODD = _MAY | _AS_VERB.keys() | _FLOATING
"""Pieces of which the one before or behind says how they are read."""
_INITIAL = re.compile(r"[A-Z]\.")  # "A." of "John A. Dale" is no article
_UNITS = frozenset("$%€£¥")
_ABBREVIATED = frozenset(["US", "WHO", "IT", "IS", "AU", "ALL", "AS"])


def cased_words(text: str) -> list[str]:
    """Return the tokens of a text as they are written."""
    spaced = f"{text} "
    return [spaced[start:end] for start, end in token_spans(spaced)]


# runs of adverbs are bounded, so that no text takes long
_HEAD = "|".join(  # words of a noun phrase
    [
        r"[NC]|T(?=[NCAE'])|e(?!#?T)|(?<![NC])#|A(?![DGUu](?!e?T)|pD)|E(?![DGUuC]|pD|(?<=CE)Q)",
        r"'(?=[NCAESVI#TR]|e(?!#?T)|D[NV])|(?<=')D(?=[NV])",
        r"(?<=[DG'owflgimp])S|(?<=')I(?=o)|(?<=[DG])[AEI]",
    ]
)
_ADJECTIVE = r"(?<=[Se])V(?=[NA])|(?<=[obwgfnimvlka])V(?=[NCAE#])"  # a participle: "in besieged Quito"
_ADDED = "|".join(  # participles, adverbs
    [
        rf"(?<=[DG'#R])V(?=[NCAE#])|{_ADJECTIVE}|(?<=[DG'#R])[SI](?=[NCAE#])",
        r"(?<=[DG'])R(?=[NVAI])|(?<=[DGNC])I(?=[NCAE])",
    ]
)
_AUXILIARY = r"R{0,6}[XYHMd](?:[RZ]|(?<=[MXYHd])[Uu](?=[SAVI])|(?<=[MXYHd])D(?=[SV]))*"
_CHUNK = re.compile(
    r"(?P<ONE>[obwgnfmlkps,;:.()?!JBUWQKu-])"  # begins nothing longer: met first, as it is quickest
    r"|(?P<TM>[DG]?[eR]{0,6}#?e?T[T#]*(?:,#(?![NCAE]))?(?![NAE']))"
    r"|(?P<IN>tR{0,6}(?:[YH]R{0,6})*(?:[SA]|V)|tYR{0,6}|tH|tR{0,6}N(?=[DG]))"
    rf"|(?P<VG>(?:{_AUXILIARY})+(?:[VSI]|(?<=[MdRZ])A|(?<=M)N|(?<=M[RZ])N)?|R{{0,6}}(?:ZR{{0,6}})?(?!{_ADJECTIVE})(?:V|(?<![owflgimp])S)(?!'))"
    r"|(?P<FV>[AE](?=[DGUuQ](?!e?T)|pD)(?<=[NCU)TR].)|[AE](?<=[NCZ]R.)|[AE](?<=u.)|[AE](?<=uR.)|E(?=C)(?<=[NC].)|[AE](?<=W.)|E(?=[DG])(?<=,.)|E(?=R(?![VSXYHMdIAEiT])|pa)(?<=C.))"
    rf"|(?P<NP>(?:(?:aR|v|[NDAR]s|R)(?=#))?[DG#]+R?(?:{_HEAD}|{_ADDED})+|(?:{_HEAD}|{_ADDED})+|[DG#])"
    r"|(?P<GE>I)"
    r"|(?P<OTHER>.)",
    re.DOTALL,
)

_OF_GROUP = {"TM": "TM", "IN": "IN", "VG": "VG", "FV": "VG", "NP": "NP", "GE": "GE"}  # others: the letter
_KINDS = [_OF_GROUP.get(name, "") for name in ("", *_CHUNK.groupindex)]


def class_of(word: str) -> str:
    """Return the class of a word as it is written."""
    low = word.lower().replace("’", "'")
    if word in _ABBREVIATED:
        return NAME
    if word != low and low in ("may", "will"):
        return NAME
    if low in ("march", "sun", "sat", "mar", "spring", "second", "fall") and word == low:
        return {"sat": PAST}.get(low, NOUN)
    tag = _OF_WORD.get(low)
    if tag is not None:
        return NAME if tag == NOUN and word != low else tag
    first = word[0]
    if first.isdigit():
        return NUMBER
    if low in _UNITS:
        return NUMBER
    if not first.isalpha():
        return {"'s": "'", "--": "-"}.get(low, first if first in ",;:.()?!-" else "H" if low in ("'ve", "'d") else "X"
                if low in ("'re", "'m") else "M" if low == "'ll" else "-")  # fmt: skip
    if word != low and not low.isupper():
        return NAME
    for tag, some in (("A", AMBIGUOUS), ("E", PLURAL_LIKE), ("V", PASTS), ("S", BASES), ("I", GERUNDS)):
        if low in some:
            return tag
    if low.endswith("ly"):
        return ADVERB
    if "-" in low:
        return PAST if low.startswith("re-") and low.endswith("ed") else NOUN
    if low.endswith("ing") and len(low) > 5:
        return GERUND
    return PAST if low.endswith("ed") and len(low) > 4 else NOUN


def _floating(word: str, after: str) -> str:
    if word == "both" and after and class_of(after) in "VSXHMdAE":
        return "also"
    return "not" if word == "no" and after == "longer" else word


class Pieces(dict[str, tuple[str, tuple[str, ...], tuple[tuple[int, int], ...]]]):
    """What is known of pieces of text between two spaces, kept as they are met.

    One letter for each token, the tokens in lower case, and where they stand in the piece, (start, end).
    """

    def __missing__(self, piece: str) -> tuple[str, tuple[str, ...], tuple[tuple[int, int], ...]]:
        """Read a new piece."""
        if len(self) > _ROOM:
            self.clear()
        known, spaced = vocabulary(), f"{piece} "
        places = tuple(token_spans(spaced))
        tokens = tuple(map(known.words.__getitem__, known[piece]))
        self[piece] = found = _tags(piece, [spaced[start:end] for start, end in places]), tokens, places
        return found

    def classes(self, parts: Sequence[str], read: Iterable[tuple[str, object, object]] | None = None) -> str:
        """Return one letter for each token of the pieces of a text; `read`: what is known of each, if that is at hand.

        A headline with capitals throughout is read without them.
        """
        if _ODD.isdisjoint(parts):
            known = map(self.__getitem__, parts) if read is None else read
        else:
            parts = _floated(_as_verbs(_as_months(parts)))
            known = map(self.__getitem__, parts)
        tags = "".join(map(_FIRST, known))
        if tags.count(NAME) * 10 > len(tags) * 6 and len(tags) > _SHORT:
            return "".join(map(_HEADLINE.__getitem__, parts))
        return tags


def _tags(piece: str, tokens: Sequence[str]) -> str:
    if _INITIAL.fullmatch(piece):
        return NAME * len(tokens)
    tags = "".join(map(class_of, tokens))
    for word in "UuQW":  # "he's", "who's"
        tags = tags.replace(f"{word}'", f"{word}H")
    return tags


def _floated(parts: Sequence[str]) -> Sequence[str]:
    """Return the pieces with "not" for the "no" of "no longer", and "also" for the "both" of "they both reject"."""
    if _FLOATING.isdisjoint(parts):
        return parts
    return [_floating(a, b) for a, b in zip(parts, [*parts[1:], ""], strict=True)]


def _as_months(parts: Sequence[str]) -> Sequence[str]:
    """Return the pieces with "June" for a month "May": before a number, and behind "since"."""
    if _MAY.isdisjoint(parts):
        return parts
    around = zip(["", *parts[:-1]], parts, [*parts[1:], ""], strict=True)
    return [
        word.replace("May", "June")
        if word in _MAY and (behind[:1].isdigit() or before.lower() in _BEFORE_MONTHS)
        else word
        for before, word, behind in around
    ]


def _as_verbs(parts: Sequence[str]) -> Sequence[str]:
    """Return the pieces with a verb for a noun in -ing behind "is"."""
    return [_AS_VERB.get(b, b) if a in _BEING else b for a, b in zip(["", *parts[:-1]], parts, strict=True)]


class _Headline(dict[str, str]):
    """The classes of pieces of headlines: a word that can be a verb or a small word is one."""

    def __missing__(self, piece: str) -> str:
        if len(self) > _ROOM:
            self.clear()
        tags = [class_of(word) for word in cased_words(piece)]
        low = [class_of(word.lower()) for word in cased_words(piece)]
        self[piece] = read = "".join(
            b if a == NAME and b not in (NOUN, TIME, ADVERB) else a for a, b in zip(tags, low, strict=True)
        )
        return read


_FIRST = itemgetter(0)
_ROOM = 200_000  # pieces that are kept
_SHORT = 3  # tokens: less is no headline
_HEADLINE = _Headline()


def chunks(tags: str) -> tuple[list[str], list[int]]:
    """Return the kinds of the n chunks of a sentence, and n + 1 bounds, given one letter for each of its tokens.

    Chunk i is the tokens [bounds[i], bounds[i + 1]). Kinds: `NP` a noun phrase, `TM` a time, `VG` a finite verb group,
    `IN` an infinitive, `GE` a gerund or participle; what stands between has its word's class as its kind.
    """
    kinds, bounds = [], [0]
    for match in _CHUNK.finditer(tags):
        kinds.append(_KINDS[match.lastindex or 0] or match[0])
        bounds.append(match.end())
    if "u" in tags:
        kinds = ["U" if kind == "u" else kind for kind in kinds]  # pronouns of any case
    return kinds, bounds
