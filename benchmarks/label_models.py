"""Label models side by side: ours, majority vote, HyperLM, Snorkel's LabelModel, crowd-kit's Dawid-Skene.

Run it in an environment that has the peers (`pip install hyperlm snorkel crowd-kit`); those that are missing are left
out. On votes with a planted truth, on public vote matrices and the project's own votes where these and labelled
sentences are at hand, for time, and for memory at a million rows.
"""

import argparse
import json
import logging
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.base.stances import NEUTRAL, STANCES  # noqa: E402
from pipeline.report.cards import markdown_table  # noqa: E402
from pipeline.weak.label_model.label_model import LabelModel, Prior  # noqa: E402
from pipeline.weak.label_model.selection import macro_f1  # noqa: E402
from pipeline.weak.label_model.votes import majority_vote  # noqa: E402
from tests.weak.planted import SCENARIOS, keywords, outvoted, plant  # noqa: E402

Method = Callable[[np.ndarray, np.ndarray, int], np.ndarray]
"""Votes to learn from, votes to label, number of classes -> soft labels."""

EPOCHS = 500  # of Snorkel, for quality; its default, 100, is what is timed


def ours(learn: np.ndarray, label: np.ndarray, k: int, prior: Prior = "estimate") -> np.ndarray:
    """Run our label model; by default it estimates how common the classes are. Snorkel's takes them for equal."""
    return LabelModel(k, prior=prior).fit(learn).predict_proba(label)


def majority(learn: np.ndarray, label: np.ndarray, k: int) -> np.ndarray:
    """Run majority vote."""
    return majority_vote(label, k)


def snorkel(learn: np.ndarray, label: np.ndarray, k: int, epochs: int = EPOCHS) -> np.ndarray:
    """Run Snorkel's LabelModel."""
    from snorkel.labeling.model import LabelModel as SnorkelModel

    model = SnorkelModel(cardinality=k, verbose=False)
    model.fit(learn.astype(int), n_epochs=epochs, seed=1, progress_bar=False)
    return model.predict_proba(label.astype(int))


def dawid_skene(learn: np.ndarray, label: np.ndarray, k: int) -> np.ndarray:
    """Run crowd-kit's Dawid-Skene, which can only label what it learns from."""
    import pandas as pd
    from crowdkit.aggregation import DawidSkene

    votes = label if learn is label else np.vstack([label, learn])
    rows, lfs = np.nonzero(votes >= 0)
    table = pd.DataFrame({"task": rows, "worker": lfs, "label": votes[rows, lfs]})
    found = DawidSkene(n_iter=100).fit_predict_proba(table).reindex(columns=range(k), fill_value=0.0)
    soft = np.full((len(votes), k), 1 / k)
    soft[found.index] = found.to_numpy()
    return soft[: len(label)]


def hyperlm(learn: np.ndarray, label: np.ndarray, k: int) -> np.ndarray:
    """Run HyperLM (Wu et al. 2023), a network pretrained on synthetic votes, which labels what it is shown."""
    import torch
    from hyperlm import HyperLabelModel

    torch.serialization.add_safe_globals(
        [
            (np._core.multiarray.scalar, "numpy.core.multiarray.scalar"),
            (np.dtype, "numpy.dtype"),
            np.dtypes.Float64DType,
        ]
    )
    soft = np.full((len(label), k), 1 / k)
    voted = (label >= 0).any(axis=1)
    shown = label[voted].astype(int)
    found = HyperLabelModel(device="cpu").unsupervised_HyperLM.predict_prob(shown)
    soft[voted] = np.pad(found, ((0, 0), (0, k - found.shape[1])))
    return soft


def methods() -> dict[str, Method]:
    """Return the methods that can be run here, by name; say which are left out."""
    found: dict[str, Method] = {"ours": ours, "ours, even": partial(ours, prior="uniform"), "majority vote": majority}
    peers = (
        ("HyperLM", "hyperlm", hyperlm),
        ("Snorkel", "snorkel", snorkel),
        ("Dawid-Skene", "crowdkit", dawid_skene),
    )
    for name, module, method in peers:
        try:
            __import__(module)
            found[name] = method
        except ImportError:
            print(f"{name}: left out, {module} is not installed")
    return found


def table(title: str, head: list[str], rows: list[list[str]]) -> None:
    """Print a Markdown table."""
    print(f"\n## {title}\n\n{markdown_table(head, rows)}", flush=True)


def planted_votes(found: dict[str, Method], seeds: int) -> None:
    """Macro-F1 on rows with votes, mean over seeds; the standard error is of the difference from ours."""
    rows = []
    for name, kind in SCENARIOS.items():
        k = len(kind.get("shares", (1, 1, 1)))
        scores: dict[str, list[float]] = {method: [] for method in found}
        for seed in range(1000, 1000 + seeds):
            votes, truth = plant(seed, **kind)
            covered = (votes >= 0).any(axis=1)
            for method, run in found.items():
                predicted = run(votes, votes, k).argmax(axis=1)
                scores[method].append(macro_f1(truth[covered], predicted[covered], k))
        rows.append([name] + [_against(scores[method], scores["ours"]) for method in found])
    table(f"Planted truth: macro-F1, mean of {seeds} seeds", ["votes", *found], rows)


def _skewed_echoes(seed: int) -> tuple[np.ndarray, np.ndarray]:
    return plant(seed, n=1500, shares=np.roll((8, 1, 1), seed).tolist(), echoes=5)


_OTHERS: dict[str, tuple[Callable[[int], tuple[np.ndarray, np.ndarray]], int]] = {
    "precise keywords, 86:14": (keywords, 2),
    "a rare class outvoted, 93:7": (outvoted, 2),
    "3 even, 6 echoes, LFs for one class": (partial(plant, echoes=6), 3),
    "3 even, 6 echoes, LFs for all": (partial(plant, echoes=6, unipolar=False), 3),
    "3, 80 %, 5 echoes, LFs for one class": (_skewed_echoes, 3),
    "3 even, 3 adversarial, LFs for one class": (partial(plant, adversarial=3), 3),
    "3 even, 3 adversarial, LFs for all": (partial(plant, adversarial=3, unipolar=False), 3),
}


def planted_grid(found: dict[str, Method], seeds: range) -> None:
    """Macro-F1 over skews, numbers of classes and of rows, and kinds of LFs; seeds other than those of the tests."""
    rows = []
    skews = {"50:50": (1, 1), "70:30": (7, 3), "86:14": (86, 14), "95:5": (95, 5)}
    skews |= {"3 even": (1,) * 3, "3, 85 %": (85, 9, 6), "5, 70 %": (70, 12, 8, 6, 4), "8 even": (1,) * 8}
    for name, shares in skews.items():
        k = len(shares)
        scores: dict[str, list[float]] = {method: [] for method in found}
        for seed in seeds:
            for n in (30, 150, 800, 5000):
                for unipolar in (True, False):
                    rng = np.random.default_rng(seed)
                    rolled = np.roll(shares, seed)
                    coverage = (0.05, 0.3) if unipolar else (0.1, 0.4)
                    m = int(rng.choice([10, 24, 60]))
                    votes, truth = plant(seed, n=n, m=m, shares=rolled, unipolar=unipolar, coverage=coverage)
                    voted = (votes >= 0).any(axis=1)
                    for method, run in found.items():
                        predicted = run(votes, votes, k).argmax(axis=1)
                        scores[method].append(macro_f1(truth[voted], predicted[voted], k))
        rows.append([name] + [_against(scores[method], scores["ours"]) for method in found])
    for name, (kind, k) in _OTHERS.items():
        scores = {method: [] for method in found}
        for seed in seeds:
            votes, truth = kind(seed)
            voted = (votes >= 0).any(axis=1)
            for method, run in found.items():
                scores[method].append(macro_f1(truth[voted], run(votes, votes, k).argmax(axis=1)[voted], k))
        rows.append([name] + [_against(scores[method], scores["ours"]) for method in found])
    title = f"Planted truth: 30 to 5,000 rows, LFs for one class and for all, mean of {len(seeds)} seeds"
    table(title, ["classes", *found], rows)


def public_votes(found: dict[str, Method], folder: Path) -> None:
    """Macro-F1 on public vote matrices, where they are at hand."""
    rows = []
    for file in sorted(folder.glob("*.npz")):
        data = np.load(file)
        votes, truth = data["votes"], data["labels"].astype(int)
        voted, k = (votes >= 0).any(axis=1), int(truth.max()) + 1
        scores = [macro_f1(truth[voted], run(votes, votes, k).argmax(axis=1)[voted], k) for run in found.values()]
        rows.append([file.stem, str(voted.sum())] + [f"{score:.3f}" for score in scores])
    if rows:
        table("Public vote matrices: macro-F1", ["matrix", "rows with votes", *found], rows)
    else:
        print(f"\npublic votes: left out, needs {folder}/*.npz")


def _against(scores: list[float], best: list[float]) -> str:
    error = np.std(np.subtract(scores, best), ddof=1) / np.sqrt(len(best))
    return f"{np.mean(scores):.3f}" + (f" ± {error:.3f}" if error else "")


def own_votes(found: dict[str, Method], folder: Path) -> None:
    """Macro-F1 on labelled evaluation sentences, learnt from the votes on the project's training fold."""
    train, files = ROOT / "data" / "labeled" / "train.parquet", sorted(folder.glob("*.jsonl"))
    if not train.exists() or not files:
        print(f"\nown votes: left out, needs {train.relative_to(ROOT)} and {folder}/*.jsonl")
        return
    import pyarrow.parquet as pq

    from pipeline.weak.lfs.lf_set import cast_votes
    from pipeline.weak.loading import load_lfs

    lfs = load_lfs()
    learn, learn_strengths = cast_votes(pq.read_table(train, columns=["text"])["text"].to_pylist(), lfs)
    graded, rows = LabelModel(len(STANCES)).fit(learn, strengths=learn_strengths), []
    for file in files:
        sentences = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        gold = np.array([STANCES.index(sentence["label"]) for sentence in sentences])
        votes, strengths = cast_votes([sentence["text"] for sentence in sentences], lfs)
        soft = {name: run(learn, votes, len(STANCES)) for name, run in found.items()}
        soft["majority vote, graded"] = majority_vote(votes, len(STANCES), strengths=strengths)
        soft["ours, graded"] = graded.predict_proba(votes, strengths)
        rows.append([file.stem, str(len(gold))] + [f"{_stance_f1(gold, votes, p):.3f}" for p in soft.values()])
    table("Own votes: macro-F1 on evaluation sentences", ["file", "n", *soft], rows)


def _stance_f1(gold: np.ndarray, votes: np.ndarray, soft: np.ndarray) -> float:
    """Macro-F1 of the three stances, or of the two that occur; a row without votes is neutral, or opposition of two."""
    soft = np.where((votes >= 0).any(axis=1)[:, None], soft, np.eye(len(STANCES))[NEUTRAL])
    if NEUTRAL in gold:
        return macro_f1(gold, soft.argmax(axis=1), len(STANCES))
    return macro_f1(gold // 2, (soft[:, 2] > soft[:, 0]).astype(int), 2)


def timing(found: dict[str, Method]) -> None:
    """Seconds to fit and label 10,000 x 60 votes: the first time in this process, and the best of three more."""
    rows = []
    for name, unipolar in (("unipolar", True), ("bipolar", False)):
        votes, _ = plant(1, n=10_000, m=60, coverage=(0.01, 0.15), unipolar=unipolar)
        took = {method: [_seconds(run, votes) for _ in range(4)] for method, run in found.items()}
        for when, pick in (("first", lambda times: times[0]), ("again", lambda times: min(times[1:]))):
            base = pick(took["ours"])
            rows.append([f"{name}, {when}"] + [f"{pick(t):.3f} s (x {pick(t) / base:.1f})" for t in took.values()])
    table("Time: fit and label 10,000 rows x 60 LFs (Snorkel: 100 epochs)", ["votes", *found], rows)


def _seconds(run: Method, votes: np.ndarray) -> float:
    given = {"epochs": 100} if run is snorkel else {}
    start = time.perf_counter()
    run(votes, votes, 3, **given)
    return time.perf_counter() - start


def scale() -> None:
    """Time and peak memory of this very process at a million rows x 60 LFs, the votes (60 MB) included."""
    votes, truth = plant(1, n=1_000_000, m=60)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    start = time.perf_counter()
    model = LabelModel(3).fit(votes)
    fit = time.perf_counter() - start
    soft = model.predict_proba(votes)
    label = time.perf_counter() - start - fit
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    accuracy = (soft.argmax(axis=1) == truth).mean()
    row = [f"{fit:.1f} s", f"{label:.1f} s", f"{peak:.2f} GB", f"{before:.2f} GB", f"{accuracy:.3f}"]
    head = ["fit", "label", "peak memory", "of it before fitting", "accuracy"]
    table("Scale: 1,000,000 rows x 60 LFs, ours", head, [row])


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first-seed", type=int, default=2000, help="of the grid of planted votes")
    parser.add_argument("--eval", type=Path, default=ROOT.parent / "shared" / "eval", help="labelled *.jsonl files")
    parser.add_argument("--grid-only", action="store_true", help="only the grid of planted votes and public votes")
    parser.add_argument("--scale-only", action="store_true", help="only the run at a million rows")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    if arguments.scale_only:
        scale()
        return
    found = methods()
    grid_seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    if arguments.grid_only:
        planted_grid(found, grid_seeds)
        public_votes(found, arguments.eval.parent / "votes")
        return
    timing(found)
    planted_votes(found, arguments.seeds)
    planted_grid(found, grid_seeds)
    public_votes(found, arguments.eval.parent / "votes")
    own_votes(found, arguments.eval)
    # a process of its own, so that its peak memory is its own
    subprocess.run([sys.executable, __file__, "--scale-only"], check=True)


if __name__ == "__main__":
    main()
