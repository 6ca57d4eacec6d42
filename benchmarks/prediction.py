"""How fast the model answers, beside scikit-learn's word n-grams with logistic regression in the same run.

    python -m benchmarks.prediction [--model models/model.joblib] [--sentences data/labeled/test.parquet] [--n 20000]

Only the ratio carries over to another machine. Every figure is the best of several runs.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.evaluation_sets import run_script

ROUNDS = 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="models/model.joblib")
    parser.add_argument("--sentences", default="data/labeled/test.parquet", help="Parquet file with a column `text`")
    parser.add_argument("--n", type=int, default=20_000, help="sentences of a large batch")
    options = parser.parse_args()

    from pipeline import load_model

    load_model(options.model)  # imports
    loading, model = best(lambda: load_model(options.model))
    texts = pq.read_table(options.sentences, columns=["text"])["text"].to_pylist()
    batch = (texts * (options.n // len(texts) + 1))[: options.n]
    model.predict_proba(batch[:100])
    serial, _ = best(lambda: model.predict_proba(batch))
    model.predict_proba(batch, n_jobs=2)  # starts the processes
    shared, _ = best(lambda: model.predict_proba(batch, n_jobs=2))
    label_model, _ = best(lambda: model.using("label-model").predict_proba(batch))
    peer = plain_classifier(texts, model.predict(texts))
    plain, _ = best(lambda: peer.predict_proba(batch))
    single = sorted(timed(lambda text=text: model.predict_proba([text]))[0] for text in texts[:500])
    command = [sys.executable, "-m", "pipeline.predict", "--model", options.model, "They rejected the offer."]
    cold = best(lambda: subprocess.run(command, capture_output=True, check=False))[0] if has_command() else None

    print(f"whole model, 1 process     {options.n / serial:10,.0f} sentences/s   {plain / serial:5.2f} x the peer")
    print(f"whole model, 2 processes   {options.n / shared:10,.0f} sentences/s   {plain / shared:5.2f} x the peer")
    print(f"label model alone          {options.n / label_model:10,.0f} sentences/s")
    print(f"peer: tf-idf + logistic    {options.n / plain:10,.0f} sentences/s")
    print(f"one sentence               {1e3 * single[250]:10.2f} ms median   {1e3 * single[495]:.2f} ms at 99 %")
    print(f"loading, after imports     {loading:10.2f} s")
    if cold is not None:
        print(f"command line, cold         {cold:10.2f} s")


def plain_classifier(texts: list[str], labels: list[str]):  # type: ignore[no-untyped-def]
    """Return scikit-learn's word 1-2-gram TF-IDF with logistic regression, fitted."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2), LogisticRegression()).fit(texts, labels)


def timed(work: Callable) -> tuple[float, object]:
    """Return the seconds that the work takes, and its result."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def best(work: Callable):  # type: ignore[no-untyped-def]
    """Return the fewest seconds of several runs, and the last result."""
    runs = [timed(work) for _ in range(ROUNDS)]
    return min(seconds for seconds, _ in runs), runs[-1][1]


def has_command() -> bool:
    """Return whether the command line is there."""
    return Path("pipeline/predict.py").exists()


if __name__ == "__main__":
    run_script(main)
