"""Sentences judged by a model behind an OpenAI-compatible endpoint, with the codebook as its instructions."""

import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.client import HTTPException
from ipaddress import ip_address
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from pipeline.base.errors import EndpointError
from pipeline.base.stances import ABSTAIN, STANCES

log = logging.getLogger("pipeline.weak.zero_shot.endpoint")

BACK_OFF = 1.0
"""Seconds before the second try; doubled before each further one."""

LONGEST_WAIT = 60.0
"""Seconds that a server may ask us to wait before the next try."""

_SLOW = (
    "For a slow server, raise timeout and set concurrency: 1 in label.zero_shot; where the model never ends an answer, "
    "add max_tokens to its options."
)
_MOST = 1 << 22  # bytes of a reply
_SHOWN = 200  # characters of a reply that are shown or kept


class Chat:
    """A model at `url`, the part of the address before `/chat/completions`.

    `key_env` names the environment variable that holds the API key ("": none is sent); `options` are further fields of
    the request; `timeout` in seconds; `retries` after HTTP 408, 429 and 5xx, time-outs and broken connections.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key_env: str,
        options: Mapping[str, Any],
        timeout: float,
        retries: int,
        where: str,
    ):
        """Take the settings; `where` is named in errors. Nothing is sent yet."""
        self.url, self.model, self.key_env = url.rstrip("/"), model, key_env
        self.options, self.timeout, self.retries = dict(options), timeout, retries
        self.where = f"{where}, {self.url}"
        self._opener = _opener(self.url)

    @property
    def is_local(self) -> bool:
        """Whether the address is one of this machine."""
        return _is_local(self.url)

    def ask(self, system: str, user: str) -> str:
        """Return the text of the answer ("" where the model gives none).

        Raises EndpointError where the host cannot be reached, refuses (with what it says), still fails after all
        retries, or answers with anything but a chat completion.
        """
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        body = json.dumps({**self.options, "model": self.model, "messages": messages}).encode()
        retried = 0
        while True:
            try:
                return self._content(self._post(body))
            except _BusyError as busy:
                if retried == self.retries:
                    what = f"no answer after {retried + 1} tries"
                    raise EndpointError(what, self.where, got=busy.said, remedy=busy.remedy) from None
                wait = busy.wait or BACK_OFF * 2**retried
            retried += 1
            log.debug("%s: next try in %g s", self.where, wait)
            time.sleep(wait)

    def _post(self, body: bytes) -> bytes:
        request = Request(f"{self.url}/chat/completions", data=body, headers=self._headers())
        try:
            with self._opener.open(request, timeout=self.timeout) as reply:
                return reply.read(_MOST)
        except HTTPError as error:
            with error:
                if error.code in (408, 429) or error.code >= 500:
                    raise _BusyError(f"HTTP {error.code}", _retry_after(error)) from None
                raise self._refusal(error.code, error.read(_MOST)) from None
        except (OSError, HTTPException) as error:
            reason = error.reason if isinstance(error, URLError) else error
            if isinstance(reason, TimeoutError):
                raise _BusyError(f"nothing within {self.timeout:g} s", remedy=_SLOW) from None
            if isinstance(reason, (ConnectionResetError, BrokenPipeError, HTTPException)):
                raise _BusyError(f"connection lost ({type(reason).__name__})") from None
            remedy = "Is the server running, and label.zero_shot right about its address?"
            raise EndpointError("the host cannot be reached", self.where, got=str(reason), remedy=remedy) from None

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if not self.key_env:
            return headers
        key = os.environ.get(self.key_env, "").strip()
        if not key:
            remedy = f"Put the API key into the environment variable {self.key_env}."
            raise EndpointError("no API key", self.where, remedy=remedy)
        return {**headers, "Authorization": f"Bearer {key}"}

    def _refusal(self, code: int, reply: bytes) -> EndpointError:
        what, remedy = f"refuses the request (HTTP {code})", ""
        if code in (401, 403):
            held = f"the environment variable {self.key_env} hold the right one" if self.key_env else "key_env name one"
            what, remedy = f"refuses the API key (HTTP {code})", f"Does {held}?"
        elif code == 404:
            remedy = "Does the address end in /v1 or the like, and is there a model of this name?"
        elif 300 <= code < 400:
            what, remedy = f"sends us elsewhere (HTTP {code})", "Give the address that it sends to."
        return EndpointError(what, self.where, got=_shown(reply), remedy=remedy)

    def _content(self, reply: bytes) -> str:
        try:
            content = json.loads(reply)["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            content = 0
        if content is None or isinstance(content, str):
            return content or ""
        expected = "JSON with choices[0].message.content"
        remedy = "Does the address end in /v1 or the like?"
        raise EndpointError("not a chat completion", self.where, expected=expected, got=_shown(reply), remedy=remedy)


class _BusyError(Exception):
    """A failure that may pass; `wait` in seconds, where the server named a time."""

    def __init__(self, said: str, wait: float = 0.0, remedy: str = ""):
        super().__init__(said)
        self.said, self.wait, self.remedy = said, wait, remedy


class _NoRedirect(HTTPRedirectHandler):
    """A key must not follow to wherever a server points."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _opener(url: str) -> OpenerDirector:
    handlers = [_NoRedirect(), *([ProxyHandler({})] if _is_local(url) else [])]
    return build_opener(*handlers)


def _is_local(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _retry_after(error: HTTPError) -> float:
    """Return the seconds that the server asks for, 0 where it names none (a date is not read)."""
    said = error.headers.get("Retry-After", "") if error.headers else ""
    return min(float(said), LONGEST_WAIT) if said.strip().isdecimal() else 0.0


def _shown(reply: bytes) -> str:
    return repr(" ".join(reply[: 4 * _SHOWN].decode("utf-8", "replace").split())[:_SHOWN])


UNSURE = "unsure"
"""What the model may answer in place of a stance."""

_THOUGHT = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?```\s*", re.DOTALL)


class Endpoint:
    """A chat model as a judge of `pipeline.weak.zero_shot.lf`.

    `prompt` is the system message; the user message is a JSON array of `batch` sentences. The strength of a vote is the
    certainty that the model states, and a certainty below `abstain_below` is no vote. At most `concurrency` requests
    run at a time. The other settings are those of `pipeline.weak.zero_shot.endpoint.Chat`.
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
