"""A chat model as a judge: strict reading of its replies, batches, order, votes."""

import json
import logging

import pytest

from pipeline.errors import EndpointError
from pipeline.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.endpoint import Endpoint, read_reply
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
    answers = [{"stance": stance, "certainty": 1} for stance in ("neutral", "unsure", "opposition")]
    assert read_reply(json.dumps(answers), 3) == answers
    assert read_reply(json.dumps(answers), 2) is None
    assert read_reply(json.dumps(answers[0]), 2) is None


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
def test_answers_stand_in_the_order_of_the_sentences_however_many_are_asked_at_once(server, batch):
    texts = [SIGNS, REJECTS, MEETS, MEETS, REJECTS]
    judge = endpoint(server.url, batch=batch)
    votes = [judge.vote(found) for found in judge.answers(texts)]
    assert votes == [(stance, 0.75) for stance in (AGREEMENT, OPPOSITION, NEUTRAL, NEUTRAL, OPPOSITION)]
    assert len(server.requests) == -(-5 // batch)
    assert {request["messages"][0]["content"] for request in server.requests} == {"the codebook"}
    assert {request["temperature"] for request in server.requests} == {0}


def test_no_more_requests_at_a_time_than_allowed(server):
    list(endpoint(server.url, concurrency=2).answers([SIGNS] * 12))
    assert 1 <= server.most_at_once <= 2


def test_a_reply_that_is_not_one_answer_to_each_is_asked_for_one_by_one(server):
    server.script = lambda sentences: completion(replies_to(sentences[:2]))
    found = list(endpoint(server.url, batch=3).answers([SIGNS, MEETS, REJECTS]))
    assert [one["stance"] for one in found] == ["agreement", "neutral", "opposition"]
    assert len(server.requests) == 4


def test_an_answer_that_is_no_stance_is_an_abstention_and_counted(server, caplog):
    server.script = lambda sentences: completion(
        "I cannot say. " * 50 if sentences == [MEETS] else replies_to(sentences)
    )
    judge = endpoint(server.url)
    with caplog.at_level(logging.WARNING, "pipeline.weak.endpoint"):
        found = list(judge.answers([SIGNS, MEETS, REJECTS]))
    assert [judge.vote(one) for one in found] == [(AGREEMENT, 0.75), ABSTAIN, (OPPOSITION, 0.75)]
    assert "1 of 3 answers are no stance, and no vote; one of them is 'I cannot say." in caplog.text
    assert len(found[1]["reply"]) == 200


def test_answers_before_a_failure_are_not_lost(server):
    server.script = [completion(answer("agreement")), (400, "enough", {})]
    answers = endpoint(server.url, concurrency=1).answers([SIGNS] * 3)
    assert next(answers) == {"stance": "agreement", "certainty": 0.9}
    with pytest.raises(EndpointError, match="refuses the request"):
        next(answers)


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
    judge = endpoint("https://models.example.org/v1")
    monkeypatch.setattr(judge.chat, "ask", lambda system, user: answer("neutral"))
    for _ in range(2):
        list(judge.answers([MEETS]))
    assert caplog.messages == ["LF 'llm': sentences are sent to https://models.example.org/v1"]
