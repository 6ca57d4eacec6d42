"""The shipped labeling functions that need more than cues: each reads one `Parse` and votes or abstains."""

from pipeline.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.lf import LF, labeling_function, marked
from pipeline.weak.morphology import noun_forms, verb_forms
from pipeline.weak.parse import Hit, Parse
from pipeline.weak.words import words

_Vote = int | tuple[int, float]


def _verbs(lemmas: str) -> frozenset[str]:
    return frozenset().union(*map(verb_forms, words(lemmas)))


def _nouns(lemmas: str) -> frozenset[str]:
    return frozenset().union(*map(noun_forms, words(lemmas)))


_VIOLENT = (
    _verbs("attack kill bomb shoot murder shell ambush raid storm wound injure abduct kidnap behead")
    | _nouns("attack bombing blast explosion bomb killing gunman shooting raid ambush assault bomber")
    | {"airstrike", "airstrikes", "gunmen", "dead", "died"}
)
_FORCES = _nouns(
    "troop soldier force militant insurgent rebel guerrilla fighter militia militiaman separatist warplane tank "
    "army jihadist paramilitary marine peacekeeper"
) | words(
    "army military navy taliban hamas hezbollah qaeda al-qaeda isis isil israeli u.s.-led us-led nato gunships "
    "palestinian palestinians kurdish suicide"
)
_TARGETS = _nouns(
    "embassy consulate government policeman officer convoy headquarters checkpoint barracks base minister "
    "official governor mayor lawmaker candidate diplomat politician commander judge recruit"
) | {"police", "parliament", "ministry", "army", "military", "troops"}
_ACCIDENTS = _nouns(
    "earthquake quake hurricane storm typhoon flood crash accident mine coal avalanche landslide tsunami "
    "train bus ferry plane disease virus flu collision fire mudslide tornado"
)
_REACH = 8


@labeling_function(
    stance="opposition",
    rule="8, 12: material acts, and violence with no party on the other side",
    fires=["Soldiers shot dead two men near the crossing.", "A bomb wounded six policemen at a checkpoint."],
    quiet=["A bomb wounded six shoppers at a market.", "A coal mine explosion killed twelve people."],
)
def violence_of_parties(parse: Parse) -> _Vote:
    """Violence is opposition where an armed or official party stands close by, as the one who strikes or is struck."""
    violent = [i for i, token in enumerate(parse.tokens) if token in _VIOLENT]
    if not violent or _ACCIDENTS & set(parse.tokens):
        return ABSTAIN
    near = {t for i in violent for t in parse.tokens[max(0, i - _REACH) : i + _REACH]}
    if near & _FORCES:
        return OPPOSITION, 0.8
    return (OPPOSITION, 0.5) if near & _TARGETS else ABSTAIN


@labeling_function(
    stance="neutral",
    rule="12: violence, crime and accidents with no party on the other side",
    fires=["A bomb wounded six shoppers at a market.", "A coal mine explosion killed twelve people."],
    quiet=["Soldiers shot dead two men near the crossing."],
)
def violence_unattributed(parse: Parse) -> _Vote:
    """Violence and death without a party on either side, or beside a word of accident, take no stance."""
    tokens = set(parse.tokens)
    if not tokens & _VIOLENT:
        return ABSTAIN
    if tokens & _ACCIDENTS:
        return NEUTRAL, 0.9
    return (NEUTRAL, 0.7) if not tokens & (_FORCES | _TARGETS) else ABSTAIN


@labeling_function(
    stance="neutral",
    rule="neutral: open questions",
    fires=["Will the two sides sign before the summer?"],
    quiet=["The two sides will sign before the summer."],
)
def open_question(parse: Parse) -> _Vote:
    """A question leaves open what it asks."""
    return (NEUTRAL, 0.6) if parse.scope.question else ABSTAIN


@labeling_function(
    stance="opposition",
    rule="1: the main point wins",
    strength=0.5,
    fires=["The delegates rejected the plan that the two sides had agreed."],
    quiet=["The delegates agreed to the plan that the rivals reject."],
)
def leading_cue(parse: Parse) -> _Vote:
    """The first clear cue in the opening words usually is the main clause's: its stance counts once more."""
    first = _first_stance(parse, within=10)
    return (first.stance, 0.5) if first else ABSTAIN


@labeling_function(
    stance="agreement",
    rule="1: label what follows but, however",
    strength=0.6,
    fires=["Quarrels go on, but the two governments will cooperate on water."],
    quiet=["The two governments cooperate on water, but they condemned the raid."],
)
def after_but(parse: Parse) -> _Vote:
    """What stands behind the last "but" is the main point."""
    behind = [hit for hit in _stance_hits(parse) if hit.match.at[0] > parse.scope.contrast >= 3]
    return (behind[0].stance, 0.6) if behind else ABSTAIN


_NAMING = _verbs("call label brand dub describe denounce dismiss deride hail praise")
_NO_NAMING = words("for on off upon in up to by back")
_REPLYING = _verbs("reply answer retort counter contend maintain insist object rejoin argue")
_DENIALS = words("not 't no never nor neither cannot nothing nobody none hardly")
_OTHERS = words("you they he she")


@labeling_function(
    stance="opposition",
    rule="opposition: criticises; agreement: praises",
    strength=0.5,
    fires=["The mayor called the levy on bread a disgrace.", "Growers described the new gate as a disaster."],
    quiet=["The mayor called the gate a marvel of skill and a blessing for the town.", "He called for calm."],
)
def name_given(parse: Parse) -> _Vote:
    """What somebody calls another, or describes it as, counts once more: naming is judging."""
    for i, token in enumerate(parse.tokens):
        if token in _NAMING and _NO_NAMING.isdisjoint(parse.tokens[i + 1 : i + 2]):
            named = next((hit for hit in parse.hits if i < hit.match.at[0] <= i + 9 and hit.stance != NEUTRAL), None)
            if named:
                return named.stance, 0.5
    return ABSTAIN


@labeling_function(
    stance="opposition",
    rule="opposition: disputes, rejects; 10: denial",
    strength=0.6,
    fires=["The guild replied that the toll was no business of his.", "He insisted that he never saw it."],
    quiet=["The guild replied that the toll was fair.", "She said that she had never seen the sea."],
)
def answered_no(parse: Parse) -> _Vote:
    """To answer, insist or maintain that something is not so contradicts somebody."""
    tokens = parse.tokens
    answers = any(t in _REPLYING and not _DENIALS.isdisjoint(tokens[i + 1 : i + 9]) for i, t in enumerate(tokens))
    return (OPPOSITION, 0.6) if answers else ABSTAIN


@labeling_function(
    stance="opposition",
    rule="3: reported is as good as voiced; opposition: criticises",
    strength=0.45,
    fires=['"They never asked us," the ferryman said.', '"You cannot run a port like that," she told the council.'],
    quiet=['"They asked us twice," the ferryman said.', "They never saw the port."],
)
def quoted_reproach(parse: Parse) -> _Vote:
    """What a quoted speaker says that you or they do not, cannot or never do is mostly held against them."""
    if not any(mark in parse.text for mark in '"\u201c'):
        return ABSTAIN
    tokens = parse.tokens
    reproach = any(t in _OTHERS and not _DENIALS.isdisjoint(tokens[i + 1 : i + 4]) for i, t in enumerate(tokens))
    return (OPPOSITION, 0.45) if reproach else ABSTAIN


@labeling_function(
    stance="neutral",
    rule="neutral: figures, pure description",
    fires=["Turnout was 61 percent in 1998, 58 percent in 2002 and 64 percent in 2006."],
    quiet=["The 61 deputies rejected it in 1998."],
)
def mostly_figures(parse: Parse) -> _Vote:
    """Three numbers or more and no clear cue: a sentence of figures."""
    numbers = sum(token[0].isdigit() for token in parse.tokens)
    return (NEUTRAL, 0.6) if numbers >= 3 and not _first_stance(parse, within=99) else ABSTAIN


@labeling_function(
    stance="neutral",
    rule="neutral: no stance",
    fires=["Lunch at the harbour."],
    quiet=["Harbour workers oppose it."],
)
def fragment(parse: Parse) -> _Vote:
    """A few words without a cue are a heading, a caption or a name."""
    return (NEUTRAL, 0.5) if len(parse.tokens) <= 6 and not _first_stance(parse, within=99) else ABSTAIN


def _stance_hits(parse: Parse) -> list[Hit]:
    return [hit for hit in parse.hits if hit.stance in (OPPOSITION, AGREEMENT) and hit.strength >= 0.45]


def _first_stance(parse: Parse, within: int) -> Hit | None:
    return next((hit for hit in _stance_hits(parse) if hit.match.at[0] <= within), None)


SHIPPED: tuple[LF, ...] = tuple(lf for value in list(globals().values()) if (lf := marked(value)))
"""The LFs of this module, in its order."""
