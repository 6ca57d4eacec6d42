"""Inflected forms of English verbs and nouns, British and American spelling.

Over-generation is harmless here (a form that nobody writes never matches); a missing form is a missed cue.
"""

import re
from functools import cache

from pipeline.weak.words import words

# past tense and participles; the -s and -ing forms are regular
_IRREGULAR = {
    "arise": "arose arisen", "be": "is are was were been being am", "bear": "bore borne", "beat": "beat beaten",
    "become": "became become", "begin": "began begun", "bend": "bent", "bind": "bound", "bite": "bit bitten",
    "blow": "blew blown", "break": "broke broken", "bring": "brought", "build": "built", "burn": "burnt burned",
    "buy": "bought", "cast": "cast", "catch": "caught", "choose": "chose chosen", "come": "came come", "cut": "cut",
    "deal": "dealt", "dig": "dug", "do": "did done does", "draw": "drew drawn", "drive": "drove driven",
    "eat": "ate eaten", "fall": "fell fallen", "fight": "fought", "find": "found", "flee": "fled", "fling": "flung",
    "fly": "flew flown", "forbid": "forbade forbidden", "forge": "forged", "forget": "forgot forgotten",
    "forgive": "forgave forgiven", "forgo": "forwent forgone", "freeze": "froze frozen", "get": "got gotten",
    "give": "gave given", "go": "went gone goes", "grow": "grew grown", "hang": "hung", "have": "had has",
    "hear": "heard",
    "hide": "hid hidden", "hit": "hit", "hold": "held", "hurt": "hurt", "keep": "kept", "lay": "laid", "lead": "led",
    "leave": "left", "lend": "lent", "let": "let", "lie": "lay lain lied", "light": "lit", "lose": "lost",
    "make": "made", "mean": "meant", "meet": "met", "overcome": "overcame overcome", "override": "overrode overridden",
    "overthrow": "overthrew overthrown", "pay": "paid", "put": "put", "quit": "quit", "rebuild": "rebuilt",
    "read": "read", "ride": "rode ridden", "ring": "rang rung", "rise": "rose risen", "run": "ran run", "say": "said",
    "see": "saw seen", "seek": "sought", "sell": "sold", "send": "sent", "set": "set", "shake": "shook shaken",
    "shed": "shed", "shoot": "shot", "show": "showed shown", "shut": "shut", "sing": "sang sung",
    "sink": "sank sunk", "sit": "sat", "slay": "slew slain", "slide": "slid", "speak": "spoke spoken",
    "spend": "spent", "split": "split", "spread": "spread", "spurn": "spurned", "stand": "stood",
    "steal": "stole stolen", "stick": "stuck", "sting": "stung", "strike": "struck stricken",
    "strive": "strove striven",
    "swear": "swore sworn", "sweep": "swept", "swing": "swung", "take": "took taken", "teach": "taught",
    "tear": "tore torn", "tell": "told", "think": "thought", "throw": "threw thrown", "thrust": "thrust",
    "undercut": "undercut", "undergo": "underwent undergone", "understand": "understood",
    "undertake": "undertook undertaken", "undo": "undid undone", "uphold": "upheld", "upset": "upset",
    "wage": "waged", "win": "won", "withdraw": "withdrew withdrawn", "withhold": "withheld",
    "withstand": "withstood", "write": "wrote written",
}  # fmt: skip

# verbs of several syllables that double their last letter, as those of one syllable do
_DOUBLING = words(
    "abet abhor acquit admit allot annul cancel commit compel concur confer counsel defer deter dispel expel equal "
    "fulfil incur imperil model occur omit patrol permit prefer propel quarrel rebel rebut recur refer regret repel "
    "signal submit transfer transmit travel tunnel"
)

_IRREGULAR_NOUNS = {"man": "men", "woman": "women", "crisis": "crises", "spokesman": "spokesmen", "foe": "foes"}


@cache
def verb_forms(lemma: str) -> frozenset[str]:
    """Return every form of a verb: base, -s, past, participles, in both spellings of -ize/-ise and -or/-our."""
    forms: set[str] = set()
    for base in _spellings(lemma):
        stem = base[:-1] if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) else base
        if base.endswith("ie"):
            forms.add(base[:-2] + "ying")
        forms |= {base, _with_s(base), stem + "ing"}
        forms |= set(_IRREGULAR[base].split()) if base in _IRREGULAR else {_with_ed(base)}
        if _doubles(base):
            forms |= {base + base[-1] + "ing"} | ({base + base[-1] + "ed"} if base not in _IRREGULAR else set())
    return frozenset(forms)


@cache
def noun_forms(lemma: str) -> frozenset[str]:
    """Return singular and plural of a noun, in both spellings."""
    return frozenset(form for base in _spellings(lemma) for form in (base, _IRREGULAR_NOUNS.get(base, _with_s(base))))


def _spellings(lemma: str) -> set[str]:
    found = {lemma, re.sub(r"i[sz](e|ation)$", r"is\1", lemma)} if re.search(r"iz(e|ation)$", lemma) else {lemma}
    return found | {base.replace("or", "our") for base in found if re.search(r"(lab|fav|hon|endeav|harb)or", base)}


def _with_s(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "to", "go")):
        return base + "es"
    return base[:-1] + "ies" if re.search(r"[^aeiou]y$", base) else base + "s"


def _with_ed(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    return base[:-1] + "ied" if re.search(r"[^aeiou]y$", base) else base + "ed"


def _doubles(base: str) -> bool:
    return base in _DOUBLING or bool(re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", base))
