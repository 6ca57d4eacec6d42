"""Script `card`: count the corpus and its hand labels again, and write the tables of the data card."""

from pathlib import Path

from pipeline.base.params import Params
from pipeline.base.storage import write_text

CARD = Path("data/README.md")


def run(params: Params) -> str:
    """Write the data card with fresh tables; return a summary line."""
    before = CARD.read_text("utf-8")
    after = renew(before, params)
    write_text(CARD, after)
    return f"{CARD} {'is as it was' if after == before else 'has new counts'}"


def renew(card: str, params: Params) -> str:
    """Return the text of the data card with its tables made from the articles and the hand labels."""
    from pipeline.gold.labels import read_gold
    from pipeline.report.cards import agreement_block, corpus_block, fill_blocks, gold_block

    articles, gold = _articles(params), read_gold(params.label.gold)
    blocks = {
        "corpus": corpus_block(articles),
        "gold": gold_block(gold, articles),
        "agreement": agreement_block(gold, **params.evaluate.model_dump()),
    }
    return fill_blocks(card, blocks)


def _articles(params: Params):  # type: ignore[no-untyped-def]  # a list of CardArticle
    from pipeline.report.cards import CardArticle
    from pipeline.text.folds import assign_folds, near_duplicate_groups
    from pipeline.text.formats import suffix_of
    from pipeline.text.hub import read_source
    from pipeline.text.sentences import split_sentences

    split = params.split
    settings = split.model_dump()
    articles = read_source(settings["raw"], settings["columns"], settings["dataset"]).articles
    groups = near_duplicate_groups([a.text for a in articles], split.near_duplicate)
    folds = assign_folds([a.id for a in articles], groups, split.dev_share, split.test_share, split.seed)
    return [
        CardArticle(
            id=article.id,
            fold=fold,
            topic=article.meta.get("topic", ""),
            region=article.meta.get("region", ""),
            source=article.source,
            date=article.date,
            format=suffix_of(article.path).removeprefix("."),
            words=tuple(len(sentence.text.split()) for sentence in split_sentences(article.text)),
        )
        for article, fold in zip(articles, folds, strict=True)
    ]
