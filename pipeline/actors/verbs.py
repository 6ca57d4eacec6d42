"""Verbs by what they say of those whom they concern, and their forms."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.base.yaml_file import read_yaml
from pipeline.weak.cues.inflection import verb_forms, words

_TABLE = read_yaml(Path(__file__).parent / "data" / "verbs.yaml")

PREPS: dict[str, frozenset[str]] = {verb: frozenset(preps.split()) for verb, preps in _TABLE["preps"].items()}
"""The prepositions behind which a verb names the other party."""

_NAMES = words("light control say mutual contact judge despatch together receive plain ambiguous")
_SETS: dict[str, frozenset[str]] = {name: words(_TABLE[name]) for name in _NAMES}
LIGHT, CONTROL, SAY, MUTUAL = (_SETS[name] for name in ("light", "control", "say", "mutual"))
CONTACT, JUDGE, DESPATCH = (_SETS[name] for name in ("contact", "judge", "despatch"))
TOGETHER, RECEIVE = (_SETS[name] for name in ("together", "receive"))
"""Lemmas of some kinds; data/verbs.yaml says which."""

_AMBIGUOUS = _SETS["ambiguous"]
_LEMMAS = sorted(PREPS.keys() | frozenset().union(*(_SETS[name] for name in sorted(_NAMES - {"ambiguous"}))))

LEMMA_OF: dict[str, str] = {
    **{form: lemma for lemma in reversed(_LEMMAS) for form in verb_forms(lemma)},
    **{lemma: lemma for lemma in _LEMMAS},
}
"""The verb of which a word is a form."""


def _thirds(lemmas: Iterable[str]) -> frozenset[str]:
    return frozenset(form for lemma in lemmas for form in verb_forms(lemma) if form.endswith("s") and form != lemma)


_ALIKE = words("cut hit set put")  # past forms like the base, read as past
_PAST_TOO = words("let met led won shot shut split beat") - _AMBIGUOUS
PLURAL_LIKE = _thirds(_AMBIGUOUS)
"""Forms like "attacks", verb or noun."""
GERUNDS = frozenset(form for form in LEMMA_OF if form.endswith("ing")) - _AMBIGUOUS - frozenset(_LEMMAS)
PASTS = (frozenset(LEMMA_OF) - GERUNDS - _thirds(_LEMMAS) - frozenset(_LEMMAS)) | _ALIKE | _PAST_TOO
AMBIGUOUS = _AMBIGUOUS - PASTS
"""Forms like "attack", verb or noun."""
BASES = (frozenset(_LEMMAS) | _thirds(_LEMMAS)) - AMBIGUOUS - PLURAL_LIKE - PASTS
