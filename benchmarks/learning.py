"""What is learnt: majority vote, label model, classifier, and the classifier adapted to the own hand labels.

    python -m benchmarks.learning [--eval ../shared/eval] [--write]

Needs the outputs of `dvc repro`. `--eval` is a folder as `benchmarks.reader` takes it. `--write` puts the tables into
docs/evaluation/learning.md.
"""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.comparison import settings_of
from benchmarks.evaluation_sets import OWN, EvaluationSet, run_script
from benchmarks.reader import Proba, light, load_files, own_rows
from pipeline.base.calibration import log_losses
from pipeline.base.params import Params, load_params
from pipeline.base.paths import MODEL, fold_file
from pipeline.base.stances import STANCES, UNLABELED
from pipeline.base.storage import read_table, write_text
from pipeline.model.artefact import load_model
from pipeline.model.stance_model import StanceModel
from pipeline.model.training import train_model
from pipeline.report.cards import fill_blocks, markdown_table
from pipeline.report.rendering import signed, spread
from pipeline.weak.dataset import cast_of
from pipeline.weak.label_model.votes import majority_vote
from pipeline.weak.lfs.lf_set import cast_votes

PAGE = Path("docs/evaluation/learning.md")
FIRST = ("whole newswire articles", OWN)
VOTE, ADAPTED = "majority vote", "classifier adapted to the own hand labels"
SYSTEMS = (VOTE, "label model", "classifier", ADAPTED)
BESIDE = ("label model", VOTE)
"""What the classifier is compared with."""


def adapted(model: StanceModel, params: Params) -> StanceModel:
    """Train again on the outputs of the stages, as `train.adapt: on` does."""
    train, dev = (read_table(fold_file(fold)) for fold in ("train", "dev"))
    (texts, articles, gold), (dev_texts, dev_articles, dev_gold) = (
        (fold["text"].to_pylist(), fold["article_id"].to_pylist(), fold["gold"].fill_null(UNLABELED).to_numpy())
        for fold in (train, dev)
    )
    return train_model(
        texts,
        np.array(train["soft_label"].to_pylist()),
        articles,
        gold,
        model.lfs,
        model.label_model,
        dev_texts=dev_texts,
        dev_gold=dev_gold,
        dev_articles=dev_articles,
        cast=cast_of(train),
        dev_cast=cast_of(dev),
        adapt="on",
        **settings_of(params.train),
    ).model


def answers(model: StanceModel, to_own: StanceModel, s: EvaluationSet) -> Proba:
    """Return what each system says of a set's sentences, float64 (n, 3)."""
    votes = majority_vote(cast_votes(s.texts, model.lfs)[0], len(STANCES), empty=s.params.label.empty)
    return {VOTE: votes, **light(model, s), ADAPTED: light(to_own, s)["classifier"]}


def blocks(found: Sequence[tuple[EvaluationSet, Proba]]) -> dict[str, str]:
    """Lay out macro-F1 with intervals, log-loss behind it, and what the classifier gains."""
    rows, gains = [], []
    for s, proba in found:
        drawn = {name: s.score(proba[name]) for name in SYSTEMS}
        of = f"{s.name}, n = {len(s.gold):,}" + (f", {s.draws.n_articles} articles" if _in_articles(s) else "")
        rows.append((of, *(spread(s.draws.score(*drawn[name])) + _loss(s, name, proba) for name in SYSTEMS)))
        score, draws = drawn["classifier"]
        gains.append((s.name, *(signed(s.draws.score(score - drawn[n][0], draws - drawn[n][1])) for n in BESIDE)))
    heads = ("sentences", *SYSTEMS), ("sentences", *(f"classifier minus {name}" for name in BESIDE))
    return {"learnt": markdown_table(heads[0], rows), "gained": markdown_table(heads[1], gains)}


def _in_articles(s: EvaluationSet) -> bool:
    return s.draws.n_articles < len(s.gold)


def _loss(s: EvaluationSet, name: str, proba: Proba) -> str:
    return "" if name == VOTE else f" {log_losses(proba[name], np.eye(len(STANCES))[s.gold]).mean():.3f}"


def main() -> None:
    """Score, print, and with `--write` write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="folder of labelled *.jsonl files")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    params, model = load_params(), load_model(MODEL)
    texts, gold, articles = own_rows("test")
    sets = [EvaluationSet(OWN, texts, gold, np.array(articles), params), *load_files(options.eval, params)]
    to_own = adapted(model, params)
    ordered = sorted(sets, key=lambda s: FIRST.index(s.name) if s.name in FIRST else len(FIRST))
    written = blocks([(s, answers(model, to_own, s)) for s in ordered])
    print("\n\n".join(f"{name}\n{text}" for name, text in written.items()))
    if options.write:
        write_text(PAGE, fill_blocks(PAGE.read_text("utf-8"), written))


if __name__ == "__main__":
    run_script(main)
