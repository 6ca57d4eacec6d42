"""Stage `evaluate`: answers and baselines against gold -> scores and pages."""

import logging
from collections.abc import Sequence
from itertools import islice
from typing import Any

from pipeline.base.errors import InputError
from pipeline.base.logs import counted
from pipeline.base.params import Params
from pipeline.base.paths import (
    ARTICLES,
    LF_REPORT,
    MADE_OF,
    MODEL,
    READING,
    RELATIONS,
    REPORTS,
    SENTENCE_ANSWERS,
    fold_file,
)
from pipeline.base.provenance import LOCK, Inputs, check_lock, check_notes
from pipeline.base.stances import FOLDS, STANCES, UNLABELED
from pipeline.base.storage import read_json, read_table, sha256, write_json

log = logging.getLogger("pipeline.evaluate")

TEST = "test"
CASES = 200
"""Sentences that are asked again after each change that should not change an answer."""


def run(params: Params) -> str:
    """Score classifier, label model, majority vote and majority class on the test fold's gold; write reports/.

    Without gold in the test fold the report has no scores.
    """
    _check_inputs(params)
    asked = params.chosen("evaluate", "label.empty", "label.gold", "train.precision")
    of_stages = [*map(fold_file, FOLDS), ARTICLES, LF_REPORT, MODEL, SENTENCE_ANSWERS, RELATIONS, READING]
    with Inputs(asked, *of_stages, params.label.gold) as inputs:
        from pipeline.report.answers import read_answers
        from pipeline.report.corpus import measured, untested
        from pipeline.report.figures import FIGURES
        from pipeline.report.index_page import write_index
        from pipeline.report.model_page import write_figures, write_report
        from pipeline.report.relations import pair_table, read_relations
        from pipeline.report.relations_page import write_relations_page
        from pipeline.report.rendering import NBSP, spread

        answers = read_answers(SENTENCE_ANSWERS)
        data = report_data(params, answers)
        write_json(MADE_OF, inputs.note())
        results = write_report(REPORTS, data)
        trust = untested() if results is None else measured(data, results)
        named, relations = f"{MODEL} (SHA-256 {sha256(MODEL)[:12]})", read_relations(RELATIONS)
        pictures = write_index(REPORTS, _corpus(answers), trust, model_name=named, pairs=pair_table(relations))
        write_relations_page(REPORTS, relations, answers)
        write_figures(REPORTS / "figures", pictures, FIGURES)
    page = REPORTS / "index.html"
    if results is None:
        log.warning("no hand label in the %s fold, so there are no scores; what to do: docs/your-own-articles.md", TEST)
        return f"no hand label in the {TEST} fold: a report without scores; see {page}"
    score = results.systems["classifier"].scores["macro_f1"]
    where = f"{counted(results.n, 'hand-labelled sentence')} of {counted(results.n_articles, 'article')}"
    return f"macro-F1 {spread(score).replace(NBSP, ' ')} on {where}; see {page}"


def _check_inputs(params: Params) -> None:
    """Raise InputError where an earlier stage was made of something else; warn where dvc.lock tells something else."""
    for finding in check_notes(params.model_dump(mode="json"), but=("evaluate",)):
        raise InputError(finding.what, finding.where, remedy=finding.remedy)
    lock = check_lock(but=("evaluate",)) if LOCK.exists() else iter(())
    for finding in islice(lock, 1):
        why = f"{finding.where}: {finding.what}"
        log.warning("%s is out of date (%s). %s `stance doctor` lists all that differs", LOCK, why, finding.remedy)


def report_data(params: Params, answers: list[dict[str, Any]]) -> Any:
    """Return the ReportData of the test fold, or the CorpusData where it has no gold."""
    import numpy as np

    from pipeline.model.artefact import load_model, read_manifest
    from pipeline.report import ReportData, standard_slices
    from pipeline.report.data import class_shares, probabilities
    from pipeline.report.index_page import places
    from pipeline.weak.dataset import cast_of
    from pipeline.weak.label_model.votes import majority_vote

    folds = {fold: read_table(fold_file(fold)) for fold in FOLDS}
    articles = {row["id"]: row for row in read_table(ARTICLES, ["id", "source", "date"]).to_pylist()}
    model, manifest, lf_report = load_model(MODEL), read_manifest(MODEL), read_json(LF_REPORT)
    corpus = _corpus_data(params, folds, articles, model, manifest, lf_report)
    is_gold = np.array(folds[TEST]["gold"].is_valid())
    if not is_gold.any():
        return corpus
    rows = folds[TEST].filter(is_gold)
    known, cast = rows["gold"].to_numpy(), cast_of(rows)
    weak = model.label_model.predict_proba(cast.votes, cast.strengths)
    names = np.array([lf["name"] for lf in lf_report["lfs"]])
    of_article = np.array(rows["article_id"].to_pylist())
    texts, ids = rows["text"].to_pylist(), rows["id"].to_pylist()
    return ReportData(
        gold=known,
        articles=of_article,
        texts=texts,
        fired=[list(names[row >= 0]) for row in cast.votes],
        places=places(answers, ids),
        systems={
            "classifier": probabilities(answers, ids),
            **({"reader": _proba(model.using("reader"), texts, cast)} if model.reader else {}),
            **{name: proba[is_gold] for name, proba in _others(model, manifest, folds).items()},
            "label_model": weak,
            "majority_vote": majority_vote(cast.votes, len(STANCES), empty=params.label.empty),
            "majority_class": np.tile(class_shares(folds["train"]), (rows.num_rows, 1)),
        },
        threshold=model.threshold,
        target_precision=params.train.precision,
        slices=standard_slices(
            np.array(rows["quoted"].to_pylist(), bool),
            (cast.votes >= 0).sum(axis=1),
            np.array([len(text.split()) for text in texts]),
            [articles[a]["source"] for a in of_article],
            weak.argmax(axis=1) == known,
        ),
        **vars(corpus),
        **params.evaluate.model_dump(),
    )


def _corpus_data(
    params: Params,
    folds: dict[str, Any],
    articles: dict[str, dict[str, Any]],
    model: Any,
    manifest: dict[str, Any],
    lf_report: dict[str, Any],
) -> Any:
    """Return the CorpusData; raise ArtefactError where model and votes are of other labeling functions."""
    from pipeline.gold.labels import read_gold
    from pipeline.model.explanation import lf_contributions
    from pipeline.report import CorpusData
    from pipeline.report.cards import agreement_table
    from pipeline.report.data import count_folds, covered_share, shown_lfs
    from pipeline.weak.dataset import cast_of

    lfs = lf_report["lfs"]
    model.label_model.check_lfs(model.lfs.names, model.lfs.content_hash, str(MODEL))
    model.label_model.check_lfs([lf["name"] for lf in lfs], str(lf_report.get("lf_hash")), str(LF_REPORT))
    return CorpusData(
        fold=TEST,
        lfs=shown_lfs(lfs, lf_contributions(model, *_labelled(folds["dev"]), cast_of(folds["dev"]))),
        covered=covered_share(folds.values(), len(lfs)),
        folds=[count_folds(fold, table) for fold, table in folds.items()],
        about=_about(lf_report, manifest, articles.values()),
        agreement=agreement_table(read_gold(params.label.gold), **params.evaluate.model_dump()),
        adaptation=manifest["adaptation"],
        invariance=_invariance(model, folds[TEST]),
    )


def _invariance(model: Any, table: Any) -> Any:
    """Return what `invariance` says of the model's answers to the sentences of a fold, each by itself."""
    import numpy as np

    from pipeline.actors.parties import names_by_code
    from pipeline.weak.dataset import cast_of
    from pipeline.weak.invariance import invariance

    texts, cast = table["text"].to_pylist(), cast_of(table)
    row = {text: i for i, text in enumerate(texts)}

    def unaltered(some: Sequence[str]) -> Any:
        return _proba(model, some, cast.rows(np.array([row[text] for text in some]))).argmax(axis=1)

    names = [name for name in names_by_code().values() if name.isalpha()]
    return invariance(
        lambda altered: model.predict_proba(altered).argmax(axis=1), texts, names, most=CASES, unaltered=unaltered
    )


def _proba(model: Any, texts: Sequence[str], cast: Any) -> Any:
    """Return the probabilities of n sentences, each by itself, float64 (n, 3), from the votes cast on them."""
    return model.predict_parsed(*model.parse(texts, cast=cast))


def _corpus(answers: list[dict[str, Any]]) -> Any:
    from pipeline.report.corpus import Corpus

    found = read_json(READING)
    groups = read_table(ARTICLES, ["id", "group"]).to_pylist()
    copies = {row["id"]: row["group"] for row in groups if row["group"] != row["id"]}
    return Corpus(rows=answers, problems=found["problems"], cut=found["cut"], copies=copies)


def _labelled(table: Any) -> tuple[list[str], Any, list[str]]:
    """Return sentences, stance ids (UNLABELED where nobody labelled) and articles."""
    gold = table["gold"].fill_null(UNLABELED).to_numpy()
    return table["text"].to_pylist(), gold, table["article_id"].to_pylist()


def _others(model: Any, manifest: dict[str, Any], folds: dict[str, Any]) -> dict[str, Any]:
    """Return what classifiers say of the test fold that learn from weak labels alone, and from hand labels alone."""
    import numpy as np

    from pipeline.model.training import train_variant
    from pipeline.weak.dataset import cast_of

    model = model.using("classifier")
    texts, gold, articles = _labelled(folds["train"])
    batch, weak = model.parse(texts, articles, cast_of(folds["train"]))
    test_texts, _, test_articles = _labelled(folds[TEST])
    test = model.parse(test_texts, test_articles, cast_of(folds[TEST]))
    soft = np.array(folds["train"]["soft_label"].to_pylist())
    chosen = next(one["params"] for one in manifest["candidates"] if one["chosen"])
    found = {}
    for name, learnt in (("weak_labels_alone", np.full(len(gold), UNLABELED)), ("hand_labels_alone", gold)):
        variant = train_variant(model, batch, weak, soft, articles, learnt, chosen, by_hand=name == "hand_labels_alone")
        if variant is not None:
            found[name] = variant.predict_parsed(*test)
    return found


def _about(lf_report: dict[str, Any], manifest: dict[str, Any], articles: Any) -> list[tuple[str, str]]:
    from pipeline.model.confidence import in_words
    from pipeline.report.cards import data_card, model_card

    chosen, others = in_words(manifest["candidates"])
    return [
        *model_card(manifest),
        ("Weak labels", lf_report["choice"]),
        ("Classifier", chosen),
        *([("Runners-up", others)] if others else []),
        *data_card(articles),
    ]
