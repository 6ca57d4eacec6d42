"""What was tried in training and is not done: rows that look mislabelled left out, and self-training.

    python -m benchmarks.training_choices [--eval ../shared/eval] [--unlabelled ../shared/corpora] [--write]

Needs the outputs of `dvc repro`. All trainings are on weak labels, where such things could help. `--unlabelled` is a
folder of *.jsonl files with `text`, sentences without labels to train on; where it is not there the dev and test
articles' sentences are taken, without their labels. `--write` puts the table into docs/evaluation/tried-in-training.md.
"""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold

from benchmarks.carry_page import table
from benchmarks.carry_sets import EvaluationSet, load_sets
from benchmarks.learning_curves import Material, fit_label_model, load_material, settings_of
from pipeline.base.params import load_params
from pipeline.base.paths import fold_file
from pipeline.base.stances import UNLABELED
from pipeline.base.storage import read_jsonl, read_table, write_text
from pipeline.model.stance_model import StanceModel
from pipeline.model.training import train_model
from pipeline.report.cards import fill_blocks
from pipeline.report.cells import signed, spread
from pipeline.weak.label_model.selection import SelectedModel
from pipeline.weak.lfs.lf_set import cast_votes

PAGE = Path("docs/evaluation/tried-in-training.md")
FOLDS = 5
SURE = 0.9
"""Confidence from which self-training takes an answer for a label."""

Labelled = tuple[list[str], np.ndarray, np.ndarray]  # sentences, soft labels (n, 3), articles (n,)


def variants(material: Material, unlabelled: list[str]) -> dict[str, StanceModel]:
    """Train each variant on weak labels; the first is the plain one."""
    label_model = fit_label_model(material, np.arange(len(material.texts)))
    soft = label_model.predict_proba(material.votes, material.strengths)
    plain = (material.texts, soft, material.articles)
    held_out = _held_out(material, plain, label_model)
    doubt = 1 - (soft * held_out).sum(axis=1)
    whole = _train(material, plain, label_model)
    half_way = (soft + held_out) / 2
    extra = _self_labelled(whole, unlabelled)
    taught = _votes_labelled(material, label_model, unlabelled)
    return {
        "weak labels": whole,
        "without the 5 % that held-out articles doubt most": _train(material, _kept(plain, doubt, 0.05), label_model),
        "without the 20 % that they doubt most": _train(material, _kept(plain, doubt, 0.2), label_model),
        "soft labels half-way to what held-out articles say": _train(
            material, (material.texts, half_way, material.articles), label_model
        ),
        f"with {len(extra[0])} sure answers on unlabelled sentences (self-training)": _train(
            material, _joined(plain, extra), label_model
        ),
        f"with the weak labels of {len(taught[0])} unlabelled sentences": _train(
            material, _joined(plain, taught), label_model
        ),
    }


def _train(material: Material, labelled: Labelled, label_model: SelectedModel) -> StanceModel:
    texts, soft, articles = labelled
    gold = np.full(len(texts), UNLABELED)
    settings = settings_of(material.params.train)
    return train_model(texts, soft, articles, gold, material.lfs, label_model, **settings).model


def _held_out(material: Material, labelled: Labelled, label_model: SelectedModel) -> np.ndarray:
    """Return what a classifier that has not seen its article says of each sentence, (n, 3)."""
    texts, soft, articles = labelled
    found = np.zeros_like(soft)
    for fit, apart in GroupKFold(FOLDS).split(articles, groups=articles):
        model = _train(material, ([texts[i] for i in fit], soft[fit], articles[fit]), label_model)
        found[apart] = model.predict_proba([texts[i] for i in apart])
    return found


def _kept(labelled: Labelled, doubt: np.ndarray, share: float) -> Labelled:
    texts, soft, articles = labelled
    kept = np.sort(np.argsort(doubt, kind="stable")[: round(len(doubt) * (1 - share))])
    return [texts[i] for i in kept], soft[kept], articles[kept]


def _self_labelled(model: StanceModel, texts: list[str]) -> Labelled:
    proba = model.predict_proba(texts)
    sure = np.flatnonzero(proba.max(axis=1) >= SURE)
    return [texts[i] for i in sure], np.eye(proba.shape[1])[proba[sure].argmax(axis=1)], _alone(len(sure))


def _votes_labelled(material: Material, label_model: SelectedModel, texts: list[str]) -> Labelled:
    return texts, label_model.predict_proba(*cast_votes(texts, material.lfs)), _alone(len(texts))


def _alone(n: int) -> np.ndarray:
    return np.array([f"unlabelled {i}" for i in range(n)])


def _joined(one: Labelled, other: Labelled) -> Labelled:
    return [*one[0], *other[0]], np.vstack([one[1], other[1]]), np.r_[one[2], other[2]]


def unlabelled_sentences(folder: Path, sets: Sequence[EvaluationSet]) -> list[str]:
    """Return the folder's sentences, or those of the dev and test articles, but for sentences that are scored."""
    files = sorted(folder.glob("*.jsonl"))
    texts = [row["text"] for file in files for _, row in read_jsonl(file)]
    if not files:
        print(f"unlabelled sentences: {folder} has none, so those of the dev and test articles are taken")
        texts = [text for fold in ("dev", "test") for text in read_table(fold_file(fold), ["text"])["text"].to_pylist()]
    scored = {text for s in sets for text in s.texts} if files else set()
    return [text for text in dict.fromkeys(texts) if text not in scored]


def main() -> None:
    """Train, score, print, and with `--write` write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="folder of labelled *.jsonl files")
    parser.add_argument("--unlabelled", type=Path, default=Path("../shared/corpora"), help="folder of *.jsonl files")
    parser.add_argument(
        "--write", action="store_true", help="write the table into docs/evaluation/tried-in-training.md"
    )
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    params = load_params()
    sets, material = load_sets(options.eval, params), load_material(params)
    found = variants(material, unlabelled_sentences(options.unlabelled, sets))
    scores = {name: [s.score(model.predict_proba(s.texts)) for s in sets] for name, model in found.items()}
    plain = next(iter(scores.values()))
    rows = []
    for name, of in scores.items():
        own = [spread(s.draws.score(*a)) for s, a in zip(sets, of, strict=True)]
        gains = [s.draws.score(a[0] - b[0], a[1] - b[1]) for s, a, b in zip(sets, of, plain, strict=True)]
        rows.append((name, *(own if of is plain else map(signed, gains))))
    block = table(("trained on", *(f"{s.name}, n = {len(s.gold)}" for s in sets)), rows)
    print(block)
    if options.write:
        write_text(PAGE, fill_blocks(PAGE.read_text("utf-8"), {"tried": block}))


if __name__ == "__main__":
    main()
