"""LFs that ask a model: asked once for each sentence, voting beside the others, and kept as settings alone."""

import json
import logging
import pickle
import time

import numpy as np
import pytest
import yaml

from pipeline.base.errors import EndpointError, LFError
from pipeline.base.params import LabelParams
from pipeline.base.paths import RESPONSES
from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.base.storage import DiskCache
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.lf_analysis import check_examples, describe, lf_statistics, overview
from pipeline.weak.lfs.lf import ANY, prior_accuracies
from pipeline.weak.lfs.lf_set import LFSet, cast_votes, prefetch
from pipeline.weak.zero_shot import nli as zero_shot
from pipeline.weak.zero_shot.nli import CODEBOOK, ZeroShot, zero_shot_lfs
from tests.weak.model_server import completion, model_server
from tests.weak.small import SMALL

TEXTS = ["Ordovia rejects it.", "Dinner is at eight.", "Ordovia signs it.", "Dinner is at eight.", " ", ""]
STANCES = {"rejects": "opposition", "signs": "agreement"}
VOTES = [(OPPOSITION, 0.75), (NEUTRAL, 0.75), (AGREEMENT, 0.75), (NEUTRAL, 0.75), ABSTAIN, ABSTAIN]


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server that labels by one word; the current folder, where answers are kept, is empty."""
    monkeypatch.chdir(tmp_path)
    with model_server() as running:
        running.script = label
        yield running


def label(sentences):
    stances = [next((shown for word, shown in STANCES.items() if word in text), "neutral") for text in sentences]
    return completion(json.dumps([{"stance": stance, "certainty": 0.75} for stance in stances]))


def entry(url="http://127.0.0.1:1/v1", **settings):
    return {"kind": "endpoint", "name": "llm", "url": url, "model": "tiny", "retries": 0, "accuracy": 0.9, **settings}


def lf(*args, **settings):
    (made,) = zero_shot_lfs([entry(*args, **settings)])
    return made


def function(*args, **settings) -> ZeroShot:
    return lf(*args, **settings).function


def test_equal_sentences_are_asked_about_once_and_empty_ones_never(server):
    assert function(server.url).votes(TEXTS) == VOTES
    assert sorted(request["messages"][1]["content"] for request in server.requests) == sorted(
        json.dumps([text]) for text in TEXTS[:3]
    )


def test_what_was_answered_once_is_never_asked_again(server):
    assert function(server.url).votes(TEXTS[:2]) == VOTES[:2]
    assert function(server.url, name="other", abstain_below=0.8).votes(TEXTS) == [ABSTAIN] * 6
    assert len(server.requests) == 3


def test_another_model_or_prompt_is_asked_again(server):
    for settings in ({}, {"model": "big"}, {"prompt": "other"}):
        function(server.url, **settings).votes(TEXTS[:1])
    assert len(server.requests) == 3


def test_an_answer_in_the_cache_that_makes_no_vote_is_asked_for_again(server, monkeypatch):
    made = function(server.url)
    made.votes(TEXTS[:1])
    monkeypatch.setattr("pipeline.base.storage.DiskCache.get", lambda self, keys: {key: [1] for key in keys})
    assert made.votes(TEXTS[:1]) == VOTES[:1]
    assert len(server.requests) == 2


def test_answers_that_came_before_a_failure_are_kept(server):
    server.script = lambda sentences: (400, "enough", {}) if "signs" in sentences[0] else label(sentences)
    with pytest.raises(EndpointError, match="refuses"):
        function(server.url, concurrency=1).votes(TEXTS)
    server.script, before = label, len(server.requests)
    assert function(server.url).votes(TEXTS) == VOTES
    assert len(server.requests) == before + 1


def test_answers_that_came_before_an_interrupt_are_kept(server, monkeypatch):
    def responses(self, texts):
        yield texts[0], {"stance": "opposition", "certainty": 0.75}
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.weak.zero_shot.endpoint.Endpoint.responses", responses)
        with pytest.raises(KeyboardInterrupt):
            function(server.url).votes(TEXTS)
    assert function(server.url).votes(TEXTS) == VOTES
    assert len(server.requests) == 2


def test_answers_are_kept_while_others_are_awaited(server, monkeypatch):
    """The second sentence is answered only when another process would find the first in the cache."""
    monkeypatch.setattr(zero_shot, "INTERVAL", -1)
    made, found = function(server.url, concurrency=1), []

    def reply(sentences):
        if sentences == [TEXTS[1]]:
            wait_for(lambda: DiskCache(RESPONSES).get([made._key(TEXTS[0])]))
            found.extend(DiskCache(RESPONSES).get([made._key(TEXTS[0])]))
        return label(sentences)

    server.script = reply
    assert made.votes(TEXTS) == VOTES
    assert found == [made._key(TEXTS[0])]


def wait_for(there):
    for _ in range(500):
        if there():
            return
        time.sleep(0.01)


def test_a_model_is_shown_no_more_than_a_long_sentence_and_only_what_utf_8_can_hold(server):
    function(server.url).votes(["x" * 5000, "half \ud800 a pair"])
    assert sorted(request["messages"][1]["content"] for request in server.requests) == [
        '["half ? a pair"]',
        f'["{"x" * 2000}"]',
    ]


def test_counts_go_to_the_log_and_nothing_where_nothing_was_asked(server, caplog):
    with caplog.at_level(logging.INFO, "pipeline.weak.zero_shot.nli"):
        for _ in range(2):
            function(server.url).votes(TEXTS)
    (shown,) = caplog.messages
    assert shown.startswith("llm: asked about 3 of 3 sentences in ")
    assert shown.endswith(": opposition 1, neutral 1, agreement 1, no vote 0")


def test_long_work_reports_how_far_it_is(server, caplog, monkeypatch):
    monkeypatch.setattr(zero_shot, "INTERVAL", -1)
    with caplog.at_level(logging.INFO, "pipeline.weak.zero_shot.nli"):
        assert function(server.url).votes(TEXTS) == VOTES
    assert caplog.messages[:3] == [f"llm: {n} of 3 sentences" for n in (1, 2, 3)]


def test_an_answer_that_makes_no_vote_is_an_error_with_the_name(server, monkeypatch):
    monkeypatch.setattr(
        "pipeline.weak.zero_shot.endpoint.Endpoint.responses",
        lambda self, texts: ((text, float("nan")) for text in texts),
    )
    with pytest.raises(LFError, match=r"LF 'llm': the model's answer cannot be used; got nan"):
        function(server.url).votes(TEXTS[:1])


def test_casting_asks_in_batches_and_the_votes_stand_beside_those_of_the_others(server):
    lfs = LFSet([*SMALL, lf(server.url, batch=3)])
    votes, strengths = cast_votes(TEXTS, lfs)
    assert len(server.requests) == 1
    assert votes[:, -1].tolist() == [OPPOSITION, NEUTRAL, AGREEMENT, NEUTRAL, ABSTAIN, ABSTAIN]
    assert strengths[:, -1].tolist() == [0.75] * 4 + [0, 0]
    assert (votes[:, :-1] == cast_votes(TEXTS, SMALL)[0]).all()


def test_one_sentence_can_be_voted_on_alone_and_a_failure_passes_as_it_is(server):
    lfs = LFSet([lf(server.url)])
    assert lfs.vote(TEXTS[0]) == {0: VOTES[0]}
    server.script = [(401, "", {})]
    with pytest.raises(EndpointError, match="refuses the API key"):
        lfs.vote("Something else.")


def test_foreseeing_asks_no_one_where_no_lf_asks_a_model():
    prefetch(TEXTS, SMALL)


def test_it_pickles_as_its_settings_and_never_holds_a_key(server, monkeypatch):
    monkeypatch.setenv("TINY_KEY", "s3cret")
    lfs = LFSet([lf(server.url, key_env="TINY_KEY")])
    before = pickle.dumps(lfs)
    cast_votes(TEXTS, lfs)
    data = pickle.dumps(lfs)
    assert data == before
    assert b"s3cret" not in data
    again = pickle.loads(data)  # noqa: S301
    assert cast_votes(TEXTS, again)[0].tolist() == cast_votes(TEXTS, lfs)[0].tolist()
    assert len(server.requests) == 3


def test_making_the_lfs_asks_nobody_and_names_them_as_told():
    entries = [entry(), {"kind": "nli", "name": "nli", "model": "some/model", "hypotheses": None, "accuracy": 0.7}]
    made = list(zero_shot_lfs(entries))
    assert [(one.name, one.stance, one.source) for one in made] == [
        ("llm", ANY, "label.zero_shot"),
        ("nli", ANY, "label.zero_shot"),
    ]
    assert prior_accuracies(made) == [0.9, 0.7]
    assert list(zero_shot_lfs([])) == []


def test_parameters_are_what_the_models_take_with_the_same_defaults():
    where = [{"kind": "nli", "model": "some/model"}, {"kind": "endpoint", "model": "m", "url": "http://localhost/v1"}]
    params = [parsed.model_dump() for parsed in LabelParams(zero_shot=where).zero_shot]
    bare = [{"name": whole["name"], **least} for whole, least in zip(params, where, strict=True)]
    for one, other in zip(zero_shot_lfs(params), zero_shot_lfs(bare), strict=True):
        ours, theirs = (dict(vars(lf.function._backend)) for lf in (one, other))
        chats = [vars(backend.pop("chat", object)) for backend in (ours, theirs)]
        assert ours == theirs
        assert {**chats[0], "_opener": 0} == {**chats[1], "_opener": 0}
        assert one.function._backend.identity == other.function._backend.identity


def test_two_of_one_name_are_refused():
    with pytest.raises(LFError, match=r"label\.zero_shot: two labeling functions are called 'llm'"):
        LFSet([lf(), lf()])


def test_the_codebook_is_what_a_model_is_told_unless_told_otherwise():
    codebook = yaml.safe_load(CODEBOOK.read_text("utf-8"))
    assert function().settings["prompt"] == codebook["prompt"]
    assert function(prompt="mine").settings["prompt"] == "mine"
    assert function(prompt="mine", batch=5).settings["prompt"] == "mine"
    for hypotheses, expected in ((None, codebook["hypotheses"]), ({"opposition": ["No."]}, {"opposition": ["No."]})):
        (made,) = zero_shot_lfs([{"kind": "nli", "name": "nli", "model": "m", "hypotheses": hypotheses}])
        assert made.function.settings["hypotheses"] == expected


def test_the_shipped_prompt_has_every_rule_of_the_codebook_and_the_form_of_an_answer():
    from pipeline.weak.zero_shot.endpoint import read_reply
    from tests.test_codebook import RULES

    prompt = yaml.safe_load(CODEBOOK.read_text("utf-8"))["prompt"]
    assert [line.split(".")[0] for line in prompt.splitlines() if line[:1].isdigit()] == [
        str(n + 1) for n in range(RULES)
    ]
    shown = [(sentences, read_reply(reply, len(sentences))) for sentences, reply in examples_of(prompt)]
    assert [len(sentences) for sentences, _ in shown] == [1, 1, 1]
    assert [one["stance"] for _, found in shown for one in found] == ["opposition", "neutral", "agreement"]


def test_only_a_model_that_is_asked_about_several_sentences_is_shown_an_example_of_several():
    """Small models answer as many sentences as the examples do."""
    from pipeline.weak.zero_shot.endpoint import read_reply

    alone, together = (function(batch=batch).settings["prompt"] for batch in (1, 2))
    assert function().settings["prompt"] == alone
    assert together.startswith(alone)
    ((sentences, reply),) = examples_of(together.removeprefix(alone))
    assert len(read_reply(reply, len(sentences))) > 1


def examples_of(prompt):
    """Return the sentences and the reply of each example."""
    lines = [line.removeprefix("For ").split(" the answer is ") for line in prompt.splitlines() if line[:4] == "For "]
    return [(json.loads(sentences), reply) for sentences, reply in lines]


def test_the_shipped_hypotheses_are_one_or_more_a_stance():
    hypotheses = yaml.safe_load(CODEBOOK.read_text("utf-8"))["hypotheses"]
    assert list(hypotheses) == ["opposition", "neutral", "agreement"]
    assert all(shown and all(text.endswith(".") for text in shown) for shown in hypotheses.values())


class TestForTheReader:
    def test_the_list_and_the_card_show_that_a_model_votes_for_any_stance(self):
        lfs = LFSet([lf()])
        assert overview(lfs).split()[:3] == ["llm", "any", "model"]
        card = describe(lfs, "llm")
        assert "  votes for  any\n" in card
        assert "  read as    a model\n" in card

    def test_with_statistics_they_show_what_it_voted_for(self):
        votes = np.array([[OPPOSITION]] * 60 + [[AGREEMENT]] * 40)
        (row,) = lf_statistics(votes, ["llm"])
        assert overview(LFSet([lf()]), {"llm": row}).split()[1] == "opposition/agreement"

    def test_checking_examples_asks_nobody(self):
        assert list(check_examples(LFSet([lf()]))) == ["0 examples of 1 labeling functions hold."]


def test_the_label_model_gains_by_a_sound_one_for_all_stances():
    """Planted: 600 rows; one LF is right on 90 % of all, three know one stance each, and vote on half of its rows."""
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 600)
    right = rng.random(600) < 0.9
    votes = np.full((600, 4), ABSTAIN)
    votes[:, 0] = np.where(right, truth, (truth + 1) % 3)
    for k in range(3):
        votes[(truth == k) & (rng.random(600) < 0.5), k + 1] = k
    prior_accuracy = np.array([0.9, 0.8, 0.8, 0.8])
    scores = []
    for at in ([0, 1, 2, 3], [1, 2, 3]):
        model = LabelModel(lf_accuracy=prior_accuracy[at], prior_rows=100, empty="uniform")
        model.fit(votes[:, at], strengths=np.where(votes[:, at] >= 0, 0.8, 0.0))
        assert model.converged_
        assert model.worse_than_chance_ == []
        scores.append((model.predict(votes[:, at]) == truth).mean())
    assert scores[0] >= right.mean() > scores[1] + 0.2
