"""Sentences judged by a model of natural language inference (NLI): which hypotheses does a sentence entail?"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.base.errors import ExtraError, LFError
from pipeline.base.stances import ABSTAIN, NEUTRAL, STANCES
from pipeline.base.storage import sha256

Entailment = Callable[[Sequence[tuple[str, str]]], list[float]]
"""(premise, hypothesis) pairs -> the probability that the first entails the second."""

_LONGEST = 512  # tokens of a pair
_DECIMALS = 4  # what the other sentences of a batch change lies far behind


class NLI:
    """Zero-shot classification by entailment (Yin, Hay and Roth, 2019), as a judge of `pipeline.weak.zero_shot.lf`.

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
        """What an answer depends on besides the sentence: the files of a local folder by content, or name and revision.

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

    def answers(self, texts: Sequence[str]) -> Iterator[tuple[str, list[float]]]:
        """Yield each text, the shorter ones first, with the probabilities that it entails each of the hypotheses.

        Raises ExtraError where torch or transformers is missing, LFError where the model cannot be used.
        """
        statements = [text for _, text in self._statements]
        by_length = sorted(texts, key=len)  # little padding
        for start in range(0, len(texts), self.batch):
            block = by_length[start : start + self.batch]
            entailed = iter(self._entailment([(text, statement) for text in block for statement in statements]))
            yield from ((text, [round(next(entailed), _DECIMALS) for _ in statements]) for text in block)

    def vote(self, answer: Any) -> int | tuple[int, float] | None:
        """Return the vote that an answer is: a stance id with a strength, or ABSTAIN; None where it is no answer."""
        if not isinstance(answer, list) or len(answer) != len(self._statements) or not all(map(_is_share, answer)):
            return None
        scores = [0.0] * len(STANCES)
        for (stance, _), entailed in zip(self._statements, answer, strict=True):
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
    longest = min(classify.tokenizer.model_max_length, _LONGEST)
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
