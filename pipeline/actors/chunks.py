"""A sentence in chunks: noun phrases, verb groups and the words between them, from the classes of its words."""

import re

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


def chunks(tags: str) -> tuple[list[str], list[int]]:
    """Return the kinds of the n chunks of a sentence, and n + 1 bounds, given one letter for each of its tokens.

    Chunk i is the tokens [bounds[i], bounds[i + 1]). Kinds: `NP` a noun phrase, `TM` a time, `VG` a finite verb group,
    `IN` an infinitive, `GE` a gerund or participle; what stands between has its word's class as its kind.
    """
    found = list(_CHUNK.finditer(tags))
    kinds = [_KINDS.get(match.lastgroup or "") or match[0] for match in found]
    return kinds, [0, *[match.end() for match in found]]
