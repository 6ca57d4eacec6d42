"""Classifier, readers and the two together on own test articles and on local files of real news.

    python -m benchmarks.reader [--eval ../shared/eval] [--reader reader-large] [--write]

Needs the outputs of `dvc repro` and the extra `reader`. `--eval` is a folder of labelled sentences, JSON Lines with
`text`, `label` and, where sentences are of articles, `article`; files that are not there are left out. `--write` puts
the tables into docs/evaluation/reader.md: of both readers that ship, so STANCE_READER names both base models.
"""

import argparse
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.evaluation_sets import OWN, EvaluationSet, run_script
from pipeline.base.calibration import calibration_error, softmax
from pipeline.base.params import Params, load_params
from pipeline.base.paths import MODEL, fold_file
from pipeline.base.stances import STANCES, stance_id
from pipeline.base.storage import read_jsonl, read_table, write_text
from pipeline.model.artefact import load_model
from pipeline.model.confidence import fit_reader
from pipeline.model.stance_model import StanceModel
from pipeline.reader.predicting import SHIPPED_READERS, Reader, open_reader
from pipeline.report.cards import fill_blocks, markdown_table
from pipeline.report.rendering import signed, spread

PAGE = Path("docs/evaluation/reader.md")
FILES = {
    "news_dev": "first news leads",
    "news_dev_more": "news leads",
    "newswire_dev": "whole newswire articles",
    "plover_dev": "political relations",
    "cameo_dev": "coded events",
    "seesaw_dev": "whole U.S. articles",
}
"""File of labelled sentences -> how it is called."""

OWN_FITTED = f"{OWN}, combination fitted on own dev gold"
TARGET_PRECISION = 0.9
SYSTEMS = ("classifier", "label model", "reader", "together")
BESIDE = ("label model", "classifier")
"""What the two together are compared with."""

Proba = dict[str, np.ndarray]


def load_files(folder: Path, params: Params) -> list[EvaluationSet]:
    """Return the sets of FILES; say what is left out. Rows with another label than the three are not scored."""
    sets = []
    for file, name in FILES.items():
        path = folder / f"{file}.jsonl"
        if not path.exists():
            print(f"{name}: left out, there is no {path}")
            continue
        rows = [row for _, row in read_jsonl(path) if row["label"] in STANCES]
        gold = np.array([stance_id(row["label"], name) for row in rows])
        units = np.array([str(row.get("article", number)) for number, row in enumerate(rows)])
        sets.append(EvaluationSet(name, [row["text"] for row in rows], gold, units, params))
    return sets


def own_rows(fold: str) -> tuple[list[str], np.ndarray, list[str]]:
    """Return texts, gold and article ids of the hand-labelled sentences of a fold."""
    rows = read_table(fold_file(fold), ["text", "article_id", "gold"])
    rows = rows.filter(rows["gold"].is_valid())
    return rows["text"].to_pylist(), rows["gold"].to_numpy(), rows["article_id"].to_pylist()


def light(model: StanceModel, s: EvaluationSet) -> Proba:
    """Return what classifier and label model say of a set, (n, 3); the classifier knows what is of one article."""
    of_articles = s.draws.n_articles < len(s.texts)
    return {
        "classifier": model.predict_proba(s.texts, articles=s.units.tolist() if of_articles else None),
        "label model": model.using("label-model").predict_proba(s.texts),
    }


def answers(own: Proba, reader: Reader, s: EvaluationSet) -> Proba:
    """Return what each system says of a set's sentences, (n, 3); `own`: what `light` gave."""
    read = reader.log_proba(s.texts)
    return {**own, "reader": softmax(read), "together": reader.combination.proba(read, own["classifier"])}


def share_answered(proba: np.ndarray, gold: np.ndarray, precision: float) -> float:
    """Return the largest share of the rows, the surest first, of which `precision` are right."""
    confidence, right = proba.max(axis=1), proba.argmax(axis=1) == gold
    order = np.argsort(-confidence, kind="stable")
    last_of_equals = np.r_[np.diff(confidence[order]) != 0, True]
    reached = (np.cumsum(right[order]) >= precision * np.arange(1, len(gold) + 1)) & last_of_equals
    return float((np.flatnonzero(reached)[-1] + 1) / len(gold)) if reached.any() else 0.0


def blocks(found: Sequence[tuple[EvaluationSet, Proba]]) -> dict[str, str]:
    """Lay out macro-F1 with intervals, the gain over label model and classifier, and how far it can be trusted."""
    scores, trust = [], []
    for s, proba in found:
        drawn = {name: s.score(proba[name]) for name in SYSTEMS}
        both, both_drawn = drawn["together"]
        gains = (signed(s.draws.score(both - drawn[n][0], both_drawn - drawn[n][1])) for n in BESIDE)
        of = f"n = {len(s.gold)}" + (f", {s.draws.n_articles} articles" if s.draws.n_articles < len(s.gold) else "")
        scores.append((f"{s.name}, {of}", *(spread(s.draws.score(*drawn[name])) for name in SYSTEMS), *gains))
        among = {name: _among(proba[name], s.classes) for name in SYSTEMS}
        shares = (f"{share_answered(among[name], s.gold, TARGET_PRECISION):.0%}" for name in SYSTEMS)
        errors = (
            f"{calibration_error(among[name].max(axis=1), among[name].argmax(axis=1) == s.gold):.3f}"
            for name in (*BESIDE, "together")
        )
        trust.append((s.name, *shares, *errors))
    heads = (
        ("sentences", *SYSTEMS, *(f"together minus {n}" for n in BESIDE)),
        ("sentences", *(f"answered by {n}" for n in SYSTEMS), *(f"calibration error, {n}" for n in BESIDE), "together"),
    )
    return {"scores": markdown_table(heads[0], scores), "trust": markdown_table(heads[1], trust)}


def _among(proba: np.ndarray, classes: list[int]) -> np.ndarray:
    kept = np.zeros_like(proba)
    kept[:, classes] = proba[:, classes]
    return kept / kept.sum(axis=1, keepdims=True)


def main() -> None:
    """Score, print, and with `--write` write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="folder of labelled *.jsonl files")
    parser.add_argument("--reader", help="one reader alone: reader, reader-large, or the folder of an adapter")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    params, trained = load_params(), load_model(MODEL)
    (texts, gold, articles), dev = own_rows("test"), own_rows("dev")
    of_dev = trained.predict_proba(dev[0], articles=dev[2])
    own = EvaluationSet(OWN, texts, gold, np.array(articles), params)
    sets = [(s, light(trained, s)) for s in (own, *load_files(options.eval, params))]
    written = {}
    for name in [options.reader] if options.reader else SHIPPED_READERS:
        reader = open_reader(name)
        fitted = fit_reader(reader, *dev, of_dev, precision=None)
        found = [(s, answers(said, reader, s)) for s, said in sets]
        found.insert(1, (replace(own, name=OWN_FITTED), answers(sets[0][1], fitted, own)))
        for kind, text in blocks(found).items():
            written[f"{kind}_{name.replace('-', '_')}"] = text
    print("\n\n".join(f"{name}\n{text}" for name, text in written.items()))
    if options.write:
        write_text(PAGE, fill_blocks(PAGE.read_text("utf-8"), written))


if __name__ == "__main__":
    run_script(main)
