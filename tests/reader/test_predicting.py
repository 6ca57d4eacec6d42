"""What a reader says: the same whatever else is asked, and computed once; why; and how it joins the classifier."""

import logging
import pickle
import shutil
import sqlite3
import sys

import numpy as np
import pytest

from pipeline.base.calibration import log_losses, softmax
from pipeline.base.errors import EncoderError, ExtraError, InputError
from pipeline.reader.predicting import (
    ENOUGH,
    USUAL,
    Combination,
    Reader,
    cross_fitted,
    fit_combination,
    open_reader,
    reader_named,
    word_effects,
)
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


N = 4000


@pytest.fixture(scope="module")
def planted():
    """Two opinions on each of some sentences, and gold drawn from their product to the powers 0.6 and 1.1."""
    rng = np.random.default_rng(1)
    read, weak = (softmax(2 * rng.normal(size=(N, 3))) for _ in range(2))
    truth = Combination(0.6, 1.1, 0.5, -0.5).proba(np.log(read), weak)
    gold = (rng.random((N, 1)) > truth.cumsum(axis=1)).sum(axis=1)
    return np.log(read), weak, gold


def test_the_plain_product():
    read, weak = np.log([[0.5, 0.25, 0.25]]), np.array([[0.5, 0.3, 0.2]])
    assert Combination(1, 1).proba(read, weak) == pytest.approx(np.array([[0.25, 0.075, 0.05]]) / 0.375)
    assert Combination(1, 0).proba(read, weak) == pytest.approx(np.exp(read))


def test_a_stance_that_the_classifier_rules_out_is_not_ruled_out():
    assert (Combination(1, 1).proba(np.log([[0.9, 0.05, 0.05]]), np.array([[0.0, 1.0, 0.0]])) > 0).all()


def test_what_gold_was_drawn_with_is_found_again(planted):
    found = fit_combination(*planted)
    assert list(vars(found).values()) == pytest.approx([0.6, 1.1, 0.5, -0.5], abs=0.12)
    assert found == fit_combination(*planted)


def test_where_stances_are_as_common_as_they_were_nothing_is_added(planted):
    found = fit_combination(*planted, Combination(1, 1, 0.2, 0), same_mix=True)
    assert (found.opposition, found.agreement) == (0.2, 0)
    assert found.classifier == pytest.approx(1.1, abs=0.15)


def test_few_labels_leave_it_as_it_was(planted):
    read, weak, gold = (part[: ENOUGH - 1] for part in planted)
    assert fit_combination(read, weak, gold) == USUAL
    read, weak, gold = (part[: ENOUGH + 10] for part in planted)
    near = np.array(list(vars(fit_combination(read, weak, gold)).values())) - list(vars(USUAL).values())
    assert 0 < np.abs(near).max() < 0.6


def test_no_article_is_judged_by_what_was_fitted_on_it(planted):
    """An article with its gold turned round changes the others' answers and not its own."""
    read, weak, gold = (part[:500] for part in planted)
    articles = [f"a{k // 50}" for k in range(500)]
    turned = np.r_[2 - gold[:50], gold[50:]]
    before, after = (cross_fitted(read, weak, some, articles) for some in (gold, turned))
    assert (before[:50] == after[:50]).all()
    assert (before[50:] != after[50:]).any()


def test_together_they_know_more_than_either(planted):
    read, weak, gold = planted
    both = cross_fitted(read, weak, gold, [f"a{k // 10}" for k in range(N)])
    losses = [log_losses(proba, np.eye(3)[gold]).mean() for proba in (both, np.exp(read), weak)]
    assert losses[0] < min(losses[1:]) - 0.05


class Counting:
    """A reader that knows one word: each "not" doubles the log-odds of opposition."""

    def log_proba(self, texts):
        against = np.array([text.count("not") for text in texts], float)
        scores = np.stack([against, np.zeros(len(texts)), np.zeros(len(texts))], axis=1)
        return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))


def test_the_word_that_counts_comes_first_with_its_place():
    text = "It will not sign."
    first, *others = word_effects(Counting(), text, "opposition")
    assert (first.text, text[first.start : first.end]) == ("not", "not")
    assert first.effect == pytest.approx(np.log(np.e / (np.e + 2)) - np.log(1 / 3), abs=1e-4)
    assert [(word.text, word.effect) for word in others] == [("It", 0), ("will", 0), ("sign", 0)]


def test_a_word_can_speak_against_a_stance():
    assert word_effects(Counting(), "It will not sign.", "agreement", top=1)[0].effect < -0.4


def test_words_are_whole_and_as_many_as_asked_for():
    found = word_effects(Counting(), "The U.S.-led ex-premier's 1,5 men", "opposition")
    assert [word.text for word in found] == ["The", "U.S", "led", "ex-premier's", "1", "5", "men"]
    assert word_effects(Counting(), "One two three", "neutral", top=2)[1].text == "two"
    assert word_effects(Counting(), "...", "neutral") == []
