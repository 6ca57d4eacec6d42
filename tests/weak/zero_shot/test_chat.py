"""One question to a model server on this machine: what is sent, what is tried again, and what is said when it fails."""

import socket
import sys
import time

import pytest

from pipeline.base.errors import EndpointError, ExtraError
from pipeline.weak.zero_shot.endpoint import Chat
from tests.weak.model_server import completion, model_server

GOOD = completion("fine")


@pytest.fixture
def server():
    with model_server() as running:
        yield running


@pytest.fixture
def waits(monkeypatch):
    """The seconds that were to be waited; nobody waits in a test."""
    waited = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


def client(url, **settings):
    return Chat(
        url, "tiny", **{"key_env": "", "options": {}, "timeout": 5, "retries": 2, "where": "LF 'llm'", **settings}
    )


def ask(server, replies, **settings):
    server.script = replies
    return client(server.url, **settings).ask("the codebook", '["é"]')


def test_a_request_is_a_chat_completion(server):
    assert ask(server, [GOOD], options={"temperature": 0, "model": "other"}) == "fine"
    (request,) = server.requests
    messages = [{"role": "system", "content": "the codebook"}, {"role": "user", "content": '["é"]'}]
    assert (request["path"], request["model"], request["temperature"]) == ("/v1/chat/completions", "tiny", 0)
    assert request["messages"] == messages
    assert "Authorization" not in request["headers"]


def test_a_slash_at_the_end_of_the_address_does_not_matter(server):
    client(f"{server.url}/").ask("", "")
    assert server.requests[0]["path"] == "/v1/chat/completions"


def test_the_key_comes_from_the_environment_variable_that_is_named(server, monkeypatch):
    monkeypatch.setenv("TINY_KEY", " s3cret \n")
    ask(server, [GOOD], key_env="TINY_KEY")
    assert server.requests[0]["headers"]["Authorization"] == "Bearer s3cret"


def test_a_missing_key_is_named_before_anything_is_sent(server, monkeypatch):
    monkeypatch.delenv("TINY_KEY", raising=False)
    with pytest.raises(EndpointError, match=r"no API key\. Put the API key into the environment variable TINY_KEY\.$"):
        ask(server, [GOOD], key_env="TINY_KEY")
    assert server.requests == []


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_busy_server_is_asked_again_after_longer_and_longer(server, waits, status):
    assert ask(server, [(status, "busy", {}), (status, "busy", {}), GOOD]) == "fine"
    assert len(waits) == 2
    assert 0 < waits[0] < waits[1]


def test_a_server_that_says_when_is_asked_again_then(server, waits):
    assert ask(server, [(429, "", {"Retry-After": "7"}), GOOD]) == "fine"
    assert waits == [7]


def test_what_the_environment_holds_for_another_service_is_not_sent(server, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "s3cret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert ask(server, [GOOD]) == "fine"
    assert "s3cret" not in str(server.requests)


def test_without_the_client_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(ExtraError, match=r"LF 'llm'.*pip install 'stance-pipeline\[endpoint\]'"):
        client("http://127.0.0.1/v1").ask("", "")


def test_a_server_that_stays_busy_is_given_up_after_the_retries(server, waits):
    with pytest.raises(EndpointError, match=r"LF 'llm', http://127.*/v1: no answer after 3 tries; got HTTP 500$"):
        ask(server, [(500, "broken", {})])
    assert len(server.requests) == 3


def test_a_server_that_says_nothing_is_given_up(server, waits):
    server.script = lambda _: server.slow()
    result = (
        r"no answer after 2 tries; got nothing within 0\.05 s\. For a slow server, raise timeout .* add max_tokens to"
    )
    with pytest.raises(EndpointError, match=result):
        client(server.url, timeout=0.05, retries=1).ask("", "[]")
    assert len(waits) == 1


def test_a_host_that_is_not_there_is_said_to_be_unreachable(waits):
    pytest.importorskip("openai", reason="the extra `endpoint` is not installed")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        with pytest.raises(EndpointError, match=r"the host cannot be reached; got .*refused.*\. Is the server running"):
            client(url).ask("", "")
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, r"refuses the request \(HTTP 400\); got 'context too long'$"),
        (401, r"refuses the API key \(HTTP 401\); got 'context too long'\. Does key_env name one\?$"),
        (403, r"refuses the API key \(HTTP 403\)"),
        (404, r"refuses the request \(HTTP 404\).* Does the address end in /v1 .* a model of this name\?$"),
        (302, r"sends us elsewhere \(HTTP 302\).* Give the address that it sends to\.$"),
    ],
)
def test_a_refusal_is_passed_on_with_what_the_server_says(server, waits, status, expected):
    with pytest.raises(EndpointError, match=expected):
        ask(server, [(status, "context\n too long", {"Location": f"{server.url}/elsewhere"})])
    assert (len(server.requests), waits) == (1, [])


def test_a_refused_key_is_not_shown(server, monkeypatch):
    monkeypatch.setenv("TINY_KEY", "s3cret")
    with pytest.raises(EndpointError, match="Does the environment variable TINY_KEY hold the right one") as error:
        ask(server, [(401, "no", {})], key_env="TINY_KEY")
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("body", ["<html>Welcome</html>", "", "[]", "{}", '{"choices": []}', completion(7)[1]])
def test_what_is_no_chat_completion_is_shown(server, body):
    with pytest.raises(EndpointError, match=r"not a chat completion; expected JSON with choices.*; got '"):
        ask(server, [(200, body, {})])


def test_a_model_that_says_nothing_has_given_an_empty_answer(server):
    assert ask(server, [completion(None)]) == ""


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8000/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://[::1]:8000/v1", True),
        ("https://models.example.org/v1", False),
        ("http://192.0.2.7/v1", False),
        ("http://localhost.example.org/v1", False),
    ],
)
def test_what_stays_on_this_machine_is_known_by_its_address(url, local):
    assert client(url).is_local == local
