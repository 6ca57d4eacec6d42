"""The adapter: written and read whole, tensors and card belonging together; no pickle."""

import json

import numpy as np
import pytest

from pipeline.base.errors import ArtefactError, InputError
from pipeline.reader.adapter import CARD, LARGE, SHIPPED, TENSORS, Adapter, load_adapter, save_adapter

pytest.importorskip("safetensors", reason="the extra `reader` is not installed (safetensors)")


@pytest.fixture
def adapter():
    tensors = {"up": np.arange(6, dtype="<f2").reshape(2, 3), "head": np.ones(3, "<f2")}
    return Adapter(tensors, {"base": {"name": "a/b", "identity": "00"}, "network": {"rank": 2}})


@pytest.fixture
def folder(adapter, tmp_path):
    save_adapter(tmp_path / "reader", adapter)
    return tmp_path / "reader"


@pytest.mark.parametrize(("shipped", "base"), [(SHIPPED, "all-MiniLM-L6-v2"), (LARGE, "all-mpnet-base-v2")])
def test_those_that_ship_load_and_are_of_the_hub(shipped, base):
    adapter = load_adapter(shipped)
    assert adapter.card["base"]["name"] == f"sentence-transformers/{base}"
    assert adapter.tensors["head.weight"].shape[0] == 3


def test_it_comes_back_as_it_was(adapter, folder):
    again = load_adapter(folder)
    assert again.identity == adapter.identity
    assert {name: tensor.tolist() for name, tensor in again.tensors.items()} == {
        name: tensor.tolist() for name, tensor in adapter.tensors.items()
    }
    assert sorted(path.name for path in folder.iterdir()) == [TENSORS, CARD]


def test_equal_adapters_give_equal_bytes(adapter, folder, tmp_path):
    save_adapter(tmp_path / "again", Adapter(dict(reversed(adapter.tensors.items())), adapter.card))
    assert all((tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes() for name in (TENSORS, CARD))


@pytest.mark.parametrize("changed", [{"tensors": {"up": np.zeros(3, "<f2")}}, {"card": {"base": 1, "network": 2}}])
def test_its_identity_is_of_all_that_an_answer_depends_on(adapter, changed):
    if "card" in changed:
        changed = {"card": {**adapter.card, "network": {"rank": 3}}}
    other = Adapter(**{"tensors": adapter.tensors, "card": adapter.card, **changed})
    assert other.identity != adapter.identity
    assert Adapter(adapter.tensors, {**adapter.card, "scores": {}}).identity == adapter.identity


def test_where_there_is_none_the_folder_is_named(tmp_path):
    with pytest.raises(InputError, match=f"{tmp_path}: no adapter of a reader; expected card.json and adapter.safe"):
        load_adapter(tmp_path)


@pytest.mark.parametrize("content", ['{"format": 9, "base": {}, "network": {}}', '{"format": 1}', "[]"])
def test_a_card_of_another_kind_is_refused(folder, content):
    (folder / CARD).write_text(content, "utf-8")
    with pytest.raises(ArtefactError, match=r"card\.json: no card of a reader that this version reads"):
        load_adapter(folder)


def test_tensors_of_another_adapter_are_refused(folder):
    content = (folder / TENSORS).read_bytes()
    (folder / TENSORS).write_bytes(content[:-1] + b"\1")
    with pytest.raises(ArtefactError, match=r"adapter\.safetensors: not the tensors that the card belongs to"):
        load_adapter(folder)
    (folder / TENSORS).unlink()
    with pytest.raises(ArtefactError, match=r"adapter\.safetensors: cannot be read"):
        load_adapter(folder)


def test_the_card_says_what_it_is_for_people_too(folder):
    card = json.loads((folder / CARD).read_text("utf-8"))
    assert {"base", "network", "format", "sha256"} == set(card)
