"""Sentences judged by a model behind an OpenAI-compatible endpoint, with the codebook as its instructions."""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

from pipeline.stances import ABSTAIN, STANCES
from pipeline.weak.chat import Chat

log = logging.getLogger("pipeline.weak.endpoint")

UNSURE = "unsure"
"""What the model may answer in place of a stance."""

_SHOWN = 200  # characters kept of a reply that holds no stance
_THOUGHT = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?```\s*", re.DOTALL)


class Endpoint:
    """A chat model as a judge of `pipeline.weak.zero_shot`.

    `prompt` is the system message; the user message is a JSON array of `batch` sentences. The strength of a vote is the
    certainty that the model states, and a certainty below `abstain_below` is no vote. At most `concurrency` requests
    run at a time. The other settings are those of `pipeline.weak.chat.Chat`.
    """

    def __init__(
        self,
        *,
        name: str,
        url: str,
        model: str,
        prompt: str,
        key_env: str = "",
        options: Mapping[str, Any] | None = None,
        abstain_below: float = 0.5,
        batch: int = 1,
        concurrency: int = 4,
        timeout: float = 60.0,
        retries: int = 4,
    ):
        """Take the settings; nothing is sent yet."""
        self.name, self.prompt, self.batch, self.concurrency = name, prompt, batch, concurrency
        self.abstain_below = abstain_below
        sent = {"temperature": 0} if options is None else dict(options)
        where = f"LF {name!r}"
        self.chat = Chat(url, model, key_env=key_env, options=sent, timeout=timeout, retries=retries, where=where)
        self._said_where = False

    @property
    def identity(self) -> str:
        """What an answer depends on, besides the sentence."""
        return json.dumps(["endpoint", self.chat.url, self.chat.model, self.chat.options, self.batch, self.prompt])

    def answers(self, texts: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each text, as it is answered, with {"stance", "certainty"}, or {"reply": its beginning} for no stance.

        A reply to several sentences that is not one answer to each is thrown away, and they are asked one by one.
        Raises EndpointError as `Chat.ask` does, when all that was being asked has been answered, and yielded.
        """
        if not (self.chat.is_local or self._said_where):
            log.warning("LF %r: sentences are sent to %s", self.name, self.chat.url)
            self._said_where = True
        blocks = [texts[start : start + self.batch] for start in range(0, len(texts), self.batch)]
        answered = unread = 0
        try:
            for block, found in _as_answered(blocks, self._ask, self.concurrency):
                for text, answer in zip(block, found, strict=True):
                    answered += 1
                    if "reply" in answer:
                        unread += 1
                        if unread == 1:
                            log.warning("LF %r: an answer is no stance, and no vote: %r", self.name, answer["reply"])
                    yield text, answer
        finally:
            if unread:
                log.warning("LF %r: %d of %d answers are no stance, and no vote", self.name, unread, answered)

    def vote(self, answer: Any) -> int | tuple[int, float] | None:
        """Return the vote that an answer is: a stance id with a strength, or ABSTAIN; None where it is no answer."""
        if isinstance(answer, dict) and isinstance(answer.get("reply"), str):
            return ABSTAIN
        if not _is_answer(answer):
            return None
        stance, certainty = answer["stance"], answer["certainty"]
        if stance == UNSURE or certainty == 0 or certainty < self.abstain_below:
            return ABSTAIN
        return STANCES.index(stance), float(certainty)

    def _ask(self, sentences: Sequence[str]) -> list[dict[str, Any]]:
        reply = self.chat.ask(self.prompt, json.dumps(list(sentences), ensure_ascii=False))
        answers = read_reply(reply, len(sentences))
        if answers is not None:
            return answers
        if len(sentences) > 1:
            return [self._ask([sentence])[0] for sentence in sentences]
        return [{"reply": reply[:_SHOWN]}]


_Block = Sequence[str]


def _as_answered(
    blocks: Sequence[_Block], ask: Callable[[_Block], list[dict[str, Any]]], at_once: int
) -> Iterator[tuple[_Block, list[dict[str, Any]]]]:
    """Yield each block with its answers as these arrive. A failure ends the asking, and is raised after the last one.

    Daemon threads ask, so neither closing this nor an interrupt waits for a server.
    """
    waiting: SimpleQueue = SimpleQueue()
    arrived: SimpleQueue = SimpleQueue()
    ending = Event()
    running = min(at_once, len(blocks))
    for block in [*blocks, *[None] * running]:
        waiting.put(block)

    def work() -> None:
        try:
            while not ending.is_set() and (block := waiting.get()) is not None:
                arrived.put((block, ask(block)))
            arrived.put(None)
        except Exception as error:
            ending.set()
            arrived.put(error)

    for _ in range(running):
        Thread(target=work, daemon=True).start()
    failure: Exception | None = None
    try:
        while running:
            found = arrived.get()
            if isinstance(found, tuple):
                yield found
            else:
                running -= 1
                failure = failure or found
    finally:
        ending.set()
    if failure:
        raise failure


def read_reply(reply: str, n: int) -> list[dict[str, Any]] | None:
    """Return the n answers of a reply, {"stance": ..., "certainty": ...} each; None where it is anything else.

    A reply is a JSON array, for one sentence also the object alone; thoughts before it, and a code fence around it, do
    not count. An answer has a stance or "unsure", and a certainty from 0 to 1, and nothing else.
    """
    bare = _THOUGHT.sub("", reply, count=1) if _THOUGHT.match(reply) else reply
    fenced = _FENCED.fullmatch(bare)
    try:
        value = json.loads(fenced[1] if fenced else bare)
    except (ValueError, RecursionError):
        return None
    answers = [value] if n == 1 and isinstance(value, dict) else value
    if not isinstance(answers, list) or len(answers) != n or not all(map(_is_answer, answers)):
        return None
    return answers


def _is_answer(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"stance", "certainty"}:
        return False
    certainty = value["certainty"]
    is_number = isinstance(certainty, (int, float)) and not isinstance(certainty, bool)
    return value["stance"] in (*STANCES, UNSURE) and is_number and 0 <= certainty <= 1
