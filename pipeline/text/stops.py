"""Does this stop end a sentence? Rules over the words on both sides of it, written for English news."""

import re
from typing import NamedTuple

from pipeline.text.abbreviations import (
    AFTER_TIME,
    END_MARKS,
    NAMES,
    NEVER,
    NUMBERED,
    PARTS,
    SHOUTED,
    SOMETIMES,
    STARTERS,
    TITLES,
    TOP_LEVEL,
)
from pipeline.text.quotes import attributes

_TOKEN = 40  # characters looked at before and after a stop; a longer token is an address
_DATELINE = 60  # characters; "GENEVA, Jan. 5 (Agency) —" and its like are shorter
_LONGEST_DATELINE = 120
_DATELINE_MARK = re.compile(r"[(/–—]|[ .]--?")

_BEFORE_NAMES = SOMETIMES | TITLES
_ABBREVIATIONS = NEVER | _BEFORE_NAMES
_ABBREVIATED = frozenset(map(str.lower, _ABBREVIATIONS | NUMBERED))
_OPENING = frozenset('"“‘`«')
_CLOSING = frozenset("\"”'’»")
_DASHES = frozenset("—–-")
_GOES_ON = frozenset(",;:.!?…)]%&+/")
_PART_ENDS = re.compile(r'[—–/"“([`_*-]')
_INITIALS = re.compile(r"[^\W\d_](?:[^\W\d_]?(?:\.[^\W\d_]{1,2})+)?")  # J, U.S, Ph.D, N.A.T.O, e.g
_NUMERAL = r"(?:\d{1,3}(?:\.\d{1,2}){0,3}|[A-Za-z]|[IVX]{1,5}|[ivx]{2,5})"
_ENUMERATOR = re.compile(rf"[^\w\s]{{0,2}}\s{{0,2}}(?:(?:{'|'.join(sorted(PARTS))})\s)?{_NUMERAL}\.?\s?")
_AFTER_COLON = re.compile(r"[:;]\s[^\w\s]?[1aAiI]$")  # "The accord says: 1. A truce begins."
_ITEM_AHEAD = re.compile(r"\(?(?:[a-z]|[ivx]{1,4})\)\s")
_REFERENCE = re.compile(r"[IVXLC]+|[A-Z]\d*|\d\w*")
_I_SPEAK = re.compile(r"I\s[a-z]")
_NO_VOWEL = r"(?!Ng\b|.+[A-Z]s\b)(?:[A-Z][b-df-hj-np-tv-xz]{1,4}|[A-Z]{2,3}[a-z]{1,3}|[A-Z][a-z]{1,3}[A-Z][a-z]{1,3})"
_ABBREVIATION_FORM = re.compile(rf"{_INITIALS.pattern}|{_NO_VOWEL}")
_SHORT_WORD = 5  # characters; a longer one is no number in letters
_SHORT = 8  # characters of an enumerator
_LONGEST_FORM = 16  # characters of an abbreviation that is known by its form
_PLURAL = re.compile(r"(?!Ranger|Marine|Custom)[A-Z][a-z]{2,}(?:ers|ors|ists|ants|ents|ians|ees|men)\s[a-z]")
_SHORT_NAME = re.compile(r"[A-Z][a-z]{1,5}")
_PARTICLE = r"(?:on|in|at|of|from|for|the|and|with|by|to|de|van|von|bin|al)"
_VERBLESS = re.compile(rf"[A-Z][\w'’-]*(?:,?\s(?:[A-Z][\w'’-]*|{_PARTICLE}|\d+)){{1,6}}(?:[.!?](?:\s|$)|$)")
_SMALL_QUOTE = re.compile(r"[\"“][a-z]")
_CAPITALS = re.compile(r"[^\w\s]{0,2}[A-Z][A-Z'’-]+\b")
_CLOCK_TIME = re.compile(r"\d\s?[AP]\.M$")
_TIME_FIRST = re.compile(
    r"[^\w\s]{0,2}(?:(?:On|Early on|Late on|Last|This|Next)\s[\w ]{3,14},?\s)?"
    r"(?:[Aa]t|[Bb]y|[Aa]round|[Aa]bout|[Ff]rom|[Uu]ntil|[Ss]ince|[Bb]efore|[Aa]fter|[Ss]hortly)\s[^,]{0,24}$"
)
_CASED_PREFIX = re.compile(r"[a-z]{1,2}[A-Z]|(?:al|el|an|as|ad|ar|at|ash)-[A-Z]")  # iPhone; al-Hayat


_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = rf"(?:(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\s{_MONTH})(?:,?\s\d{{4}})?|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_TOWN_WORD = r"(?:(?:St|ST|Ft|FT|Mt|MT)\.|(?:[A-Z]\.){2,4}|[A-ZÀ-Þ][\w'’-]*)"
_TOWN = rf"{_TOWN_WORD}(?:[ /](?:{_TOWN_WORD}|de|la|el|of|and|the|do|da|al)){{0,3}}"
_AGENCY = r"(?:\((?![DRI]-)[A-Z][^()]{1,40}\)|/[A-Z][\w. -]{1,40}/|(?<=\. )[A-Z]\w{3,}(?: [A-Z]\w+){0,2}(?=\.? [–—-]))"
_DATELINE_FORM = re.compile(
    rf"[^\w\s]?{_TOWN}(?:, {_TOWN})?"
    rf"(?:(?:[.,]?\s{_DATE})?[.,]?\s?{_AGENCY}[.:]?|[.,]?\s{_DATE}[.,]?(?=\s?[–—-]))\s?(?:--?|[–—_:])?"
)


class Stop(NamedTuple):
    """One run of stops and what stands around it; offsets are into the paragraph."""

    paragraph: str
    begun: int  # where the sentence that may end here began
    start: int
    mark: str  # the run itself: ".", "?!", ". . ."
    close: int  # end of the run and of the brackets and quotation marks that close after it
    opened: int  # where the quotation that closes there began; `begun` where none does
    gap: bool  # white space follows
    openers: str  # punctuation that opens what follows
    at: int  # where the next word begins
    word: str  # the next word, "" where none follows

    @property
    def before(self) -> str:
        """The token before the stop, without brackets, quotation marks or a hyphenated first part."""
        tokens = self.paragraph[max(self.begun, self.start - _TOKEN) : self.start].split()
        token = tokens[-1] if tokens else ""
        return token if token.isalpha() else _PART_ENDS.split(token)[-1].lstrip("'‘")

    @property
    def quote_closed(self) -> bool:
        """Whether a quotation mark closes right after the stop."""
        return not _CLOSING.isdisjoint(self.paragraph[self.start + len(self.mark) : self.close])

    @property
    def next_start(self) -> int:
        """Where the next sentence begins if one does; dots of omission set apart after a full stop belong to it."""
        if self.mark == ". . . ." and not self.paragraph[self.start - 1].isspace():
            return self.start + 2
        return self.at - len(self.openers)


def dateline_end(paragraph: str) -> int:
    """Return where the dateline ends that a paragraph begins with: a place with an agency or a date; 0 without one."""
    if not _DATELINE_MARK.search(paragraph, 0, _LONGEST_DATELINE):
        return 0
    found = _DATELINE_FORM.match(paragraph, 0, _LONGEST_DATELINE)
    return found.end() if found else 0


def ends_sentence(stop: Stop) -> bool:
    """Tell whether a sentence ends at `stop` and another begins after it, in bounded time."""
    if not stop.word or stop.openers[:1] in _GOES_ON:
        return False
    if stop.word[0].islower() and not _begins_small(stop):
        return False
    if (stop.word in END_MARKS or (stop.word == "30" and stop.openers == "-")) and not any(
        map(str.isalnum, stop.paragraph[stop.at + len(stop.word) :])
    ):
        return False
    if stop.mark == "." and stop.gap and not stop.openers and _is_plain(stop):
        return True
    if stop.mark[-1] in "。！？．｡":
        return True
    if stop.paragraph[stop.start - 1 : stop.start] in {"(", "["}:  # (?), [...]
        return False
    if not stop.gap:
        return _ends_without_space(stop)
    if stop.quote_closed and (stop.openers[:1] in _DASHES or _is_attributed(stop)):
        return False
    if "?" in stop.mark or "!" in stop.mark:
        return stop.before not in SHOUTED or stop.word.lower() in STARTERS
    dots = stop.mark.count(".") + 3 * stop.mark.count("…")
    return _ends_at_ellipsis(stop, dots) if dots > 1 else _ends_at_full_stop(stop)


def _is_plain(stop: Stop) -> bool:
    """Tell the most frequent end, which needs no further look: a whole small word, and nothing but a stop after it."""
    before = stop.before
    return (
        stop.close == stop.start + 1
        and len(before) > _SHORT_WORD
        and before.islower()
        and before.isalpha()
        and (before not in _ABBREVIATED)
    )


def _begins_small(stop: Stop) -> bool:
    """Tell whether a sentence can begin with the small letter that follows.

    Names like iPhone do, an item of a list after a full stop, a quotation after a whole word, and all of a text that
    has no capitals.
    """
    if _CASED_PREFIX.match(stop.paragraph, stop.at):
        return True
    before = stop.before
    whole = len(before) > 1 and before[-2:].isalnum() and before.lower() not in _ABBREVIATED and stop.gap
    opened = stop.at - len(stop.openers)
    return whole and (
        stop.paragraph.islower()
        or bool(_ITEM_AHEAD.match(stop.paragraph, opened))
        or (stop.mark == "." and bool(_SMALL_QUOTE.match(stop.paragraph, opened)))
    )


def _is_attributed(stop: Stop) -> bool:
    """Tell whether what follows says who spoke; after a question it does not if the quotation began in mid-sentence."""
    full_stop = stop.mark[-1] == "."
    return (full_stop or stop.opened <= stop.begun) and attributes(stop.paragraph, stop.at, after_stop=full_stop)


def _ends_without_space(stop: Stop) -> bool:
    """No space after the stop: the end only between a word or a quotation and a capitalised word, not in addresses."""
    before, word = stop.before, stop.word
    if stop.quote_closed or stop.openers[:1] in _OPENING or stop.paragraph[stop.start - 1 : stop.start] in _CLOSING:
        return not word[0].isdigit()
    if _ENUMERATOR.fullmatch(stop.paragraph, stop.begun, stop.start):
        return False
    if _is_address(stop) or word[0].isdigit():
        return False
    if _INITIALS.fullmatch(before) or len(stop.mark) > 1:
        return len(word) > 1 and word.lower() in STARTERS
    whole = before.replace(",", "").isdigit() or (before[-2:].islower() and len(before) > 1 and before not in NEVER)
    return whole and "." not in before and (word[1:].islower() or word in {"A", "I"})


def _is_address(stop: Stop) -> bool:
    token = stop.paragraph[max(stop.begun, stop.start - _TOKEN) : stop.at + _TOKEN]
    return stop.word.lower() in TOP_LEVEL or any(mark in token for mark in ("@", "://", "www."))


def _ends_at_ellipsis(stop: Stop, dots: int) -> bool:
    """Four dots are a full stop and an omission; three end a sentence that trails off, but may stand in one."""
    if dots != 3:
        return True
    attached = not stop.paragraph[stop.start - 1 : stop.start].isspace()
    return stop.word != "I" and (attached or stop.quote_closed or stop.word.lower() in STARTERS)


def _ends_at_full_stop(stop: Stop) -> bool:
    before, word = stop.before, stop.word
    if before.isupper() and len(before) > 1 and before.capitalize() in _ABBREVIATIONS:
        before = before.capitalize()
    if stop.openers[:1] in _DASHES and _is_dateline(stop, before):
        return False
    if before in NEVER or _ENUMERATOR.fullmatch(stop.paragraph, stop.begun, stop.start):
        return False
    if len(before) <= _SHORT and _AFTER_COLON.search(stop.paragraph, max(stop.begun, stop.start - 10), stop.start):
        return False
    if before in NUMBERED and (word[0].isdigit() or (before != "No" and _refers(stop))):
        return False
    if before in {"a.m", "p.m"} or (before in {"A.M", "P.M"} and _CLOCK_TIME.search(stop.paragraph, 0, stop.start)):
        return _ends_at_time(stop)
    starter = word.lower() in STARTERS
    if not starter and _SHORT_NAME.fullmatch(before) and _VERBLESS.match(stop.paragraph, stop.at):
        return False  # "opposed by Barr. Lund on Monday": no sentence follows
    if before not in _BEFORE_NAMES and not (len(before) <= _LONGEST_FORM and _ABBREVIATION_FORM.fullmatch(before)):
        return True
    if len(before) > 1 and before not in TITLES and _PLURAL.match(stop.paragraph, stop.at):
        return True
    return (starter and word.lower() not in NAMES) if len(before) == 1 else starter or stop.openers[:1] in _OPENING


def _refers(stop: Stop) -> bool:
    """Tell a Roman number or a letter from the word "I"."""
    return bool(_REFERENCE.fullmatch(stop.word)) and not _I_SPEAK.match(stop.paragraph, stop.at)


def _is_dateline(stop: Stop, before: str) -> bool:
    """Tell `PARIS, May 3. — The minister` and `D.C. — The minister` from a sentence that a dash follows."""
    short = stop.start - stop.begun < _DATELINE and bool(_CAPITALS.match(stop.paragraph, stop.begun))
    return short or before in SOMETIMES or bool(_INITIALS.fullmatch(before))


def _ends_at_time(stop: Stop) -> bool:
    """After `a.m.` a sentence ends unless the time goes on (`Monday`, `Moscow time`) or itself opens the sentence."""
    after = stop.paragraph[stop.at + len(stop.word) : stop.at + len(stop.word) + len(" time")]
    if stop.word in AFTER_TIME or stop.word[0].isdigit() or after == " time":
        return False
    return not _TIME_FIRST.match(stop.paragraph[max(stop.begun, stop.start - _DATELINE) : stop.start])
