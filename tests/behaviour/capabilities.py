"""What the label model should be able to do, one capability at a time: sentences made from templates, with their stance.

Where verbs of stance decide, half of them stand in no cue of the shipped labeling functions (`NEW_AGAINST`, `NEW_FOR`):
the rates on these say how far the rules carry beyond their own words.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

N_CASES = 200
"""Sentences a capability."""

PARTIES = [
    "Lima", "Quito", "Accra", "Tunis", "Riga", "Bergen", "Malmo", "the guild", "the port authority", "the bishop",
    "the dockers' union", "the governor", "the northern league", "the farmers' front", "the council of elders",
    "the mayor of Turku", "the rail company", "the chancellor", "the island's assembly", "the junta",
]  # fmt: skip
MATTERS = [
    "levy", "charter", "draft budget", "fare plan", "harbour scheme", "fishing accord", "canal treaty", "new statute",
    "water plan", "pension bill", "ceasefire plan", "border pact", "wage offer", "grazing rule", "school reform",
]  # fmt: skip
ASIDES = [
    "which has 40,000 people", "an hour north of the lake", "as it has every spring", "in a letter of nine lines",
    "after lunch on Tuesday", "whose roofs are blue", "to the sound of bells", "in the old customs house",
]  # fmt: skip
SPEAKERS = ["A clerk", "One adviser", "The spokeswoman", "A retired judge", "The weekly Courier", "Her deputy"]

AGAINST = ["reject", "condemn", "denounce", "oppose", "criticise", "rebuff", "veto", "deplore", "spurn", "assail"]
NEW_AGAINST = ["squelch", "kneecap", "objurgate", "stiff-arm", "controvert", "reprehend", "execrate", "disbelieve"]
FOR = ["accept", "endorse", "support", "welcome", "approve", "praise", "applaud", "ratify", "hail", "embrace"]
NEW_FOR = ["anoint", "sanctify", "authenticate", "fete", "humour", "enthrone", "coddle", "evangelise"]

_THIRD = {"veto": "vetoes", "oppose": "opposes", "ratify": "ratifies", "sanctify": "sanctifies", "reprehend": "reprehends"}
_DOUBLED = {"rebuff": "rebuffed", "kneecap": "kneecapped", "veto": "vetoed"}


def past(verb: str) -> str:
    """Return the past tense and participle of a verb of these lists."""
    if verb in _DOUBLED:
        return _DOUBLED[verb]
    if verb.endswith("y"):
        return verb[:-1] + "ied"
    return verb + "d" if verb.endswith("e") else verb + "ed"


def ing(verb: str) -> str:
    """Return the gerund of a verb of these lists."""
    if verb == "kneecap":
        return "kneecapping"
    return (verb[:-1] if verb.endswith("e") else verb) + "ing"


def third(verb: str) -> str:
    """Return the form of a verb behind "he"."""
    if verb in _THIRD:
        return _THIRD[verb]
    return verb + ("es" if verb.endswith(("s", "h")) else "s")


@dataclass(frozen=True)
class Case:
    """A sentence, the stance it should get, and whether its verb of stance stands in a cue (True without such a verb)."""

    text: str
    stance: str
    known: bool = True


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

    def matter(self) -> str:
        """Return a proposal."""
        return self.random.choice(MATTERS)

    def verb(self, known: list[str], new: list[str]) -> tuple[str, bool]:
        """Return a verb, and whether it is one of those that stand in cues."""
        is_known = self.random.random() < 0.5
        return self.random.choice(known if is_known else new), is_known

    def against(self) -> tuple[str, bool]:
        """Return a verb of opposition."""
        return self.verb(AGAINST, NEW_AGAINST)

    def in_favour(self) -> tuple[str, bool]:
        """Return a verb of agreement."""
        return self.verb(FOR, NEW_FOR)


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
        found.setdefault(text, Case(text, case.stance, case.known))
        if len(found) == n:
            return list(found.values())
    raise ValueError(f"{name}: only {len(found)} of {n} cases")


def plain(pick: Pick) -> tuple[str, str, str, str, bool]:
    """Return a party, a verb of either side, a proposal, the stance, and whether the verb stands in a cue."""
    if pick.random.random() < 0.5:
        verb, known = pick.against()
        return pick.party(), verb, pick.matter(), "opposition", known
    verb, known = pick.in_favour()
    return pick.party(), verb, pick.matter(), "agreement", known


FLIPPED = {"opposition": "agreement", "agreement": "opposition"}
CLEAN_AGAINST, NEW_CLEAN_AGAINST = ["reject", "oppose", "veto", "rebuff", "spurn"], ["squelch", "kneecap", "stiff-arm"]
"""Verbs whose denial is consent; not to criticise is none."""


def deniable(pick: Pick) -> tuple[str, str, str, str, bool]:
    """Return what `plain` returns, with a verb whose denial takes the other stance."""
    if pick.random.random() < 0.5:
        verb, known = pick.verb(CLEAN_AGAINST, NEW_CLEAN_AGAINST)
        return pick.party(), verb, pick.matter(), "opposition", known
    verb, known = pick.in_favour()
    return pick.party(), verb, pick.matter(), "agreement", known


@capability
def plain_statement(pick: Pick) -> Case:
    party, verb, matter, stance, known = plain(pick)
    return Case(f"{party} {past(verb)} the {matter} on {pick.of('Monday', 'Friday', 'Sunday')}.", stance, known)


@capability
def tense(pick: Pick) -> Case:
    party, verb, matter, stance, known = plain(pick)
    form = pick.of(f"will {verb}", f"has {past(verb)}", f"is {ing(verb)}", f"had {past(verb)}", third(verb))
    return Case(f"{party} {form} the {matter}.", stance, known)


@capability
def passive_voice(pick: Pick) -> Case:
    party, verb, matter, stance, known = plain(pick)
    be = pick.of("was", "has been", "will be", "is being")
    return Case(f"the {matter} {be} {past(verb)} by {party}.", stance, known)


@capability
def attribution(pick: Pick) -> Case:
    party, verb, matter, stance, known = plain(pick)
    who = pick.of(*SPEAKERS)
    form = pick.of(
        f"{who} said that {party} {third(verb)} the {matter}.",
        f"{party} {third(verb)} the {matter}, {who[0].lower() + who[1:]} said.",
        f"According to {who[0].lower() + who[1:]}, {party} {past(verb)} the {matter}.",
    )
    return Case(form, stance, known)


@capability
def negation_near(pick: Pick) -> Case:
    party, verb, matter, stance, known = deniable(pick)
    no = pick.of("did not", "does not", "will not", "would never", "could not", "didn't", "won't", "cannot")
    return Case(f"{party} {no} {verb} the {matter}.", FLIPPED[stance], known)


@capability
def negation_before_subject(pick: Pick) -> Case:
    party, verb, matter, stance, known = deniable(pick)
    form = pick.of(
        f"no member of the {pick.of('nine', 'seven', 'twelve')}-seat panel {past(verb)} the {matter}.",
        f"none of the {pick.of('nine', 'seven', 'twelve')} towns on the lake {past(verb)} the {matter}.",
        f"no longer does {party} {verb} the {matter}.",
        f"nor will {party} {verb} the {matter}.",
        f"hardly anybody on the coast {third(verb)} the {matter}.",
        f"under no circumstances will {party} {verb} the {matter}.",
        f"few of the {pick.of('nine', 'seven', 'twelve')} towns on the lake {verb} the {matter}.",
    )
    return Case(form, FLIPPED[stance], known)


@capability
def negation_of_a_clause(pick: Pick) -> Case:
    party, verb, matter, stance, known = deniable(pick)
    form = pick.of(
        f"it would be wrong to say that {party} {third(verb)} the {matter}.",
        f"it is not true that {party} {past(verb)} the {matter}.",
        f"{pick.of(*SPEAKERS)} does not believe that {party} {third(verb)} the {matter}.",
        f"there is no sign that {party} {third(verb)} the {matter}.",
    )
    return Case(form, FLIPPED[stance], known)


@capability
def negation_undone(pick: Pick) -> Case:
    party, verb, matter, stance, known = plain(pick)
    form = pick.of(
        f"{party} did not fail to {verb} the {matter}.",
        f"{party} never refused to {verb} the {matter}.",
        f"{party} has not declined to {verb} the {matter}.",
        f"{party} did not hesitate to {verb} the {matter}.",
    )
    return Case(form, stance, known)


@capability
def inversion_that_denies_nothing(pick: Pick) -> Case:
    party, verb, matter, stance, known = plain(pick)
    never = pick.of("Never has", "Rarely has", "Seldom has", "Never before has", "Hardly ever has")
    so = pick.of("so openly", "so warmly", "so loudly", "so quickly", "so firmly")
    return Case(f"{never} {party} {past(verb)} a {matter} {so}.", stance, known)


@capability
def contrast_with_but(pick: Pick) -> Case:
    party = pick.party()
    first, second = pick.of("praised", "welcomed", "applauded"), pick.of("criticised", "deplored", "assailed")
    verb, known = (pick.in_favour if pick.random.random() < 0.5 else pick.against)()
    stance = "agreement" if verb in FOR + NEW_FOR else "opposition"
    before = second if stance == "agreement" else first
    form = pick.of(
        f"{party} {before} the wording, but {past(verb)} the {pick.matter()}.",
        f"although {party} {before} the wording, it {past(verb)} the {pick.matter()}.",
        f"despite having {before} the wording, {party} {past(verb)} the {pick.matter()}.",
    )
    return Case(form, stance, known)


@capability
def contrast_without_but(pick: Pick) -> Case:
    party, matter = pick.party(), pick.matter()
    verb, known = (pick.in_favour if pick.random.random() < 0.5 else pick.against)()
    stance = "agreement" if verb in FOR + NEW_FOR else "opposition"
    other = pick.of("rejecting", "opposing", "rebuffing") if stance == "agreement" else pick.of("accepting", "endorsing")
    noun = pick.of("harsh words", "early doubts", "old quarrels") if stance == "agreement" else pick.of("kind words", "early praise")
    form = pick.of(
        f"instead of {other} it, {party} {past(verb)} the {matter}.",
        f"{noun} aside, {party} {past(verb)} the {matter}.",
        f"far from {other} it, {party} {past(verb)} the {matter}.",
        f"for all the {noun}, {party} {past(verb)} the {matter}.",
        f"{noun} notwithstanding, {party} {past(verb)} the {matter}.",
    )
    return Case(form, stance, known)


@capability
def hedges_and_conditions(pick: Pick) -> Case:
    party, verb, matter, _, known = plain(pick)
    form = pick.of(
        f"if {party} {past(verb)} the {matter}, a vote would follow, {pick.of(*SPEAKERS)[0].lower()} lawyer wrote.",
        f"it is unclear whether {party} {third(verb)} the {matter}.",
        f"whether {party} will {verb} the {matter} is not known.",
        f"nobody knows yet if {party} will {verb} the {matter}.",
    )
    return Case(form, "neutral", known)


@capability
def questions(pick: Pick) -> Case:
    party, verb, matter, _, known = plain(pick)
    form = pick.of(
        f"will {party} {verb} the {matter}?", f"does {party} {verb} the {matter}?", f"has {party} {past(verb)} the {matter}?"
    )
    return Case(form, "neutral", known)


@capability
def intensifiers_and_manner(pick: Pick) -> Case:
    party, verb, matter, stance, known = plain(pick)
    how = pick.of("unanimously", "jointly", "strongly", "firmly", "publicly", "quietly", "at once", "once more", "together")
    form = f"{party} and {pick.party(party)} {how} {past(verb)} the {matter}."
    return Case(form, stance, known)


@capability
def lost_apostrophes(pick: Pick) -> Case:
    party, verb, matter, stance, known = deniable(pick)
    stem = pick.of("doesn", "won", "can", "didn", "wouldn", "couldn", "hasn't had to vote but didn")
    mark = pick.of("", "?", "`", "´", "ʼ", "′", "＇", " ", "’")
    return Case(f"{party} {stem}{mark}t {verb} the {matter}.", FLIPPED[stance], known)


@capability
def refusing_a_negative(pick: Pick) -> Case:
    party = pick.party()
    deed = pick.of("raid", "march", "speech", "visit", "toll", "edict")
    form = pick.of(
        f"{party} {pick.of('declined', 'refused')} to {pick.of('condemn', 'denounce', 'criticise', 'censure')} the {deed}.",
        f"{party} stopped short of {pick.of('condemning', 'denouncing', 'censuring', 'punishing')} the {deed}.",
        f"{party} {pick.of('declined', 'refused')} to {pick.of('join', 'back', 'support')} the {pick.of('boycott', 'embargo', 'strike', 'blockade')}.",
        f"{party} {pick.of('refrained from', 'avoided')} {pick.of('condemning', 'criticising', 'blaming')} the {deed}.",
    )
    return Case(form, "neutral")


@capability
def taking_back_a_yes(pick: Pick) -> Case:
    party = pick.party()
    verb = pick.of("withdrew", "revoked", "took back", "retracted", "rescinded", "cancelled", "dropped", "went back on")
    noun = pick.of("acceptance", "consent", "offer", "support", "endorsement", "promise", "approval", "invitation", "pledge")
    return Case(f"{party} {verb} its {noun} {pick.of('on Friday', 'within a day', 'after the vote', 'in May')}.", "opposition")


@capability
def taking_back_a_no(pick: Pick) -> Case:
    party = pick.party()
    verb = pick.of("withdrew", "dropped", "took back", "gave up", "lifted", "abandoned", "softened")
    noun = pick.of("objection", "veto", "opposition", "threat", "boycott", "ban", "complaint", "demand", "resistance")
    return Case(f"{party} {verb} its {noun} {pick.of('on Friday', 'within a day', 'after the vote', 'in May')}.", "agreement")


@capability
def denied_quarrels(pick: Pick) -> Case:
    party, other = pick.party(), pick.party()
    rift = pick.of("rift", "quarrel", "feud", "split", "row", "dispute")
    form = pick.of(
        f"{party} denied any {rift} with {other}.",
        f"{party} denied that it had fallen out with {other}.",
        f"{party} dismissed talk of a {rift} with {other}.",
        f"there is no {rift} between {party} and {other}, {pick.of(*SPEAKERS)[0].lower()} minister said.",
        f"{party} played down reports of a {rift} with {other}.",
    )
    return Case(form, "agreement")


@capability
def accidents(pick: Pick) -> Case:
    who = pick.of("soldiers", "policemen", "ministers", "diplomats", "sailors", "officers", "marines", "pilots")
    number = pick.of("two", "three", "four", "five", "nine")
    what = pick.of(
        f"their {pick.of('truck', 'car', 'bus', 'helicopter', 'boat')} hit a {pick.of('tree', 'wall', 'rock', 'pylon', 'power line')}",
        f"their {pick.of('truck', 'car', 'bus', 'van')} left the road",
        f"their {pick.of('boat', 'launch', 'ferry')} capsized",
        f"their {pick.of('plane', 'helicopter')} crashed in {pick.of('fog', 'a storm', 'the hills')}",
        f"their {pick.of('truck', 'car', 'bus', 'tank')} overturned on ice",
    )
    return Case(f"{number} {who} {pick.of('died', 'were killed', 'were hurt')} when {what}.", "neutral")


@capability
def products_and_markets(pick: Pick) -> Case:
    thing = pick.of("phone", "camera", "printer", "console", "browser", "engine", "laptop", "cartridge", "radio", "scooter")
    maker = pick.of("the company", "the studio", "the maker", "the firm", "the workshop", "the retailer")
    form = pick.of(
        f"{maker} {pick.of('dropped', 'ended')} support for its {pick.of('oldest', 'first', 'smallest')} {thing}s.",
        f"{maker} {pick.of('discontinued', 'scrapped', 'withdrew')} its {pick.of('oldest', 'first', 'smallest')} {thing}.",
        f"{maker} recalled {pick.of('two', 'three', 'nine')} models of {thing}.",
    )
    return Case(form, "neutral")


@capability
def stance_words_in_names(pick: Pick) -> Case:
    word = pick.of("Friendship", "Unity", "Peace", "Liberation", "Resistance", "Victory", "Solidarity", "Reconciliation")
    thing = pick.of("Bridge", "Park", "Square", "Stadium", "Hotel", "Avenue", "Museum", "Festival", "Hospital", "Orchestra")
    form = pick.of(
        f"the {word} {thing} {pick.of('opens at nine', 'was built in 1931', 'is 200 metres long', 'has a new roof')}.",
        f"the tram stops at the {word} {thing} {pick.of('twice an hour', 'on Sundays', 'after dark')}.",
        f"{pick.of('a choir', 'a band', 'a school')} sang at the opening of the {word} {thing}.",
    )
    return Case(form, "neutral")


@capability
def anniversaries_and_history(pick: Pick) -> Case:
    event = pick.of("siege", "battle", "treaty", "armistice", "mutiny", "raid", "uprising", "massacre", "invasion")
    year = pick.of("1811", "1848", "1871", "1917", "1923", "1944")
    form = pick.of(
        f"a {pick.of('plaque', 'statue', 'stone')} recalls the {event} of {year}.",
        f"the museum shows {pick.of('photographs', 'letters', 'maps')} of the {event} of {year}.",
        f"{pick.of('pilgrims', 'schools', 'veterans')} marked the anniversary of the {event}.",
        f"the {pick.of('novel', 'film', 'song')} tells of the {event} of {year}.",
    )
    return Case(form, "neutral")


@capability
def meetings_and_courtesies(pick: Pick) -> Case:
    party, other = pick.party(), pick.party()
    form = pick.of(
        f"{party} and {other} met for {pick.of('an hour', 'two hours', 'a day')} in {pick.of('Riga', 'Bern', 'Oslo')}.",
        f"envoys of {party} will visit {other} {pick.of('next week', 'in May', 'on Tuesday')}.",
        f"{party} sent condolences to {other} after the {pick.of('fire', 'flood', 'attack', 'crash')}.",
        f"{party} laid a wreath at the {pick.of('memorial', 'cemetery', 'monument')} {pick.of('at noon', 'on Sunday')}.",
    )
    return Case(form, "neutral")


@capability
def two_parties_that_differ(pick: Pick) -> Case:
    party, matter = pick.party(), pick.matter()
    other = pick.party(party)
    yes, no = pick.of("accepted", "welcomed", "endorsed", "backed"), pick.of("rejected", "opposed", "denounced", "vetoed")
    first, second = (yes, no) if pick.random.random() < 0.5 else (no, yes)
    return Case(f"{party} {first} the {matter}, {pick.of('while', 'whereas')} {other} {second} it.", "neutral")


@capability
def headlines(pick: Pick) -> Case:
    party, matter = pick.party().removeprefix("the "), pick.matter()
    verb, known = (pick.in_favour if pick.random.random() < 0.5 else pick.against)()
    stance = "agreement" if verb in FOR + NEW_FOR else "opposition"
    text = f"{party} {third(verb)} {matter}"
    return Case(pick.of(text.upper(), text.title(), text, f"{text} again"), stance, known)


Change = Callable[[Pick, str], str]


def _swap_names(pick: Pick, text: str) -> str:
    for party in sorted(PARTIES, key=len, reverse=True):
        for form in (party, party[0].upper() + party[1:]):
            if form in text:
                other = pick.party(party)
                return text.replace(form, other[0].upper() + other[1:] if form[0].isupper() else other)
    return text


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
    "names exchanged": _swap_names,
    "a typing error beside the verb": _typo,
    "capitals": lambda _, text: text.upper(),
    "lower case": lambda _, text: text.lower(),
    "quotation marks": lambda pick, text: pick.of(f"“{text}”", f'"{text}"', f"``{text}''", f"«{text}»"),
    "dashes and blanks": lambda pick, text: text.replace(" the ", pick.of("  the ", "\u00a0the ")).replace(".", pick.of(" .", "")),
    "an irrelevant clause": _aside,
}
"""Changes of a sentence that should leave the answer as it is."""


def changed(name: str, n: int = N_CASES) -> Iterator[tuple[str, str]]:
    """Yield n pairs of a sentence and the same one changed."""
    pick = Pick(random.Random(name))
    names = [own for own in ("plain statement", "tense", "negation near", "passive voice")]
    texts = [case.text for own in names for case in cases(own)]
    pick.random.shuffle(texts)
    found = dict[str, str]()
    for text in texts:
        other = CHANGES[name](pick, text)
        if other != text:
            found.setdefault(text, other)
        if len(found) == n:
            break
    yield from found.items()
