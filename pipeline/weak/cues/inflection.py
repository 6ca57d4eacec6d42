"""Inflected forms of English verbs and nouns, British and American spelling.

Over-generation is harmless here (a form that nobody writes never matches); a missing form is a missed cue.
"""

import re
from functools import cache


def words(text: str) -> frozenset[str]:
    """Return the words of `text`, separated by white space."""
    return frozenset(text.split())


# past tense and participles; the -s and -ing forms are regular
_IRREGULAR = {
    "arise": "arose arisen", "be": "is are was were been being am", "bear": "bore borne", "beat": "beat beaten",
    "begin": "began begun", "bend": "bent", "bet": "bet", "bid": "bade bidden", "bind": "bound", "bite": "bit bitten",
    "bleed": "bled", "blow": "blew blown", "break": "broke broken", "bring": "brought", "build": "built",
    "burn": "burnt burned", "burst": "burst", "buy": "bought", "cast": "cast", "catch": "caught",
    "choose": "chose chosen", "cling": "clung", "come": "came come", "creep": "crept", "cut": "cut", "deal": "dealt",
    "dig": "dug", "do": "did done does", "draw": "drew drawn", "drive": "drove driven", "eat": "ate eaten",
    "fall": "fell fallen", "feed": "fed", "feel": "felt", "fight": "fought", "find": "found", "fit": "fit fitted",
    "flee": "fled", "fling": "flung", "fly": "flew flown", "freeze": "froze frozen", "get": "got gotten",
    "give": "gave given", "go": "went gone goes", "grind": "ground", "grow": "grew grown", "hang": "hung",
    "have": "had has", "hear": "heard", "hide": "hid hidden", "hit": "hit", "hold": "held", "hurt": "hurt",
    "keep": "kept", "kneel": "knelt kneeled", "know": "knew known", "lay": "laid", "lead": "led",
    "leap": "leapt leaped", "leave": "left", "lend": "lent", "let": "let", "lie": "lay lain lied", "light": "lit",
    "lose": "lost", "make": "made", "mean": "meant", "meet": "met", "pay": "paid", "plead": "pled pleaded",
    "put": "put", "quit": "quit", "read": "read", "rid": "rid", "ride": "rode ridden", "ring": "rang rung",
    "rise": "rose risen", "run": "ran run", "say": "said", "see": "saw seen", "seek": "sought", "sell": "sold",
    "send": "sent", "set": "set", "shake": "shook shaken", "shed": "shed", "shoot": "shot", "show": "showed shown",
    "shrink": "shrank shrunk", "shut": "shut", "sing": "sang sung", "sink": "sank sunk", "sit": "sat",
    "slay": "slew slain", "sleep": "slept", "slide": "slid", "slink": "slunk", "sneak": "snuck sneaked",
    "sow": "sown sowed", "speak": "spoke spoken", "speed": "sped speeded", "spend": "spent", "spin": "spun",
    "spit": "spat", "split": "split", "spread": "spread", "spring": "sprang sprung", "stand": "stood",
    "steal": "stole stolen", "stick": "stuck", "sting": "stung", "strike": "struck stricken", "string": "strung",
    "strive": "strove striven", "swear": "swore sworn", "sweep": "swept", "swim": "swam swum", "swing": "swung",
    "take": "took taken", "teach": "taught", "tear": "tore torn", "tell": "told", "think": "thought",
    "throw": "threw thrown", "thrust": "thrust", "wake": "woke woken", "wear": "wore worn", "weave": "wove woven",
    "weep": "wept", "win": "won", "wind": "wound", "wring": "wrung", "write": "wrote written",
}  # fmt: skip

# "withdraw" goes as "draw" does
_PREFIXES = ("be", "for", "fore", "mis", "out", "over", "re", "un", "under", "up", "with")

# verbs of several syllables that double their last letter, as those of one syllable do
_DOUBLING = words(
    "abet abhor acquit admit allot annul backpedal backstab begin body-slam cancel cavil channel commit compel "
    "concur confer counsel defer demur deter dial dispel duel embed equal equip expel extol flip-flop format fuel "
    "fulfil grovel handicap hobnob impel imperil incur instil kidnap label level libel marshal model occur omit "
    "outwit overstep patrol permit prefer propel pummel quarrel readmit rebel rebut recap recur refer regret "
    "remit repel rerun sandbag sidestep signal submit transfer transmit travel tunnel unban unravel wiretap "
    "worship zigzag"
)

_IRREGULAR_NOUNS = {"crisis": "crises", "paralysis": "paralyses", "foot": "feet", "child": "children"}


@cache
def verb_forms(lemma: str) -> frozenset[str]:
    """Return every form of a verb: base, -s, past, participles, in both spellings of -ize/-ise and -or/-our."""
    forms: set[str] = set()
    for base in _spellings(lemma):
        stem = base[:-1] if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) else base
        if base.endswith("ie"):
            forms.add(base[:-2] + "ying")
        forms |= {base, stem + "ing"} | _with_s(base) | _past(base)
        if _doubles(base):
            forms |= {base + base[-1] + "ing"} | (set() if base in _IRREGULAR else {base + base[-1] + "ed"})
    return frozenset(forms)


@cache
def noun_forms(lemma: str) -> frozenset[str]:
    """Return singular and plural of a noun, in both spellings."""
    return frozenset(form for base in _spellings(lemma) for form in {base} | _plural(base))


def verbs(lemmas: str) -> frozenset[str]:
    """Return every form of several verbs, separated by white space."""
    return frozenset().union(*map(verb_forms, words(lemmas)))


def nouns(lemmas: str) -> frozenset[str]:
    """Return singular and plural of several nouns, separated by white space."""
    return frozenset().union(*map(noun_forms, words(lemmas)))


def _spellings(lemma: str) -> set[str]:
    found = {lemma, re.sub(r"i[sz](e|ation)$", r"is\1", lemma)} if re.search(r"iz(e|ation)$", lemma) else {lemma}
    return found | {base.replace("or", "our") for base in found if re.search(r"(lab|fav|hon|endeav|harb)or", base)}


def _plural(base: str) -> set[str]:
    if base in _IRREGULAR_NOUNS:
        return {_IRREGULAR_NOUNS[base]}
    return _with_s(base) | ({base[:-2] + "en"} if base.endswith("man") else set())


def _with_s(base: str) -> set[str]:
    if base.endswith("o"):
        return {base + "s", base + "es"}
    if base.endswith(("s", "x", "z", "ch", "sh")):
        return {base + "es"}
    return {base[:-1] + "ies"} if re.search(r"[^aeiou]y$", base) else {base + "s"}


def _past(base: str) -> set[str]:
    if base in _IRREGULAR:
        return set(_IRREGULAR[base].split())
    prefix, root = _split_prefix(base)
    return {_with_ed(base)} | {prefix + form for form in _IRREGULAR.get(root, "").split()}


def _split_prefix(base: str) -> tuple[str, str]:
    """Return the prefix and the irregular verb that `base` is made of, or ("", `base`)."""
    for prefix in _PREFIXES:
        if base.startswith(prefix) and base.removeprefix(prefix) in _IRREGULAR:
            return prefix, base.removeprefix(prefix)
    return "", base


def _with_ed(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    return base[:-1] + "ied" if re.search(r"[^aeiou]y$", base) else base + "ed"


def _doubles(base: str) -> bool:
    return base in _DOUBLING or bool(re.fullmatch(r"[^aeiou]*(?:qu)?[aeiou][bdgklmnprt]", _split_prefix(base)[1]))
