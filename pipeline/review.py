"""Script `review`: the sentences to label next as a sheet, and a sheet that is filled in as hand labels."""

import logging
from pathlib import Path
from typing import Any

from pipeline.base.errors import GoldError, InputError, suggest
from pipeline.base.logs import counted
from pipeline.base.params import Params
from pipeline.base.paths import SENTENCES
from pipeline.base.stances import FOLDS
from pipeline.base.storage import read_table

log = logging.getLogger("pipeline.review")

_HARD = (
    "sentences that are picked because they are hard make scores on the %s fold look worse than they are; "
    "there label whole articles that chance has drawn"
)


def write(
    params: Params,
    output: str,
    *,
    size: int,
    fold: str,
    model_path: str | None,
    using: str | None = None,
    blind: bool = False,
) -> str:
    """Write a sheet with up to `size` sentences of a fold that nobody has labelled; return a summary line.

    `using`: who is asked beside the labeling functions; the reader where the model has one, else the classifier. A
    `blind` sheet does not say what the model makes of them. A file that is there already is not overwritten.
    """
    from pipeline.gold.labels import check_kind, match_gold, read_gold, write_sheet

    check_kind(output)
    if fold not in FOLDS:
        raise InputError(
            "no such fold", "--fold", expected=", ".join(FOLDS), got=repr(fold), remedy=suggest(fold, FOLDS)
        )
    if Path(output).is_file():
        remedy = f"Read it (stance review --read {output}) and remove it, or name another one with --output."
        raise InputError("there is such a file already, perhaps with labels in it", output, remedy=remedy)
    sentences = read_table(SENTENCES, ["id", "text", "article_id", "fold"]).to_pylist()
    gold = read_gold(params.label.gold)
    stances, _ = match_gold(gold, [s["id"] for s in sentences], [s["text"] for s in sentences])
    unlabelled = [s for s, stance in zip(sentences, stances, strict=True) if stance < 0]
    open_ = [s for s in unlabelled if s["fold"] == fold]
    articles = {s["article_id"] for s in open_}
    read = [s for s in sentences if s["article_id"] in articles]  # a sentence is answered in its context
    if not open_:
        elsewhere = (
            "Try another --fold." if unlabelled else "Put articles into the raw folder, run `dvc repro`, try again."
        )
        raise GoldError(f"every sentence of the {fold} fold has a label", params.label.gold, remedy=elsewhere)
    if fold != "train":
        log.warning(_HARD, fold)
    rows, kinds = _choose(read, open_, [item.text for item in gold], size, model_path, using, blind)
    write_sheet(output, rows)
    mix = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    return (
        f"{output} has {len(rows)} of {counted(len(open_), 'sentence')} without a label ({mix}). Fill in "
        f"its column label (opposition, neutral or agreement), then: stance review --read {output}"
    )


def read(params: Params, sheet: str, *, annotator: str = "", replace: bool = False, keep: bool = False) -> str:
    """Add the labels of a sheet to the hand labels; return a summary line.

    Labels that differ from those that are there are refused, or `replace` them, or leave them (`keep`).
    """
    from pipeline.gold.labels import LABEL_FORMS, Differing, add_labels, read_sheet

    if replace and keep:
        raise InputError("--replace and --keep exclude each other", "review", remedy="Give one of them.")
    filled, empty = read_sheet(sheet)
    if not filled:
        raise GoldError("no row has a label", sheet, expected=f"{LABEL_FORMS}, in the column label")
    sentences = read_table(SENTENCES, ["id", "text"])
    texts = dict(zip(sentences["id"].to_pylist(), sentences["text"].to_pylist(), strict=True))
    differing: Differing = "keep" if keep else "replace" if replace else "refuse"
    merged = add_labels(params.label.gold, filled, texts, annotator=annotator, differing=differing)
    others = f", {merged.differing} that differ {'not taken' if keep else 'replaced'}" if merged.differing else ""
    return (
        f"{counted(len(filled), 'label')} read from {sheet}: {merged.new} new, {merged.same} as they were{others}; "
        f"{counted(empty, 'row')} without a label skipped. {params.label.gold} has {counted(merged.total, 'label')}; "
        "`dvc repro` takes them into the model and the report."
    )


def _choose(
    read: list[dict[str, Any]],
    sentences: list[dict[str, Any]],
    labelled: list[str],
    size: int,
    model_path: str | None,
    using: str | None,
    blind: bool,
) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows of the sheet, and what each was chosen for; `read`: the whole articles of the sentences."""
    import numpy as np

    from pipeline.base.stances import STANCES
    from pipeline.gold.sampling import Candidates, choose_sentences
    from pipeline.model.artefact import load_model
    from pipeline.model.stance_model import in_batches

    model = load_model(model_path)
    texts, articles = ([s[key] for s in read] for key in ("text", "article_id"))
    best = using or ("reader" if model.reader else "classifier")
    answering = model.using(best)
    parsed = (answering.parse(some.texts, some.articles) for some in in_batches(texts, articles))
    parts = [(answering.predict_parsed(*of), of[1], of[0].votes, of[0].strengths) for of in parsed]
    wanted = {s["id"] for s in sentences}
    rows_of = [row for row, s in enumerate(read) if s["id"] in wanted]
    proba, by_lfs, votes, strengths = (np.concatenate(part)[rows_of] for part in zip(*parts, strict=True))
    texts, articles = ([s[key] for s in sentences] for key in ("text", "article_id"))
    found = Candidates(texts, articles, proba, by_lfs, votes, strengths, model.lfs.names, best)
    chosen = choose_sentences(found, labelled, size)
    rows = []
    for choice in chosen:
        sentence = {"id": sentences[choice.row]["id"], "text": texts[choice.row]}
        answers = dict.fromkeys(STANCES[p[choice.row].argmax()] for p in (proba, by_lfs))
        about = {} if blind else {"why": choice.why, "suggested": " or ".join(answers)}
        rows.append({**sentence, **about, "label": "", "mixed": ""})
    return rows, [choice.kind for choice in chosen]
