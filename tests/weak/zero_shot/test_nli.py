"""An NLI model as a backend: from entailment to votes, with a stand-in for the model, and once with a tiny real one."""

import json
import sys

import pytest

from pipeline.base.errors import ExtraError, LFError
from pipeline.base.stances import ABSTAIN, AGREEMENT, NEUTRAL, OPPOSITION
from pipeline.weak.zero_shot import nli
from pipeline.weak.zero_shot.nli import NLI

HYPOTHESES = {"opposition": ["Somebody objects.", "They quarrel."], "neutral": ["It is a fact."], "agreement": ["Yes."]}


def backend(model="some/model", **settings):
    return NLI(**{"name": "nli", "model": model, "hypotheses": HYPOTHESES, "abstain_below": 0.25, **settings})


@pytest.fixture
def asked(monkeypatch):
    """What a stand-in for the model is asked, in batches; with it a text entails as many percent as it has letters."""
    batches = []

    def load(model, revision, device, where):
        batches.append((model, revision, device, where))
        return entailment

    def entailment(pairs):
        batches.append(pairs)
        return [len(premise) / 100 + 0.123456 * (hypothesis == "Yes.") for premise, hypothesis in pairs]

    monkeypatch.setattr(nli, "load_entailment", load)
    return batches


def test_every_text_is_paired_with_every_hypothesis_in_the_order_of_the_stances(asked):
    assert list(backend().responses(["Hm"])) == [("Hm", [0.02, 0.02, 0.02, 0.1435])]
    assert asked[1] == [("Hm", result) for result in ("Somebody objects.", "They quarrel.", "It is a fact.", "Yes.")]


def test_the_model_is_loaded_once_and_when_it_is_first_asked(asked):
    one = backend(revision="v2", device="cpu")
    assert (asked, one.identity and asked) == ([], [])
    for _ in range(2):
        list(one.responses(["Hm"]))
    assert [batch for batch in asked if isinstance(batch, tuple)] == [("some/model", "v2", "cpu", "LF 'nli'")]


@pytest.mark.parametrize("batch", [1, 2, 3, 9])
def test_each_text_comes_with_its_answer_whatever_the_batch(asked, batch):
    texts = ["x" * n for n in (5, 2, 9, 2, 1)]
    assert sorted((len(text), response[0]) for text, response in backend(batch=batch).responses(texts)) == [
        (n, n / 100) for n in (1, 2, 2, 5, 9)
    ]
    assert {len(pairs) for pairs in asked[1:]} <= {4 * batch, 4 * (5 % batch)}


def test_texts_of_like_length_are_asked_together(asked):
    list(backend(batch=2).responses(["xxxx", "x", "xxxx", "x"]))
    assert [{premise for premise, _ in pairs} for pairs in asked[1:]] == [{"x"}, {"xxxx"}]


def test_answers_come_batch_by_batch(asked):
    responses = backend(batch=2).responses(["xx", "x", "xxx"])
    assert [next(responses)[0], len(asked)] == ["x", 2]
    assert [text for text, _ in responses] == ["xx", "xxx"]


@pytest.mark.parametrize(
    ("response", "vote"),
    [
        ([0.1, 0.9, 0.2, 0.3], (OPPOSITION, 0.6)),
        ([0.9, 0.1, 0.2, 0.3], (OPPOSITION, 0.6)),
        ([0.0, 0.0, 1.0, 0.0], (NEUTRAL, 1.0)),
        ([0.1, 0.2, 0.5, 0.75], (AGREEMENT, 0.25)),
        ([0.1, 0.2, 0.5, 0.7499], ABSTAIN),
        ([0.5, 0.5, 0.5, 0.5], ABSTAIN),
        ([0, 0, 0, 1], (AGREEMENT, 1)),
    ],
)
def test_the_vote_is_for_what_is_entailed_most_as_strong_as_its_lead(response, vote):
    assert backend().vote(response) == vote


@pytest.mark.parametrize(
    "response", [None, [], [0.5] * 3, [0.5, 0.5, 0.5, 1.5], [0.5, 0.5, 0.5, None], [True] * 4, "0.5", {}]
)
def test_what_is_no_answer_is_no_vote_and_no_abstention(response):
    assert backend().vote(response) is None


def test_no_lead_is_no_vote_even_where_any_lead_would_do():
    assert backend(abstain_below=0).vote([0.5, 0.5, 0.5, 0.5]) == ABSTAIN


def test_neutral_without_hypotheses_is_what_the_others_leave():
    rest = backend(hypotheses={**HYPOTHESES, "neutral": []})
    assert rest.vote([0.1, 0.2, 0.1]) == (NEUTRAL, 0.6)
    assert rest.vote([0.1, 0.9, 0.1]) == (OPPOSITION, 0.8)
    assert rest.vote([0.4, 0.5, 0.1]) == ABSTAIN


def test_the_identity_changes_with_model_revision_and_hypotheses_and_nothing_else():
    same = [backend(name="other"), backend(abstain_below=0.9), backend(batch=2), backend(device="cpu")]
    changed = {**HYPOTHESES, "agreement": ["No."]}
    others = [backend("other/model"), backend(revision="v2"), backend(hypotheses=changed)]
    assert {one.identity for one in same} == {backend().identity}
    assert len({one.identity for one in [backend(), *others]}) == 4


def test_a_local_folder_is_known_by_its_files_wherever_it_is(tmp_path):
    for place in ("a", "b", "c"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "config.json").write_text("{}")
        (tmp_path / place / "weights").write_bytes(b"1" if place == "c" else b"0")
    (tmp_path / "b/.cached").write_text("not the model's")
    a, b, c = (backend(str(tmp_path / place)).identity for place in ("a", "b", "c"))
    assert a == b != c


@pytest.mark.parametrize("model", ["{}/gone", "./gone", "models/nli/gone"])
def test_a_folder_that_is_not_there_is_named(tmp_path, monkeypatch, model):
    monkeypatch.chdir(tmp_path)
    model = model.format(tmp_path)
    with pytest.raises(LFError, match=rf"LF 'nli', {model}: no such model folder\. Put the model there, or change"):
        _ = backend(model).identity


@pytest.mark.parametrize("missing", ["torch", "transformers"])
def test_a_missing_package_is_named_with_the_extra_that_brings_it(monkeypatch, missing):
    for name in ("torch", "transformers"):
        monkeypatch.setitem(sys.modules, name, None if name == missing else type(sys)(name))
    names = ("AutoModelForSequenceClassification", "AutoTokenizer")
    if missing == "torch":
        vars(sys.modules["transformers"]).update(dict.fromkeys(names))
    with pytest.raises(
        ExtraError, match=rf"LF 'nli': .*not installed \({missing}\)\. Run `pip install 'stance-pipeline\[nli\]'`"
    ):
        list(backend().responses(["Hm"]))


LABELS = ("contradiction", "neutral", "entailment")
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] they quarrel agree yes it is a fact somebody objects . ordovia"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model of a few hundred random weights, made here; skips where torch and transformers (extra `nli`) are not."""
    torch = pytest.importorskip("torch", reason="torch is not installed (extra nli)")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed (extra nli)")
    import tokenizers

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    labels = {"id2label": dict(enumerate(LABELS)), "label2id": {n: i for i, n in enumerate(LABELS)}}
    sizes |= {"vocab_size": len(WORDS.split()), "max_position_embeddings": 32}
    config = transformers.BertConfig(initializer_range=0.5, **sizes, **labels)  # so that words matter
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({w: i for i, w in enumerate(WORDS.split())}, "[UNK]"))
    words.normalizer = tokenizers.normalizers.Lowercase()
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    words.post_processor = tokenizers.processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    kind = transformers.PreTrainedTokenizerFast
    kind(tokenizer_object=words, model_max_length=32, **special).save_pretrained(folder)
    return folder


class TestTinyModel:
    """What the stand-in stands for."""

    def test_it_gives_each_text_a_probability_for_each_hypothesis(self, folder):
        texts = ["Ordovia objects.", "They agree.", "It is a fact. " * 40, "They agree.", "?"]
        responses = list(backend(str(folder), device="cpu").responses(texts))
        assert [len(response) for _, response in responses] == [4] * 5
        assert all(0 < share < 1 for _, response in responses for share in response)
        assert dict(responses)[texts[0]] != dict(responses)[texts[1]]

    def test_the_batch_changes_nothing(self, folder):
        texts = ["Ordovia objects.", "They agree.", "It is a fact that they quarrel."]
        one, many = (dict(backend(str(folder), device="cpu", batch=n).responses(texts)) for n in (1, 3))
        assert one == {text: pytest.approx(response, abs=2e-4) for text, response in many.items()}

    def test_it_is_the_probability_of_the_label_entailment(self, folder):
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        network, tokenizer = (
            kind.from_pretrained(folder) for kind in (AutoModelForSequenceClassification, AutoTokenizer)
        )
        with torch.inference_mode():
            logits = network(**tokenizer("They agree.", "Yes.", return_tensors="pt")).logits[0]
        expected = float(logits.softmax(0)[LABELS.index("entailment")])
        ((_, response),) = backend(str(folder), device="cpu").responses(["They agree."])
        assert response[3] == pytest.approx(expected, abs=1e-4)

    def test_a_model_of_anything_else_is_refused_with_its_labels(self, folder, tmp_path):
        for file in folder.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        config = json.loads((folder / "config.json").read_text())
        labels = {"id2label": {0: "good", 1: "bad", 2: "fair"}, "label2id": {"good": 0, "bad": 1, "fair": 2}}
        (tmp_path / "config.json").write_text(json.dumps({**config, **labels}))
        with pytest.raises(LFError, match="not an NLI model; expected one label 'entailment'; got good, bad, fair"):
            list(backend(str(tmp_path), device="cpu").responses(["Hm"]))

    def test_a_folder_without_a_model_is_refused(self, folder, tmp_path):
        (tmp_path / "notes.txt").write_text("no model")
        with pytest.raises(LFError, match=rf"LF 'nli', {tmp_path}: the NLI model cannot be loaded; got \w+Error: "):
            list(backend(str(tmp_path)).responses(["Hm"]))
