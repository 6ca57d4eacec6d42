"""What a reader says: the same whatever else is asked, computed once, by the base model that it was trained on."""

import logging
import pickle
import shutil
import sqlite3
import sys

import numpy as np
import pytest

from pipeline.base.errors import EncoderError, ExtraError, InputError
from pipeline.reader.predicting import Reader, open_reader, reader_named
from pipeline.reader.training import Settings, train_reader

TEXTS = ["Ruritania rejected the plan.", "Borduria signed the treaty.", "", "\ud800 signed.", "Sylvania met the envoy."]


@pytest.fixture
def reader(base, data, tmp_path):
    return Reader(train_reader(data, str(base), Settings(rank=2, epochs=1)), str(base), cache=tmp_path / "cache.sqlite")


def answers(reader):
    with sqlite3.connect(reader.cache) as file:
        return file.execute("SELECT COUNT(*) FROM answers").fetchone()[0]


def test_log_probabilities_of_each_sentence_in_the_order_asked_for(reader):
    found = reader.log_proba(TEXTS)
    assert found.shape == (5, 3)
    assert np.exp(found).sum(axis=1) == pytest.approx(np.ones(5), abs=1e-3)
    assert (found == reader.log_proba(TEXTS[::-1])[::-1]).all()
    assert reader.log_proba([]).shape == (0, 3)


def test_no_answer_depends_on_what_else_is_asked(reader, tmp_path):
    alone = Reader(reader.adapter, reader.base, cache=tmp_path / "other.sqlite")
    assert (np.concatenate([alone.log_proba([text]) for text in TEXTS]) == reader.log_proba(TEXTS)).all()


def test_nothing_is_computed_twice(reader, tmp_path):
    """Not even where the base model has gone."""
    first = reader.log_proba(TEXTS)
    assert answers(reader) == 5
    gone = Reader(reader.adapter, str(tmp_path / "gone"), cache=reader.cache)
    assert (gone.log_proba(TEXTS) == first).all()
    with pytest.raises(EncoderError, match="gone: no such folder"):
        gone.log_proba(["New."])


def test_an_entry_that_is_no_answer_is_computed_again(reader):
    first = reader.log_proba(TEXTS)
    with sqlite3.connect(reader.cache) as file:
        file.execute("UPDATE answers SET answer = '[1, 2]'")
    assert (reader.log_proba(TEXTS) == first).all()


def test_another_base_model_is_refused(reader, base, tmp_path):
    other = shutil.copytree(base, tmp_path / "other")
    (other / "tokenizer.json").write_text((other / "tokenizer.json").read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(EncoderError, match="not the base model of the reader; expected files with the hash"):
        Reader(reader.adapter, str(other), cache=tmp_path / "new.sqlite").log_proba(["New."])


def test_a_pickle_of_it_holds_no_network(reader):
    before = len(pickle.dumps(reader))
    reader.log_proba(TEXTS)
    assert len(pickle.dumps(reader)) < before + 100
    again = pickle.loads(pickle.dumps(reader))  # noqa: S301 - our own bytes
    assert (again.log_proba(TEXTS) == reader.log_proba(TEXTS)).all()


def test_a_parameter_names_it(reader, tmp_path, monkeypatch):
    monkeypatch.delenv("STANCE_READER", raising=False)
    from pipeline.reader.adapter import save_adapter

    assert reader_named("off") is None
    save_adapter(tmp_path / "mine", reader.adapter)
    found = reader_named(str(tmp_path / "mine"))
    assert (found.adapter.identity, found.base_name) == (reader.adapter.identity, reader.base)
    with pytest.raises(InputError, match="gone: no adapter of a reader"):
        reader_named(str(tmp_path / "gone"))


def test_the_variable_says_where_the_base_model_is(reader, tmp_path, monkeypatch):
    from pipeline.reader.adapter import save_adapter

    save_adapter(tmp_path / "mine", reader.adapter)
    monkeypatch.setenv("STANCE_READER", "/elsewhere")
    assert open_reader(tmp_path / "mine").base_name == "/elsewhere"
    assert open_reader(tmp_path / "mine", "/here").base_name == "/here"


class TestWithoutTheExtra:
    @pytest.fixture(autouse=True)
    def missing(self, monkeypatch):
        """As if the packages were not installed."""
        for name in ("torch", "transformers", "safetensors"):
            monkeypatch.setitem(sys.modules, name, None)

    def test_one_line_says_how_to_get_it(self):
        with pytest.raises(ExtraError) as caught:
            open_reader()
        assert str(caught.value) == (
            "reader: needs a package that is not installed (safetensors). Run `pip install 'stance-pipeline[reader]'`."
        )

    def test_auto_is_off(self, caplog):
        caplog.set_level(logging.INFO)
        assert reader_named("auto") is None
        assert "no reader is used: safetensors is not installed" in caplog.text
