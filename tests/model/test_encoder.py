"""Encoder: known by its files, asked once about every sentence, found again or named in an error. Nothing is loaded."""

import json
import sqlite3
import sys
from dataclasses import replace

import numpy as np
import pytest

from pipeline.base.errors import EncoderError, ExtraError
from pipeline.base.paths import EMBEDDINGS
from pipeline.model.encoder import FILES, embeddings, loaded, open_encoder
from pipeline.reader.adapter import identity_of, load_adapter, save_adapter
from pipeline.reader.training import Settings, train_reader, training_data
from tests.tiny_encoder import ROWS

TEXTS = ["Ruritania rejected it.", "Borduria signed.", "Ruritania rejected it.", ""]


def test_embeddings_are_those_of_the_model_in_the_order_asked_for(encoder, asked):
    found = encoder.encode(TEXTS)
    assert (found.dtype, found.shape) == (np.float32, (4, 4))
    assert (found[0] == found[2]).all()
    assert (found == encoder.encode(TEXTS[::-1])[::-1]).all()
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(4), abs=1e-3)
    assert encoder.encode([]).shape == (0, 4)


def test_nothing_is_encoded_twice_even_where_the_model_is_gone(encoder, asked, folder):
    first = encoder.encode(TEXTS)
    (folder / "model.safetensors").unlink()
    assert (encoder.encode(TEXTS) == first).all()
    assert asked == [sorted(set(TEXTS), key=TEXTS.index)]


def test_only_what_is_new_is_encoded(encoder, asked):
    encoder.encode(TEXTS)
    encoder.encode([*TEXTS, "New."])
    assert asked[1:] == [["New."]]


@pytest.mark.parametrize("broken", ['"AAAA"', '"!"', "7", "null", "{", json.dumps("AHwAfAB8AHw=")])
def test_a_broken_entry_is_encoded_again(encoder, asked, broken):
    """Too short, not base64, not text, nothing, not JSON, not finite."""
    first = encoder.encode(TEXTS)
    with sqlite3.connect(EMBEDDINGS) as file:
        file.execute("UPDATE answers SET answer = ? WHERE rowid = 1", [broken])
    assert (encoder.encode(TEXTS) == first).all()
    assert [len(texts) for texts in asked] == [3, 1]
    encoder.encode(TEXTS)
    assert len(asked) == 2


def test_a_cache_that_is_no_cache_is_replaced(encoder, asked):
    first = encoder.encode(TEXTS)
    EMBEDDINGS.write_bytes(b"no database" * 1000)
    assert (encoder.encode(TEXTS) == first).all()
    assert (encoder.encode(TEXTS) == first).all()
    assert len(asked) == 2


def test_another_model_has_its_own_embeddings(encoder, asked, folder):
    encoder.encode(TEXTS)
    (folder / "model.safetensors").write_bytes(b"other")
    other = open_encoder(str(folder))
    assert other.identity != encoder.identity
    other.encode(TEXTS)
    assert len(asked[0]) == len(asked[-1]) == 3


def test_half_a_surrogate_pair_can_be_encoded(encoder, asked):
    assert encoder.encode(["\ud800 signed."]).shape == (1, 4)
    assert asked == [["? signed."]]


def test_the_identity_is_of_names_and_contents_and_of_what_counts_alone(folder):
    before = identity_of(folder, FILES)
    (folder / "README.md").write_text("About it.", "utf-8")
    (folder / ".hidden").write_text("x", "utf-8")
    assert identity_of(folder, FILES) == before
    (folder / "vocab.txt").write_text("a", "utf-8")
    assert identity_of(folder, FILES) != before


def test_a_model_that_was_exchanged_after_training_is_refused(encoder, asked, folder):
    (folder / "model.safetensors").write_bytes(b"other")
    loaded.cache_clear()  # as in another process
    with pytest.raises(EncoderError, match=f"not the encoder that .* expected files with the hash {encoder.identity}"):
        encoder.encode(TEXTS)
    assert asked == []


@pytest.mark.parametrize("name", ["./gone", "/no/such/folder", "~/no-such-folder", "models/of/mine", "mine"])
def test_a_missing_folder_is_named(name):
    with pytest.raises(EncoderError, match=f"^{name}: no such folder. Put the model there, or name another"):
        open_encoder(name)


def test_a_folder_without_weights_that_can_be_read_safely_says_what_is_missing(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(EncoderError, match=r"not a model; expected config.json, .*\*.safetensors; got config.json"):
        open_encoder(str(folder))


def test_vectors_that_hold_no_numbers_are_refused(folder, asked, monkeypatch):
    monkeypatch.setattr("pipeline.model.encoder.sentence_transformer", lambda *_: lambda texts: np.full((1, 4), np.nan))
    with pytest.raises(EncoderError, match="gives vectors that hold no numbers"):
        open_encoder(str(folder)).encode(["Signed."])


def test_a_missing_package_is_named_with_the_extra_that_brings_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    match = r"encoder .*: needs a package .*\(sentence_transformers\).*pip install 'stance-pipeline\[encoder\]'"
    with pytest.raises(ExtraError, match=match):
        open_encoder(str(folder))


class TestTheReader:
    @pytest.fixture
    def adapter(self, base, tmp_path, monkeypatch):
        """The folder of an adapter of the tiny base model."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("STANCE_READER", raising=False)
        adapter = train_reader(training_data(ROWS, "rows"), str(base), Settings(rank=2, epochs=1))
        save_adapter(
            tmp_path / "mine",
            replace(adapter, card={**adapter.card, "base": {**adapter.card["base"], "name": str(base)}}),
        )
        return tmp_path / "mine"

    def test_it_encodes_by_its_last_layer_whatever_else_is_encoded(self, adapter):
        encoder = open_encoder(str(adapter))
        assert (encoder.width, encoder.identity) == (32, load_adapter(adapter).identity)
        found = encoder.encode(TEXTS)
        assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(4), abs=1e-3)
        EMBEDDINGS.unlink()
        assert (found[:1] == encoder.encode(TEXTS[:1])).all()


def test_a_model_of_sentence_transformers_gives_its_own_vectors(base, tmp_path, monkeypatch):
    reason = "the extra `encoder` is not installed (sentence_transformers)"
    made = pytest.importorskip("sentence_transformers", reason=reason).SentenceTransformer(str(base))
    monkeypatch.chdir(tmp_path)
    found = open_encoder(str(base)).encode(TEXTS)
    assert found == pytest.approx(made.encode(TEXTS, normalize_embeddings=True), abs=1e-3)


class TestOnTheHub:
    def test_what_the_hubs_cache_holds_is_not_asked_for(self, folder, asked, monkeypatch):
        calls = []

        def download(name, **settings):
            calls.append((name, settings))
            return str(folder)

        monkeypatch.setattr("huggingface_hub.snapshot_download", download)
        assert open_encoder("someone/some-model@v2").identity == identity_of(folder, FILES)
        assert calls == [("someone/some-model", {"revision": "v2", "local_files_only": True})] * 2

    def test_what_it_does_not_hold_is_downloaded_without_weights_that_are_pickles(
        self, folder, asked, tmp_path, monkeypatch
    ):
        calls = []

        def download(name, *, local_files_only=False, **settings):
            calls.append(settings)
            return str(tmp_path / "partial" if local_files_only else folder)

        monkeypatch.setattr("huggingface_hub.snapshot_download", download)
        assert open_encoder("someone/some-model").width == 4
        assert calls[0] == {"revision": None}
        assert not [pattern for pattern in calls[1]["allow_patterns"] if pattern.endswith((".bin", "*", ".pt"))]

    def test_a_name_that_cannot_be_fetched_is_named(self, monkeypatch):
        def download(name, **settings):
            raise OSError("no route to host")

        monkeypatch.setattr("huggingface_hub.snapshot_download", download)
        with pytest.raises(EncoderError, match=r"someone/some-model: the model is not here; got OSError: no route"):
            open_encoder("someone/some-model")


def test_without_an_encoder_embeddings_have_no_columns():
    assert embeddings(TEXTS, None).shape == (4, 0)
