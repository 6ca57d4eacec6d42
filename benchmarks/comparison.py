"""Every system on the same sentences, beside the label model: majority, votes, weak labels, hand labels, encoder.

    python -m benchmarks.comparison [--eval ../shared/eval] [--encoder FOLDER] [--write]

Needs the outputs of `dvc repro`. `--eval` is a folder of labelled sentences, JSON Lines with `text` and `label`; files
that are not there are left out. `--encoder` is a local folder (or a name on the hub) of a model that embeds sentences,
and needs the extra `encoder`. `--write` puts the tables into docs/evaluation/comparison.md.
"""

import argparse
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.carry_page import table
from benchmarks.carry_sets import EvaluationSet, load_sets
from benchmarks.learning_curves import Material, load_material, ngram_classifier, train
from pipeline.base.params import load_params
from pipeline.base.stances import STANCES
from pipeline.base.storage import write_text
from pipeline.report.cards import fill_blocks
from pipeline.report.cells import signed, spread
from pipeline.weak.label_model.votes import majority_vote
from pipeline.weak.lfs.lf_set import cast_votes

PAGE = Path("docs/evaluation/comparison.md")
N = len(STANCES)
HALF = 2
"""One training article in so many has hand labels where some have and others have not."""
REFERENCE = "label model"

Predict = Callable[[list[str]], np.ndarray]
Scores = dict[str, tuple[float, np.ndarray]]


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
    return table(head, rows)


def paired_block(scores: dict[str, Scores], sets: Sequence[EvaluationSet]) -> str:
    """Lay out by how much every system differs from the label model, paired by article or sentence."""
    head = (f"minus the {REFERENCE}", *(s.name for s in sets))
    base = scores[REFERENCE]
    rows = [
        (name, *(signed(s.draws.score(of[s.name][0] - base[s.name][0], of[s.name][1] - base[s.name][1])) for s in sets))
        for name, of in scores.items()
        if name != REFERENCE
    ]
    return table(head, rows)


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
    blocks = {"systems": block(scores, sets), "differences": paired_block(scores, sets)}
    print("\n\n".join(blocks.values()))
    if options.write:
        write_text(PAGE, fill_blocks(PAGE.read_text("utf-8"), blocks))


if __name__ == "__main__":
    main()
