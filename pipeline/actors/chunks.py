"""A sentence in chunks: noun phrases, verb groups and the words between them, from the classes of its words."""

import re
from typing import NamedTuple


class Chunk(NamedTuple):
    """Tokens [start, end) of one kind.

    `NP` a noun phrase, `TM` a time, `VG` a finite verb group, `IN` an infinitive, `GE` a gerund or participle; what
    stands between has its word's class as its kind.
    """

    kind: str
    start: int
    end: int


# runs of adverbs are bounded, so that no text takes long; letters are those of pipeline.actors.word_classes
# words of a noun phrase
_HEAD = r"[NC]|T(?=[NCAE'])|e(?!#?T)|(?<=[DG'])S|(?<![NC])#|A(?![DGU]|pD)|E(?![DGUC]|pD)|'(?=[NCAEVI#TR])"
_ADDED = r"(?<=[DG'#R])[VSI](?=[NCAE#])|(?<=[DG'])R(?=[NVAI])|(?<=[DGNC])I(?=[NCAE])"  # participles, adverbs
_CHUNK = re.compile(
    r"(?P<ONE>[obwgnfmlkps,;:.()?!JBUWQK-])"  # begins nothing longer: met first, as it is quickest
    r"|(?P<TM>[DG]?[eR]{0,6}#?e?T[T#]*(?:,#(?![NCAE]))?(?![NAE']))"
    r"|(?P<IN>tR{0,6}(?:[YH]R{0,6})*(?:[SA]|V)|tYR{0,6}|tH)"
    r"|(?P<VG>(?:R{0,6}[XYHMd](?:[RZ]|(?<=[MXYHd])U(?=[SAVI]))*)+(?:[VS]|I|(?<=[MdRZ])A)?|R{0,6}(?:ZR{0,6})?[VS](?!'))"
    r"|(?P<FV>[AE](?=[DGUQ]|pD)(?<=[NCU)TR].)|E(?=C)(?<=[NC].)|[AE](?<=W.))"
    rf"|(?P<NP>(?:(?:aR|v|[NDAR]s|R)(?=#))?[DG#]+R?(?:{_HEAD}|{_ADDED})+|(?:{_HEAD}|{_ADDED})+|[DG#])"
    r"|(?P<GE>I)"
    r"|(?P<OTHER>.)",
    re.DOTALL,
)

_KINDS = {"TM": "TM", "IN": "IN", "VG": "VG", "FV": "VG", "NP": "NP", "GE": "GE"}  # others: the letter


def chunks(tags: str) -> list[Chunk]:
    """Return the chunks of a sentence, given one letter for each of its tokens."""
    found = []
    for match in _CHUNK.finditer(tags):
        start, end = match.span()
        kind = match.lastgroup or ""
        found.append(Chunk(_KINDS.get(kind) or tags[start], start, end))
    return found
