"""Sentences labelled by a model behind an OpenAI-compatible endpoint, with the codebook as its instructions."""

import json
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from ipaddress import ip_address
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

from pipeline.base.errors import EndpointError, ExtraError
from pipeline.base.stances import ABSTAIN, STANCES

log = logging.getLogger("pipeline.weak.zero_shot.endpoint")

_SLOW = (
    "For a slow server, raise timeout and set concurrency: 1 in label.zero_shot; where the model never ends an answer, "
    "add max_tokens to its options."
)
_BUSY = (408, 409, 429)  # HTTP, after which the client tries again; it does so after 5xx, too
_SHOWN = 200  # characters of a reply that are shown or kept

UNSURE = "unsure"
"""What the model may answer in place of a stance."""

_THOUGHT = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?```\s*", re.DOTALL)
_Block = Sequence[str]


class Chat:
    """A model at `url`, the part of the address before `/chat/completions`, asked through the `openai` client.

    `key_env` names the environment variable that holds the API key ("": none is sent); `options` are further fields of
    the request; `timeout` in seconds; `retries` after HTTP 408, 409, 429, 5xx, time-outs and broken connections, with
    the waits that the client chooses or the server asks for.
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

    @property
    def is_local(self) -> bool:
        """Whether the address is one of this machine."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    def ask(self, system: str, user: str) -> str:
        """Return the text of the response ("" where the model gives none).

        Raises ExtraError where `openai` is not installed, EndpointError where the host cannot be reached, refuses (with
        what it says), still fails after all retries, or answers with anything but a chat completion.
        """
        client = self._client
        import openai

        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        body = {name: value for name, value in self.options.items() if name not in ("model", "messages")}
        # what the environment holds for another service does not go to this one
        unsent = ("OpenAI-Organization", "OpenAI-Project", *([] if self.key_env else ["Authorization"]))
        sent: dict[str, Any] = {"extra_headers": {name: openai.Omit() for name in unsent}, "extra_body": body}
        create: Any = client.chat.completions.with_raw_response.create
        try:
            return self._content(create(model=self.model, messages=messages, **sent).http_response.text)
        except openai.APIStatusError as error:
            raise self._refusal(error.status_code, error.response.text) from None
        except openai.APITimeoutError:
            got = f"nothing within {self.timeout:g} s"
            raise EndpointError(self._given_up, self.where, got=got, remedy=_SLOW) from None
        except openai.APIConnectionError as error:
            cause = error.__cause__ or error
            got = f"{type(cause).__name__}: {cause}"
            remedy = "Is the server running, and label.zero_shot right about its address?"
            raise EndpointError("the host cannot be reached", self.where, got=got, remedy=remedy) from None

    @cached_property
    def _client(self) -> Any:
        try:
            import openai
        except ImportError as error:
            remedy = "Run `pip install 'stance-pipeline[endpoint]'`, or take the LF out of label.zero_shot."
            what = f"needs a package that is not installed ({error.name})"
            raise ExtraError(what, self.where, remedy=remedy) from None
        key = os.environ.get(self.key_env, "").strip() if self.key_env else ""
        if self.key_env and not key:
            remedy = f"Put the API key into the environment variable {self.key_env}."
            raise EndpointError("no API key", self.where, remedy=remedy)
        return openai.OpenAI(
            base_url=self.url,
            api_key=key or "none",
            timeout=self.timeout,
            max_retries=self.retries,
            # a key must not follow to wherever a server points, and a local server is reached without a proxy
            http_client=openai.DefaultHttpxClient(follow_redirects=False, trust_env=not self.is_local),
        )

    @property
    def _given_up(self) -> str:
        return f"no answer after {self.retries + 1} tries"

    def _refusal(self, code: int, reply: str) -> EndpointError:
        if code in _BUSY or code >= 500:
            return EndpointError(self._given_up, self.where, got=f"HTTP {code}")
        what, remedy = f"refuses the request (HTTP {code})", ""
        if code in (401, 403):
            held = f"the environment variable {self.key_env} hold the right one" if self.key_env else "key_env name one"
            what, remedy = f"refuses the API key (HTTP {code})", f"Does {held}?"
        elif code == 404:
            remedy = "Does the address end in /v1 or the like, and is there a model of this name?"
        elif 300 <= code < 400:
            what, remedy = f"sends us elsewhere (HTTP {code})", "Give the address that it sends to."
        return EndpointError(what, self.where, got=_shown(reply), remedy=remedy)

    def _content(self, reply: str) -> str:
        try:
            content = json.loads(reply)["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            content = 0
        if content is None or isinstance(content, str):
            return content or ""
        expected = "JSON with choices[0].message.content"
        remedy = "Does the address end in /v1 or the like?"
        raise EndpointError("not a chat completion", self.where, expected=expected, got=_shown(reply), remedy=remedy)


def _shown(reply: str) -> str:
    return repr(" ".join(reply.split())[:_SHOWN])


class Endpoint:
    """A chat model as a backend of `pipeline.weak.zero_shot.nli`.

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
        self._named_host = False

    @property
    def identity(self) -> str:
        """What a response depends on, besides the sentence."""
        return json.dumps(["endpoint", self.chat.url, self.chat.model, self.chat.options, self.batch, self.prompt])

    def responses(self, texts: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each text, as it is answered, with {"stance", "certainty"}, or {"reply": its beginning} for no stance.

        A reply to several sentences that is not one response to each is thrown away, and they are asked one by one.
        Raises EndpointError as `Chat.ask` does, when all that was being asked has been answered, and yielded.
        """
        if not (self.chat.is_local or self._named_host):
            log.warning("LF %r: sentences are sent to %s", self.name, self.chat.url)
            self._named_host = True
        blocks = [texts[start : start + self.batch] for start in range(0, len(texts), self.batch)]
        answered = unread = 0
        try:
            for block, found in _as_they_come(blocks, self._ask, self.concurrency):
                for text, response in zip(block, found, strict=True):
                    answered += 1
                    if "reply" in response:
                        unread += 1
                        if unread == 1:
                            log.warning("LF %r: an answer is no stance, and no vote: %r", self.name, response["reply"])
                    yield text, response
        finally:
            if unread:
                log.warning("LF %r: %d of %d answers are no stance, and no vote", self.name, unread, answered)

    def vote(self, response: Any) -> int | tuple[int, float] | None:
        """Return the vote of a response: a stance id with a strength, or ABSTAIN; None where it is no response."""
        if isinstance(response, dict) and isinstance(response.get("reply"), str):
            return ABSTAIN
        if not _is_response(response):
            return None
        stance, certainty = response["stance"], response["certainty"]
        if stance == UNSURE or certainty == 0 or certainty < self.abstain_below:
            return ABSTAIN
        return STANCES.index(stance), float(certainty)

    def _ask(self, sentences: Sequence[str]) -> list[dict[str, Any]]:
        reply = self.chat.ask(self.prompt, json.dumps(list(sentences), ensure_ascii=False))
        responses = read_reply(reply, len(sentences))
        if responses is not None:
            return responses
        if len(sentences) > 1:
            return [self._ask([sentence])[0] for sentence in sentences]
        return [{"reply": reply[:_SHOWN]}]


def _as_they_come(
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
    """Return the n responses of a reply, {"stance": ..., "certainty": ...} each; None where it is anything else.

    A reply is a JSON array, for one sentence also the object alone; thoughts before it, and a code fence around it, do
    not count. A response has a stance or "unsure", and a certainty from 0 to 1, and nothing else.
    """
    bare = _THOUGHT.sub("", reply, count=1) if _THOUGHT.match(reply) else reply
    fenced = _FENCED.fullmatch(bare)
    try:
        value = json.loads(fenced[1] if fenced else bare)
    except (ValueError, RecursionError):
        return None
    responses = [value] if n == 1 and isinstance(value, dict) else value
    if not isinstance(responses, list) or len(responses) != n or not all(map(_is_response, responses)):
        return None
    return responses


def _is_response(value: Any) -> bool:
    if not isinstance(value, dict) or set(value) != {"stance", "certainty"}:
        return False
    certainty = value["certainty"]
    is_number = isinstance(certainty, (int, float)) and not isinstance(certainty, bool)
    return value["stance"] in (*STANCES, UNSURE) and is_number and 0 <= certainty <= 1
