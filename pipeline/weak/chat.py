"""One question to a model behind an OpenAI-compatible endpoint (chat completions), asked again where it is busy."""

import json
import logging
import os
import time
from collections.abc import Mapping
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from pipeline.errors import EndpointError

log = logging.getLogger("pipeline.weak.chat")

BACK_OFF = 1.0
"""Seconds before the second try; doubled before each further one."""

LONGEST_WAIT = 60.0
"""Seconds that a server may ask us to wait before the next try."""

_SLOW = (
    "For a slow server, raise timeout and set concurrency: 1 in label.zero_shot; where the model never ends an answer, "
    "add max_tokens to its options."
)
_MOST = 1 << 22  # bytes of a reply
_SHOWN = 200  # characters of a reply in an error


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
