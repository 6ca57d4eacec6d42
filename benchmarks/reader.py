"""Classifier, reader and the two together on own test articles and on local files of real news.

    python -m benchmarks.reader [--eval ../shared/eval] [--adapter FOLDER] [--write]

Needs the outputs of `dvc repro` and the extra `reader`. `--eval` is a folder of labelled sentences, JSON Lines with
`text`, `label` and, where sentences are of articles, `article`; files that are not there are left out. `--write` puts
the tables into docs/evaluation/reader.md.
"""

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.evaluation_sets import OWN, EvaluationSet, table
from pipeline.base.calibration import calibration_error, softmax
from pipeline.base.params import Params, load_params
from pipeline.base.paths import MODEL, fold_file
from pipeline.base.stances import STANCES, stance_id
from pipeline.base.storage import read_jsonl, read_table, write_text
from pipeline.model.artefact import load_model
from pipeline.model.stance_model import StanceModel
from pipeline.model.training import fit_reader
from pipeline.reader.adapter import SHIPPED
from pipeline.reader.predicting import Reader, open_reader
from pipeline.report.cards import fill_blocks
from pipeline.report.rendering import signed, spread

PAGE = Path("docs/evaluation/reader.md")
FILES = {
    "news_dev": "news",
    "news_dev_more": "more news",
    "newswire_dev": "whole newswire articles",
    "plover_dev": "political relations",
    "cameo_dev": "coded events",
    "seesaw_dev": "whole U.S. articles",
}
"""File of labelled sentences -> how it is called."""

OWN_FITTED = f"{OWN}, combination fitted on own dev gold"
PROMISED = 0.9
SYSTEMS = ("classifier", "label model", "reader", "together")

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


def answers(model: StanceModel, reader: Reader, s: EvaluationSet) -> Proba:
    """Return what each system says of a set's sentences, (n, 3); where they are of articles, the classifier knows."""
    of_articles = s.draws.n_articles < len(s.texts)
    read = reader.log_proba(s.texts)
    own = model.predict_proba(s.texts, articles=s.units.tolist() if of_articles else None)
    return {
        "classifier": own,
        "label model": model.using("label-model").predict_proba(s.texts),
        "reader": softmax(read),
        "together": reader.combination.proba(read, own),
    }


def share_answered(proba: np.ndarray, gold: np.ndarray, precision: float) -> float:
    """Return the largest share of the rows, the surest first, of which `precision` are right."""
    confidence, right = proba.max(axis=1), proba.argmax(axis=1) == gold
    order = np.argsort(-confidence, kind="stable")
    last_of_equals = np.r_[np.diff(confidence[order]) != 0, True]
    reached = (np.cumsum(right[order]) >= precision * np.arange(1, len(gold) + 1)) & last_of_equals
    return float((np.flatnonzero(reached)[-1] + 1) / len(gold)) if reached.any() else 0.0


def blocks(found: Sequence[tuple[EvaluationSet, Proba]]) -> dict[str, str]:
    """Lay out macro-F1 with intervals, the gain over the label model, and how far confidence can be trusted."""
    scores, trust = [], []
    for s, proba in found:
        drawn = {name: s.score(proba[name]) for name in SYSTEMS}
        (both, both_drawn), (weak, weak_drawn) = drawn["together"], drawn["label model"]
        gain = signed(s.draws.score(both - weak, both_drawn - weak_drawn))
        of = f"n = {len(s.gold)}" + (f", {s.draws.n_articles} articles" if s.draws.n_articles < len(s.gold) else "")
        scores.append((f"{s.name}, {of}", *(spread(s.draws.score(*drawn[name])) for name in SYSTEMS), gain))
        among = {name: _among(proba[name], s.classes) for name in SYSTEMS}
        shares = (f"{share_answered(among[name], s.gold, PROMISED):.0%}" for name in SYSTEMS)
        errors = (
            f"{calibration_error(among[name].max(axis=1), among[name].argmax(axis=1) == s.gold):.3f}"
            for name in ("label model", "together")
        )
        trust.append((s.name, *shares, *errors))
    heads = (
        ("sentences", *SYSTEMS, "together minus label model"),
        ("sentences", *(f"answered by {n}" for n in SYSTEMS), "calibration error, label model", "together"),
    )
    return {"scores": table(heads[0], scores), "trust": table(heads[1], trust)}


def _among(proba: np.ndarray, classes: list[int]) -> np.ndarray:
    kept = np.zeros_like(proba)
    kept[:, classes] = proba[:, classes]
    return kept / kept.sum(axis=1, keepdims=True)


def main() -> None:
    """Score, print, and with `--write` write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="folder of labelled *.jsonl files")
    parser.add_argument("--adapter", type=Path, default=SHIPPED, help="folder of the adapter; the one that ships")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    params, trained = load_params(), load_model(MODEL)
    reader, label_model = open_reader(options.adapter), trained.using("label-model")
    own, dev = own_rows("test"), own_rows("dev")
    fitted = fit_reader(reader, *dev, label_model.predict_proba(dev[0]), precision=None)
    texts, gold, articles = own
    sets = [(EvaluationSet(name, texts, gold, np.array(articles), params)) for name in (OWN, OWN_FITTED)]
    found = [(s, answers(trained, one, s)) for s, one in zip(sets, (reader, fitted), strict=True)]
    found += [(s, answers(trained, reader, s)) for s in load_files(options.eval, params)]
    written = blocks(found)
    print("\n\n".join(written.values()))
    if options.write:
        write_text(PAGE, fill_blocks(PAGE.read_text("utf-8"), written))


if __name__ == "__main__":
    main()
