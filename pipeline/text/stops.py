"""Does this stop end a sentence? Rules over the words on both sides of it, written for English news."""

import re
from typing import NamedTuple

from pipeline.text.abbreviations import AFTER_TIME, NAMES, NEVER, NUMBERED, SHOUTED, SOMETIMES, STARTERS, TOP_LEVEL
from pipeline.text.quotes import attributes

_TOKEN = 40  # characters looked at before and after a stop; a longer token is an address
_DATELINE = 60  # characters; "GENEVA, Jan. 5 (Agency) —" and its like are shorter

_ABBREVIATIONS = NEVER | SOMETIMES
_OPENING = frozenset('"“‘`«')
_CLOSING = frozenset("\"”'’»")
_DASHES = frozenset("—–-")
_GOES_ON = frozenset(",;:.!?…)]%")
_PART_ENDS = re.compile(r'[—–/"“([`_*-]')
_INITIALS = re.compile(r"[^\W\d_](?:[^\W\d_]?(?:\.[^\W\d_]{1,2})+)?")  # J, U.S, Ph.D, N.A.T.O, e.g
_ENUMERATOR = re.compile(r"[^\w\s]{0,2}\s{0,2}(?:\d{1,3}|[A-Za-z]|[IVX]{1,5})\.?\s?")
_REFERENCE = re.compile(r"[IVXLC]+|[A-Z]\d*|\d\w*")
_CAPITALS = re.compile(r"[^\w\s]{0,2}[A-Z][A-Z'’-]+\b")
_TIME_FIRST = re.compile(r"[^\w\s]{0,2}(?:At|By|Around|About|From|Until|Since|Before|After|Shortly)\s[^,]{0,24}$")
_CASED_PREFIX = re.compile(r"[a-z]{1,2}[A-Z]|(?:al|el|an|as|ad|ar|at|ash)-[A-Z]")  # iPhone; al-Hayat


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


def ends_sentence(stop: Stop) -> bool:
    """Tell whether a sentence ends at `stop` and another begins after it, in bounded time."""
    if not stop.word or stop.openers[:1] in _GOES_ON:
        return False
    if stop.word[0].islower() and not _CASED_PREFIX.match(stop.paragraph, stop.at):
        return False
    if stop.mark[-1] in "。！？":
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


def _is_attributed(stop: Stop) -> bool:
    """Tell whether what follows says who spoke; after a question it does not if the quotation began in mid-sentence."""
    full_stop = stop.mark[-1] == "."
    return (full_stop or stop.opened <= stop.begun) and attributes(stop.paragraph, stop.at, after_stop=full_stop)


def _ends_without_space(stop: Stop) -> bool:
    """No space after the stop: the end only between a word or a quotation and a capitalised word, not in addresses."""
    before, word = stop.before, stop.word
    if stop.quote_closed or stop.openers[:1] in _OPENING:
        return not word[0].isdigit()
    if _is_address(stop) or word[0].isdigit():
        return False
    if _INITIALS.fullmatch(before) or len(stop.mark) > 1:
        return len(word) > 1 and word.lower() in STARTERS
    whole = before.isdigit() or (before[-2:].islower() and len(before) > 1 and before not in NEVER)
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
    if before in NUMBERED and (word[0].isdigit() or (before != "No" and _REFERENCE.fullmatch(word))):
        return False
    if before.lower() in {"a.m", "p.m"}:
        return _ends_at_time(stop)
    if not _INITIALS.fullmatch(before) and before not in SOMETIMES:
        return True
    starter = word.lower() in STARTERS
    return (starter and word.lower() not in NAMES) if len(before) == 1 else starter or stop.openers[:1] in _OPENING


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
