"""Text that was printed or scanned: pages with running heads and numbers, numbered lines, double spacing."""

import re
from collections import Counter
from itertools import pairwise

from pipeline.text.boilerplate import is_ended

_EDGE = 2  # lines at either end of a page, among which running heads stand
_FEWEST_PAGES = 2  # pages that have a running head
_NUMBER = re.compile(r"\s{0,8}(\d{1,4})[:|]?(?:\s{1,4}(?=\S)|\s*$)")
_PAGE_LINE = re.compile(r"(?i:\W{0,6}(?:page |p\. ?|pg\.? ?)?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?\W{0,6})")
_OPEN_END = re.compile(
    r"(?:,|\b(?:an?|and|at|but|by|for|from|in|of|on|or|that|the|to|with|was|were|is|are|has|had|not))$"
)
_AROUND = 4  # lines
_HEAD = 60  # characters of a running head
_FEWEST_LINES = 5
_STEP = 5  # from one numbered line to the next
_DIGITS = re.compile(r"\d+")
_WIDEST = 130  # characters of a line that was wrapped


def text_of_pages(text: str) -> str:
    """Return text, whose pages a form feed separates, as one without what belongs to its pages and lines.

    Taken out are lines that pages repeat at their ends (digits aside), numbers of pages there, and numbers at the
    beginnings of lines that ascend through the text; double spacing becomes single.
    """
    split = text.split("\n")
    lines = _without_page_ends(text.split("\f")) if "\f" in text else split
    for step in (_unquoted, without_line_numbers, _without_page_lines, _single_spaced):
        lines = step(lines)
    return text if lines is split else "\n".join(lines)


def _unquoted(lines: list[str]) -> list[str]:
    """Take the marks of a quoted mail from the beginnings of lines, where nearly all have one."""
    if not lines[0].startswith(">") or any(line.strip() and not line.startswith(">") for line in lines):
        return lines
    return [line[1:].removeprefix(" ") for line in lines]


def _without_page_lines(lines: list[str]) -> list[str]:
    """Take out numbers of pages, and lines in capitals, that stand between two halves of a sentence."""
    found = [n for n, line in enumerate(lines) if _PAGE_LINE.fullmatch(line) or (line.isupper() and len(line) <= _HEAD)]
    out = {n for n in found if _divides(lines, n)}
    if not out:
        return lines
    for n in sorted(out):  # with the blank lines around it
        around = [n]
        while around[0] > 0 and not lines[around[0] - 1].strip():
            around.insert(0, around[0] - 1)
        while around[-1] + 1 < len(lines) and not lines[around[-1] + 1].strip():
            around.append(around[-1] + 1)
        out.update(around)
    return [line for n, line in enumerate(lines) if n not in out]


def _divides(lines: list[str], n: int) -> bool:
    before = next((line.strip() for line in reversed(lines[max(0, n - _AROUND) : n]) if line.strip()), "")
    after = next((line.strip() for line in lines[n + 1 : n + 1 + _AROUND] if line.strip()), "")
    goes_on = after[:1].islower() or bool(_OPEN_END.search(before) and after)
    return len(before.split()) >= _FEWEST_LINES and not is_ended(before) and goes_on


def _without_page_ends(pages: list[str]) -> list[str]:
    split = [page.strip("\n").split("\n") for page in pages]
    places = [_end_places(lines) for lines in split]
    heads = Counter(
        key
        for lines, ends in zip(split, places, strict=True)
        for key in {_DIGITS.sub("0", lines[n].strip()) for n in ends}
    )
    kept: list[str] = []
    for lines, ends in zip(split, places, strict=True):
        out = {
            n for n in ends if lines[n].strip().isdigit() or heads[_DIGITS.sub("0", lines[n].strip())] >= _FEWEST_PAGES
        }
        own = [line for n, line in enumerate(lines) if n not in out]
        while out and own and not own[0].strip():
            own.pop(0)
        while out and own and not own[-1].strip():
            own.pop()
        kept += own
    return kept


def _end_places(lines: list[str]) -> list[int]:
    full = [n for n, line in enumerate(lines) if line.strip()]
    return sorted({*full[:_EDGE], *full[-_EDGE:]}) if len(full) > 2 * _EDGE else full[:1] + full[1:][-1:]


def without_line_numbers(lines: list[str]) -> list[str]:
    """Return lines without the numbers at their beginnings where every or every fifth has one and these ascend."""
    if sum(line.lstrip()[:1].isdigit() for line in lines) < _FEWEST_LINES:
        return lines
    found = [_NUMBER.match(line) for line in lines]
    numbers = [int(number[1]) for number in found if number]
    full = sum(bool(line.strip()) for line in lines)
    ascending = all(0 < b - a <= _STEP for a, b in pairwise(numbers))
    steady = len({b - a for a, b in pairwise(numbers)}) <= 1 + (len(numbers) > _FEWEST_LINES)
    if len(numbers) < _FEWEST_LINES or not ascending or not steady or _STEP * len(numbers) < full - _STEP:
        return lines
    if any(_is_list_item(lines, n) for n, number in enumerate(found) if number):
        return lines
    return [line[number.end() :] if number else line for line, number in zip(lines, found, strict=True)]


def _is_list_item(lines: list[str], n: int) -> bool:
    """Tell a list, whose items end as sentences do, from numbered lines of running text: here by its blank lines."""
    return n > 0 and not lines[n - 1].strip() and is_ended(lines[n].strip())


def _single_spaced(lines: list[str]) -> list[str]:
    """Take out the blank lines of text in which every other line is blank, and most lines end in mid-sentence."""
    if max(map(len, lines)) > _WIDEST or any(a.strip() and b.strip() for a, b in pairwise(lines)):
        return lines
    full = [line for line in lines if line.strip()]
    broken = sum(not is_ended(line.strip()) for line in full)
    if len(full) < _FEWEST_LINES or 2 * broken <= len(full):
        return lines
    kept: list[str] = []
    blank = 0
    for line in lines:
        blank = blank + 1 if not line.strip() else 0
        if line.strip() or blank > 1:
            kept.append(line)
    return kept
