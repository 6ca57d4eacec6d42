"""The words that change the scope of cues (scope triggers): their roles, and what they leave of a cue's strength."""

from enum import Enum, auto

from pipeline.weak.cues.language import words

MAIN = 1.0
SAID_THAT = 1.0  # what somebody says is reported; reported is as good as voiced
RELATIVE = 0.7  # "who", "which": beside the main point
TEMPORAL = 0.6  # "after", "when": a subordinate clause of time
AMID = 0.4  # "amid A": the background
ASIDE = 0.5  # in parentheses
APPOSED = 0.45  # "- a deal that A": what is said of something behind a dash
PARALLEL = 0.6  # "..., while B ...": another party's part
CONCEDED = 0.25  # "although A", "despite A": A is not the main point
CONDITION = 0.15  # "if A", "whether A": A is not said to be so
BEFORE_BUT = 0.35  # "A, but B": A, where B has a cue
APPEAL = 0.15  # "urged them to A": nobody has done A
TOPIC = 0.3  # "talks on A", "discuss A"
MODAL = 0.75  # "may A", "could A"
OUGHT = 0.4  # "should A", "must A": wished for, not done
ATTEMPT = 0.6  # "a bid to A", "trying to A"
PAST = 0.6  # "once A", "used to A"
GOVERNED = 0.2  # a noun behind the verb that decides over it: "rejected the deal"
QUESTION = 0.2  # "Does A ...?"
NOMINAL = 0.95  # "its rejection of", "the offer"
LATER = 0.5  # what a full cue takes from each cue behind it: the main point tends to come first

OPENERS = {
    **dict.fromkeys(["that"], SAID_THAT),
    **dict.fromkeys(["which", "who", "whose", "whom", "where"], RELATIVE),
    **dict.fromkeys(words("after when since following before until because as"), TEMPORAL),
    **dict.fromkeys(["although", "though", "despite", "notwithstanding", "albeit"], CONCEDED),
    **dict.fromkeys(["if", "unless", "whether"], CONDITION),
    **dict.fromkeys(["amid", "amidst"], AMID),
    "(": ASIDE,
}
HEDGES = {
    **dict.fromkeys(["may", "might", "could", "possibly", "perhaps", "reportedly"], MODAL),
    **dict.fromkeys(["should", "ought", "must", "need", "needs"], OUGHT),
    **dict.fromkeys(["bid", "attempt", "attempts", "effort", "efforts", "try", "tries", "tried", "trying"], ATTEMPT),
    **dict.fromkeys(["seek", "seeks", "seeking", "sought", "order", "aim", "aims", "aimed", "hoping"], ATTEMPT),
    **dict.fromkeys(["once", "formerly", "previously", "used", "initially", "originally"], PAST),
}

BEFORE_MONTH = frozenset(words("in since until early late mid last next of by"))
"""Words behind which "May" is the month; one beside a number is it, too."""

APPEAL_VERBS = words(
    "urge urges urged urging ask asks asked asking request requests requested requesting implore implored appeal "
    "appeals appealed appealing want wants wanted encourage encouraged encourages encouraging advise advised exhort "
    "exhorted press pressed pressing pressuring plead pleaded beg begged call calls called calling recommend "
    "recommended recommends recommending suggest suggested suggests suggesting"
)
BREAKS = frozenset([",", ";", ":", ".", "!", "?", ")", "--", "-", "..."])
CONTRASTS = frozenset(["but", "however", "yet", "nevertheless", "nonetheless"])
NEGATORS = words("not 't no never nor neither cannot without hardly scarcely barely nobody none rarely seldom")
DENIALS = words("deny denies denied denying")


class Role(Enum):
    """What a word can do to the scope of cues; most words do nothing."""

    OPENER = auto()
    BREAK = auto()
    CONTRAST = auto()
    WHILE = auto()
    APPEAL = auto()
    TOPIC_NOUN = auto()
    TOPIC_VERB = auto()
    NEGATOR = auto()
    DENIAL = auto()
    REFUSAL = auto()
    FAR = auto()
    THAT = auto()
    NOT_BUT = auto()
    ONLY = auto()
    APPEAL_LINK = auto()
    TOPIC_LINK = auto()
    NOT_NEGATING = auto()
    BEFORE_NOUN = auto()
    TO = auto()
    FROM = auto()
    WANT = auto()
    CALL = auto()
    CALL_LINK = auto()
    AS = auto()
    BEFORE_AS = auto()
    BEHIND_AS = auto()
    QUESTION = auto()
    ING = auto()
    SUBJECT_NEGATOR = auto()
    BEFORE_SUBJECT = auto()
    TIME_UNIT = auto()
    SELDOM = auto()
    AUXILIARY = auto()
    DEGREE = auto()
    HABIT = auto()
    BEFORE_HABIT = auto()
    NOT = auto()
    UNTRUE = auto()
    CLAIM = auto()
    OPINION = auto()
    NOT_VERB = auto()
    ANYTHING = auto()
    FAR_FROM = auto()
    YET = auto()
    ONCE = auto()
    AGAIN = auto()
    TALK = auto()
    ABOUT = auto()
    PRONOUN = auto()
    WOULD = auto()
    IF_INVERTED = auto()
    DASH = auto()
    ARTICLE = auto()
    BEFORE_NO = auto()
    BE = auto()
    SINCE = auto()
    ASIDE = auto()
    PUT = auto()
    INSTEAD = auto()
    OF = auto()
    FOR = auto()
    ALL = auto()
    BEGAN = auto()
    ENDED = auto()
    NEITHER = auto()
    NOR = auto()
    SAID = auto()
    WHERE = auto()
    HAVING = auto()
    JUST = auto()
    COUNT = auto()
    HANDFUL = auto()
    COULD = auto()
    OPINE = auto()
    MORE = auto()


ROLES: dict[Role, frozenset[str]] = {
    Role.OPENER: frozenset(OPENERS),
    Role.BREAK: BREAKS,
    Role.CONTRAST: CONTRASTS,
    Role.WHILE: words("while whereas"),
    Role.APPEAL: APPEAL_VERBS,
    Role.TOPIC_NOUN: words(
        "talks discussions negotiations meeting meetings summit debate conference consultations session referendum "
        "vote hearing anniversary centenary commemoration question questions issue issues story report reports "
        "article book speech decision options ways"
    ),
    Role.TOPIC_VERB: words(
        "discuss discusses discussed discussing debate debates debated debating consider considers considering "
        "considered examine examines examined examining weigh weighs weighed weighing mull mulls mulling mulled"
    ),
    Role.NEGATOR: NEGATORS,
    Role.DENIAL: DENIALS,
    Role.REFUSAL: DENIALS
    | words(
        "fail fails failed failing refuse refuses refused refusing decline declines declined declining lack lacks "
        "lacked lacking stopped stops unable unwilling reluctant unlikely hesitate hesitates hesitated hesitating "
        "forget forgets forgot forgotten"
    ),
    Role.FAR: words("far"),
    Role.THAT: words("that"),
    Role.NOT_BUT: words("nothing anything all none everything no choice cannot help"),
    Role.ONLY: words("only"),
    Role.APPEAL_LINK: words("to for on upon that"),
    Role.TOPIC_LINK: words("on about over regarding concerning aimed of for to"),
    Role.NOT_NEGATING: words(
        "only just merely simply least doubt matter wonder surprise question exception hesitation reservation delay "
        "because since short less secret bones sooner"
    ),
    Role.BEFORE_NOUN: words(
        "a an the this these those his her their its our my your 's of for in with against any some no on over by "
        "from such about under more new"
    ),
    Role.TO: words("to"),
    Role.FROM: words("from"),
    Role.WANT: words("want wants wanted"),
    Role.CALL: words("call calls called calling"),
    Role.CALL_LINK: words("on upon for"),
    Role.AS: words("as"),
    Role.BEFORE_AS: words("such well same much far known"),
    Role.BEHIND_AS: words("a an well much many part president soon long"),
    Role.QUESTION: words("?"),
    Role.SUBJECT_NEGATOR: words("no not never nor neither none nobody nothing rarely seldom hardly scarcely few"),
    Role.BEFORE_SUBJECT: words("and or said says"),
    Role.TIME_UNIT: words("second seconds minute minutes hour hours day days week weeks month months year years"),
    Role.SELDOM: words("never rarely seldom hardly scarcely not"),
    Role.AUXILIARY: words(
        "have has had is are was were do does did will would can could been being be haven hasn hadn isn aren wasn "
        "weren don doesn didn won wouldn couldn"
    ),
    Role.DEGREE: words("so such as more this closer better warmer worse greater"),
    Role.HABIT: words("won can"),
    Role.BEFORE_HABIT: words("his her its their our my your 's is are was were be been the a an of"),
    Role.NOT: words("not 't cannot no never hardly nobody none few neither without nor"),
    Role.UNTRUE: words("wrong mistake mistaken untrue false inaccurate misleading incorrect nonsense myth absurd"),
    Role.CLAIM: words("say claim think suggest believe pretend assume conclude speak call describe talk imply argue"),
    Role.OPINION: words(
        "think thinks thought believe believes believed believing expect expects expected suggest suggests suggested "
        "mean means meant imply implies implied feel feels felt true case pretend pretends pretended sign signs "
        "evidence suggestion hint indication proof truth reason"
    ),
    Role.NOT_VERB: words("not 't never"),
    Role.ASIDE: words("aside notwithstanding apart forgotten"),
    Role.PUT: words(
        "step steps stepped stepping put puts putting set sets setting brush brushed brushing sweep swept sweeping lay "
        "laid laying cast push pushed pushing throw threw thrown turn turned pull pulled stand stood wave waved take "
        "took taken move moved leave left"
    ),
    Role.INSTEAD: words("instead rather spite"),
    Role.OF: words("of than"),
    Role.FOR: words("for"),
    Role.ALL: words("all"),
    Role.BEGAN: words("began begun begins started starts opened looked seemed"),
    Role.ENDED: words(
        "ended ends ending became becomes turned turns grew grows led leads finished finishes culminated closed "
        "resulted concluded"
    ),
    Role.BEFORE_NO: words("under on in at by of to"),
    Role.BE: words("is are was were be been being"),
    Role.DASH: words("- --"),
    Role.ARTICLE: words("a an"),
    Role.YET: words("yet"),
    Role.ONCE: words("once"),
    Role.AGAIN: words("more again"),
    Role.TALK: words(
        "speak speaks spoke speaking talk talked talking brief briefs briefed hear hears heard hearing chat "
        "chatted consult consulted consults confer conferred telephoned phoned asked"
    ),
    Role.ABOUT: words("about on over concerning regarding both"),
    Role.PRONOUN: words("it them this that these those him her us"),
    Role.WOULD: words("would could might will"),
    Role.IF_INVERTED: words("were should had"),
    Role.NEITHER: words("neither"),
    Role.NOR: words("nor"),
    Role.SAID: words("said argued claimed maintained"),
    Role.WHERE: words("where"),
    Role.HAVING: words("having"),
    Role.COULD: words("could couldn can cannot"),
    Role.OPINE: words(
        "agree disagree approve disapprove support oppose object sympathise sympathize differ welcome be"
    ),
    Role.MORE: words("more"),
    Role.JUST: words("only just merely"),
    Role.COUNT: words("one two three four five six seven eight nine ten eleven twelve a"),
    Role.HANDFUL: words("handful fraction minority sprinkling"),
    Role.SINCE: words("since before"),
    Role.ANYTHING: words("anything"),
    Role.FAR_FROM: words("a an happy satisfied pleased perfect convinced over united friendly ideal enough won"),
}
"""The words of each role; those of ING are all that end so, those of COUNT all figures, too."""
