"""Labeling functions that ask a model: an NLI model here, an endpoint elsewhere."""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.base.errors import ExtraError, LFError
from pipeline.base.files import read_yaml
from pipeline.base.paths import RESPONSES
from pipeline.base.stances import ABSTAIN, NEUTRAL, STANCES
from pipeline.base.storage import sha256
from pipeline.weak.lfs.lf import ANY, LF

if TYPE_CHECKING:
    from pipeline.weak.lfs.parse import Parse


Entailment = Callable[[Sequence[tuple[str, str]]], list[float]]
"""(premise, hypothesis) pairs -> the probability that the first entails the second."""

_MOST_TOKENS = 512  # tokens of a pair
_DECIMALS = 4  # what the other sentences of a batch change lies far behind

log = logging.getLogger("pipeline.weak.zero_shot.nli")
Vote = int | tuple[int, float]

INTERVAL = 20.0
"""Seconds between two writes of the cache, and two reports of progress."""

_LONGEST = 2000  # characters of a sentence that are shown to a model

CODEBOOK = Path(__file__).with_name("codebook.yaml")
"""The shipped hypotheses, and the prompt."""


class NLI:
    """Zero-shot classification by entailment (Yin, Hay and Roth, 2019), as a backend of `pipeline.weak.zero_shot.nli`.

    `model`: a local folder, or a name on the hub in its `revision`; `hypotheses` {stance: sentences}, where neutral may
    have none: it is then what opposition and agreement leave. A stance is entailed as far as the best of its
    hypotheses. A vote goes to the stance that is entailed most, its strength is the lead over the second, and a lead
    below `abstain_below` is no vote. `batch`: sentences at a time; `device`: "auto", "cpu", "cuda" ...
    """

    def __init__(
        self,
        *,
        name: str,
        model: str,
        hypotheses: Mapping[str, Sequence[str]],
        revision: str = "main",
        abstain_below: float = 0.1,
        batch: int = 16,
        device: str = "auto",
    ):
        """Take the settings; the model is loaded when it is first asked."""
        self.name, self.model, self.revision, self.device = name, model, revision, device
        self.abstain_below, self.batch = abstain_below, batch
        self._statements = [(STANCES.index(s), text) for s in STANCES for text in hypotheses.get(s, ())]

    @cached_property
    def identity(self) -> str:
        """What responses depend on besides the sentence: the content of a local folder, or name and revision.

        Raises LFError where `model` can only be a folder and is none.
        """
        made_of: Any = [self.model, self.revision]
        folder = Path(self.model).expanduser()
        if folder.is_dir():
            files = (file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
            made_of = sorted((file.name, sha256(file)) for file in files)
        elif self.model.startswith(("/", ".", "~")) or self.model.count("/") > 1:
            remedy = "Put the model there, or change label.zero_shot and train again."
            raise LFError("no such model folder", f"LF {self.name!r}, {self.model}", remedy=remedy)
        return json.dumps(["nli", made_of, [text for _, text in self._statements]])

    def responses(self, texts: Sequence[str]) -> Iterator[tuple[str, list[float]]]:
        """Yield each text, the shorter ones first, with the probabilities that it entails each of the hypotheses.

        Raises ExtraError where torch or transformers is missing, LFError where the model cannot be used.
        """
        statements = [text for _, text in self._statements]
        by_length = sorted(texts, key=len)  # little padding
        for start in range(0, len(texts), self.batch):
            block = by_length[start : start + self.batch]
            entailed = iter(self._entailment([(text, statement) for text in block for statement in statements]))
            yield from ((text, [round(next(entailed), _DECIMALS) for _ in statements]) for text in block)

    def vote(self, response: Any) -> int | tuple[int, float] | None:
        """Return the vote of a response: a stance id with a strength, or ABSTAIN; None where it is no response."""
        if (
            not isinstance(response, list)
            or len(response) != len(self._statements)
            or not all(map(_is_share, response))
        ):
            return None
        scores = [0.0] * len(STANCES)
        for (stance, _), entailed in zip(self._statements, response, strict=True):
            scores[stance] = max(scores[stance], entailed)
        if all(stance != NEUTRAL for stance, _ in self._statements):
            scores[NEUTRAL] = 1 - max(scores)
        second, first = sorted(scores)[-2:]
        lead = round(first - second, _DECIMALS)
        return (scores.index(first), lead) if lead > 0 and lead >= self.abstain_below else ABSTAIN

    @cached_property
    def _entailment(self) -> Entailment:
        return load_entailment(self.model, self.revision, self.device, f"LF {self.name!r}")


def load_entailment(model: str, revision: str, device: str, where: str) -> Entailment:
    """Load a model for sequence classification with a label "entailment", and return it as a function.

    It is transformers' pipeline for text pairs. That for zero-shot classification leaves the label "neutral" out of the
    probabilities, so that what a sentence says nothing about would come to a half in place of nothing.

    Raises ExtraError where torch or transformers is not installed, and LFError where the model cannot be loaded, is
    none of NLI, or the device cannot be used; `where` is named in both.
    """
    try:
        import torch
        from transformers import pipeline
    except ImportError as error:
        remedy = "Run `pip install 'stance-pipeline[nli]'`, or take the LF out of label.zero_shot and train again."
        raise ExtraError(f"needs a package that is not installed ({error.name})", where, remedy=remedy) from None
    try:
        place = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        classify: Any = pipeline("text-classification", model, revision=revision, device=place, top_k=None)
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        remedy = "Give a local folder, or a name on the hub that can be reached."
        what = "the NLI model cannot be loaded"
        raise LFError(what, f"{where}, {model}", got=f"{type(error).__name__}: {reason}", remedy=remedy) from error
    label = _entailing(classify.model.config.id2label, f"{where}, {model}")
    longest = min(classify.tokenizer.model_max_length, _MOST_TOKENS)
    limits = {"truncation": "only_first", "max_length": longest, "padding": True, "function_to_apply": "softmax"}

    def entailment(pairs: Sequence[tuple[str, str]]) -> list[float]:
        asked = [{"text": premise, "text_pair": hypothesis} for premise, hypothesis in pairs]
        return [
            next(found["score"] for found in scores if found["label"] == label)
            for scores in classify(asked, batch_size=len(asked), **limits)
        ]

    return entailment


def _entailing(labels: Mapping[int, str], where: str) -> str:
    """Return the label that stands for entailment."""
    found = [label for label in labels.values() if label.lower().startswith("entail")]
    if len(found) != 1:
        raise LFError("not an NLI model", where, expected="one label 'entailment'", got=", ".join(labels.values()))
    return found[0]


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


class Backend(Protocol):
    """A model that is asked about sentences.

    `identity`: text that changes with all that a response depends on besides the sentence. `responses` yields each
    sentence with a JSON value, in any order; `vote` makes a vote of such a value, None of what is none.
    """

    @property
    def identity(self) -> str: ...  # noqa: D102

    def responses(self, texts: Sequence[str]) -> Iterator[tuple[str, Any]]: ...  # noqa: D102

    def vote(self, response: Any) -> Vote | None: ...  # noqa: D102


class ZeroShot:
    """The function of an LF that asks a model; pickles as its settings, and loads the model when that is first asked.

    `settings`: `kind` ("nli" or "endpoint"), and the arguments of `NLI` or `Endpoint`. Responses are kept in the file
    `paths.RESPONSES` of the current folder.
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

        Raises what the backend raises; responses that had come by then are kept.
        """
        from pipeline.base.storage import DiskCache

        shown = [_shown(text) for text in texts]
        keys = {text: self._key(text) for text in dict.fromkeys(shown) if text}
        cache = DiskCache(RESPONSES)
        known = cache.get(list(keys.values()))
        votes = {text: vote for text, key in keys.items() if (vote := self._backend.vote(known.get(key))) is not None}
        missing = [text for text in keys if text not in votes]
        if missing:
            before = monotonic()
            votes |= self._ask(missing, keys, cache)
            self._report([votes[text] for text in missing], len(keys), monotonic() - before)
        return [votes[text] if text else ABSTAIN for text in shown]

    @cached_property
    def _backend(self) -> Backend:
        settings = {name: value for name, value in self.settings.items() if name != "kind"}
        if self.settings["kind"] == "nli":
            return NLI(**settings)
        from pipeline.weak.zero_shot.endpoint import Endpoint

        return Endpoint(**settings)

    @cached_property
    def _identity(self) -> str:
        return hashlib.sha256(self._backend.identity.encode()).hexdigest()

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._identity} {text}".encode()).hexdigest()

    def _ask(self, texts: Sequence[str], keys: Mapping[str, str], cache: Any) -> dict[str, Vote]:
        responses: dict[str, Any] = {}
        unkept: dict[str, Any] = {}
        written = monotonic()
        try:
            for text, response in self._backend.responses(texts):
                responses[text] = unkept[keys[text]] = response
                if monotonic() - written > INTERVAL:
                    cache.put(unkept)
                    unkept, written = {}, monotonic()
                    log.info("%s: %d of %d sentences", self.settings["name"], len(responses), len(texts))
        finally:
            cache.put(unkept)
        return {text: self._vote(response) for text, response in responses.items()}

    def _vote(self, response: Any) -> Vote:
        vote = self._backend.vote(response)
        if vote is None:
            where = f"LF {self.settings['name']!r}"
            raise LFError("the model's answer cannot be used", where, got=repr(response)[:200])
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
            prior_accuracy=accuracy,
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
