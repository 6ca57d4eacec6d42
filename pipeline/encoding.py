"""Which encoding a text is in, by its first bytes."""

import codecs
from pathlib import Path

from pipeline.errors import InputError


def encoding_of(head: bytes, where: Path | str) -> str:
    """Return the encoding of a text by its first bytes: UTF-16 where its mark stands there, else UTF-8.

    Raises InputError for gzip data, UTF-32, and UTF-16 without a mark.
    """
    if head.startswith(b"\x1f\x8b"):
        raise InputError("gzip data, not text", where, remedy="Unpack it (gunzip), or let its name end in .gz.")
    if every_other_is_zero(head) or head.startswith(codecs.BOM_UTF32_LE):
        what = "not UTF-8 text (it looks like UTF-16 without its byte order mark, or UTF-32)"
        raise InputError(what, where, remedy="Save it as UTF-8.")
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def every_other_is_zero(head: bytes) -> bool:
    """Say whether bytes begin as text in UTF-16 does that has no mark, or text in UTF-32."""
    return len(head) > 1 and any(head[:8:2]) != any(head[1:8:2])
