"""The shipped labeling functions that need more than cues: each reads many sentences at once."""

from functools import lru_cache

import numpy as np

from pipeline.base.stances import ABSTAIN, NEUTRAL, OPPOSITION
from pipeline.weak.cues.language import nouns, state_words, verbs, words
from pipeline.weak.cues.tokens import WordTable
from pipeline.weak.lfs.lf import LF, labeling_function, lf_of
from pipeline.weak.lfs.parse import Parses, WordSet, clear_hits, opening_stances, rows_of, stances_of, votes_where

_Votes = tuple[np.ndarray, float | np.ndarray]

_VIOLENT = WordSet(
    verbs("attack kill bomb shoot murder shell ambush raid storm wound injure abduct kidnap behead")
    | nouns("attack bombing blast explosion bomb killing gunman shooting raid ambush assault bomber")
    | {"airstrike", "airstrikes", "gunmen", "dead", "died"}
)
_ARMED = nouns(
    "troop soldier force militant insurgent rebel guerrilla fighter militia militiaman separatist warplane tank "
    "army jihadist paramilitary marine peacekeeper"
) | words(
    "army military navy taliban hamas hezbollah qaeda al-qaeda isis isil israeli u.s.-led us-led nato gunships "
    "palestinian palestinians kurdish suicide"
)
_OFFICIAL = nouns(
    "embassy consulate government policeman officer convoy headquarters checkpoint barracks base minister "
    "official governor mayor lawmaker candidate diplomat politician commander judge recruit"
) | {"police", "parliament", "ministry", "army", "military", "troops"}
_FORCES, _TARGETS, _PARTIES = WordSet(_ARMED), WordSet(_OFFICIAL), WordSet(_ARMED | _OFFICIAL)
_STATES = WordSet(state_words()["state"])
_STRIKING = WordSet(verbs("attack bomb shell ambush raid storm invade strike hit bombard"))
_PLACED = WordSet(words("in of at near from outside the to over around and across on"))
_ACCIDENTS = WordSet(
    nouns(
        "earthquake quake hurricane storm typhoon flood crash accident mine coal avalanche landslide tsunami "
        "train bus ferry plane disease virus flu collision fire mudslide tornado mishap wreck fog ice"
    )
    | verbs("crash overturn skid capsize sink derail swerve collide drown")
)
_HITTING, _OBSTACLES = (
    WordSet(["hit", "struck", "clipped", "left"]),
    WordSet(nouns("tree wall pole mast kerb curb rock reef iceberg cliff road runway pylon guardrail embankment line")),
)
_CLOSE = range(-8, 8)
_FIGURES = WordTable(lambda words: np.array([word[:1].isdigit() for word in words], bool))


def _accidents(parses: Parses) -> np.ndarray:
    """Return for each sentence whether something crashes or hits an obstacle there."""
    hitting = _HITTING.places(parses.tokens)
    obstacles = rows_of(parses.tokens, hitting[_OBSTACLES.near(parses.tokens, hitting, range(1, 5))])
    return _ACCIDENTS.rows(parses.tokens) | obstacles


def _between_states(parses: Parses) -> np.ndarray:
    """Return for each sentence whether a state strikes there, or is struck: "Oslo shelled", "attacked Norway"."""
    tokens, striking = parses.tokens, _STRIKING.places(parses.tokens)
    struck = _STATES.near(tokens, striking, (1,))
    strikes = _STATES.near(tokens, striking, (-1,)) & ~_PLACED.near(tokens, striking, (-2,))
    return rows_of(tokens, striking[struck | strikes])


@labeling_function(
    stance="opposition",
    rule="8, 12: material acts, and violence with no party on the other side",
    fires=[
        "Soldiers shot dead two men near the crossing.",
        "A bomb wounded six policemen at a checkpoint.",
        "Norway attacked Denmark at dawn.",
    ],
    quiet=["A bomb wounded six shoppers at a market.", "A coal mine explosion killed twelve people."],
    batch=True,
)
def violence_of_parties(parses: Parses) -> _Votes:
    """Violence is opposition where an armed or official party stands close by, as the one who strikes or is struck."""
    tokens, violent = parses.tokens, _VIOLENT.places(parses.tokens)
    forces, targets = (rows_of(tokens, violent[who.near(tokens, violent, _CLOSE)]) for who in (_FORCES, _TARGETS))
    states = _between_states(parses)
    votes = (forces | targets | states) & ~_accidents(parses)
    return votes_where(votes, OPPOSITION), np.where(forces | states, 0.5, 0.3)


@labeling_function(
    stance="neutral",
    rule="12: violence, crime and accidents with no party on the other side",
    fires=["A bomb wounded six shoppers at a market.", "A coal mine explosion killed twelve people."],
    quiet=["Soldiers shot dead two men near the crossing.", "Norway attacked Denmark at dawn."],
    batch=True,
)
def violence_unattributed(parses: Parses) -> _Votes:
    """Violence and death without a party on either side, or beside a word of accident, take no stance."""
    violent, accidents = _VIOLENT.rows(parses.tokens), _accidents(parses)
    parties = _PARTIES.rows(parses.tokens) | _between_states(parses)
    return votes_where(violent & (accidents | ~parties), NEUTRAL), np.where(accidents, 0.9, 0.7)


@labeling_function(
    stance="neutral",
    rule="neutral: open questions",
    fires=["Will the two sides sign before the summer?"],
    quiet=["The two sides will sign before the summer."],
    batch=True,
)
def open_question(parses: Parses) -> _Votes:
    """A question leaves open what it asks."""
    return votes_where(parses.scopes.questions, NEUTRAL), 0.6


_BUT, _WHILE = WordSet(["but"]), WordSet(["while", "whereas"])
_PARTY_BEGINS = WordSet(words("the other others another some most many"))
_SAME_PARTY = WordSet(
    words(
        "both sides two it he she they this that same talks relations at meeting talk summit mood answer result end "
        "deal vote atmosphere tone day session conversation"
    )
)
_AND, _OTHERS_TOO = WordSet(["and"]), WordSet(["others", "some"])
_SEMICOLON, _COMMA = WordSet([";"]), WordSet([","])
_NO_PARTY = WordSet(
    words(
        "the a an it he she they we i you who which that this these those there here not no never also then later now "
        "soon still only even just has have had is are was were be been will would can could may might must should did "
        "do does said says in on at to of for from by with about over under into against after before when while if as "
        "since until because rather instead strongly sharply firmly flatly both two more most many some other others "
        "another its his her their our my"
    )
    | verbs("reject accept support oppose refuse agree fail warn say add call vow deny praise back condemn insist urge")
)
_ADVERBS = WordTable(lambda words: np.array([word.endswith("ly") for word in words], bool))
_IN_SAME_BREATH = WordSet(words("both it he she they at same reaching insisting saying adding"))


@lru_cache(maxsize=1)  # three functions ask in turn
def _two_parties(parses: Parses) -> np.ndarray:
    """Return for each sentence whether cues of different stances stand on both sides of "while" or "but the"."""
    tokens, clear = parses.tokens, np.flatnonzero((parses.hits.strength >= 0.12) & (parses.hits.stance != NEUTRAL))
    but, parallel = _BUT.places(tokens), _WHILE.places(tokens)
    also = _AND.places(tokens)
    but = np.union1d(but, also[_OTHERS_TOO.near(tokens, also, (1,))])
    but = but[_PARTY_BEGINS.near(tokens, but, (1,)) & ~_SAME_PARTY.near(tokens, but, (1, 2))]
    turns = np.union1d(but, parallel[~_IN_SAME_BREATH.near(tokens, parallel, (1, 2))])
    lone = _BUT.places(tokens)
    lone = lone[~_NO_PARTY.near(tokens, lone, (1,))]  # "but Lima": one word, then the verb
    lone = lone[~_ADVERBS.of(tokens)[tokens.ids[lone + 1]]]
    pause, comma = _SEMICOLON.places(tokens), _COMMA.places(tokens)
    another = ~_NO_PARTY.near(tokens, pause, (1,)) & ~_SAME_PARTY.near(tokens, pause, (1,))
    another &= ~_ADVERBS.of(tokens)[tokens.ids[pause + 1]]
    pause = np.union1d(
        pause[another | _PARTY_BEGINS.near(tokens, pause, (1,))], comma[_OTHERS_TOO.near(tokens, comma, (1,))]
    )
    turns = np.unique(np.concatenate([turns, lone, pause]))
    behind = np.searchsorted(parses.places[clear], turns)
    inside = (behind > 0) & (behind < len(clear))
    turns, left, right = turns[inside], clear[behind[inside] - 1], clear[behind[inside]]
    same = (parses.hits.row[left] == tokens.rows[turns]) & (parses.hits.row[right] == tokens.rows[turns])
    after, before = parses.places[right] - turns, turns - parses.places[left]
    reach = np.where(np.isin(turns, lone), 2, np.where(np.isin(turns, pause), 3, 5))
    near = (after >= 2) & (after <= reach) & (before <= 9)
    differ = parses.hits.stance[left] != parses.hits.stance[right]
    return rows_of(tokens, turns[same & near & differ])


@labeling_function(
    stance="neutral",
    rule="14: two parties that differ decide nothing",
    accuracy=0.97,
    fires=[
        "The north accepted the charter, while the south rejected it.",
        "The guild welcomed the levy, but the bishop opposed it.",
        "Weavers welcomed the levy; drovers opposed it.",
    ],
    quiet=["The north rejected the charter, but later accepted it.", "The north rejected the charter while he slept."],
    batch=True,
)
def two_parties(parses: Parses) -> _Votes:
    """One party for, another against, set side by side, leave the sentence between them."""
    return votes_where(_two_parties(parses), NEUTRAL), 1.0


@labeling_function(
    stance="opposition",
    rule="1: the main point wins",
    strength=0.5,
    fires=["The delegates rejected the plan that the two sides had agreed."],
    quiet=["The delegates agreed to the plan that the rivals reject."],
    batch=True,
)
def leading_cue(parses: Parses) -> _Votes:
    """The first clear cue in the opening words usually is the main clause's: its stance counts once more."""
    return np.where(_two_parties(parses), ABSTAIN, opening_stances(parses, 10)), 0.5


@labeling_function(
    stance="agreement",
    rule="1: label what follows but, however",
    strength=0.6,
    fires=["Quarrels go on, but the two governments will cooperate on water."],
    quiet=["The two governments cooperate on water, but they condemned the raid."],
    batch=True,
)
def after_but(parses: Parses) -> _Votes:
    """What stands behind the last "but" is the main point."""
    clear = clear_hits(parses)
    contrast = (parses.scopes.contrasts - parses.tokens.starts)[parses.hits.row[clear]]
    stances = stances_of(parses, clear[(contrast >= 3) & (parses.positions[clear] > contrast)])
    return np.where(_two_parties(parses), ABSTAIN, stances), 0.6


_NAMING = WordSet(verbs("call label brand dub describe denounce dismiss deride hail praise"))
_NO_NAMING = WordSet(words("for on off upon in up to by back"))
_REPLYING = WordSet(verbs("reply answer retort counter contend maintain insist object rejoin argue"))
_DENIALS = WordSet(words("not 't no never nor neither cannot nothing nobody none hardly"))
_OTHERS = WordSet(words("you they he she"))


@labeling_function(
    stance="opposition",
    rule="opposition: criticises; agreement: praises",
    strength=0.5,
    fires=["The mayor called the levy on bread a disgrace.", "Growers described the new gate as a disaster."],
    quiet=["The mayor called the gate a marvel of skill and a blessing for the town.", "He called for calm."],
    batch=True,
)
def name_given(parses: Parses) -> _Votes:
    """What somebody calls another, or describes it as, counts once more: naming is judging."""
    tokens, naming = parses.tokens, _NAMING.places(parses.tokens)
    naming = naming[~_NO_NAMING.near(tokens, naming, (1,))]
    hits = np.flatnonzero(parses.hits.stance != NEUTRAL)
    places = parses.places[hits]
    behind = np.searchsorted(places, naming, side="right")
    naming, behind = naming[behind < len(hits)], behind[behind < len(hits)]
    named = (places[behind] - naming <= 9) & (parses.hits.row[hits[behind]] == tokens.rows[naming])
    return stances_of(parses, hits[behind[named]]), 0.5


@labeling_function(
    stance="opposition",
    rule="opposition: disputes, rejects; 10: denial",
    strength=0.6,
    fires=["The guild replied that the toll was no business of his.", "He insisted that he never saw it."],
    quiet=["The guild replied that the toll was fair.", "She said that she had never seen the sea."],
    batch=True,
)
def answered_no(parses: Parses) -> _Votes:
    """To answer, insist or maintain that something is not so contradicts somebody."""
    return votes_where(_denied(parses, _REPLYING, range(1, 9)), OPPOSITION), 0.6


@labeling_function(
    stance="opposition",
    rule="3: reported is as good as voiced; opposition: criticises",
    strength=0.45,
    fires=['"They never asked us," the ferryman said.', '"You cannot run a port like that," she told the council.'],
    quiet=['"They asked us twice," the ferryman said.', "They never saw the port."],
    batch=True,
)
def quoted_reproach(parses: Parses) -> _Votes:
    """What a quoted speaker says that you or they do not, cannot or never do is mostly held against them."""
    denied = _denied(parses, _OTHERS, range(1, 4))
    for row in np.flatnonzero(denied).tolist():
        denied[row] = '"' in parses.texts[row] or "\u201c" in parses.texts[row]
    return votes_where(denied, OPPOSITION), 0.45


_YEARS = WordTable(lambda words: np.array([_is_long_ago(word) for word in words], bool))


def _is_long_ago(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) == 4 and 1000 <= int(word) < 1900


@labeling_function(
    stance="neutral",
    rule="neutral: history",
    accuracy=0.8,
    fires=["In 1834 the two crowns signed a treaty of amity.", "The mutiny of 1797 shook the fleet."],
    quiet=["The two crowns signed a treaty of amity.", "In 1994 the two crowns signed it."],
    batch=True,
)
def long_ago(parses: Parses) -> _Votes:
    """A year before the twentieth century makes history of a sentence."""
    tokens = parses.tokens
    return votes_where(rows_of(tokens, np.flatnonzero(_YEARS.of(tokens)[tokens.ids])), NEUTRAL), 0.9


@labeling_function(
    stance="neutral",
    rule="neutral: figures, pure description",
    fires=["Turnout was 61 percent in 1998, 58 percent in 2002 and 64 percent in 2006."],
    quiet=["The 61 deputies rejected it in 1998."],
    batch=True,
)
def mostly_figures(parses: Parses) -> _Votes:
    """Three numbers or more and no clear cue: a sentence of figures."""
    tokens = parses.tokens
    figures = np.bincount(tokens.rows[_FIGURES.of(tokens)[tokens.ids]], minlength=len(tokens))
    return votes_where((figures >= 3) & (opening_stances(parses, 99) == ABSTAIN), NEUTRAL), 0.6


@labeling_function(
    stance="neutral",
    rule="neutral: no stance",
    fires=["Lunch at the harbour."],
    quiet=["Harbour workers oppose it."],
    batch=True,
)
def fragment(parses: Parses) -> _Votes:
    """A few words without a cue are a heading, a caption or a name."""
    return votes_where((parses.tokens.lengths <= 6) & (opening_stances(parses, 99) == ABSTAIN), NEUTRAL), 0.5


def _denied(parses: Parses, of: WordSet, steps: range) -> np.ndarray:
    """Return for each sentence whether a denial stands so many steps behind one of some words."""
    places = of.places(parses.tokens)
    return rows_of(parses.tokens, places[_DENIALS.near(parses.tokens, places, steps)])


SHIPPED: tuple[LF, ...] = tuple(lf for value in list(globals().values()) if (lf := lf_of(value)))
"""The LFs of this module, in its order."""
