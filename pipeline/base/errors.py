"""Errors in one form: what, where, expected, got, remedy."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from difflib import get_close_matches
from typing import Any

_LIKE, _RELATED = 0.75, 0.6  # similarity of two names (difflib's ratio)
_STEM = 4  # letters

_AS_EXPECTED = {"String": "text of ", "List": "a list of ", "Dictionary": "a mapping of "}

_OPPOSITES = ("anti", "dis", "non", "un")  # "disagreement" is no misspelling of "agreement"


class StanceError(Exception):
    """A failure that the user can understand; the command line prints it as one line and exits with `exit_code`.

    1: what was asked could not be done, although nothing that was read or given is wrong; `InputError` says 2.
    """

    exit_code = 1

    def __init__(self, what: str, where: object = "", *, expected: str = "", got: str = "", remedy: str = ""):
        """Take the parts of the message; empty ones are left out of it."""
        self.what, self.where, self.expected, self.got, self.remedy = what, str(where), expected, got, remedy
        super().__init__(what, self.where, expected, got, remedy)

    def __str__(self) -> str:
        """Return the message in one line."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        facts = [f"expected {self.expected}" if self.expected else "", f"got {self.got}" if self.got else ""]
        message = "; ".join([head, *filter(None, facts)])
        return f"{message}. {self.remedy}" if self.remedy else message

    def __reduce__(self) -> tuple:
        """Keep the error whole on its way back from a worker process."""
        return _rebuild, (type(self), self.what, self.where, self.expected, self.got, self.remedy)


class InputError(StanceError):
    """Bad input: an argument, a parameter, a file that is read, a row (exit code 2)."""

    exit_code = 2


class ParamsError(InputError):
    """A parameter that is unknown, missing or of the wrong type or range."""


class ArticleError(InputError):
    """Articles that cannot be read, or none at all."""


class KindError(ArticleError):
    """A file of a kind that is not read here; others of its folder are."""


class LFError(InputError):
    """A labeling function that is written wrongly; names the file, the labeling function and the field."""


class PartyError(InputError):
    """A party that is written wrongly; names the file, the party and the field."""


class GoldError(InputError):
    """Hand labels that cannot be used."""


class ArtefactError(InputError):
    """A model file, or another that a stage left, that is missing, damaged, not ours, or made by other versions."""


class TrainingError(StanceError):
    """Training data from which no classifier can be learned."""


class ExtraError(StanceError):
    """An optional package that something needs and that is not installed; names the extra."""


class EncoderError(InputError):
    """A sentence encoder that is not there, cannot be loaded, or is not the one that a model was trained with."""


class EndpointError(StanceError):
    """A model server that cannot be reached, refuses, or does not answer as it should."""


def suggest(name: str, valid: Iterable[str]) -> str:
    """Return 'Did you mean ...?' for the valid name that `name` clearly is a misspelling of, or '' where none is.

    Clear is a difference of few letters in any case, or another word of the same stem ("agree" for "agreement").
    """
    names = {one.casefold(): one for one in valid}
    name = name.casefold()
    if any(name.startswith(prefix) and name[len(prefix) :] in names for prefix in _OPPOSITES):
        return ""
    near = get_close_matches(name, names, n=1, cutoff=_LIKE) or [
        one for one in get_close_matches(name, names, cutoff=_RELATED) if one[:_STEM] == name[:_STEM]
    ]
    return f"Did you mean {names[near[0]]!r}?" if near else ""


def expected_of(error: Mapping[str, Any]) -> str:
    """Return what pydantic expected, of one of its errors, in words that stand behind "expected"."""
    said = re.sub(r"^(Input should be |Value error, )| or instance of .*| after validation, not \d+", "", error["msg"])
    return re.sub(r"^(String|List|Dictionary) should (?:have|match) ", lambda kind: _AS_EXPECTED[kind[1]], said)


def check_header(names: Sequence[str], where: object, error: type[InputError] = InputError) -> None:
    """Raise an error where two columns of a table have one name; columns without a name may be several."""
    first: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        if name and first.setdefault(name, place) != place:
            got, remedy = f"columns {first[name]} and {place}", "Rename one of them, or take it out."
            raise error(f"two columns are called {name!r}", where, expected="one of each name", got=got, remedy=remedy)


def check_texts(texts: Iterable[str]) -> list[str]:
    """Return sentences as a list; raise InputError naming what is no list, and the position of what is no string."""
    kind = type(texts).__name__
    if isinstance(texts, str):
        raise InputError("one string where a list of sentences was expected", remedy="Write [text].")
    if isinstance(texts, Mapping | Set) or not isinstance(texts, Iterable) or getattr(texts, "ndim", 1) == 0:
        raise InputError("not a list of sentences", expected="a list of str", got=kind)
    if hasattr(texts, "columns"):
        raise InputError("not a list of sentences", expected="a list of str", got=kind, remedy="Give one column of it.")
    texts = list(texts)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError("not a string", f"sentence {i}", expected="str", got=type(text).__name__)
    return texts


def _rebuild(kind: type[StanceError], what: str, where: str, expected: str, got: str, remedy: str) -> StanceError:
    return kind(what, where, expected=expected, got=got, remedy=remedy)
