"""Training the reader: its examples, checkpoints that are whole, and the card of what was trained."""

import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.base.errors import InputError, TrainingError, suggest
from pipeline.base.logs import progress
from pipeline.base.process import cores
from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open, read_lines
from pipeline.reader.adapter import BASE, Adapter, find_base, identity_of, named_base

if TYPE_CHECKING:
    from pipeline.reader.network import Network


NEAR = 0.4
"""Jaccard similarity of runs of four words above which two sentences count as the same."""

_SURE, _MIXED = 0.96, 0.8  # target of the label; the other stances share the rest
_RUN = 4
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"['’]")

log = logging.getLogger("pipeline.reader.training")
_WARM_UP = 0.06  # share of the steps in which the rate of learning rises
_SPREAD = 2.0  # tokens: how far the order by length is shaken, so that batches differ
_REPORT = 100  # steps between two reports of the loss
_STEEPEST = 1.0  # norm that gradients are clipped to


@dataclass(frozen=True)
class TrainingData:
    """Sentences, their targets, float32 (n, 3), rows sum to 1, and the article of each."""

    texts: list[str]
    targets: np.ndarray
    articles: list[str]

    def __len__(self) -> int:
        """Return the number of sentences."""
        return len(self.texts)

    def __getitem__(self, rows: np.ndarray) -> "TrainingData":
        """Return the data of some rows, int (m,)."""
        picked = rows.tolist()
        return TrainingData([self.texts[i] for i in picked], self.targets[rows], [self.articles[i] for i in picked])

    @property
    def stances(self) -> np.ndarray:
        """Stance ids, int (n,): the likeliest of each target."""
        return self.targets.argmax(axis=1)

    @property
    def identity(self) -> str:
        """SHA-256 of sentences and targets in their order."""
        digest = hashlib.sha256(self.targets.astype("<f4").tobytes())
        for text in self.texts:
            digest.update(f"{len(text)} {text}".encode("utf-8", "replace"))
        return digest.hexdigest()


def training_data(rows: Iterable[Mapping[str, Any]], where: str) -> TrainingData:
    """Return what rows teach: each has `text`, and `label` or `soft_label` ([opposition, neutral, agreement]).

    `mixed` (true, or 1) makes a label less sure. Sentences with the same `article`, `article_id`, or `id` up to its
    last colon are of one article. Rows whose label is null or "mixed" teach nothing. Raises InputError naming the row.
    """
    texts, targets, articles = [], [], []
    for number, row in enumerate(rows, 1):
        target = _target(row, f"{where}, row {number}")
        if target is None:
            continue
        own = str(row.get("id") or f"{where} {number}")
        texts.append(row["text"])
        targets.append(target)
        articles.append(str(row.get("article_id") or row.get("article") or own.rpartition(":")[0] or own))
    return TrainingData(texts, np.array(targets, np.float32).reshape(-1, len(STANCES)), articles)


def read_labels(path: Path | str) -> dict[str, dict[str, Any]]:
    """Return `label` and `mixed` by the hash of a sentence, from a file of lines "hash, label, 0 or 1", tabs between.

    The hash is the first 16 digits of the SHA-256 of the sentence: labels can be passed on where sentences cannot.
    """
    found = {}
    for number, line in read_lines(path):
        parts = line.split("\t")
        if len(parts) != 3 or parts[1] not in STANCES:
            where, expected = f"{path}, line {number}", "hash, stance, 0 or 1"
            raise InputError("no label by hash", where, expected=expected, got=line[:40])
        found[parts[0]] = {"label": parts[1], "mixed": parts[2] == "1"}
    return found


def labelled(rows: Iterable[Mapping[str, Any]], labels: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the rows, those without a label with the one that `read_labels` knows for their sentence."""
    for row in rows:
        own = row.get("label") is not None or row.get("soft_label") is not None
        yield {**row} if own else {**row, **labels.get(hash_of(row["text"]), {})}


def hash_of(text: str) -> str:
    """Return the hash by which `read_labels` knows a sentence."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def joined(parts: Sequence[TrainingData]) -> TrainingData:
    """Return several data as one; of sentences that are equal the first stays."""
    texts = [text for part in parts for text in part.texts]
    targets = np.concatenate([np.empty((0, len(STANCES)), np.float32), *(part.targets for part in parts)])
    whole = TrainingData(texts, targets, [article for part in parts for article in part.articles])
    first: dict[str, int] = {}
    for row, text in enumerate(texts):
        first.setdefault(text, row)
    return whole[np.array(list(first.values()), int)]


def apart_from(data: TrainingData, kept: Sequence[str]) -> TrainingData:
    """Return the data without sentences that stand, nearly word for word, among those that are `kept` for scores."""
    return data[np.flatnonzero(~near_any(data.texts, kept))]


def near_any(texts: Sequence[str], others: Sequence[str]) -> np.ndarray:
    """Return bool (len(texts),): whether a sentence is the same as one of `others`, or nearly so.

    Nearly: the Jaccard similarity of their runs of four words is above NEAR, case and punctuation apart.
    """
    runs, holders = [_runs(text) for text in others], {}  # type: ignore[var-annotated]
    for place, of_other in enumerate(runs):
        for run in of_other:
            holders.setdefault(run, []).append(place)
    equal = {" ".join(_words(text)) for text in others}
    found = np.zeros(len(texts), bool)
    for row, text in enumerate(texts):
        own = _runs(text)
        shared = Counter(place for run in own for place in holders.get(run, ()))
        near = any(n / (len(own) + len(runs[place]) - n) > NEAR for place, n in shared.items())
        found[row] = near or " ".join(_words(text)) in equal
    return found


def held_out(data: TrainingData, share: float) -> np.ndarray:
    """Return bool (n,): the rows of about that share of the articles, the same whatever else there is."""
    limit = int(share * 2**32)
    drawn = {a: int(hashlib.sha256(f"reader {a}".encode()).hexdigest()[:8], 16) < limit for a in set(data.articles)}
    return np.array([drawn[article] for article in data.articles], bool)


def _target(row: Mapping[str, Any], where: str) -> np.ndarray | None:
    soft = row.get("soft_label")
    if soft is not None:
        return _distribution(soft, where)
    label = row.get("label")
    if label in (None, "", "mixed"):
        return None
    if label not in STANCES:
        remedy = suggest(str(label), STANCES)
        raise InputError("unknown label", where, expected=", ".join(STANCES), got=repr(label), remedy=remedy)
    sure = _MIXED if row.get("mixed") in (True, 1, "1", "true", "True") else _SURE
    target = np.full(len(STANCES), (1 - sure) / (len(STANCES) - 1))
    target[STANCES.index(label)] = sure
    return target


def _distribution(soft: Any, where: str) -> np.ndarray:
    expected = f"{len(STANCES)} probabilities that sum to 1"
    try:
        found = np.array(soft, float)
    except (TypeError, ValueError):
        raise InputError("no soft label", where, expected=expected, got=str(soft)[:40]) from None
    if found.shape != (len(STANCES),) or not (found >= 0).all() or abs(found.sum() - 1) > 1e-3:
        raise InputError("no soft label", where, expected=expected, got=str(soft)[:40])
    return found


def _words(text: str) -> list[str]:
    return _WORD.findall(_APOSTROPHE.sub("", text.lower()))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)}


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
    every: int = 50,
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
        raise TrainingError("too few stances to learn from", "reader", expected="sentences of at least two stances")
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
            raise InputError(f"no checkpoint ({error})", file, remedy="Delete it to start over.") from None
        if about.get("purpose") != self.purpose:
            log.warning("%s: of other data, settings or base model; training starts over", file)
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
