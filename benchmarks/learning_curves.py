"""What articles and hand labels are worth: the classifier trained on parts of them, scored on own and on other news.

    python -m benchmarks.learning_curves [--eval ../shared/eval] [--seeds 3] [--write]

Needs the outputs of `dvc repro`. `--eval` is a folder of labelled sentences, JSON Lines with `text` and `label`; files
that are not there are left out. `--write` puts tables and figure into docs/evaluation/does-it-carry.md.
"""

import argparse
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.carry_page import contrast_block, curves_block, draw_curves, write_page
from benchmarks.carry_sets import REGIMES, EvaluationSet, Run, load_sets, run_of
from pipeline.base.params import Params, TrainParams, load_params
from pipeline.base.paths import fold_file
from pipeline.base.stances import UNLABELED
from pipeline.base.storage import read_table
from pipeline.model.encoder import open_encoder
from pipeline.model.stance_model import StanceModel
from pipeline.model.training import train_model
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.selection import SelectedModel, select_label_model
from pipeline.weak.lfs.lf import prior_accuracies
from pipeline.weak.lfs.lf_set import LFSet, cast_votes
from pipeline.weak.loading import load_lfs

SHARES = (0.1, 0.25, 0.5)
"""Parts of the training articles, beside the whole."""
TRAINED = ("gold", "both")


@dataclass(frozen=True)
class Material:
    """The training fold: n sentences with votes and hand labels, and what reads sentences."""

    texts: list[str]
    articles: np.ndarray
    gold: np.ndarray
    votes: np.ndarray
    strengths: np.ndarray
    lfs: LFSet
    params: Params


def load_material(params: Params) -> Material:
    """Read the training fold, and cast the votes of today's labeling functions."""
    train = read_table(fold_file("train"))
    lfs = load_lfs(*params.label.lf_folders)
    texts, gold = train["text"].to_pylist(), train["gold"].fill_null(UNLABELED).to_numpy()
    articles = np.array(train["article_id"].to_pylist())
    return Material(texts, articles, gold, *cast_votes(texts, lfs), lfs, params)


def trainings(names: Sequence[str], seeds: int) -> Iterator[tuple[str, np.ndarray, int]]:
    """Yield (regime, article ids, seed): nested parts for each seed, and in the end the whole."""
    sizes = sorted({max(1, round(share * len(names))) for share in SHARES})
    for seed in range(seeds):
        order = np.random.default_rng(seed).permutation(names)
        yield from ((regime, order[:size], seed) for size in sizes for regime in TRAINED)
    yield "gold", np.array(names), 0


def train(material: Material, regime: str, chosen: np.ndarray, encoder: str | None = None) -> StanceModel:
    """Train on the chosen articles: "weak" without their hand labels; "both" adds the weak labels of all others."""
    of_chosen = np.isin(material.articles, chosen)
    rows = np.arange(len(of_chosen)) if regime == "both" else np.flatnonzero(of_chosen)
    label_model = fit_label_model(material, rows)
    return train_model(
        [material.texts[i] for i in rows],
        label_model.predict_proba(material.votes[rows], material.strengths[rows]),
        material.articles[rows],
        np.where(of_chosen & (regime != "weak"), material.gold, UNLABELED)[rows],
        material.lfs,
        label_model,
        encoder=open_encoder(encoder) if encoder else None,
        **settings_of(material.params.train),
    ).model


def settings_of(params: TrainParams) -> dict[str, Any]:
    """Return the parameters of the stage `train` as `train_model` takes them."""
    others = params.model_dump(exclude={"encoder", "reader", "classifier", "adapt"})
    kind = params.classifier
    return {"classifier": kind.name, "classifier_params": kind.params, "grid": kind.grid, **others}


def fit_label_model(material: Material, rows: np.ndarray) -> SelectedModel:
    """Fit the label model on the votes of some rows, as the stage `label` does without hand labels."""
    label = material.params.label
    model = LabelModel(
        prior=label.prior, empty=label.empty, lf_accuracy=prior_accuracies(material.lfs), prior_rows=label.prior_rows
    )
    return select_label_model(material.votes[rows], strengths=material.strengths[rows], model=model)


def ngram_classifier(material: Material) -> Any:
    """Train scikit-learn's word 1-2-grams with logistic regression on all hand labels, without labeling functions."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    known = np.flatnonzero(material.gold != UNLABELED)
    features = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    classifier = make_pipeline(features, LogisticRegression(C=10, class_weight="balanced", max_iter=1000))
    return classifier.fit([material.texts[i] for i in known], material.gold[known])


def measure(material: Material, sets: Sequence[EvaluationSet], seeds: int) -> list[Run]:
    """Train everything; return all runs."""
    names = sorted(set(material.articles))
    runs = [run_of("n-grams", len(names), 0, sets, ngram_classifier(material).predict_proba)]
    for regime, chosen, seed in trainings(names, seeds):
        model = train(material, regime, chosen)
        runs.append(run_of(regime, len(chosen), seed, sets, model.predict_proba))
        if regime == "gold" and len(chosen) == len(names):
            runs.append(replace(runs[-1], regime="both"))  # no article is left for weak labels alone
        if regime == "gold":
            runs.append(run_of("label model", len(chosen), seed, sets, model.using("label-model").predict_proba))
        print(f"seed {seed}: {REGIMES[regime]}, {len(chosen)} articles", flush=True)
    return runs


def main() -> None:
    """Train, score, print, and with `--write` write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="folder of labelled *.jsonl files")
    parser.add_argument("--seeds", type=int, default=3, help="ways of choosing a part of the articles")
    parser.add_argument("--write", action="store_true", help="write docs/evaluation/does-it-carry.md and its figure")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    params = load_params()
    sets, material = load_sets(options.eval, params), load_material(params)
    runs = measure(material, sets, options.seeds)
    blocks = {"curves": curves_block(runs, sets), "contrast": contrast_block(sets, material.lfs)}
    print("\n\n".join(blocks.values()))
    if options.write:
        write_page(blocks, draw_curves(runs, sets))


if __name__ == "__main__":
    main()
