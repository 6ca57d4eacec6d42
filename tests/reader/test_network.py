"""The network: begins as the base model, learns in few numbers, merges without changing an answer."""

import numpy as np
import pytest

from pipeline.base.errors import ArtefactError, EncoderError

torch = pytest.importorskip("torch", reason="the extra `reader` is not installed (torch)")


@pytest.fixture
def network(base):
    from pipeline.reader.network import Network

    torch.manual_seed(1)
    return Network(base, rank=2).eval()


def scores(network, texts=("Ruritania rejected the plan.",)):
    ids = torch.tensor(network.tokens(texts))
    with torch.inference_mode():
        return network(ids, torch.ones_like(ids)).numpy()


def test_only_updates_and_head_are_learnt(network):
    learned = network.learned()
    assert {name.rpartition(".")[2] for name in learned} == {"down", "up", "weight", "bias"}
    per_layer = 4 * (32 + 32) + 2 * (32 + 64)
    assert sum(part.numel() for part in learned.values()) == 2 * 2 * per_layer + 3 * 32 + 3


def test_lower_layers_can_be_left_as_they_are(base):
    from pipeline.reader.network import Network

    assert not [name for name in Network(base, rank=2, frozen=1).learned() if ".layer.0." in name]


def test_updates_begin_at_nothing_and_merge_into_the_layers(network):
    before = scores(network)
    with torch.no_grad():
        for name, part in network.learned().items():
            if name.endswith(".up"):
                part.normal_()
    changed = scores(network)
    assert np.abs(changed - before).max() > 0.01
    network.merge()
    assert scores(network) == pytest.approx(changed, abs=1e-5)
    assert network.learned() == {}


def test_what_was_learned_can_be_put_into_another(network, base):
    from pipeline.reader.network import Network

    other = Network(base, rank=2).eval()
    assert np.abs(scores(other) - scores(network)).max() > 0
    other.take({name: part.detach().numpy() for name, part in network.learned().items()})
    assert (scores(other) == scores(network)).all()
    with pytest.raises(ArtefactError, match="the adapter does not fit its base model"):
        other.take({"head.bias": np.zeros(3)})


def test_a_long_sentence_is_cut_off(network):
    assert len(network.tokens(["plan " * 100])[0]) == network.longest == 32
    assert network.tokens([]) == []


def test_a_folder_that_holds_no_model_is_named(tmp_path):
    from pipeline.reader.network import Network

    with pytest.raises(EncoderError, match=f"^{tmp_path}: the reader's base model cannot be loaded"):
        Network(tmp_path, rank=2)
