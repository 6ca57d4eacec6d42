"""Labeling functions (LFs) that ask a model, with the codebook as hypotheses or prompt. Off unless named in parameters.

Such an LF votes for any stance, or abstains. It holds settings and no weights: a trained model stays small, and asks
the same model again where it predicts.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.base.errors import LFError
from pipeline.base.paths import ANSWERS
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.base.yaml_file import read_yaml
from pipeline.weak.lfs.lf import ANY, LF

if TYPE_CHECKING:
    from pipeline.weak.lfs.parse import Parse

log = logging.getLogger("pipeline.weak.zero_shot.lf")

CODEBOOK = Path(__file__).with_name("codebook.yaml")
"""The shipped hypotheses, and the prompt."""

Vote = int | tuple[int, float]

INTERVAL = 20.0
"""Seconds between two writes of the cache, and two reports of progress."""
_LONGEST = 2000  # characters of a sentence that are shown to a model


class Judge(Protocol):
    """A model that is asked about sentences.

    `identity`: text that changes with all that an answer depends on besides the sentence. `answers` yields each
    sentence with a JSON value, in any order; `vote` makes a vote of such a value, None of what is none.
    """

    @property
    def identity(self) -> str: ...  # noqa: D102

    def answers(self, texts: Sequence[str]) -> Iterator[tuple[str, Any]]: ...  # noqa: D102

    def vote(self, answer: Any) -> Vote | None: ...  # noqa: D102


class ZeroShot:
    """The function of an LF that asks a model; pickles as its settings, and loads the model when that is first asked.

    `settings`: `kind` ("nli" or "endpoint"), and the arguments of `NLI` or `Endpoint`. Answers are kept in the file
    `paths.ANSWERS` of the current folder.
    """

    def __init__(self, settings: Mapping[str, Any]):
        """Take plain values."""
        self.settings = dict(settings)
        self._prefetched: dict[str, Vote] = {}

    def __call__(self, parse: "Parse") -> Vote:
        """Vote on one sentence."""
        text = parse.text
        return self._prefetched[text] if text in self._prefetched else self.votes([text])[0]

    def __reduce__(self) -> tuple:
        """Keep the settings alone."""
        return ZeroShot, (self.settings,)

    def prefetch(self, texts: Sequence[str]) -> None:
        """Ask about many sentences at once; until the next call their votes are known."""
        self._prefetched = dict(zip(texts, self.votes(texts), strict=True))

    def votes(self, texts: Sequence[str]) -> list[Vote]:
        """Return a stance id with its strength, or ABSTAIN, for each text; of equal ones one is asked about.

        Raises what the judge raises; answers that had come by then are kept.
        """
        from pipeline.base.cache import AnswerCache

        shown = [_shown(text) for text in texts]
        keys = {text: self._key(text) for text in dict.fromkeys(shown) if text}
        cache = AnswerCache(ANSWERS)
        known = cache.get(list(keys.values()))
        votes = {text: vote for text, key in keys.items() if (vote := self._judge.vote(known.get(key))) is not None}
        missing = [text for text in keys if text not in votes]
        if missing:
            before = monotonic()
            votes |= self._ask(missing, keys, cache)
            self._report([votes[text] for text in missing], len(keys), monotonic() - before)
        return [votes[text] if text else ABSTAIN for text in shown]

    @cached_property
    def _judge(self) -> Judge:
        settings = {name: value for name, value in self.settings.items() if name != "kind"}
        if self.settings["kind"] == "nli":
            from pipeline.weak.zero_shot.nli import NLI

            return NLI(**settings)
        from pipeline.weak.zero_shot.endpoint import Endpoint

        return Endpoint(**settings)

    @cached_property
    def _identity(self) -> str:
        return hashlib.sha256(self._judge.identity.encode()).hexdigest()

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._identity} {text}".encode()).hexdigest()

    def _ask(self, texts: Sequence[str], keys: Mapping[str, str], cache: Any) -> dict[str, Vote]:
        answers: dict[str, Any] = {}
        unkept: dict[str, Any] = {}
        written = monotonic()
        try:
            for text, answer in self._judge.answers(texts):
                answers[text] = unkept[keys[text]] = answer
                if monotonic() - written > INTERVAL:
                    cache.put(unkept)
                    unkept, written = {}, monotonic()
                    log.info("%s: %d of %d sentences", self.settings["name"], len(answers), len(texts))
        finally:
            cache.put(unkept)
        return {text: self._vote(answer) for text, answer in answers.items()}

    def _vote(self, answer: Any) -> Vote:
        vote = self._judge.vote(answer)
        if vote is None:
            where = f"LF {self.settings['name']!r}"
            raise LFError("the model's answer cannot be used", where, got=repr(answer)[:200])
        return vote

    def _report(self, votes: list[Vote], n: int, seconds: float) -> None:
        counts = Counter(STANCES[vote[0]] if isinstance(vote, tuple) else "no vote" for vote in votes)
        shares = ", ".join(f"{name} {counts[name]}" for name in (*STANCES, "no vote"))
        name, asked = self.settings["name"], len(votes)
        log.info("%s: asked about %d of %d sentences in %.1f s: %s", name, asked, n, seconds, shares)


def zero_shot_lfs(entries: Iterable[Mapping[str, Any]]) -> Iterator[LF]:
    """Yield the LFs that entries of `label.zero_shot` ask for; they go by the codebook unless they say otherwise."""
    for entry in entries:
        settings = dict(entry)
        instructions = "hypotheses" if settings["kind"] == "nli" else "prompt"
        settings[instructions] = settings.get(instructions) or _codebook(instructions, settings.get("batch", 1))
        accuracy = settings.pop("accuracy", None)
        yield LF(
            name=settings["name"],
            stance=ANY,
            rule="all",
            why=f"{settings['model']} was shown the codebook's {instructions}.",
            source="label.zero_shot",
            believed=accuracy,
            function=ZeroShot(settings),
        )


def _codebook(instructions: str, batch: int) -> Any:
    codebook = read_yaml(CODEBOOK)
    if instructions == "prompt" and batch > 1:
        return codebook["prompt"] + codebook["several"]
    return codebook[instructions]


def _shown(text: str) -> str:
    """Return what a model is shown of a sentence: no space at its ends, no half of a surrogate pair; "" for nothing."""
    return text.strip()[:_LONGEST].encode("utf-8", "replace").decode()
