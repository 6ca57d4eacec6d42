"""Casting votes side by side: all shipped labeling functions, and Snorkel's PandasLFApplier with as many regexes.

Run it in an environment that has Snorkel (`pip install snorkel pandas`); without it only our own speed is shown. Each
regex function of the peer searches for one labeling function's first ten cue words, without any scope rule: the peer
is spared work, so the ratio is a lower bound.
"""

import re
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.text.articles import read_articles  # noqa: E402
from pipeline.text.sentences import split_sentences  # noqa: E402
from pipeline.weak.lfs.lf import LF  # noqa: E402
from pipeline.weak.lfs.lf_set import cast_votes  # noqa: E402
from pipeline.weak.loading import load_lfs  # noqa: E402

PEER_ROWS = 300  # the peer is slow: its rate is taken on fewer sentences
REPEATS = 3


def rate(work, n: int) -> float:
    """Return sentences per second of CPU time, the best of a few runs."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return n / best


def regex_of(lf: LF) -> re.Pattern:
    """Return a plain regex over the first words of an LF's first ten cues."""
    found = sorted({min(cue.words[0]) for cue in lf.cues[:10]}) or ["attack", "bomb"]
    return re.compile(r"\b(?:" + "|".join(map(re.escape, found)) + r")\b", re.IGNORECASE)


def peer_rate(sentences: list[str], lfs: list[LF]) -> float | None:
    """Return the peer's rate, None where it is not installed."""
    try:
        import pandas as pd
        from snorkel.labeling import LabelingFunction, PandasLFApplier
    except ImportError:
        return None

    def function(lf: LF):
        pattern = regex_of(lf)
        return LabelingFunction(lf.name, lambda row: lf.stance if pattern.search(row.text) else -1)

    frame = pd.DataFrame({"text": sentences[:PEER_ROWS]})
    applier = PandasLFApplier([function(lf) for lf in lfs])
    return rate(lambda: applier.apply(frame, progress_bar=False), len(frame))


def main() -> None:
    """Print both rates and their ratio."""
    articles = read_articles(ROOT / "data/raw").articles
    sentences = [s.text for a in articles for s in split_sentences(a.text)]
    lfs = load_lfs()
    own = rate(lambda: cast_votes(sentences, lfs), len(sentences))
    print(f"{len(lfs)} labeling functions, {sum(len(lf.cues) for lf in lfs)} cues, {len(sentences)} sentences")
    print(f"ours                     {own:10,.0f} sentences/s")
    peer = peer_rate(sentences, list(lfs))
    if peer is None:
        print("Snorkel PandasLFApplier  not installed")
    else:
        print(f"Snorkel PandasLFApplier  {peer:10,.0f} sentences/s   ratio {own / peer:.0f}")


if __name__ == "__main__":
    main()
