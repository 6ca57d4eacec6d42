"""The words at which the scope of cues turns; `pipeline.weak.scope` says how."""

from pipeline.weak.words import words

BREAKS = frozenset([",", ";", ":", ".", "!", "?", ")", "--", "-", "..."])
CONTRASTS = frozenset(["but", "however", "yet", "nevertheless", "nonetheless"])
NOT_BUT = frozenset(["nothing", "anything", "all", "none", "everything", "no", "choice", "cannot", "help"])

APPEAL_VERBS = words(
    "urge urges urged urging ask asks asked asking request requests requested requesting implore implored appeal "
    "appeals appealed appealing want wants wanted encourage encouraged encourages encouraging advise advised exhort "
    "exhorted press pressed pressing pressuring plead pleaded beg begged call calls called calling recommend "
    "recommended recommends recommending suggest suggested suggests suggesting"
)
APPEAL_LINKS = frozenset(["to", "for", "on", "upon", "that"])
TOPIC_NOUNS = words(
    "talks discussions negotiations meeting meetings summit debate conference consultations session referendum vote "
    "hearing question questions issue issues story report reports article book speech decision options ways"
)
TOPIC_LINKS = frozenset(["on", "about", "over", "regarding", "concerning", "aimed", "of", "for", "to"])
TOPIC_VERBS = words(
    "discuss discusses discussed discussing debate debates debated debating consider considers considering "
    "considered examine examines examined examining weigh weighs weighed weighing mull mulls mulling mulled"
)
NEGATORS = words("not 't no never nor neither cannot without hardly scarcely barely nobody none n't")
NOT_NEGATING = words(
    "only just merely simply least doubt matter wonder surprise question exception hesitation reservation delay because"
)
DENIALS = words("deny denies denied denying")
_NEGATING_VERBS = words(
    "fail fails failed failing refuse refuses refused refusing decline declines declined declining lack lacks lacked "
    "lacking stopped stops unable unwilling reluctant unlikely far"
)
NEGATING = NEGATORS | DENIALS | _NEGATING_VERBS
"""All words that can negate what stands behind them; which follow, decides."""
BEFORE_NOUNS = words(
    "a an the this these those his her their its our my your 's of for in with against any some no on over by from "
    "such about under more new"
)
