"""Who acts and whom it concerns: rules over the chunks to the left and right of a verb."""

from pipeline.actors.parties import ROLES
from pipeline.actors.sentence import (
    OF_WHAT,
    PREPOSITIONS,
    VERBAL,
    Sentence,
    clause_ahead,
    is_given,
    listed,
    verb_before,
)
from pipeline.actors.word_classes import (
    APPRAISE,
    CREATE,
    DESPATCH,
    DISPOSED,
    EMPTY,
    FEELINGS,
    GIVE,
    HARMS,
    HOLDERS,
    JUDGE,
    LEADING,
    LIGHT,
    NOUNS,
    PRESS,
    RECEIVED,
    SAY,
)
from pipeline.weak.cues.language import words

_DEEPEST, _FURTHEST = 6, 16  # verbs between a verb and its subject; chunks that are looked at behind a verb
COPULAS = frozenset(["remain", "become", "seem", "appear"])  # beside "be"
_ANSWERS, _ACROSS, _MEETINGS, _BREAKING, _BARE, _ASIDES, _SENT_TOO = (
    words(NOUNS[name]) for name in ("answers", "across", "meetings", "breaking", "bare", "asides", "sent")
)
_LEADING_ON = frozenset("wkgntl")  # prepositions behind which a party may follow: "a pact with"
_TELLING = words(NOUNS["proposals"]) | FEELINGS | DISPOSED | HOLDERS | RECEIVED  # before "that"
_TOLD = SAY | {"inform", "brief", "address"}

Found = tuple[list[int], str]
"""Chunks of one or several parties, and the rule that found them."""


def subject(s: Sentence, v: int, depth: int = 0) -> Found:
    """Return who does what a verb says."""
    if depth > _DEEPEST:
        return [], "no subject"
    if s.kinds[v] in ("IN", "GE"):
        return _of_verb_before(s, v, depth, joined=False)
    i, after_comma = _left_neighbour(s, v)
    kind = s.kinds[i] if i >= 0 else "."
    if kind == "U":
        return [i], "pronoun"
    if kind in "JB" or (after_comma and kind in VERBAL):
        return _of_verb_before(s, i + (kind not in "JB"), depth, joined=True)
    if kind in "WQ":
        return _antecedent(s, i, depth)
    if kind == "VG" and not s.reduced(i):
        return subject(s, i, depth + 1)
    if kind == "NP" or kind in VERBAL or kind == ")":
        top = _chain_head(s, i)
        return _before_relative(s, i, depth) if top is None else (_joined(s, top), "subject")
    return [], "no subject"


def _before_relative(s: Sentence, i: int, depth: int) -> Found:
    """Return who acts behind a clause about him: "a man who lives in Peru left"."""
    while i > 1 and s.kinds[i] not in (",", ";", "J"):
        if s.kinds[i] == "VG" and s.kinds[i - 1] in "WQ":
            return _antecedent(s, i - 1, depth)
        i -= 1
    return [], "no subject"


def _of_verb_before(s: Sentence, v: int, depth: int, *, joined: bool) -> Found:
    """Return the subject of the verb that governs one, or, `joined`, to which "and" joins it."""
    for i in range(v - 1, -1, -1):
        fits = s.kinds[i] == "VG" and not s.subordinate(i) if joined else s.kinds[i] in VERBAL
        if fits and not s.reduced(i):
            return subject(s, i, depth + 1)
        if s.kinds[i] in ("KQ;" if joined else "K;"):
            break
    return [], "no subject"


def _antecedent(s: Sentence, i: int, depth: int) -> Found:
    i -= 1
    while i >= 0 and (s.kinds[i] == "," or s.kinds[i] in PREPOSITIONS):
        i -= 1
    if i > 3 and s.kinds[i] == "NP" and s.kinds[i - 1] == "Z" and s.kinds[i - 2] == ",":
        i -= 3  # "it was A, not B, that"
    if i > 0 and s.kinds[i] == "NP" and s.what(i) in ("proposal", "act") and s.kinds[i - 1] == "VG":
        return subject(s, i - 1, depth + 1)  # "made an offer that would"
    return ([i] if i >= 0 and s.kinds[i] == "NP" else []), "relative"


def _left_neighbour(s: Sentence, v: int) -> tuple[int, bool]:
    """Return the chunk that a verb group follows, over adverbs, times and asides, and whether a comma parts them."""
    i, after_comma = v - 1, False
    while i >= 0:
        kind = s.kinds[i]
        if kind in "RZ":
            i -= 1
        elif kind == "TM":
            i -= 2 if s.kinds[i - 1] in PREPOSITIONS else 1
        elif kind == ")":
            i = s.back_over_parenthesis(i)
        elif kind in ",-":
            if after_comma:
                return -1, True
            after_comma = True
            opened = _aside(s, i)
            i = i - 1 if opened is None else opened - 1
        else:
            break
    return i, after_comma


def _aside(s: Sentence, i: int) -> int | None:
    """Return the comma that opens the apposition or aside closed by the one at i."""
    j = i - 1
    while j >= 0 and s.kinds[j] not in (",", "-", ";", "."):
        j -= 1
    if j <= 0 or s.kinds[j] != s.kinds[i] or s.kinds[j - 1] not in ("NP", ")", "U"):
        return None
    inside = s.kinds[j + 1 : i]
    verbs = [k for k in range(j + 1, i) if s.kinds[k] == "VG" and not s.reduced(k)]
    said = len(verbs) == 1 and s.lemma(verbs[0]) in SAY and inside[:1] != ["J"]  # "X, the paper said, has"
    return j if not verbs or said or "W" in inside[:2] or "K" in inside[:1] or s.opening(j + 1) == "whose" else None


def _chain_head(s: Sentence, i: int) -> int | None:
    """Return the noun phrase that heads the phrases ending at chunk i; None where they hang on no noun."""
    while i >= 0:
        kind, before = s.kinds[i], s.kinds[i - 1] if i else "."
        if kind == "NP":
            if before == "b" and s.kinds[i - 2] == "VG" and s.reduced(i - 2):
                i -= 3
            elif before in PREPOSITIONS:
                further = s.kinds[i - 2] if i > 1 else "."
                if further in ("NP", "GE", "TM"):
                    i -= 2
                elif further == ")":
                    i = s.back_over_parenthesis(i - 2)
                elif further == "VG" and s.reduced(i - 2):
                    i -= 3
                else:
                    return None
            elif before in ("IN", "GE") and i > 1 and s.kinds[i - 2] == "NP":
                i -= 2
            elif before == "K" and i > 1 and s.kinds[i - 2] in ("NP", "TM") and not verb_before(s, i - 1):
                i -= 2  # "his visit after the vote"
            else:
                return i
        elif kind == "TM":
            i -= 2 if before in PREPOSITIONS else 1
        elif kind in ("IN", "GE") or (kind == "VG" and s.reduced(i)):
            i -= 1
        elif kind == ")":
            i = s.back_over_parenthesis(i)
        else:
            return None
    return None


def _joined(s: Sentence, top: int) -> list[int]:
    """Return a subject with those that "and" joins to it from before."""
    found, surely = [top], 0  # surely: how many stand behind the last comma, if there is one
    if top == 2 and s.kinds[1] == "," and s.kinds[3] == "VG" and set(s.letters(0) + s.letters(2)) == {"C"}:
        return [0, 2] if s.lemma(3) not in SAY else found  # "Chad, Niger sign pact"
    while found[0] > 1:
        j = found[0] - 1
        if s.kinds[j] != "J" and s.opening(j) != "nor" and (s.kinds[j] != "," or len(found) == 1):
            break
        j -= 1
        if s.kinds[j] == ",":
            j -= 1
        head = _chain_head(s, j) if j >= 0 and s.kinds[j] == "NP" else None
        if head is None or (head and s.kinds[head - 1] in VERBAL):
            break
        if head != j and surely:
            return found[-surely:]  # "in anger, A and B"
        if head != j:
            return [head]  # "talks between A and B": what is joined hangs on the head
        if s.kinds[found[0] - 1] == "," and not surely:
            surely = len(found)
        found.insert(0, head)
    return [i for i in found if s.what(i)] or found


def target(s: Sentence, v: int) -> Found:
    """Return the party or proposal that a verb concerns: the first that stands behind it in its clause.

    Failing that, the best of what else is there; [] where there is nothing of the kind.
    """
    return _Search(s, v).run()


class _Search:
    """The way to the right of a verb, chunk by chunk."""

    def __init__(self, s: Sentence, v: int):
        self.s, self.v = s, v
        self.lemma, self.preps = s.lemma(v), s.preps(v)
        self.copula = s.disposes(v) or s.letters(v)[-1] in "XY" or self.lemma in COPULAS
        self.prep, self.word = "", ""
        self.direct: int | None = None
        self.last: int | None = None
        self.others: list[tuple[float, int, str]] = []  # what is taken where nothing better comes: rank, chunk, rule

    def run(self) -> Found:
        s, i = self.s, self.v + 1
        for _ in range(_FURTHEST):
            i = s.skip(i)
            kind = s.kinds[i]
            if kind in PREPOSITIONS and i == self.v + 1 and s.opening(i) in ("off", "out") and s.kinds[i + 1] == "NP":
                i += 1  # "threw out the case"
            elif kind in PREPOSITIONS:
                aside = kind == "i" and s.kinds[i + 1] == "NP" and s.head(i + 1) in _ASIDES
                if aside or (self.others and s.opening(i) in _BREAKING):
                    break
                self.prep, self.word = kind, s.opening(i)
                i += 1
            elif kind in ("NP", "U"):
                if self._relative(i):
                    if not (self.copula and s.head(i - 1) in DISPOSED) and s.head(i - 1) not in FEELINGS:
                        break
                    self.prep, self.word = "v", "that"  # "is glad they left"
                if found := self._look(i, kind):
                    return found
                self.prep, self.last = "", i
                i = s.with_of(i) if kind == "NP" and s.head(i) == "state" else i + 1
                while kind == "NP" and s.kinds[i] in "J," and s.kinds[i + 1] == "NP" and s.kinds[i + 2] != "VG":
                    i += 2
            elif kind == "GE" and self.prep and self._noun() in FEELINGS:
                i += 1  # "doubts about giving them"
            elif kind in ("IN", "GE"):
                self.lemma, self.preps, self.prep, self.copula = s.lemma(i), s.preps(i), "", False
                i += 1
            elif kind == "VG" and s.reduced(i):
                self.prep = ""
                i += 1
            elif kind == "J" and s.kinds[i + 1] in ("IN", "GE", "NP"):
                i += 1
            elif kind == "," and s.kinds[i + 1] == "GE" and not self.others and s.lemma(i + 1) not in SAY:
                i += 1  # "left, protesting the"
            elif kind == "," and (closing := s.examples(i)) is not None:
                i = closing + 1
            elif kind == "," and s.kinds[i + 1] == "R" and s.kinds[i + 2] in PREPOSITIONS:
                i += 2  # "raids, mainly on"
            elif kind == "Q" and s.kinds[i + 1] == "NP" and not clause_ahead(s, i + 1):
                i += 1  # "dismissed that claim"
            elif kind == "Q" and self.lemma in JUDGE and self.others:
                break  # "denied the charge that"
            elif kind == "Q" and s.kinds[i + 1] == "NP" and self._noun() in _TELLING:
                self.prep, self.word = "v", "that"
                i += 1
            else:
                break
        if not self.others:
            return [], "no target"
        _, i, rule = min(self.others)
        return listed(s, i), rule

    def _relative(self, i: int) -> bool:
        """Return whether a clause about the noun before begins here, without "that": "the paper they sign"."""
        s, ahead = self.s, clause_ahead(self.s, i)
        return self.direct is not None and s.kinds[i - 1] == "NP" and not self.prep and ahead

    def _look(self, i: int, kind: str) -> Found | None:
        """Return what is found at a noun phrase or pronoun; None to go on."""
        s = self.s
        if (self.lemma in _TOLD and s.head(i) in PRESS) or s.head(i).endswith(("self", "selves")):
            return None
        if self.lemma in SAY and not self.prep and self.direct is None and kind == "NP" and clause_ahead(s, i):
            return [], "a clause"
        what = s.what(i)
        if what in ("", "theirs"):
            what = next((w for w in map(s.what, listed(s, i)[1:]) if w in ("party", "place", "theirs")), what)
        if not self.prep:
            return self._look_at_object(i, kind, what)
        return self._look_behind_preposition(i, what)

    def _look_at_object(self, i: int, kind: str, what: str) -> Found | None:
        s, head = self.s, self.s.head(i)
        if kind == "U":
            return [i], "pronoun object"
        if self.lemma == "join" and head in ("forces", "hands"):
            return None
        if (self.lemma in OF_WHAT and s.kinds[s.with_of(i)] == "o") or (self.lemma in GIVE and is_given(s, i)):
            return listed(s, i), "object"
        judged = what == "own" and self.lemma in APPRAISE and self.lemma != "defend"  # "rejected its offer"
        own = self.lemma in CREATE or (self.lemma in DESPATCH and _can_be_sent(head))
        given = self.lemma in GIVE and s.kinds[s.with_of(i)] != "NP"
        if given and what in ("party", "place", "theirs"):
            self.others.append((2.0, i, "object"))
        elif what == "place" and not s.owned(i) and not own:
            self.others.append((0.9, i, "unnamed place"))  # "all borders with"
        elif judged or (what in ("party", "place") and not own and not self.copula):
            return listed(s, i), "object"
        elif what == "theirs" and not self.copula:
            if self.lemma in JUDGE or self.lemma not in LEADING:
                return listed(s, i), "theirs"
            self.others.append((1.5 if self.lemma in LIGHT else 0.95, i, "theirs"))
        elif what in ("proposal", "act"):
            across = head in _ACROSS and s.kinds[s.with_of(i)] == "w"
            if self.lemma not in LIGHT and s.owned(i) and not across:
                by = s.with_of(i)
                if head in HARMS and self.lemma in APPRAISE and s.kinds[by] == "b" and s.letters(by + 1)[-1] == "C":
                    return listed(s, by + 1), "owner"
                return listed(s, i), "proposal"
            if self.lemma in JUDGE:
                self.others.append((2 if self.lemma not in LIGHT else 4, i, "proposal"))
        elif (
            not what
            and self.lemma in JUDGE - LIGHT
            and head not in EMPTY
            and not self.copula
            and s.letters(i)[-1] not in "DG"
        ):
            self.others.append((5, i, "thing"))
        self.direct = i
        return None

    def _look_behind_preposition(self, i: int, what: str) -> Found | None:
        s, prep, head = self.s, self.prep, self.s.head(i)
        if (head in EMPTY and not what and head not in HOLDERS) or (head in _BARE and len(s.letters(i)) == 1):
            return None  # "on alert", "on strike"
        own = what == "own" and head in ROLES and not _can_be_sent(head)
        party, act = own or what in ("party", "place", "theirs"), what in ("proposal", "act")
        noun, rule = self._noun(), f"behind {self.word}"
        if act and noun in RECEIVED and prep not in ("b", "i", "a"):
            return listed(s, i), rule  # "support for the plan"
        reproved = noun in HARMS and self.lemma in APPRAISE
        if party and reproved and self.direct is not None and prep != "b" and self.word not in self.preps:
            doer = s.with_of(i)
            by = s.kinds[doer] == "b" and s.kinds[doer + 1] == "NP"
            return (listed(s, doer + 1), "owner") if by else ([self.direct], "act against another")
        if prep == "b" and self.word not in self.preps:
            owner = what == "party" and self.others and min(self.others)[2] in ("proposal", "thing")
            return (listed(s, i), "owner") if owner else None
        if prep == "i" and party and self.lemma in GIVE and self.direct is not None:
            self.others.append((1.8, i, rule))
        elif prep in "gwnlvkt" or self.word in self.preps or (prep == "a" and (noun in FEELINGS or noun in DISPOSED)):
            return self._look_behind_its_preposition(i, party, act, rule)
        elif prep in "fm":
            if party and (noun or self.direct is None):
                return listed(s, i), rule
            if party:
                self.others.append((2.5, i, rule))
            if noun in FEELINGS:
                return listed(s, i), f"thing {rule}"
            if act:
                self.others.append((3 if s.owned(i) else 3.5, i, rule))
        elif prep == "o":
            disposed = noun in HOLDERS or (self.copula and noun in DISPOSED)
            if disposed or (party and not self.copula and self._concerns(i)):
                return listed(s, i), rule
        elif prep == "i" and noun in FEELINGS:
            return listed(s, i), f"thing {rule}"  # "pessimism in"
        elif prep in "ia" and party and noun not in _MEETINGS:
            self.others.append((3 if self.direct is not None else 4, i, "place"))
        elif prep == "i" and (head in HOLDERS or head in _ANSWERS):
            self.direct = i  # "in favour of", "in retaliation for"
        return None

    def _look_behind_its_preposition(self, i: int, party: bool, act: bool, rule: str) -> Found | None:
        """Look behind a preposition that often names the other party."""
        s, noun, its_own = self.s, self._noun(), self.word in self.preps
        if party:
            return listed(s, i, subjects=self.word == "that"), rule
        if noun in FEELINGS or noun in DISPOSED:
            return listed(s, i), f"thing {rule}"
        reproved = s.head(i) in HARMS and self.lemma in APPRAISE
        if act and its_own and self.direct is None and (reproved or not self._leads_on(s.with_of(i))):
            return listed(s, i), rule
        if act or self.copula or its_own:
            self.others.append((1 if act else 3.5, i, rule if act else f"thing {rule}"))
        return None

    def _noun(self) -> str:
        """Return the last word of the object on which a preposition hangs, "" where it hangs on none."""
        return self.s.head(self.direct) if self.direct is not None and self.last == self.direct else ""

    def _leads_on(self, i: int) -> bool:
        """Say whether a party or a named place may follow at chunk i: "a pact with", "a raid in Lima"."""
        s = self.s
        return s.kinds[i] in _LEADING_ON or (s.kinds[i] == "i" and s.kinds[i + 1] == "NP" and "C" in s.letters(i + 1))

    def _concerns(self, i: int) -> bool:
        """Return whether the object of the verb is something done to those behind "of"."""
        sent = _can_be_sent(self.s.head(i)) and "C" not in self.s.letters(i)
        return bool(self._noun()) and self.lemma not in GIVE and not sent


def _can_be_sent(head: str) -> bool:
    return head in _SENT_TOO or (head in ROLES and ROLES[head].part in ("MIL", "IGO"))
