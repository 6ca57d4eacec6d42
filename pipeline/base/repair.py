"""Damaged characters and what they were: entities, other encodings, lost apostrophes; and those that nobody sees.

Articles and single sentences are repaired by the same rules, so that a sentence is answered alike however it came.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import partial

_ODD = re.compile(r"[^A-Za-z0-9 ,.'\n;:()-]|u2019")  # plain text without one of these needs no repair

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_PASSES = 5
_NESTED = 5  # times that text may have been escaped

_TWO_FOREIGN = re.compile(r"[^\x00-\x7f]{2}")  # no mojibake of UTF-8 without it
_CLIPPED_QUOTE = re.compile(r"(?<=[\w.,!?])â€(?![^\s.,;:!?)])")  # what is left of ” when its last byte was stripped
_MARKS = "‘’“”–—…"
# UTF-8 and GBK that were read in a code page of one byte a character, where ftfy does not look
_MISREAD = {
    mark.encode(own).decode(other): mark
    for mark in _MARKS
    for own, others in (("utf-8", ("cp437", "cp850", "mac_roman", "latin-1")), ("gbk", ("latin-1",)))
    for other in others
}
_MISREAD_MARK = re.compile("|".join(map(re.escape, sorted(_MISREAD))))

_C1 = re.compile("[\x80-\x84\x86-\x9f]")
_C1_WITH_ELLIPSIS = re.compile("[\x80-\x9f]")

_LIGATURE = re.compile("([ﬀ-ﬆ])(?: (?=[a-z]{1,3}\\b(?<!\\bto)))?")
_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))

_LOOK_ALIKE = re.compile(r"[ʼ＇ʹʽʾˈ′‵`´‛ʻꞌ՚](?<=[^\W\d_].)(?=[^\W\d_])|[ʼ＇]")

_STEM = (
    r"(?:ai|are|ca|could|dare|did|does|do|had|has|have|is|might|must|need|ought|sha|should|was|were|wo|would|"
    r"AI|ARE|CA|COULD|DARE|DID|DOES|DO|HAD|HAS|HAVE|IS|MIGHT|MUST|NEED|OUGHT|SHA|SHOULD|WAS|WERE|WO|WOULD|"
    r"Ai|Are|Ca|Could|Dare|Did|Does|Do|Had|Has|Have|Is|Might|Must|Need|Ought|Sha|Should|Was|Were|Wo|Would)"
)
_PRONOUN = r"(?:I|[Yy]ou|[Hh]e|[Ss]he|[Ii]t|[Ww]e|[Tt]hey|[Tt]hat|[Ww]ho|[Ww]hat|[Tt]here|[Hh]ere|[Ll]et|[Ww]here)"
_ESCAPED = r"\\?u2019|\\'|&?#0?39;?|&?#8217;?|&?rsquo;?|&apos|=92|=E2=80=99|%27|%E2%80%99|[âÆíÕ_]|âEUR\(tm\)|â€TM"
_JUNK = (
    rf"(?:{_ESCAPED}|[^\w\s'’]{{1,8}}| ['’]|['’] )"  # where a contraction has its apostrophe, and nothing else stands
)
# what a damaged contraction looks like: quick to find, and rare
_SUSPECT = re.compile(rf"[nN]{_JUNK}[tT]\b|\w(?:[?\ufffdÕÆíâ¿\"*^~=&#\\]|¡¯|u2019)[\w#;]{{0,6}}(?:s|re|ve|ll|d|m)\b")
_NEGATION = re.compile(rf"\b({_STEM}[nN]){_JUNK}([tT])\b")
_CLITIC = re.compile(rf"\b({_PRONOUN})(\\?u2019|&?#0?39;?|=92|[?\ufffdÕÆíâ¿\"*^~]|¡¯)(s|re|ve|ll|d|m)\b")
_LOST_MARK = re.compile(r"(?<=[^\W\d_])\?(?=s(?:[\s.,;:!)]|$))(?<!=[\w.]\?)")
_PROVEN = "\ufffdÕÆíâ?"  # marks that are apostrophes before an s, too, where a contraction of the text has them
_MAC_QUOTES = (
    (re.compile(r"(?<![^\s(])Ò(?=\w)"), "“"),
    (re.compile(r"(?<=[\w.,!?])Ó(?![^\s.,;:!?)])"), "”"),
)


_LINE_END = re.compile(r"\r\n?|[\v\f\x85\u2028]")
_BROKEN_WORD = re.compile(r"(?:\xad|(?<=\w)¬)\n *(\S*)( ?)")  # the rest of the word goes up
_SPACE = re.compile(r"[^\S\n]")
# soft hyphen, zero-width and bidi controls, variation selectors, tags, private use (icon fonts), other controls
_UNSEEN = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x9f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def repair(text: str) -> tuple[str, Counter[str]]:
    """Return `text` with its damaged characters as they were, and how many of each kind were mended.

    Mended are HTML entities in plain text (also escaped more than once), UTF-8 read as another encoding where the way
    back is valid (ftfy), C1 controls that are characters of cp1252, ligatures, and characters that look like an
    apostrophe, between letters. What may be anything else (`?`, U+FFFD, `Õ`, a stray escape) is an apostrophe only
    inside a known contraction, and before an s where such a contraction stands in the same text. What a text never had
    is not put in: "doesnt" stays. Repairing twice changes nothing more.
    """
    counts: Counter[str] = Counter()
    if text.isascii() and not _ODD.search(text):
        return text, counts
    for _ in range(_PASSES):  # what one pass mends may show the next what is damaged beside it
        before, text = text, _once(text, counts)
        if text == before:
            break
    return text, counts


def _once(text: str, counts: Counter[str]) -> str:
    text = _unescaped(text, counts)
    if not text.isascii():
        text = _encoded_as_meant(text, counts)
        text = _sub(_LIGATURE, lambda found: _LIGATURES[found[1]], text, "ligatures", counts)
        text = _sub(_LOOK_ALIKE, "'", text, "apostrophes", counts)
    return _with_apostrophes(text, counts) if _SUSPECT.search(text) else text


def normalise(text: str) -> str:
    """Return `text` in NFC, with "\\n" line ends and plain spaces, without characters that nobody sees.

    Removed are soft hyphens (with the line end that one stands at), zero-width and bidi controls, variation selectors,
    private-use and control characters; a lone surrogate becomes U+FFFD. `normalise(normalise(t)) == normalise(t)`.
    """
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    if "\xad\n" in text or "¬\n" in text:
        text = _BROKEN_WORD.sub(lambda found: found[1] + ("\n" if found[2] else ""), text)
    text = _SPACE.sub(" ", _UNSEEN.sub("", _SURROGATE.sub("\ufffd", text)))
    return unicodedata.normalize("NFC", text)


def repaired(text: str) -> str:
    """Return a text repaired and normalised, as articles and single sentences are read."""
    return normalise(repair(text)[0])


def all_repaired(texts: Iterable[str]) -> list[str]:
    """Return each text as `repaired` does."""
    return [repaired(text) for text in texts]


def _sub(pattern: "re.Pattern[str]", by: object, text: str, kind: str, counts: Counter[str]) -> str:
    text, number = pattern.subn(by, text)  # type: ignore[call-overload]
    if number:
        counts[kind] += number
    return text


def _unescaped(text: str, counts: Counter[str]) -> str:
    if "&" not in text:
        return text
    unescape = partial(_ENTITY.sub, lambda found: html.unescape(found[0]))
    before = len(_ENTITY.findall(text))
    for _ in range(_NESTED):
        text, old = unescape(text), text
        if text == old:
            break
    if gone := before - len(_ENTITY.findall(text)):
        counts["entities"] += gone
    return text


def _encoded_as_meant(text: str, counts: Counter[str]) -> str:
    if _TWO_FOREIGN.search(text):
        text = _sub(_MISREAD_MARK, lambda found: _MISREAD[found[0]], text, "mojibake", counts)
        if "â€" in text:
            text = _sub(_CLIPPED_QUOTE, "”", text, "mojibake", counts)
        if _TWO_FOREIGN.search(text):
            from ftfy import fix_encoding

            fixed = fix_encoding(text)
            if fixed != text:
                counts["mojibake"] += max(1, len(text) - len(fixed))
            text = fixed
    # U+0085 is also a line end, which a text with other such characters does not have
    controls = _C1_WITH_ELLIPSIS if _C1.search(text) else _C1
    return _sub(controls, lambda found: found[0].encode("latin-1").decode("cp1252", "ignore"), text, "C1", counts)


def _with_apostrophes(text: str, counts: Counter[str]) -> str:
    marks = {found[0][len(found[1]) : -1] for found in _NEGATION.finditer(text)}
    text = _sub(_NEGATION, r"\1'\2", text, "apostrophes", counts)
    text = _sub(_CLITIC, r"\1'\3", text, "apostrophes", counts)
    text = _sub(_LOST_MARK, "'", text, "apostrophes", counts)
    for mark in sorted(marks.intersection(_PROVEN) - {"?"}):
        own = re.compile(rf"(?<=[^\W\d_]){re.escape(mark)}(?=s\b)")
        text = _sub(own, "'", text, "apostrophes", counts)
    if "Õ" in marks:
        for quote, by in _MAC_QUOTES:
            text = _sub(quote, by, text, "quotation marks", counts)
    return text
