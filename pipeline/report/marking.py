"""Marked words: which stretches of a sentence spoke for which stance, and why."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

SILENT = "silent"
"""Stands in place of a stance where a cue does not count."""


class Piece(NamedTuple):
    """A stretch of a text: plain where `stance` is "", else marked for that stance, with `title` to say why."""

    text: str
    stance: str = ""
    title: str = ""


class Span(NamedTuple):
    """A marked stretch: offsets into the sentence, stance (or SILENT), and why."""

    start: int
    end: int
    stance: str
    title: str


def mark(text: str, explanation: Mapping[str, Any]) -> list[Piece]:
    """Return the text of an explained sentence in pieces, which joined give it back."""
    return cut(text, find_spans(text, explanation))


def find_spans(text: str, explanation: Mapping[str, Any]) -> list[Span]:
    """Return the marked stretches of an explained sentence, in order.

    A word is marked for the strongest LF that fired on it and names all of them; a word of cues that do not count is
    marked as SILENT. Marked words that differ in nothing and stand side by side are one stretch.
    """
    return list(_joined(text, _words(explanation)))


def cut(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Return a text in pieces, marked where `spans` say so."""
    pieces: list[Piece] = []
    end = 0
    for start, stop, stance, title in spans:
        pieces += [Piece(text[end:start])] * (end < start)
        pieces.append(Piece(text[start:stop], stance, title))
        end = stop
    return pieces + [Piece(text[end:])] * (end < len(text))


def _words(explanation: Mapping[str, Any]) -> list[Span]:
    said: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for lf in explanation["lfs"]:
        notes = lf["cues"][0]["notes"] if lf["cues"] else []
        title = f"{lf['stance']}: {', '.join(['LF ' + lf['name'], *notes])} (rule {lf['rule']})"
        _add(said, lf["words"], lf["stance"], title)
    for cue in explanation["silent"]:
        title = f"does not count for {cue['stance']}: {', '.join(['LF ' + cue['name'], *cue['notes']])}"
        _add(said, cue["words"], SILENT, title)
    return [
        Span(start, end, by[0][0], "; ".join(dict.fromkeys(title for _, title in by)))
        for (start, end), by in sorted(said.items())
    ]


def _add(said: dict[tuple[int, int], list[tuple[str, str]]], words: list[Any], stance: str, title: str) -> None:
    for word in words:
        said.setdefault((word["start"], word["end"]), []).append((stance, title))


def _joined(text: str, words: list[Span]) -> Iterator[Span]:
    last: Span | None = None
    for start, end, stance, title in words:
        if last and last[2:] == (stance, title) and text[last[1] : start].isspace():
            last = Span(last[0], end, stance, title)
            continue
        if last:
            yield last
        last = Span(start, end, stance, title)
    if last:
        yield last
