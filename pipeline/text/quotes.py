"""Where a paragraph's quotations begin and end, and whether words after one attribute it to a speaker."""

import re

Span = tuple[int, int]  # [start, end) in characters of the paragraph, marks included

_DOUBLE = re.compile(r"``|''|[\"“”„«»]")
_DOUBLE_MARKS = ('"', "“", "”", "``", "''", "„", "«", "»")
_CLITIC = r"(?!(?:s|re|ve|ll|d|m|t|n|em|tis|twas|cause)\b|\d)"  # 's, 'em, '90s: apostrophes before a word
# an opening mark is not inside a word, a closing one follows something; the mark comes first to be found fast
_COULD_OPEN = re.compile(r"['‘](?<!\w.)")  # nothing else opens a quotation in single marks
_SPACED = re.compile(r"(?<!\S)'(?!\S)")  # tokenised text: ' a bad deal . '
_SINGLE = re.compile(rf"['‘](?<!\w.){_CLITIC}(?=[\w\"“…])|['’](?<=[^\s'’].)(?!\w)")
_OPENING = frozenset(("``", "“", "„", "«"))
_BEFORE_OPENING = frozenset("([{—–-/“‘'")
_AFTER_CLOSING = frozenset(".,;:!?…)]}—–-/’”'")

# said, asked and their kind; those of the second group may take a person or a clause and still attribute
_SAY = (
    "said says say added adds replied replies answered responded responds declared declares insisted insists remarked "
    "noted notes continued continues concluded warned warns acknowledged stated argued claimed admitted quipped joked "
    "wrote writes tweeted shouted shouts cried called screamed yelled exclaimed snapped whispered muttered thundered"
)
_ASK = "asked asks told tells demanded demands wondered wonders queried inquired enquired"
_SUBJECT = r"(?:[A-Z][\w.’'-]{0,30}\s(?:(?:of|the|for|and|de|del|der|den|du|da|la|le|van|von|bin|al)\s){0,2}){1,6}"
_VERB = rf"(?:(?P<say>{'|'.join(_SAY.split())})|{'|'.join(_ASK.split())})"
_REPORTING = re.compile(rf"{_SUBJECT}{_VERB}\b(?P<end>\s?[.,;:]|\s?$)?")
_OWN_CONTENT = re.compile(
    r"\s(?:that|the|a|an|this|these|those|he|she|it|they|we|there|his|her|its|their|our|no|any|some|all|if|whether)\b"
)
_PRONOUN = re.compile(r"(?:He|She|It|They|We|You|This|That|There|The|A|An|But|And|In|On|At|When|What|Who)\s")


def quotations(paragraph: str) -> list[Span]:
    """Return the quotations of one paragraph, in order and not overlapping.

    A mark opens or closes by its form (curly, angled, Penn Treebank `` and '') or by the space around it; a straight
    mark that could do either changes the state. A quotation in double marks that is not closed lasts to the end of the
    paragraph, and the next paragraph begins outside unless it opens with a mark of its own, as print does with a
    quotation of several paragraphs. Single marks are also apostrophes, so they count only in pairs outside double
    marks, or unclosed where they open the paragraph.
    """
    double = _double_marks(paragraph)
    merged: list[Span] = []
    for start, end in sorted(double + _single_marks(paragraph, double)):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def attributes(text: str, at: int, *, after_stop: bool) -> bool:
    """Return whether the words at `at`, after a closing quotation mark, only say who spoke (`"Why?" Rice asked.`).

    After a full stop (`after_stop`) print begins a new sentence, so there the clause must end with its verb ("Rice
    said."); after a question or exclamation mark it may go on, but not with content of its own ("Rice said she was
    glad").
    """
    clause = _REPORTING.match(text, at)
    if clause is None or _PRONOUN.match(text, at):
        return False
    if clause["end"] is not None:
        return True
    return not after_stop and not (clause["say"] and _OWN_CONTENT.match(text, clause.end()))


def _double_marks(paragraph: str) -> list[Span]:
    if not any(mark in paragraph for mark in _DOUBLE_MARKS):
        return []
    spans: list[Span] = []
    opened = -1
    for mark in _DOUBLE.finditer(paragraph):
        opens = _opens(paragraph, mark, opened >= 0)
        if opens and opened < 0:
            opened = mark.start()
        elif not opens and opened >= 0:
            spans.append((opened, mark.end()))
            opened = -1
    return spans if opened < 0 else [*spans, (opened, len(paragraph))]


def _opens(paragraph: str, mark: re.Match[str], inside: bool) -> bool:
    if mark[0] != '"':
        return mark[0] in _OPENING
    before = paragraph[mark.start() - 1 : mark.start()]
    after = paragraph[mark.end() : mark.end() + 1]
    could_open = not before or before.isspace() or before in _BEFORE_OPENING
    could_close = not after or after.isspace() or after in _AFTER_CLOSING
    return could_open if could_open != could_close else not inside


def _single_marks(paragraph: str, double: list[Span]) -> list[Span]:
    if not _COULD_OPEN.search(paragraph):
        return []
    spaced = [mark.start() for mark in _SPACED.finditer(paragraph)] if " ' " in paragraph else []
    if len(spaced) > 1:
        return [(start, end + 1) for start, end in zip(spaced[::2], spaced[1::2], strict=False)]
    spans: list[Span] = []
    opened, i = -1, 0
    for mark in _SINGLE.finditer(paragraph):
        at = mark.start()
        while i < len(double) and double[i][1] <= at:
            i += 1
        if i < len(double) and double[i][0] <= at:
            continue
        if _opens_single(paragraph, at):
            opened = at if opened < 0 else opened
        elif opened >= 0 and not _is_possessive(paragraph, at):
            spans.append((opened, at + 1))
            opened = -1
    if opened >= 0 and not paragraph[:opened].strip():
        spans.append((opened, len(paragraph)))
    return spans


def _opens_single(paragraph: str, at: int) -> bool:
    before = paragraph[at - 1 : at] if at else ""
    return paragraph[at] != "’" and (not before or before.isspace() or before in _BEFORE_OPENING)


def _is_possessive(paragraph: str, at: int) -> bool:
    """Tell `the ministers' plan` from a closing mark: an s before, a space and a small letter after."""
    return paragraph[at - 1 : at] == "s" and paragraph[at + 1 : at + 2] == " " and paragraph[at + 2 : at + 3].islower()
