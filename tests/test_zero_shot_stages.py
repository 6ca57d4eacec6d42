"""The pipeline with a labeling function that asks a model: once for each sentence, over all stages (8 s)."""

import json

import pytest

from tests.corpus import AGREED, OPPOSED, edit_params
from tests.weak.model_server import completion, model_server

SAYS = {"opposition": OPPOSED, "agreement": AGREED}


def label(sentences):
    """Label by the first word behind the party, which tells the tiny corpus's stances apart."""
    known = {text.split()[1]: stance for stance, texts in SAYS.items() for text in texts}
    stances = [next((known[word] for word in text.split()[1:2] if word in known), "neutral") for text in sentences]
    return completion(json.dumps([{"stance": stance, "certainty": 0.9} for stance in stances]))


@pytest.fixture
def asking(project, stance):
    """A server, and a project labelled and trained with what it says."""
    with model_server() as server:
        server.script = label
        entry = {"kind": "endpoint", "url": server.url, "model": "tiny", "retries": 0, "accuracy": 0.9, "batch": 20}
        edit_params(project, "label", zero_shot=[entry])
        for verb in ("label", "train", "apply", "evaluate"):
            done = stance(verb)
            assert done.code == 0, done.err
        yield server


def test_a_model_is_asked_once_for_each_sentence_and_its_votes_are_used_everywhere(asking, project, stance):
    asked = [text for request in asking.requests for text in json.loads(request["messages"][1]["content"])]
    assert len(asked) == len(set(asked))

    lfs = json.loads((project / "data/labeled/lfs.json").read_text("utf-8"))["lfs"]
    assert lfs[-1]["name"] == "llm"
    assert lfs[-1]["precision"] > 0.8
    assert lfs[-1]["warnings"] == []
    listed = stance("lfs")
    assert [line.split()[:3] for line in listed.out.splitlines() if line.startswith("llm")] == [["llm", "any", "model"]]
    assert "llm" in (project / "reports/model.html").read_text("utf-8")

    result = json.loads(stance("predict", "--explain", "-f", "jsonl", "Sylvania welcomed nothing.").out)
    assert [lf["stance"] for lf in result["explanation"]["lfs"] if lf["name"] == "llm"] == ["agreement"]
    asking.script = [(401, "", {})]
    assert stance("predict", "-q", "Sylvania welcomed nothing.").code == 0
    refused = stance("predict", "A new one.")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(f"error: LF 'llm', {asking.url}: refuses the API key (HTTP 401)")
