"""Train a reader: labelled sentences in, an adapter out. Runs on a CPU or a GPU, and resumes where it was stopped."""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.base.errors import InputError, TrainingError
from pipeline.base.logs import progress
from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open
from pipeline.reader.adapter import Adapter
from pipeline.reader.base_model import BASE, find_base, identity_of, named_base
from pipeline.reader.batches import cores
from pipeline.reader.training_data import TrainingData

if TYPE_CHECKING:
    from pipeline.reader.network import Network

log = logging.getLogger("pipeline.reader.training")

_WARM_UP = 0.06  # share of the steps in which the rate of learning rises
_SPREAD = 2.0  # tokens: how far the order by length is shaken, so that batches differ
_REPORT = 100  # steps between two reports of the loss
_STEEPEST = 1.0  # norm that gradients are clipped to


@dataclass(frozen=True)
class Settings:
    """How a reader is trained.

    `rank` of the updates and `frozen`, the lower layers without one; `epochs` over the data; `rate` of learning of the
    updates and `head_rate` of the head, falling to 0; `tokens` of a batch, padding included; `bfloat16` computes with
    half the digits: two to three times as fast on processors and GPUs that have them, slower on others.
    """

    rank: int = 16
    frozen: int = 0
    epochs: float = 3.0
    rate: float = 1e-3
    head_rate: float = 1e-3
    tokens: int = 1500
    dropout: float = 0.1
    seed: int = 13
    bfloat16: bool = False


def train_reader(
    data: TrainingData,
    base: str | None = None,
    settings: Settings = Settings(),
    *,
    threads: int | None = None,
    checkpoint: Path | None = None,
    every: int = 200,
) -> Adapter:
    """Fit an adapter of a base model (a local folder, or a name on the hub) to the targets of sentences.

    Without a name it is BASE, from where the environment variable STANCE_READER says or where it is found. `threads`:
    all cores where it is None.
    With `checkpoint` the state of training is written to that file every so many steps, whole or not at all; training
    that finds it goes on from there, to the same result as without a stop, and a file of other data, settings or base
    is not used. On one machine equal data and threads give equal tensors. Raises TrainingError without
    data of two stances, EncoderError without the base model, ExtraError without the extra.
    """
    if len(np.unique(data.stances)) < 2:
        raise TrainingError("nothing to tell apart", "reader", expected="sentences of at least two stances")
    folder = find_base(named_base(base))
    import torch

    from pipeline.reader.network import Network

    torch.set_num_threads(threads or cores())
    identity, network_settings = identity_of(folder), {"rank": settings.rank, "frozen": settings.frozen}
    _seed(settings.seed, 0)
    network = Network(folder, dropout=settings.dropout, **network_settings)
    run = _Run(network, data, settings, purpose=f"{identity} {data.identity} {json.dumps(asdict(settings))}")
    run.resume(checkpoint)
    for step in progress(range(run.step, run.total), "Training the reader", total=run.total - run.step):
        run.take_step()
        last = step + 1 == run.total
        if checkpoint and ((step + 1) % every == 0 or last):
            run.save(checkpoint)
        if (step + 1) % _REPORT == 0 or last:
            log.info("step %d of %d: loss %.3f", step + 1, run.total, run.loss)
    tensors = {name: part.detach().cpu().numpy().astype("<f2") for name, part in network.learned().items()}
    if not all(np.isfinite(tensor).all() for tensor in tensors.values()):
        raise TrainingError("training did not converge", "reader", remedy="Lower the rate of learning.")
    labels = {stance: int((data.stances == k).sum()) for k, stance in enumerate(STANCES)}
    card = {
        "base": {"name": base or BASE, "identity": identity},
        "network": network_settings,
        "training": {
            "settings": asdict(settings),
            "threads": torch.get_num_threads(),
            "sentences": len(data),
            "articles": len(set(data.articles)),
            "labels": labels,
            "sha256": data.identity,
            "loss": round(run.loss, 3),
        },
    }
    return Adapter(tensors, card)


class _Run:
    """The state of one training: network, optimiser, and how many steps are done."""

    def __init__(self, network: "Network", data: TrainingData, settings: Settings, *, purpose: str):
        import torch

        from pipeline.reader.network import device

        self.device = device()
        self.network, self.settings = network.to(self.device).train(), settings
        self.tokens, self.targets = network.tokens(data.texts), torch.from_numpy(data.targets)
        self.purpose = hashlib.sha256(purpose.encode()).hexdigest()
        self.learned = network.learned()
        head = [part for name, part in self.learned.items() if name.startswith("head.")]
        updates = [part for name, part in self.learned.items() if not name.startswith("head.")]
        self.peaks = settings.rate, settings.head_rate
        groups = [{"params": part, "lr": rate} for part, rate in zip((updates, head), self.peaks, strict=True)]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        self.step, self.loss = 0, 0.0
        self.total = max(1, round(len(self._batches(0)) * settings.epochs))
        self.work = self._work()

    def take_step(self) -> None:
        """Learn from one batch."""
        import torch

        rows = next(self.work)
        _seed(self.settings.seed, self.step + 1)  # so that a resumed training drops out the same
        for group, peak in zip(self.optimizer.param_groups, self.peaks, strict=True):
            rising = (self.step + 1) / max(1.0, _WARM_UP * self.total)
            group["lr"] = peak * min(1.0, rising) * (1 - self.step / self.total)
        ids, mask = (torch.from_numpy(part).to(self.device) for part in self._padded(rows))
        with torch.autocast(self.device, torch.bfloat16, enabled=self.settings.bfloat16):
            scores = self.network(ids, mask)
        loss = -(self.targets[rows].to(self.device) * scores.float().log_softmax(1)).sum(1).mean()
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.learned.values(), _STEEPEST)
        self.optimizer.step()
        self.loss = loss.item() if self.step == 0 else 0.98 * self.loss + 0.02 * loss.item()
        self.step += 1

    def save(self, file: Path) -> None:
        """Write the state to a file of safetensors."""
        from safetensors.torch import save

        tensors = {f"learned {name}": part.detach().cpu().contiguous() for name, part in self.learned.items()}
        for number, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer {number} {key}": value.cpu().contiguous() for key, value in state.items()}
        about = {"purpose": self.purpose, "step": str(self.step), "loss": repr(self.loss)}
        with atomic_open(file) as out:
            out.write(save(tensors, about))

    def resume(self, file: Path | None) -> None:
        """Take up the state of a file, where there is one of this very training."""
        if file is None or not file.exists():
            return
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(file, "pt") as content:
                about = content.metadata() or {}
                tensors = {name: content.get_tensor(name) for name in content.keys()}  # noqa: SIM118  # no mapping
        except (SafetensorError, OSError) as error:
            raise InputError(f"no checkpoint ({error})", file, remedy="Delete it to begin anew.") from None
        if about.get("purpose") != self.purpose:
            log.warning("%s: of other data, settings or base model; training begins anew", file)
            return
        self.network.take(
            {n.removeprefix("learned "): t.numpy() for n, t in tensors.items() if n.startswith("learned")}
        )
        states: dict[int, dict[str, Any]] = {}
        for name, tensor in tensors.items():
            if name.startswith("optimizer "):
                _, number, key = name.split(" ")
                states.setdefault(int(number), {})[key] = tensor
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": states})
        self.step, self.loss = int(about["step"]), float(about["loss"])
        self.work = self._work()
        log.info("%s: goes on after step %d of %d", file, self.step, self.total)

    def _work(self) -> Iterator[np.ndarray]:
        """Yield the rows of the batches that are left."""
        skipped, epoch = self.step, 0
        while True:
            batches = self._batches(epoch)
            yield from batches[skipped:]
            skipped, epoch = max(0, skipped - len(batches)), epoch + 1

    def _batches(self, epoch: int) -> list[np.ndarray]:
        """Return the rows of each batch of an epoch: sentences of about one length, batches in random order."""
        rng = np.random.default_rng([self.settings.seed, epoch])
        lengths = np.array([len(ids) for ids in self.tokens])
        found: list[list[int]] = [[]]
        longest = 0
        for row in np.argsort(lengths + rng.normal(0, _SPREAD, len(lengths)), kind="stable").tolist():
            longest = max(longest, int(lengths[row]))
            if found[-1] and (len(found[-1]) + 1) * longest > self.settings.tokens:
                found.append([])
                longest = int(lengths[row])
            found[-1].append(row)
        return [np.array(found[k]) for k in rng.permutation(len(found))]

    def _padded(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        own = [self.tokens[row] for row in rows.tolist()]
        shape = len(own), max(map(len, own))
        ids, mask = np.full(shape, self.network.pad), np.zeros(shape, int)
        for row, tokens in enumerate(own):
            ids[row, : len(tokens)], mask[row, : len(tokens)] = tokens, 1
        return ids, mask


def _seed(seed: int, step: int) -> None:
    import torch

    torch.manual_seed(seed * 1_000_003 + step)
