"""What the label model should be able to do, one capability at a time: sentences from templates, with their stance.

Where verbs of stance decide, half of them stand in no cue of the shipped labeling functions: some are derived from one
that does, by a prefix, others not even that. The rates on these say how far the rules carry beyond their own words.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

N_CASES = 200
"""Sentences a capability."""

PARTIES = [
    "Lima", "Quito", "Accra", "Tunis", "Riga", "Bergen", "Malmo", "the guild", "the port authority", "the bishop",
    "the dockers' union", "the governor", "the northern league", "the farmers' front", "the council of elders",
    "the mayor of Turku", "the rail company", "the chancellor", "the island's assembly", "the junta",
]  # fmt: skip
MATTERS = [
    "transit rule", "charter", "draft budget", "fare plan", "harbour scheme", "fishing accord", "canal treaty",
    "new statute", "water plan", "pension bill", "ceasefire plan", "border pact", "wage offer", "grazing rule",
    "school reform",
]  # fmt: skip
ASIDES = [
    "which has 40,000 people", "an hour north of the lake", "as it has every spring", "in a letter of nine lines",
    "after lunch on Tuesday", "whose roofs are blue", "to the sound of bells", "in the old customs house",
]  # fmt: skip
SPEAKERS = ["A clerk", "One adviser", "The spokeswoman", "A retired judge", "The weekly Courier", "Her deputy"]

AGAINST = ["reject", "condemn", "denounce", "oppose", "criticise", "rebuff", "veto", "deplore", "spurn", "assail"]
DERIVED_AGAINST = ["re-reject", "re-condemn", "re-oppose", "disendorse", "de-ratify"]
NEW_AGAINST = ["squelch", "kneecap", "objurgate", "stiff-arm", "controvert", "reprehend", "execrate", "disbelieve"]
FOR = ["accept", "endorse", "support", "welcome", "approve", "praise", "applaud", "ratify", "hail", "embrace"]
DERIVED_FOR = ["re-endorse", "pre-approve", "re-ratify", "co-support", "re-accept"]
NEW_FOR = ["anoint", "sanctify", "authenticate", "humour", "enthrone", "canonise", "deify", "evangelise"]
ORATING = ["orate", "sermonise", "speechify", "pontificate", "perorate", "declaim", "tub-thump", "pamphleteer"]
CLEAN = {"reject", "oppose", "veto", "rebuff", "spurn", "re-reject", "re-oppose", "disendorse", "de-ratify"}
CLEAN |= {"squelch", "kneecap", "stiff-arm"}
"""Verbs against something whose denial is consent; not to criticise is none."""


def past(verb: str) -> str:
    """Return the past tense and participle of a verb of these lists."""
    if verb == "kneecap":
        return "kneecapped"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    return verb + "d" if verb.endswith("e") else verb + "ed"


def ing(verb: str) -> str:
    """Return the gerund of a verb of these lists."""
    if verb == "kneecap":
        return "kneecapping"
    return (verb[:-1] if verb.endswith("e") else verb) + "ing"


def third(verb: str) -> str:
    """Return the form of a verb behind "he"."""
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "h", "o")) else "s")


Verbs = Literal["of cues", "derived", "other"]
"""Verbs that stand in a cue, that are derived from one that does, and all others."""


@dataclass(frozen=True)
class Case:
    """A sentence, its stance, and of which kind its verb of stance is ("of cues" without such a verb)."""

    text: str
    stance: str
    verbs: Verbs = "of cues"


@dataclass(frozen=True)
class Pick:
    """What templates take their words from, drawn at random but always in the same order."""

    random: random.Random

    def party(self, *others: str) -> str:
        """Return a party that is none of some others."""
        return self.random.choice([party for party in PARTIES if party not in others])

    def of(self, *words: str) -> str:
        """Return one of some words."""
        return self.random.choice(words)

    def fill(self, *templates: str, **words: str) -> str:
        """Return one of some templates with `words` in {places}, and one of the choices in each [this|or that]."""
        text = self.random.choice(templates).format(**words)
        return re.sub(r"\[([^][]+)\]", lambda found: self.random.choice(found[1].split("|")), text)

    def matter(self) -> str:
        """Return a proposal."""
        return self.random.choice(MATTERS)

    def verb(self, stance: str, *, clean: bool = False) -> tuple[str, Verbs]:
        """Return a verb of a stance, and of which kind it is: every other one stands in a cue."""
        kinds: dict[Verbs, list[str]] = {
            "opposition": {"of cues": AGAINST, "derived": DERIVED_AGAINST, "other": NEW_AGAINST},
            "agreement": {"of cues": FOR, "derived": DERIVED_FOR, "other": NEW_FOR},
        }[stance]
        kind = self.random.choice(["of cues", "of cues", "derived", "other"])
        verbs = [verb for verb in kinds[kind] if not clean or stance == "agreement" or verb in CLEAN]
        return self.random.choice(verbs), kind


Template = Callable[[Pick], Case]
CAPABILITIES: dict[str, Template] = {}


def capability(template: Template) -> Template:
    """Keep a template under the words of its name."""
    CAPABILITIES[template.__name__.replace("_", " ").strip()] = template
    return template


def cases(name: str, n: int = N_CASES) -> list[Case]:
    """Return n different cases of a capability, always the same ones."""
    pick, found = Pick(random.Random(name)), dict[str, Case]()
    for _ in range(100 * n):
        case = CAPABILITIES[name](pick)
        text = case.text[0].upper() + case.text[1:]
        found.setdefault(text, Case(text, case.stance, case.verbs))
        if len(found) == n:
            return list(found.values())
    raise ValueError(f"{name}: only {len(found)} of {n} cases")


FLIPPED = {"opposition": "agreement", "agreement": "opposition"}


def plain(pick: Pick, *, clean: bool = False) -> tuple[str, str, str, str, Verbs]:
    """Return a party, a verb of either side, a proposal, the stance, and of which kind the verb is."""
    stance = pick.random.choice(list(FLIPPED))
    verb, kind = pick.verb(stance, clean=clean)
    return pick.party(), verb, pick.matter(), stance, kind


def deniable(pick: Pick) -> tuple[str, str, str, str, Verbs]:
    """Return what `plain` returns, with a verb whose denial takes the other stance."""
    return plain(pick, clean=True)


@capability
def plain_statement(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = plain(pick)
    return Case(f"{party} {past(verb)} the {matter} on {pick.of('Monday', 'Friday', 'Sunday')}.", stance, verbs)


@capability
def tense(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = plain(pick)
    form = pick.of(f"will {verb}", f"has {past(verb)}", f"is {ing(verb)}", f"had {past(verb)}", third(verb))
    return Case(f"{party} {form} the {matter}.", stance, verbs)


@capability
def passive_voice(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = plain(pick)
    be = pick.of("was", "has been", "will be", "is being")
    return Case(f"the {matter} {be} {past(verb)} by {party}.", stance, verbs)


@capability
def attribution(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = plain(pick)
    who = pick.of(*SPEAKERS)
    form = pick.of(
        f"{who} said that {party} {third(verb)} the {matter}.",
        f"{party} {third(verb)} the {matter}, {who[0].lower() + who[1:]} said.",
        f"According to {who[0].lower() + who[1:]}, {party} {past(verb)} the {matter}.",
    )
    return Case(form, stance, verbs)


@capability
def negation_near(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = deniable(pick)
    no = pick.of("did not", "does not", "will not", "would never", "could not", "didn't", "won't", "cannot")
    return Case(f"{party} {no} {verb} the {matter}.", FLIPPED[stance], verbs)


@capability
def negation_before_subject(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = deniable(pick)
    form = pick.of(
        f"no member of the {pick.of('nine', 'seven', 'twelve')}-seat panel {past(verb)} the {matter}.",
        f"none of the {pick.of('nine', 'seven', 'twelve')} towns on the lake {past(verb)} the {matter}.",
        f"no longer does {party} {verb} the {matter}.",
        f"nor will {party} {verb} the {matter}.",
        f"hardly anybody on the coast {third(verb)} the {matter}.",
        f"under no circumstances will {party} {verb} the {matter}.",
        f"few of the {pick.of('nine', 'seven', 'twelve')} towns on the lake {verb} the {matter}.",
    )
    return Case(form, FLIPPED[stance], verbs)


@capability
def negation_of_a_clause(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = deniable(pick)
    form = pick.of(
        f"it would be wrong to say that {party} {third(verb)} the {matter}.",
        f"it would be false to claim that {party} {third(verb)} the {matter}.",
        f"{pick.of(*SPEAKERS)} does not believe that {party} {third(verb)} the {matter}.",
        f"there is no sign that {party} {third(verb)} the {matter}.",
    )
    return Case(form, FLIPPED[stance], verbs)


@capability
def negation_undone(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = plain(pick)
    form = pick.of(
        f"{party} did not fail to {verb} the {matter}.",
        f"{party} never refused to {verb} the {matter}.",
        f"{party} has not declined to {verb} the {matter}.",
        f"{party} did not hesitate to {verb} the {matter}.",
    )
    return Case(form, stance, verbs)


@capability
def inversion_that_denies_nothing(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = plain(pick)
    never = pick.of("Never has", "Rarely has", "Seldom has", "Never before has", "Hardly ever has")
    so = pick.of("so openly", "so warmly", "so loudly", "so quickly", "so firmly")
    return Case(f"{never} {party} {past(verb)} a {matter} {so}.", stance, verbs)


@capability
def contrast_with_but(pick: Pick) -> Case:
    party = pick.party()
    first, second = pick.of("praised", "welcomed", "applauded"), pick.of("criticised", "deplored", "assailed")
    stance = pick.random.choice(list(FLIPPED))
    verb, verbs = pick.verb(stance)
    before = second if stance == "agreement" else first
    form = pick.of(
        f"{party} {before} the wording, but {past(verb)} the {pick.matter()}.",
        f"although {party} {before} the wording, it {past(verb)} the {pick.matter()}.",
        f"despite having {before} the wording, {party} {past(verb)} the {pick.matter()}.",
    )
    return Case(form, stance, verbs)


@capability
def contrast_without_but(pick: Pick) -> Case:
    stance = pick.random.choice(list(FLIPPED))
    verb, verbs = pick.verb(stance)
    agrees = stance == "agreement"
    text = pick.fill(
        "instead of {other} it, {party} {verb} the {matter}.",
        "far from {other} it, {party} {verb} the {matter}.",
        "{noun} aside, {party} {verb} the {matter}.",
        "for all the {noun}, {party} {verb} the {matter}.",
        "{noun} notwithstanding, {party} {verb} the {matter}.",
        other="[rejecting|opposing|rebuffing]" if agrees else "[accepting|endorsing]",
        noun="[harsh words|early doubts|old quarrels]" if agrees else "[kind words|early praise]",
        party=pick.party(),
        matter=pick.matter(),
        verb=past(verb),
    )
    return Case(text, stance, verbs)


@capability
def hedges_and_conditions(pick: Pick) -> Case:
    party, verb, matter, _, verbs = plain(pick)
    form = pick.of(
        f"if {party} {past(verb)} the {matter}, a vote would follow, {pick.of(*SPEAKERS)[0].lower()} lawyer wrote.",
        f"it is unclear whether {party} {third(verb)} the {matter}.",
        f"whether {party} will {verb} the {matter} is not known.",
        f"nobody knows yet if {party} will {verb} the {matter}.",
    )
    return Case(form, "neutral", verbs)


@capability
def questions(pick: Pick) -> Case:
    party, verb, matter, _, verbs = plain(pick)
    form = pick.of(f"will {party} {verb}", f"does {party} {verb}", f"has {party} {past(verb)}")
    return Case(f"{form} the {matter}?", "neutral", verbs)


@capability
def intensifiers_and_manner(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = plain(pick)
    how = "[unanimously|jointly|strongly|firmly|publicly|quietly|at once|once more|together]"
    return Case(pick.fill(f"{party} and {pick.party(party)} {how} {past(verb)} the {matter}."), stance, verbs)


@capability
def lost_apostrophes(pick: Pick) -> Case:
    party, verb, matter, stance, verbs = deniable(pick)
    stem = pick.of("doesn", "won", "can", "didn", "wouldn", "couldn")
    mark = pick.of("", "?", "`", "´", "ʼ", "′", "＇", " ", "’")
    return Case(f"{party} {stem}{mark}t {verb} the {matter}.", FLIPPED[stance], verbs)


@capability
def verdict_beside_an_unlisted_verb(pick: Pick) -> Case:
    stance = pick.random.choice(list(FLIPPED))
    verb = pick.of(*(NEW_FOR if stance == "agreement" else NEW_AGAINST))
    against = (
        "{party} {past} the {matter} as [reckless|unjust|harmful|unworkable|absurd].",
        "{party} {past} the {matter}, calling it [a disgrace|a farce|an insult|a betrayal|a fraud].",
        "[in anger|in disgust|furiously|angrily], {party} {past} the {matter}.",
        "{party} {past} the {matter} for its [flaws|cruelty|harshness|failings].",
        "{party} {past} the {matter}, which it called [unfair|reckless|shameful].",
        "the {matter} was {past} as [unfair|ruinous|illegal] by {party}.",
    )
    in_favour = (
        "{party} {past} the {matter} as [wise|fair|overdue|constructive|farsighted].",
        "{party} {past} the {matter}, calling it [a triumph|a blessing|a breakthrough|a great success].",
        "[gladly|gratefully|happily|with joy|with relief], {party} {past} the {matter}.",
        "{party} {past} the {matter} for its [wisdom|fairness|courage|restraint].",
        "the {matter} was {past} as [fair|generous|timely] by {party}.",
    )
    forms = in_favour if stance == "agreement" else against
    return Case(pick.fill(*forms, party=pick.party(), past=past(verb), matter=pick.matter()), stance, "other")


@capability
def for_or_against_behind_an_unlisted_verb(pick: Pick) -> Case:
    verb = pick.of(*ORATING)
    stance = pick.random.choice(list(FLIPPED))
    side = pick.of("in favour of", "in favor of") if stance == "agreement" else "against"
    form = pick.of(
        f"{past(verb)} {side} the", f"has {past(verb)} {side} the", f"{past(verb)} for an hour {side} the",
        f"will {verb} {side} the",
    )  # fmt: skip
    return Case(f"{pick.party()} {form} {pick.matter()}.", stance, "other")


def _neutral(pick: Pick, *templates: str) -> Case:
    party = pick.party()
    return Case(pick.fill(*templates, party=party, other=pick.party(party)), "neutral")


@capability
def refusing_a_negative(pick: Pick) -> Case:
    return _neutral(
        pick,
        "{party} [declined|refused] to [condemn|denounce|criticise|censure] the [raid|march|speech|visit|toll|edict].",
        "{party} stopped short of [condemning|denouncing|censuring|punishing] the [raid|march|speech|visit|edict].",
        "{party} [declined|refused] to [join|back|support] the [boycott|embargo|strike|blockade].",
        "{party} [refrained from|avoided] [condemning|criticising|blaming] the [raid|march|speech|visit|toll|edict].",
    )


_AFTERWARDS = "[on Friday|within a day|after the vote|in May]."


@capability
def taking_back_a_yes(pick: Pick) -> Case:
    text = pick.fill(
        "{party} [withdrew|revoked|took back|retracted|rescinded|cancelled|dropped|went back on] its "
        "[acceptance|consent|offer|support|endorsement|promise|approval|invitation|pledge] " + _AFTERWARDS,
        party=pick.party(),
    )
    return Case(text, "opposition")


@capability
def taking_back_a_no(pick: Pick) -> Case:
    text = pick.fill(
        "{party} [withdrew|dropped|took back|gave up|lifted|abandoned|softened] its "
        "[objection|veto|opposition|threat|boycott|ban|complaint|demand|resistance] " + _AFTERWARDS,
        party=pick.party(),
    )
    return Case(text, "agreement")


@capability
def denied_quarrels(pick: Pick) -> Case:
    party = pick.party()
    text = pick.fill(
        "{party} denied any {rift} with {other}.",
        "{party} denied that it had fallen out with {other}.",
        "{party} dismissed talk of a {rift} with {other}.",
        "there is no {rift} between {party} and {other}, a minister said.",
        "{party} played down reports of a {rift} with {other}.",
        party=party,
        other=pick.party(party),
        rift="[rift|quarrel|feud|split|row|dispute]",
    )
    return Case(text, "agreement")


@capability
def accidents(pick: Pick) -> Case:
    who = "[two|three|four|five|nine] [soldiers|policemen|ministers|diplomats|sailors|officers|marines|pilots]"
    happened = f"{who} [died|were killed|were hurt] when their"
    return _neutral(
        pick,
        f"{happened} [truck|car|bus|helicopter|boat] hit a [tree|wall|rock|pylon|power line].",
        f"{happened} [truck|car|bus|van] left the road.",
        f"{happened} [boat|launch|ferry] capsized.",
        f"{happened} [plane|helicopter] crashed in [fog|a storm|the hills].",
        f"{happened} [truck|car|bus|tank] overturned on ice.",
    )


@capability
def products_and_markets(pick: Pick) -> Case:
    maker = "the [company|studio|maker|firm|workshop|retailer]"
    thing = "[phone|camera|printer|console|browser|engine|laptop|cartridge|radio|scooter]"
    return _neutral(
        pick,
        f"{maker} [dropped|ended] support for its [oldest|first|smallest] {thing}s.",
        f"{maker} [discontinued|scrapped|withdrew] its [oldest|first|smallest] {thing}.",
        f"{maker} recalled [two|three|nine] models of {thing}.",
    )


@capability
def stance_words_in_names(pick: Pick) -> Case:
    name = (
        "the [Friendship|Unity|Peace|Liberation|Resistance|Victory|Solidarity|Reconciliation] "
        "[Bridge|Park|Square|Stadium|Hotel|Avenue|Museum|Festival|Hospital|Orchestra]"
    )
    return _neutral(
        pick,
        f"{name} [opens at nine|was built in 1931|is 200 metres long|has a new roof].",
        f"the tram stops at {name} [twice an hour|on Sundays|after dark].",
        f"a [choir|band|school] sang at the opening of {name}.",
    )


@capability
def anniversaries_and_history(pick: Pick) -> Case:
    event = "the [siege|battle|treaty|armistice|mutiny|raid|uprising|massacre|invasion]"
    year = "[1811|1848|1871|1917|1923|1944]"
    return _neutral(
        pick,
        f"a [plaque|statue|stone] recalls {event} of {year}.",
        f"the museum shows [photographs|letters|maps] of {event} of {year}.",
        f"[pilgrims|schools|veterans] marked the anniversary of {event}.",
        f"the [novel|film|song] tells of {event} of {year}.",
    )


@capability
def meetings_and_courtesies(pick: Pick) -> Case:
    return _neutral(
        pick,
        "{party} and {other} met for [an hour|two hours|a day] in [Riga|Bern|Oslo].",
        "envoys of {party} will visit {other} [next week|in May|on Tuesday].",
        "{party} sent condolences to {other} after the [fire|flood|attack|crash].",
        "{party} laid a wreath at the [memorial|cemetery|monument] [at noon|on Sunday].",
    )


@capability
def two_parties_that_differ(pick: Pick) -> Case:
    verbs = ["[accepted|welcomed|endorsed|backed]", "[rejected|opposed|denounced|vetoed]"]
    pick.random.shuffle(verbs)
    return _neutral(pick, f"{{party}} {verbs[0]} the {pick.matter()}, [while|whereas] {{other}} {verbs[1]} it.")


@capability
def headlines(pick: Pick) -> Case:
    party, matter = pick.party().removeprefix("the "), pick.matter()
    stance = pick.random.choice(list(FLIPPED))
    verb, verbs = pick.verb(stance)
    text = f"{party} {third(verb)} {matter}"
    return Case(pick.of(text.upper(), text.title(), text, f"{text} again"), stance, verbs)


Change = Callable[[Pick, str], str]


def _typo(pick: Pick, text: str) -> str:
    for matter in MATTERS:
        if matter in text:
            at = pick.random.randrange(1, len(matter) - 1)
            return text.replace(matter, matter[:at] + matter[at] + matter[at:])
    return text


def _aside(pick: Pick, text: str) -> str:
    for party in sorted(PARTIES, key=len, reverse=True):
        form = party[0].upper() + party[1:]
        if text.startswith(form):
            return f"{form}, {pick.of(*ASIDES)},{text[len(form) :]}"
    return f"{text[:-1]}, {pick.of(*ASIDES)}."


CHANGES: dict[str, Change] = {
    "a typing error beside the verb": _typo,
    "dashes and blanks": lambda pick, text: text.replace(" the ", pick.of("  the ", "\u00a0the ")).replace(
        ".", pick.of(" .", "")
    ),
    "quotation marks around it": lambda pick, text: pick.of(f"“{text}”", f'"{text}"', f"``{text}''", f"«{text}»"),
    "an irrelevant clause": _aside,
}
"""Changes of a sentence that should leave the answer as it is, beside those of `pipeline.weak.invariance`."""


def unchanged_texts() -> list[str]:
    """Return the sentences that changes are tried on."""
    names = ("plain statement", "tense", "negation near", "passive voice")
    return [case.text for name in names for case in cases(name)]


def quoting_texts() -> list[str]:
    """Return sentences with a quotation, of speech or of one name, in straight or curly marks."""
    pick, found = Pick(random.Random("quotations")), []
    for text in unchanged_texts()[::4]:
        start, end = pick.of('""', "“”")
        speech = f"{start}{text.removesuffix('.')},{end} {pick.of(*SPEAKERS).lower()} said."
        named = [text.replace(matter, f"{start}{matter}{end}") for matter in MATTERS if matter in text]
        found.append(pick.of(speech, *named))
    return found


def changed(name: str, n: int = N_CASES) -> Iterator[tuple[str, str]]:
    """Yield n pairs of a sentence and the same one changed."""
    pick, texts = Pick(random.Random(name)), unchanged_texts()
    pick.random.shuffle(texts)
    found = dict[str, str]()
    for text in texts:
        other = CHANGES[name](pick, text)
        if other != text:
            found.setdefault(text, other)
        if len(found) == n:
            break
    yield from found.items()
