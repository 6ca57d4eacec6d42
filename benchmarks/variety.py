"""How varied the project's articles are, beside real news: words, lengths, repetition, cues, quotations, classes.

    python -m benchmarks.variety [--corpora ../shared/corpora] [--eval ../shared/eval] [--write]

Needs the outputs of `dvc repro`. `--corpora` holds sentences of real news (JSON Lines with `text`), `--eval` labelled
ones (with `label` too); where they are not there, the own figures stand alone. `--write` puts the tables into
benchmarks/README.md. What grows with the size of a sample is measured on samples of equal size, drawn sentence by
sentence, and averaged over five draws.
"""

import argparse
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.evaluation_sets import distinct, run_script
from benchmarks.repetition import (
    carried_by_top,
    content_word_shares,
    cues_of,
    first_tokens,
    openings,
    repeated_ngrams,
    sharing_ngram,
    words_of,
)
from pipeline.base.paths import SENTENCES
from pipeline.base.stances import STANCES, stance_id
from pipeline.base.storage import read_jsonl, read_table, write_text
from pipeline.gold.labels import match_gold, read_gold
from pipeline.report.cards import fill_blocks, markdown_table
from pipeline.report.rendering import DASH, percent
from pipeline.text.folds import near_duplicate_groups
from pipeline.weak.loading import load_lfs

PAGE = Path("benchmarks/README.md")
GOLD = "data/labeled/gold.jsonl"
OWN = "own articles"
FILES = {"world news leads": "world_news_leads.jsonl", "U.S. political news": "us_politics_sentences.jsonl"}
LABELLED = ("news_dev.jsonl", "news_dev_more.jsonl")
SIZES = (5_000, 20_000, 100_000)
"""Words in a sample."""
DRAWS = 5


@dataclass(frozen=True)
class Corpus:
    """Sentences, their words, and the article of each ("" where it is not known)."""

    name: str
    texts: list[str]
    tokens: list[list[str]]
    articles: list[str]

    def samples(self, size: int) -> Iterator[list[list[str]]]:
        """Yield DRAWS samples of whole sentences of `size` words together; none where the corpus is smaller."""
        if sum(map(len, self.tokens)) >= size:
            for seed in range(DRAWS):
                order = np.random.default_rng(seed).permutation(len(self.tokens))
                yield first_tokens([self.tokens[i] for i in order], size)


def load_corpora(folder: Path) -> list[Corpus]:
    """Return the own corpus and what the folder has of FILES; say what is left out, and why."""
    own = read_table(SENTENCES, ["text", "article_id"])
    found = {OWN: (own["text"].to_pylist(), own["article_id"].to_pylist())}
    for name, file in FILES.items():
        if (folder / file).exists():
            texts = [row["text"] for _, row in read_jsonl(folder / file)]
            found[name] = texts, [""] * len(texts)
        else:
            print(f"{name}: left out, there is no {folder / file}")
    return [Corpus(name, texts, list(map(words_of, texts)), ids) for name, (texts, ids) in found.items()]


def figures(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """Yield (what, figure) of one corpus: sizes, words, lengths, repetition."""
    words = np.array([len(text.split()) for text in corpus.texts])
    yield "sentences", str(len(words))
    yield "words a sentence: median", f"{np.median(words):.0f}"
    yield "middle half", "{:.0f} to {:.0f}".format(*np.percentile(words, [25, 75]))
    yield "below 8 words", percent(np.mean(words < 8))
    yield "above 35 words", percent(np.mean(words > 35))
    for size in SIZES:
        yield f"different words in {size:,} words", _mean(map(_types, corpus.samples(size)), "{:,.0f}")
    for size in SIZES[1:]:
        yield f"4-grams that stand twice or more, {size:,} words", _share(map(repeated_ngrams, corpus.samples(size)))
    yield "sentences sharing a 6-gram with another, 20,000 words", _share(map(sharing_ngram, corpus.samples(SIZES[1])))
    shared = sharing_ngram(corpus.tokens, of=corpus.articles) if corpus.articles[0] else None
    yield "sentences sharing a 6-gram with another article, all sentences", percent(shared)
    yield "sentences that open with one of the ten commonest pairs of words", percent(openings(corpus.tokens))
    marked = [any(mark in text for mark in '"“”«»') for text in corpus.texts]
    yield "sentences with a quotation mark", percent(np.mean(marked))
    groups = near_duplicate_groups(corpus.texts, 0.8)
    yield "sentences that nearly repeat another", percent(np.mean([row != group for row, group in enumerate(groups)]))


def cue_rows(corpora: list[Corpus]) -> Iterator[tuple[str, ...]]:
    """Yield rows of how much of each stance the commonest cue and the ten commonest carry, by the shipped LFs' hits."""
    lfs = load_lfs()
    gold = _own_gold()
    for corpus in corpora:
        found = [list(cues_of(lfs, text)) for text in corpus.texts]
        yield _cue_row(f"{corpus.name}, all votes", [cue for cues in found for cue in cues])
        if corpus.name == OWN:
            agreed = [cue for cues, stance in zip(found, gold, strict=True) for cue in cues if cue[0] == stance]
            yield _cue_row(f"{corpus.name}, votes that the hand label confirms", agreed)


def label_rows(folder: Path, own: Corpus) -> Iterator[tuple[str, ...]]:
    """Yield class mix and, per class, how many of its sentences hold its commonest content words, at equal numbers."""
    labelled = {own.name: (own.tokens, np.array(_own_gold()))}
    paths = [folder / file for file in LABELLED]
    if all(path.exists() for path in paths):
        rows = distinct(row for path in paths for _, row in read_jsonl(path))
        gold = np.array([stance_id(row["label"], str(folder)) for row in rows])
        labelled["world and U.S. news"] = [words_of(row["text"]) for row in rows], gold
    else:
        print(f"labelled news: left out, {folder} has no {' and '.join(LABELLED)}")
    fewest = [min(int(np.sum(gold == k)) for _, gold in labelled.values()) for k in range(len(STANCES))]
    for name, (tokens, gold) in labelled.items():
        known = gold >= 0
        mix = (percent(np.mean(gold[known] == k)) for k in range(len(STANCES)))
        yield f"{name}: share of sentences, n = {known.sum()}", *mix
        shares = [
            np.mean([content_word_shares(tokens, gold, k, fewest[k], seed) for seed in range(20)], axis=0)
            for k in range(len(STANCES))
        ]
        for place, what in enumerate(("commonest content word", "ten commonest, mean")):
            yield f"{name}: sentences with the {what}", *(percent(share[place]) for share in shares)


def _own_gold() -> list[int]:
    sentences = read_table(SENTENCES, ["id", "text"])
    return match_gold(read_gold(GOLD), sentences["id"].to_pylist(), sentences["text"].to_pylist())[0]


def _cue_row(name: str, cues: list[tuple[int, str]]) -> tuple[str, ...]:
    cells = []
    for stance in range(len(STANCES)):
        of_stance = [cue for voted, cue in cues if voted == stance]
        top, ten = (carried_by_top(of_stance, k) for k in (1, 10))
        cells.append(f"{percent(top)}, {percent(ten)} of {len(of_stance)}")
    return (name, *cells)


def _types(tokens: list[list[str]]) -> int:
    return len({token for sentence in tokens for token in sentence})


def _mean(values: Iterator[float], form: str) -> str:
    found = list(values)
    return form.format(np.mean(found)) if found else DASH


def _share(values: Iterator[float]) -> str:
    found = list(values)
    return percent(float(np.mean(found))) if found else DASH


def main() -> None:
    """Measure and print; with `--write` write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"), help="folder of unlabelled news")
    parser.add_argument("--eval", type=Path, default=Path("../shared/eval"), help="folder of labelled news")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    corpora = load_corpora(options.corpora)
    columns = [dict(figures(corpus)) for corpus in corpora]
    rows = [(what, *(column[what] for column in columns)) for what in columns[0]]
    blocks = {
        "variety": markdown_table(("", *(corpus.name for corpus in corpora)), rows),
        "cues": markdown_table(
            ("share of the commonest cue, and of the ten commonest", *STANCES), list(cue_rows(corpora))
        ),
        "classes": markdown_table(("", *STANCES), list(label_rows(options.eval, corpora[0]))),
    }
    print("\n\n".join(blocks.values()))
    if options.write:
        write_text(PAGE, fill_blocks(PAGE.read_text("utf-8"), blocks))


if __name__ == "__main__":
    run_script(main)
