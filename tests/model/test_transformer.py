"""Transformer: a tiny one, made here with random weights, gives each sentence its vector whatever stands beside it."""

import json
import sys

import numpy as np
import pytest

from pipeline.base.errors import EncoderError, ExtraError
from pipeline.model.encoder import Transformer, open_encoder

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "envoy", "signed", "rejected", "pact", "plan", "again", "and", "."]
TEXTS = ["The envoy signed.", "The envoy rejected the plan and the pact.", "", "And again. " * 20, "Signed."]

reason = "the extra 'encoder' (torch, transformers) is not installed"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    torch = pytest.importorskip("torch", reason=reason)
    transformers = pytest.importorskip("transformers", reason=reason)
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(WORDS), "utf-8")
    transformers.BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    config = transformers.BertConfig(vocab_size=len(WORDS), max_position_embeddings=45, **sizes)
    torch.manual_seed(3)
    transformers.BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def transformer(tiny):
    return Transformer(tiny, "tiny")


def test_vectors_have_length_one_and_texts_of_any_length_have_one(transformer):
    vectors = transformer.encode(TEXTS)
    assert (vectors.dtype, vectors.shape) == (np.float32, (5, 16))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    assert len({tuple(vector) for vector in vectors}) == 5


def test_to_the_last_bit_a_vector_does_not_depend_on_what_else_is_encoded(transformer):
    many = [
        f"{a} {b} {c}." for a in WORDS[4:] for b in WORDS[4:] for c in ("", "the plan", "again and again and again")
    ]
    together = transformer.encode(many)
    order = np.random.default_rng(5).permutation(len(many))
    assert (transformer.encode([many[i] for i in order]) == together[order]).all()
    assert (np.vstack([transformer.encode([text]) for text in many[::20]]) == together[::20]).all()


def test_the_mean_is_taken_of_the_tokens_and_not_of_what_fills_the_batch(tiny, transformer):
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(tiny)(TEXTS[0], return_tensors="pt")
    with torch.inference_mode():
        mean = AutoModel.from_pretrained(tiny).eval()(**tokens)[0][0].mean(0).numpy()
    assert transformer.encode(TEXTS[:1])[0] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)


@pytest.mark.parametrize("expected", [{"pooling_mode_cls_token": True}, {"pooling_mode": "cls"}])
def test_a_model_that_is_made_for_its_first_token_is_read_by_that(tiny, transformer, tmp_path, expected):
    import shutil

    folder = shutil.copytree(tiny, tmp_path / "first")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(expected), "utf-8")
    first = Transformer(folder, "first")
    assert first.first_token
    assert not transformer.first_token
    assert abs(first.encode(TEXTS[:1]) - transformer.encode(TEXTS[:1])).max() > 1e-3


def test_the_threads_of_others_are_left_as_they_were(transformer):
    import torch

    before = torch.get_num_threads()
    transformer.encode(TEXTS)
    assert torch.get_num_threads() == before


def test_weights_without_numbers_are_refused(tiny):
    import torch

    broken = Transformer(tiny, "tiny")
    with torch.no_grad():
        next(broken.network.parameters()).fill_(float("nan"))
    with pytest.raises(EncoderError, match="tiny: gives vectors that hold no numbers"):
        broken.encode(TEXTS)


def test_an_encoder_of_it_works_from_folder_to_vectors(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    encoder = open_encoder(str(tiny))
    assert encoder.encode(TEXTS).shape == (5, encoder.width)
    assert (encoder.encode(TEXTS) == encoder.encode(TEXTS[::-1])[::-1]).all()


def test_a_folder_that_cannot_be_loaded_is_named(folder):
    pytest.importorskip("torch", reason=reason)
    with pytest.raises(EncoderError, match="here: the encoder cannot be loaded; got "):
        Transformer(folder, "here")


@pytest.mark.parametrize("package", ["torch", "transformers"])
def test_a_missing_package_is_named_with_the_extra_that_brings_it(folder, monkeypatch, package):
    monkeypatch.setitem(sys.modules, "torch", type(sys)("torch"))
    monkeypatch.setitem(sys.modules, package, None)
    match = rf"encoder mine: needs a package .*\({package}\).*pip install 'stance-pipeline\[encoder\]'.*train\.encoder"
    with pytest.raises(ExtraError, match=match):
        Transformer(folder, "mine")
