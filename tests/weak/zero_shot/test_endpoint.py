"""A chat model as a backend: strict reading of its replies, batches, failures, votes."""

import json
import logging
import signal
import threading
from contextlib import contextmanager

import pytest

from pipeline.base.errors import EndpointError
from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.zero_shot.endpoint import Endpoint, read_reply
from tests.weak.model_server import answer, completion, model_server

REJECTS, MEETS, SIGNS = "Ordovia rejects it.", "Ordovia meets us.", "Ordovia signs it."
STANCES = {REJECTS: "opposition", MEETS: "neutral", SIGNS: "agreement"}


@pytest.fixture
def server():
    with model_server() as running:
        running.script = lambda sentences: completion(replies_to(sentences))
        yield running


def replies_to(sentences):
    return json.dumps([{"stance": STANCES[text], "certainty": 0.75} for text in sentences])


def endpoint(url="http://127.0.0.1/v1", **settings):
    return Endpoint(**{"name": "llm", "url": url, "model": "tiny", "prompt": "the codebook", "retries": 0, **settings})


GOOD = {"stance": "agreement", "certainty": 0.5}


@pytest.mark.parametrize(
    "reply",
    [
        json.dumps([GOOD]),
        json.dumps(GOOD),
        f"```json\n{json.dumps([GOOD], indent=1)}\n```\n",
        f"```\n{json.dumps([GOOD])}\n```",
        f"<think>Is it\n[agreement]?</think>\n\n{json.dumps([GOOD])}",
    ],
)
def test_a_good_reply_is_read(reply):
    assert read_reply(reply, 1) == [GOOD]


def test_a_reply_has_an_answer_to_each_sentence_in_order():
    responses = [{"stance": stance, "certainty": 1} for stance in ("neutral", "unsure", "opposition")]
    assert read_reply(json.dumps(responses), 3) == responses
    assert read_reply(json.dumps(responses), 2) is None
    assert read_reply(json.dumps(responses[0]), 2) is None


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "agreement",
        '"agreement"',
        "[]",
        "null",
        "[" * 100_000,
        'The answer is [{"stance": "agreement", "certainty": 0.5}]',
        '[{"stance": "Agreement", "certainty": 0.5}]',
        '[{"stance": "positive", "certainty": 0.5}]',
        '[{"stance": ["agreement"], "certainty": 0.5}]',
        '[{"stance": "agreement"}]',
        '[{"stance": "agreement", "certainty": "0.5"}]',
        '[{"stance": "agreement", "certainty": true}]',
        '[{"stance": "agreement", "certainty": 1.5}]',
        '[{"stance": "agreement", "certainty": NaN}]',
        '[{"stance": "agreement", "certainty": 0.5, "why": "they sign"}]',
        "[1]",
    ],
    ids=lambda reply: reply[:40],
)
def test_any_other_reply_is_none(reply):
    assert read_reply(reply, 1) is None


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_each_sentence_comes_with_its_answer_however_many_are_asked_at_once(server, batch):
    texts = [SIGNS, REJECTS, MEETS, MEETS, REJECTS]
    backend = endpoint(server.url, batch=batch)
    votes = sorted((text, backend.vote(found)) for text, found in backend.responses(texts))
    stances = {SIGNS: AGREEMENT, REJECTS: OPPOSITION, MEETS: NEUTRAL}
    assert votes == [(text, (stances[text], 0.75)) for text in sorted(texts)]
    assert len(server.requests) == -(-5 // batch)
    assert {request["messages"][0]["content"] for request in server.requests} == {"the codebook"}
    assert {request["temperature"] for request in server.requests} == {0}


def test_no_more_requests_at_a_time_than_allowed(server):
    list(endpoint(server.url, concurrency=2).responses([SIGNS] * 12))
    assert 1 <= server.most_at_once <= 2


def test_no_sentence_is_no_request(server):
    assert list(endpoint(server.url).responses([])) == []
    assert server.requests == []


def test_a_reply_that_is_not_one_answer_to_each_is_asked_for_one_by_one(server):
    server.script = lambda sentences: completion(replies_to(sentences[:2]))
    found = dict(endpoint(server.url, batch=3).responses([SIGNS, MEETS, REJECTS]))
    assert {text: one["stance"] for text, one in found.items()} == STANCES
    assert len(server.requests) == 4


def test_an_answer_that_is_no_stance_is_an_abstention_and_counted(server, caplog):
    server.script = lambda sentences: completion(
        "I cannot say. " * 50 if sentences == [MEETS] else replies_to(sentences)
    )
    backend = endpoint(server.url)
    with caplog.at_level(logging.WARNING, "pipeline.weak.zero_shot.endpoint"):
        found = dict(backend.responses([SIGNS, MEETS, REJECTS]))
    votes = {SIGNS: (AGREEMENT, 0.75), MEETS: ABSTAIN, REJECTS: (OPPOSITION, 0.75)}
    assert {text: backend.vote(one) for text, one in found.items()} == votes
    assert len(found[MEETS]["reply"]) == 200
    assert caplog.messages == [
        f"LF 'llm': an answer is no stance, and no vote: {found[MEETS]['reply']!r}",
        "LF 'llm': 1 of 3 answers are no stance, and no vote",
    ]


def test_the_first_answer_that_is_no_stance_is_shown_when_it_comes(server, caplog):
    server.script = [completion("Well.")]
    responses = endpoint(server.url, concurrency=1).responses([SIGNS, MEETS])
    next(responses)
    assert caplog.messages == ["LF 'llm': an answer is no stance, and no vote: 'Well.'"]


def test_answers_before_a_failure_are_not_lost(server):
    server.script = [completion(answer("agreement")), (400, "enough", {})]
    responses = endpoint(server.url, concurrency=1).responses([SIGNS] * 3)
    assert next(responses) == (SIGNS, {"stance": "agreement", "certainty": 0.9})
    with pytest.raises(EndpointError, match="refuses the request"):
        next(responses)
    assert len(server.requests) == 2


def test_answers_that_were_under_way_when_another_failed_are_not_lost(server):
    """The refusal is out before the first sentence is answered; the third sentence is not asked about."""
    refused = threading.Event()

    def reply(sentences):
        if sentences == [REJECTS]:
            refused.set()
            return 400, "enough", {}
        refused.wait(5)
        return completion(replies_to(sentences))

    server.script, found = reply, []
    with pytest.raises(EndpointError, match="refuses the request"):
        found.extend(endpoint(server.url, concurrency=2).responses([SIGNS, REJECTS]))
    assert [text for text, _ in found] == [SIGNS]


def test_an_answer_does_not_wait_for_those_to_earlier_sentences(server):
    later = threading.Event()

    def reply(sentences):
        if sentences == [SIGNS]:
            later.wait(5)
        return completion(replies_to(sentences))

    server.script = reply
    responses = endpoint(server.url, concurrency=2).responses([SIGNS, MEETS])
    first, _ = next(responses)
    later.set()
    assert [first, *(text for text, _ in responses)] == [MEETS, SIGNS]


@pytest.mark.parametrize("leave", ["interrupt", "close"])
def test_leaving_waits_for_no_answer(server, leave):
    """Both sentences are being asked about, one is answered; nothing that is left would hold up the end of Python."""
    before = threading.enumerate()
    server.script = lambda sentences: server.slow() if sentences == [MEETS] else completion(replies_to(sentences))
    responses = endpoint(server.url, concurrency=2).responses([SIGNS, MEETS])
    next(responses)
    if leave == "close":
        responses.close()
    else:
        with pytest.raises(KeyboardInterrupt), interrupted():
            next(responses)
    left = [thread for thread in threading.enumerate() if thread not in before]
    assert left
    assert all(thread.daemon for thread in left)


@contextmanager
def interrupted():
    """Send Ctrl-C to the main thread, soon."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    press = threading.Timer(0.05, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
    try:
        press.start()
        yield
    finally:
        press.join()
        signal.signal(signal.SIGINT, usual)


@pytest.mark.parametrize(
    ("found", "vote"),
    [
        ({"stance": "opposition", "certainty": 1}, (OPPOSITION, 1.0)),
        ({"stance": "neutral", "certainty": 0.5}, (NEUTRAL, 0.5)),
        ({"stance": "agreement", "certainty": 0.49}, ABSTAIN),
        ({"stance": "unsure", "certainty": 1}, ABSTAIN),
        ({"reply": "no idea"}, ABSTAIN),
        ({"reply": 3}, None),
        ({"stance": "both", "certainty": 1}, None),
        ([0.5], None),
        (None, None),
    ],
)
def test_the_vote_of_an_answer(found, vote):
    assert endpoint().vote(found) == vote


def test_no_certainty_at_all_is_no_vote():
    assert endpoint(abstain_below=0).vote({"stance": "neutral", "certainty": 0}) == ABSTAIN


@pytest.mark.parametrize(
    "change",
    [{"url": "http://127.0.0.1:1/v1"}, {"model": "big"}, {"prompt": "x"}, {"batch": 2}, {"options": {"seed": 1}}],
)
def test_what_an_answer_depends_on_is_part_of_its_identity(change):
    assert endpoint(**change).identity != endpoint().identity


@pytest.mark.parametrize("change", [{"abstain_below": 0.9}, {"timeout": 1}, {"concurrency": 9}, {"key_env": "KEY"}])
def test_what_it_does_not_depend_on_is_not(change):
    assert endpoint(**change).identity == endpoint().identity


def test_it_is_said_once_that_sentences_leave_this_machine(monkeypatch, caplog):
    backend = endpoint("https://models.example.org/v1")
    monkeypatch.setattr(backend.chat, "ask", lambda system, user: answer("neutral"))
    for _ in range(2):
        list(backend.responses([MEETS]))
    assert caplog.messages == ["LF 'llm': sentences are sent to https://models.example.org/v1"]
