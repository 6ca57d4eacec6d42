"""Who speaks in a sentence, and where what is said begins."""

from pipeline.actors.ends import subject
from pipeline.actors.sentence import PREPOSITIONS, Sentence
from pipeline.actors.verbs import SAY
from pipeline.text.quotes import quotations
from pipeline.weak.cues.inflection import words


def said_clause(s: Sentence, v: int) -> tuple[int, int] | None:
    """Return the subject and the verb of the clause that a verb of saying introduces."""
    opens = s.skip(v + 1)
    while s.kinds[opens] in PREPOSITIONS and s.kinds[opens + 1] == "NP":
        opens = s.skip(opens + 2)
    if s.kinds[opens] == "Q":
        opens = s.skip(opens + 1)
    if s.kinds[opens] not in ("NP", "U"):
        return None
    verb = opens + 1
    while s.kinds[verb] not in _STOPS and s.kinds[verb] != "VG":
        verb += 1
    return (opens, verb) if s.kinds[verb] == "VG" and not s.reduced(verb) else None


_STOPS = frozenset(",;WKQ.:")


def is_quoted(text: str, at: int) -> bool:
    """Say whether the character at `at` stands in a quotation."""
    if '"' not in text and text.isascii():
        return False
    return any(start <= at < end for start, end in quotations(text))


def attribution(s: Sentence, verb: int) -> int | None:
    """Return who speaks in "..., X said", "..., said X" or "X said: ..."; `verb` is that of what is said, -1: any."""
    found = attributing(s, verb)
    return None if found is None else found[1]


def attributing(s: Sentence, verb: int) -> tuple[int, int] | None:
    """Return the verb of saying that attributes what the sentence says, and its subject."""
    for v in range(s.size - 1, -1, -1):
        if v == verb or s.kinds[v] != "VG" or s.lemma(v) not in SAY or s.reduced(v):
            continue
        after = s.skip(v + 1)
        inverted = v and s.kinds[v - 1] in ",?!" and s.kinds[after] in ("NP", "U") and s.lemma(v) not in _DISPUTING
        if inverted and s.what(after) == "party":
            return v, after
        sources, _ = subject(s, v)
        if not sources:
            continue
        parted = sources[0] > 0 and s.kinds[sources[0] - 1] in ",)-?!"
        if parted and v > verb and (s.kinds[after] in ",.-?!:" or _told_somebody(s, v, after)):
            return v, sources[0]
        if sources[0] == 0 and (verb < 0 or v < verb) and s.kinds[v + 1] in ",:":
            return v, sources[0]
    return None


def _told_somebody(s: Sentence, v: int, after: int) -> bool:
    """Say whether a sentence ends in "... told somebody"."""
    return s.lemma(v) == "tell" and s.kinds[after] in ("NP", "U") and s.kinds[s.skip(s.with_of(after))] in ",."


_DISPUTING = words("deny claim confirm acknowledge admit show reveal explain")  # take an object


def according(s: Sentence) -> int | None:
    """Return who is named in "according to X"."""
    if "according" not in s.text and "According" not in s.text:
        return None
    for i in range(s.size - 2):
        if s.kinds[i] == "R" and s.head(i) == "according" and s.kinds[i + 1] == "t" and s.kinds[i + 2] == "NP":
            return i + 2
    return None
