"""The shipped labeling functions that need more than cues: each reads one `Parse` and votes or abstains."""

from collections.abc import Iterator

from pipeline.stances import ABSTAIN, NEUTRAL, OPPOSITION
from pipeline.weak.lf import LF, labeling_function, marked
from pipeline.weak.morphology import nouns, verbs
from pipeline.weak.parse import Hit, Parse
from pipeline.weak.scope_words import CONTRASTS
from pipeline.weak.words import words

_Vote = int | tuple[int, float]

_VIOLENT = (
    verbs("attack kill bomb shoot murder shell ambush raid storm wound injure abduct kidnap behead")
    | nouns("attack bombing blast explosion bomb killing gunman shooting raid ambush assault bomber")
    | {"airstrike", "airstrikes", "gunmen", "dead", "died"}
)
_FORCES = nouns(
    "troop soldier force militant insurgent rebel guerrilla fighter militia militiaman separatist warplane tank "
    "army jihadist paramilitary marine peacekeeper"
) | words(
    "army military navy taliban hamas hezbollah qaeda al-qaeda isis isil israeli u.s.-led us-led nato gunships "
    "palestinian palestinians kurdish suicide"
)
_TARGETS = nouns(
    "embassy consulate government policeman officer convoy headquarters checkpoint barracks base minister "
    "official governor mayor lawmaker candidate diplomat politician commander judge recruit"
) | {"police", "parliament", "ministry", "army", "military", "troops"}
_PARTIES = _FORCES | _TARGETS
_ACCIDENTS = nouns(
    "earthquake quake hurricane storm typhoon flood crash accident mine coal avalanche landslide tsunami "
    "train bus ferry plane disease virus flu collision fire mudslide tornado"
)
_REACH = 8


@labeling_function(
    stance="opposition",
    rule="8, 12: material acts, and violence with no party on the other side",
    fires=["Soldiers shot dead two men near the crossing.", "A bomb wounded six policemen at a checkpoint."],
    quiet=["A bomb wounded six shoppers at a market.", "A coal mine explosion killed twelve people."],
    needs=_VIOLENT,
)
def violence_of_parties(parse: Parse) -> _Vote:
    """Violence is opposition where an armed or official party stands close by, as the one who strikes or is struck."""
    if not _ACCIDENTS.isdisjoint(parse.tokens):
        return ABSTAIN
    violent = [i for i, token in enumerate(parse.tokens) if token in _VIOLENT]
    near = {t for i in violent for t in parse.tokens[max(0, i - _REACH) : i + _REACH]}
    if near & _FORCES:
        return OPPOSITION, 0.5
    return (OPPOSITION, 0.3) if near & _TARGETS else ABSTAIN


@labeling_function(
    stance="neutral",
    rule="12: violence, crime and accidents with no party on the other side",
    fires=["A bomb wounded six shoppers at a market.", "A coal mine explosion killed twelve people."],
    quiet=["Soldiers shot dead two men near the crossing."],
    needs=_VIOLENT,
)
def violence_unattributed(parse: Parse) -> _Vote:
    """Violence and death without a party on either side, or beside a word of accident, take no stance."""
    if not _ACCIDENTS.isdisjoint(parse.tokens):
        return NEUTRAL, 0.9
    return (NEUTRAL, 0.7) if _PARTIES.isdisjoint(parse.tokens) else ABSTAIN


@labeling_function(
    stance="neutral",
    rule="neutral: open questions",
    fires=["Will the two sides sign before the summer?"],
    quiet=["The two sides will sign before the summer."],
    needs=["?"],
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
    first = _first_clear(parse, within=10)
    return (first.stance, 0.5) if first else ABSTAIN


@labeling_function(
    stance="agreement",
    rule="1: label what follows but, however",
    strength=0.6,
    fires=["Quarrels go on, but the two governments will cooperate on water."],
    quiet=["The two governments cooperate on water, but they condemned the raid."],
    needs=CONTRASTS,
)
def after_but(parse: Parse) -> _Vote:
    """What stands behind the last "but" is the main point."""
    first = next((hit for hit in _clear(parse) if hit.match.at[0] > parse.scope.contrast >= 3), None)
    return (first.stance, 0.6) if first else ABSTAIN


_NAMING = verbs("call label brand dub describe denounce dismiss deride hail praise")
_NO_NAMING = words("for on off upon in up to by back")
_REPLYING = verbs("reply answer retort counter contend maintain insist object rejoin argue")
_DENIALS = words("not 't no never nor neither cannot nothing nobody none hardly")
_OTHERS = words("you they he she")


@labeling_function(
    stance="opposition",
    rule="opposition: criticises; agreement: praises",
    strength=0.5,
    fires=["The mayor called the levy on bread a disgrace.", "Growers described the new gate as a disaster."],
    quiet=["The mayor called the gate a marvel of skill and a blessing for the town.", "He called for calm."],
    needs=_NAMING,
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
    needs=_REPLYING,
)
def answered_no(parse: Parse) -> _Vote:
    """To answer, insist or maintain that something is not so contradicts somebody."""
    return (OPPOSITION, 0.6) if _denied(parse.tokens, _REPLYING, reach=8) else ABSTAIN


@labeling_function(
    stance="opposition",
    rule="3: reported is as good as voiced; opposition: criticises",
    strength=0.45,
    fires=['"They never asked us," the ferryman said.', '"You cannot run a port like that," she told the council.'],
    quiet=['"They asked us twice," the ferryman said.', "They never saw the port."],
    needs=_OTHERS,
)
def quoted_reproach(parse: Parse) -> _Vote:
    """What a quoted speaker says that you or they do not, cannot or never do is mostly held against them."""
    quoted = '"' in parse.text or "\u201c" in parse.text
    return (OPPOSITION, 0.45) if quoted and _denied(parse.tokens, _OTHERS, reach=3) else ABSTAIN


@labeling_function(
    stance="neutral",
    rule="neutral: figures, pure description",
    fires=["Turnout was 61 percent in 1998, 58 percent in 2002 and 64 percent in 2006."],
    quiet=["The 61 deputies rejected it in 1998."],
)
def mostly_figures(parse: Parse) -> _Vote:
    """Three numbers or more and no clear cue: a sentence of figures."""
    if _first_clear(parse, within=99):
        return ABSTAIN
    return (NEUTRAL, 0.6) if sum(token[0].isdigit() for token in parse.tokens) >= 3 else ABSTAIN


@labeling_function(
    stance="neutral",
    rule="neutral: no stance",
    fires=["Lunch at the harbour."],
    quiet=["Harbour workers oppose it."],
)
def fragment(parse: Parse) -> _Vote:
    """A few words without a cue are a heading, a caption or a name."""
    return (NEUTRAL, 0.5) if len(parse.tokens) <= 6 and not _first_clear(parse, within=99) else ABSTAIN


def _denied(tokens: list[str], of: frozenset[str], reach: int) -> bool:
    return any(t in of and not _DENIALS.isdisjoint(tokens[i + 1 : i + 1 + reach]) for i, t in enumerate(tokens))


def _clear(parse: Parse) -> Iterator[Hit]:
    return (hit for hit in parse.hits if hit.strength >= 0.45 and hit.stance != NEUTRAL)


def _first_clear(parse: Parse, within: int) -> Hit | None:
    first = next(_clear(parse), None) if parse.hits else None
    return first if first and first.match.at[0] <= within else None


SHIPPED: tuple[LF, ...] = tuple(lf for value in list(globals().values()) if (lf := marked(value)))
"""The LFs of this module, in its order."""
