"""Files that news archives export: many articles in one text, each with its fields, or separated by rulers only."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipeline.text.dates import date_of
from pipeline.text.records import RawDocument, document_of_text

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 5

_DATE = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\.?,?\s+\d{4}"
    r"|[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}|\d{4}-\d\d-\d\d"
)
_LONGEST_DATE_LINE = 60  # characters

# Nexis: "1 of 3 DOCUMENTS" or "End of Document", fields before and behind the text
_NEXIS_HEAD = (
    r"(?:SECTION|LENGTH|BYLINE|DATELINE|HEADLINE|HIGHLIGHT|EDITION|SERIES|BODY|Section|Length|Byline|Dateline|Headline"
    r"|Highlight|Edition|Series|Body)"
)
_NEXIS_TAIL = (
    r"(?:LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|GRAPHIC|SUBJECT|ORGANIZATION|COMPANY|TICKER|INDUSTRY|PERSON|GEOGRAPHIC"
    r"|CITY|STATE"
    r"|COUNTRY|DOCUMENT-TYPE|JOURNAL-CODE|CORRECTION-DATE|TYPE|URL|NOTES|CORRECTION|PUB-TYPE|ACC-NO|Load-Date|Language"
    r"|Publication-Type|Graphic|Subject|Organization|Company|Ticker|Industry|Person|Geographic|Journal Code"
    r"|Document-Type|Notes)"
)
_NEXIS_HEAD_LINE = re.compile(rf"\s*({_NEXIS_HEAD}):\s*(.*)|\s*(BODY|Body)\s*")
_NEXIS_TAIL_LINE = re.compile(
    rf"\s*({_NEXIS_TAIL}):\s*(.*)|\s*(?:Classification|End of Document|All Rights Reserved|Copyright \d{{4}}\b.*"
    rf"|Copyright ©?.*)\s*"
)
_NEXIS_KEYS = {"HEADLINE": "title", "BYLINE": "author"}
_MAX_BETWEEN = 4  # lines between two fields of a head

# Factiva: "Document ABCD000020200101ab1..." behind each article, fields as codes or as lines in a fixed order
_FACTIVA_CODE = re.compile(
    r"(?m)^(HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPD|IPC|PUB|AN)(?:[ \t]{2,}|\t|[ \t]*\n)"
)
_FACTIVA_KEYS = {
    "HD": "title",
    "BY": "author",
    "SN": "source",
    "PD": "date",
    "WC": "length",
    "LA": "language",
    "PG": "page",
}
_WORD_COUNT = re.compile(r"[\d,.]+ words")
_LANGUAGE = re.compile(r"(?:English|German|French|Spanish|Russian|Chinese|Italian|Portuguese|Arabic)\b.*")
_RIGHTS = re.compile(r"\s*(?:\(c\)|©|Copyright|Copr\.?).*", re.I)

# ProQuest: "Full text:" amid fields, rulers between articles
_PROQUEST_FIELD = re.compile(
    r"(?m)^(Title|Author|Publication title|Publication info|Publication date|Publication year|Abstract|Full text"
    r"|Links|Subject"
    r"|Location|People|Company / organization|Company|Identifier / keyword|Pages|Section|Publisher"
    r"|Place of publication|ISSN|Volume"
    r"|Issue|Country of publication|Publication subject|Source type|Language of publication|Document type"
    r"|ProQuest document ID"
    r"|Document URL|Copyright|Last updated|Database|Column|Dateline|Number of pages|Source|Language|Date|Credit"
    r"|Illustration):[ \t]*"
)
_PROQUEST_KEYS = {
    "Title": "title", "Author": "author", "Publication title": "source", "Publication date": "date", "Source": "source",
}  # fmt: skip

_RULER = r"^[ \t]*(?:_{30,}|={30,}|\*{30,}|-{60,})[ \t]*$"
_NEXIS_COUNT = r"^\s*\d+ of \d+ DOCUMENTS?\s*$"
_NEXIS_END = r"^\s*End of Document\s*$"
_FACTIVA_END = r"^(?:AN[ \t\n]+)?Document [A-Z][A-Z0-9]{3,}[A-Za-z0-9]{6,}\s*$"


@dataclass
class Entry:
    """One article of an export: its text, and what the fields say (title, date, source and more)."""

    text: str
    fields: dict[str, str] = field(default_factory=dict)


class _Format(NamedTuple):
    signature: re.Pattern[str]  # lines that only this format has
    fewest: int  # of these lines
    split: re.Pattern[str]  # what stands between two articles
    read: Callable[[str], Entry]


def read_export(text: str) -> list[Entry]:
    """Return the articles of an export in their order; [] where the text is none.

    A single article counts as an export where the fields of an archive say so.
    """
    for form in _FORMATS:
        if len(form.signature.findall(text)) >= form.fewest:
            pieces = [piece for piece in form.split.split(text) if len(_WORD.findall(piece)) >= _FEWEST_WORDS]
            entries = [entry for entry in map(form.read, pieces) if entry.text.strip()]
            if len(entries) > 1 or (entries and entries[0].fields):
                return entries
    return []


def documents_of(entries: list[Entry], guess: str = "") -> list[RawDocument]:
    """Make a document of each article of an export; its row is its number where there are several."""
    return [
        replace(
            document_of_text(entry.text),
            metadata=entry.fields,
            row=number if len(entries) > 1 else 0,
            guess=guess if number == 1 else "",
        )
        for number, entry in enumerate(entries, 1)
    ]


def _date_of(line: str) -> str:
    """Return the date of a line that is little else, as ISO; "" where it has none."""
    found = _DATE.search(line) if len(line) <= _LONGEST_DATE_LINE else None
    return date_of(found[0]) if found else ""


def _paragraphs(lines: list[str]) -> str:
    """Return lines as text without the indent that all of them have."""
    return "\n".join(line.strip() if line.startswith(" " * 20) else line for line in lines).strip("\n")


def _read_nexis(piece: str) -> Entry:
    lines = piece.split("\n")
    heads = [n for n, line in enumerate(lines) if _NEXIS_HEAD_LINE.fullmatch(line)]
    end = _end_of_head(lines, heads)
    tail = next((n for n in range(end, len(lines)) if _NEXIS_TAIL_LINE.fullmatch(lines[n])), len(lines))
    fields = dict(_nexis_fields(lines[:end]))
    first = heads[0] if heads and heads[0] < end else end
    fields |= _nexis_title(lines[:first], fields)
    return Entry(_paragraphs(lines[end:tail]), {key: value for key, value in fields.items() if value})


def _end_of_head(lines: list[str], heads: list[int]) -> int:
    end = 0
    for n in heads:
        tail = end > 0 and any(_NEXIS_TAIL_LINE.fullmatch(line) for line in lines[end:n])
        between = sum(bool(line.strip()) for line in lines[end:n])
        if tail or (end and between > _MAX_BETWEEN):
            break
        end = n + 1
        if lines[n].strip().lower().startswith("body"):
            break
    while 0 < end < len(lines) and lines[end].strip() and _may_go_on(lines[end - 1]):
        end += 1
    return end


def _may_go_on(line: str) -> bool:
    """Tell the fields whose value may take several lines."""
    return line.strip().startswith(("BYLINE", "HEADLINE", "SECTION", "Byline", "Headline", "Section"))


def _nexis_fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        found = _NEXIS_HEAD_LINE.fullmatch(line)
        if found and found[1] and found[1].lower() != "body":
            name = found[1].upper()
            yield _NEXIS_KEYS.get(name, name.lower()), " ".join(found[2].split())


def _nexis_title(lines: list[str], fields: dict[str, str]) -> dict[str, str]:
    """Tell title, source and date in the lines above the first field: the source stands before the date."""
    lines = [line for line in lines if not _NEXIS_TAIL_LINE.fullmatch(line)]
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip()]
    if len(blocks) == 1:
        blocks = [" ".join(line.split()) for line in lines if line.strip()]
    dated = next((n for n, block in enumerate(blocks) if _date_of(block)), None)
    if dated is None:
        return {} if "title" in fields or not blocks else {"title": blocks[0]}
    found = {"date": _date_of(blocks[dated]), "source": blocks[dated - 1] if dated else ""}
    others = [*blocks[: max(dated - 1, 0)], *blocks[dated + 1 :]]
    if "title" not in fields and others:
        found["title"] = others[0] if dated > 1 else others[-1]
    return found


def _read_factiva(piece: str) -> Entry:
    return (
        _read_factiva_codes(piece) if len(_FACTIVA_CODE.findall(piece)) > _MAX_BETWEEN else _read_factiva_lines(piece)
    )


def _read_factiva_codes(piece: str) -> Entry:
    headers = list(_FACTIVA_CODE.finditer(piece))
    ends = [header.start() for header in headers[1:]] + [len(piece)]
    values = {header[1]: piece[header.end() : end].strip() for header, end in zip(headers, ends, strict=True)}
    fields = {name: " ".join(values[code].split()) for code, name in _FACTIVA_KEYS.items() if values.get(code)}
    fields["date"] = _date_of(fields.get("date", "")) or fields.get("date", "")
    return Entry("\n\n".join(values[code] for code in ("LP", "TD") if values.get(code)), fields)


def _read_factiva_lines(piece: str) -> Entry:
    lines = piece.split("\n")
    counted = next((n for n, line in enumerate(lines) if _WORD_COUNT.fullmatch(line.strip())), None)
    if counted is None:
        return Entry(_paragraphs(lines))
    title = " ".join(" ".join(lines[:counted]).split()) if counted < _MAX_BETWEEN else lines[0]
    blocks = [line.strip() for line in lines[:counted] if line.strip()]
    fields = {"title": blocks[0] if blocks else title, "length": lines[counted].strip()}
    end = counted + 1
    for n in range(counted + 1, min(counted + 14, len(lines))):
        line = lines[n].strip()
        if _RIGHTS.fullmatch(line) or _LANGUAGE.fullmatch(line):
            end = n + 1
        elif "date" not in fields and _date_of(line):
            fields["date"] = _date_of(line)
        elif "date" in fields and "source" not in fields and line and not re.fullmatch(r"[\d:]+|[A-Z0-9]{2,8}", line):
            fields["source"] = line
    return Entry(_paragraphs(lines[end:]), fields)


def _read_proquest(piece: str) -> Entry:
    headers = list(_PROQUEST_FIELD.finditer(piece))
    ends = [header.start() for header in headers[1:]] + [len(piece)]
    values = {header[1]: piece[header.end() : end].strip() for header, end in zip(headers, ends, strict=True)}
    fields = {name: " ".join(values[key].split()) for key, name in _PROQUEST_KEYS.items() if values.get(key)}
    info = " ".join(values.get("Publication info", "").split())
    fields.setdefault("source", info.partition(";")[0].strip())
    fields["date"] = _date_of(fields.get("date", "")) or _date_of(info[-_LONGEST_DATE_LINE:]) or fields.get("date", "")
    above = piece[: headers[0].start()].strip() if headers else ""
    fields.setdefault("title", above.split("\n")[-1].strip())
    return Entry(values.get("Full text", ""), {key: value for key, value in fields.items() if value})


def _read_plain(piece: str) -> Entry:
    return Entry(piece.strip("\n"))


def _lines(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.M)


_FORMATS = (
    _Format(_lines(_NEXIS_COUNT), 1, _lines(_NEXIS_COUNT), _read_nexis),
    _Format(_lines(rf"{_NEXIS_END}|^\s*(?i:LENGTH|LOAD-DATE): .*$"), 2, _lines(_NEXIS_END), _read_nexis),
    _Format(_lines(_FACTIVA_END), 1, _lines(_FACTIVA_END), _read_factiva),
    _Format(
        _lines(r"^(?:Full text|ProQuest document ID|Publication info|Document URL): "),
        2,
        _lines(rf"{_RULER}|^Document \d+ of \d+\s*$"),
        _read_proquest,
    ),
    _Format(_lines(_RULER), 2, _lines(_RULER), _read_plain),
)
