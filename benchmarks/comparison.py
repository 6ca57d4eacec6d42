"""Every system on the same sentences, beside the label model: majority, votes, weak labels, hand labels, encoder.

    python -m benchmarks.comparison [--eval ../shared/eval] [--encoder FOLDER] [--write]

Needs the outputs of `dvc repro`. `--eval` is a folder of labelled sentences, JSON Lines with `text` and `label`; files
that are not there are left out. `--encoder` is a local folder (or a name on the hub) of a model that embeds sentences,
and needs the extra `encoder`. `--write` puts the tables into docs/evaluation/comparison.md.
"""

import argparse
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluation_sets import UNREAD, EvaluationSet, load_sets, run_script
from pipeline.base.params import Params, TrainParams, load_params
from pipeline.base.paths import fold_file
from pipeline.base.stances import NEUTRAL, STANCES, UNLABELED
from pipeline.base.storage import read_table, write_text
from pipeline.model.encoder import open_encoder
from pipeline.model.stance_model import StanceModel
from pipeline.model.training import train_model
from pipeline.report.cards import fill_blocks, markdown_table
from pipeline.report.rendering import DASH, percent, signed, spread
from pipeline.weak.label_model.label_model import LabelModel
from pipeline.weak.label_model.selection import SelectedModel, select_label_model
from pipeline.weak.label_model.votes import majority_vote
from pipeline.weak.lfs.lf import prior_accuracies
from pipeline.weak.lfs.lf_set import LFSet, cast_votes
from pipeline.weak.loading import load_lfs

PAGE = Path("docs/evaluation/comparison.md")
N = len(STANCES)
HALF = 2
"""One training article in so many has hand labels where some have and others have not."""
REFERENCE = "label model"

_QUOTES = '"“”«»'
_LENGTHS = {"below 16 words": (0, 16), "16 to 23 words": (16, 24), "24 words or more": (24, 10**6)}
_VOTES = {"no vote for a stance": (0, 1), "one": (1, 2), "two": (2, 3), "three or more": (3, 10**6)}

Predict = Callable[[list[str]], np.ndarray]
Scores = dict[str, tuple[float, np.ndarray]]


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


def systems(material: Material, encoder: str | None) -> dict[str, Predict]:
    """Train what has to be trained; return what answers sentences with probabilities (n, 3), by name."""
    articles = np.unique(material.articles)
    half = np.random.default_rng(0).permutation(articles)[: len(articles) // HALF]
    shares = np.bincount(material.gold[material.gold >= 0], minlength=N) / (material.gold >= 0).sum()
    weak, whole = train(material, "weak", articles), train(material, "gold", articles)
    found = {
        "majority class": lambda texts: np.tile(shares, (len(texts), 1)),
        "majority vote of the labeling functions": lambda texts: _majority(material, texts),
        REFERENCE: weak.using("label-model").predict_proba,
        "n-grams on hand labels, no labeling functions": ngram_classifier(material).predict_proba,
        "classifier on weak labels": weak.predict_proba,
        "classifier on the hand labels of half the articles": train(material, "gold", half).predict_proba,
        "classifier on these and the weak labels of the rest": train(material, "both", half).predict_proba,
        "classifier on all hand labels (the default)": whole.predict_proba,
    }
    if encoder:
        found["the default, with an encoder"] = train(material, "gold", articles, encoder).predict_proba
    return found


def _majority(material: Material, texts: list[str]) -> np.ndarray:
    return majority_vote(cast_votes(texts, material.lfs)[0], N, empty=material.params.label.empty)


def block(scores: dict[str, Scores], sets: Sequence[EvaluationSet]) -> str:
    """Lay out macro-F1 of every system on every set, with intervals."""
    head = ("system", *(f"{s.name}, n = {len(s.gold)}" for s in sets))
    rows = [(name, *(spread(s.draws.score(*of[s.name])) for s in sets)) for name, of in scores.items()]
    return markdown_table(head, rows)


def paired_block(scores: dict[str, Scores], sets: Sequence[EvaluationSet]) -> str:
    """Lay out by how much every system differs from the label model, paired by article or sentence."""
    head = (f"minus the {REFERENCE}", *(s.name for s in sets))
    base = scores[REFERENCE]
    rows = [
        (name, *(signed(s.draws.score(of[s.name][0] - base[s.name][0], of[s.name][1] - base[s.name][1])) for s in sets))
        for name, of in scores.items()
        if name != REFERENCE
    ]
    return markdown_table(head, rows)


def contrast_block(sets: Sequence[EvaluationSet], lfs: LFSet) -> str:
    """Lay out what the sets have in common and what not: classes, length, and what a vote of an LF is worth there."""
    shown = [s for s in sets if s.name != UNREAD]
    columns = [dict(_contrast(s, lfs)) for s in shown]
    return markdown_table(("", *(s.name for s in shown)), [(name, *(c[name] for c in columns)) for name in columns[0]])


def _contrast(s: EvaluationSet, lfs: LFSet) -> Iterator[tuple[str, str]]:
    yield "sentences", str(len(s.gold))
    for k, stance in enumerate(STANCES):
        yield stance, percent(np.mean(s.gold == k))
    yield from _style(s)
    votes = cast_votes(s.texts, lfs)[0]
    stances = ((votes >= 0) & (votes != NEUTRAL)).sum(axis=1)
    yield "no vote for a stance", percent(np.mean(stances == 0))
    yield from _neutral(_VOTES, stances, s)


def _style(s: EvaluationSet) -> Iterator[tuple[str, str]]:
    lengths = np.array([len(text.split()) for text in s.texts])
    yield "words a sentence, median", f"{np.median(lengths):.0f}"
    yield "with a quotation mark", percent(np.mean([any(mark in text for mark in _QUOTES) for text in s.texts]))
    yield from _neutral(_LENGTHS, lengths, s)


def _neutral(ranges: Mapping[str, tuple[int, int]], values: np.ndarray, s: EvaluationSet) -> Iterator[tuple[str, str]]:
    for name, (low, high) in ranges.items():
        yield f"neutral, {name}", _share(s.gold == NEUTRAL, (values >= low) & (values < high))


def _share(true: np.ndarray, among: np.ndarray) -> str:
    return percent(true[among].mean()) if among.any() else DASH


def main() -> None:
    """Train, score, print, and with `--write` write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="folder of labelled *.jsonl files")
    parser.add_argument("--encoder", help="folder or hub name of a model that embeds sentences")
    parser.add_argument("--write", action="store_true", help="write docs/evaluation/comparison.md")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    params = load_params()
    sets, material = load_sets(options.eval, params), load_material(params)
    scores: dict[str, Scores] = {}
    for name, predict in systems(material, options.encoder).items():
        scores[name] = {s.name: s.score(predict(s.texts)) for s in sets}
        print(f"{name}: {', '.join(f'{value:.3f}' for value, _ in scores[name].values())}", flush=True)
    blocks = {
        "systems": block(scores, sets),
        "differences": paired_block(scores, sets),
        "contrast": contrast_block(sets, material.lfs),
    }
    print("\n\n".join(blocks.values()))
    if options.write:
        write_text(PAGE, fill_blocks(PAGE.read_text("utf-8"), blocks))


if __name__ == "__main__":
    run_script(main)
