"""Who towards whom, measured: presence, overlap, direction, coverage, hard sentences, and what it costs.

Three sets outside the repository, each left out with a word where it is not there: sentences with marked sources and
targets (../shared/dyads/dyads_dev.jsonl; its even rows were read while the rules were written), pairs of whole articles
on U.S. politics (../shared/eval/seesaw_dev.jsonl), where both names stand in the sentence, and whole newswire articles
(../shared/eval/newswire_dev.jsonl).

    python benchmarks/actors.py [--all]      --all: the odd rows, too, whose sentences nobody has read
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline import load_model  # noqa: E402
from pipeline.actors import Relation, find_parties, relate_rows  # noqa: E402
from pipeline.actors.naming import End  # noqa: E402
from pipeline.actors.parties import shipped_parties  # noqa: E402
from pipeline.actors.relations import relate  # noqa: E402
from pipeline.base.stances import NEUTRAL, OPPOSITION, STANCES  # noqa: E402
from pipeline.weak.label_model.votes import majority_vote  # noqa: E402
from pipeline.weak.lfs.parse import StanceHit, stance_hits  # noqa: E402
from pipeline.weak.loading import load_lfs  # noqa: E402

DYADS = ROOT / "../shared/dyads/dyads_dev.jsonl"
PAIRS = ROOT / "../shared/eval/seesaw_dev.jsonl"
NEWS = ROOT / "../shared/eval/newswire_dev.jsonl"
RESAMPLES = 2000

Answer = tuple[End | None, End | None, bool, float]
"""Source, target, whether they may be exchanged, confidence."""


def answers(texts: Sequence[str], lfs) -> list[Answer]:
    """Return what the package says, with the stance that the labeling functions' majority gives."""
    stances = majority_stances(texts, lfs)
    relations = relate_rows([{"text": text} for text in texts], stances, hits_of(texts, lfs), shipped_parties())
    return [plain(relation) for relation in relations]


def plain(relation: Relation) -> Answer:
    return relation.source, relation.target, relation.symmetric, relation.confidence


def hits_of(texts: Sequence[str], lfs) -> list[list[StanceHit]]:
    return [hits for parses in lfs.parse_all(texts) for hits in stance_hits(parses)]


def majority_stances(texts: Sequence[str], lfs) -> list[int]:
    votes, strengths = map(np.concatenate, zip(*map(lfs.cast, lfs.parse_all(texts)), strict=True))
    return majority_vote(votes, len(STANCES), strengths=strengths).argmax(axis=1).tolist()


def first_named(text: str) -> Answer:
    """Take the first party named for the source, the second for the target."""
    found = find_parties(text)
    return (*[*found, None, None][:2], False, 1.0)


def nearest(text: str) -> Answer:
    """Take the two parties that stand closest, in their order."""
    found = find_parties(text)
    pairs = list(pairwise(found))
    if not pairs:
        return (*[*found, None, None][:2], False, 1.0)
    return (*min(pairs, key=lambda pair: pair[1].start - pair[0].end), False, 1.0)


def hits(end: End | None, spans) -> bool:
    """Return whether an end overlaps a span by half of the shorter of the two."""
    return end is not None and any(
        2 * (min(end.end, b) - max(end.start, a)) >= min(end.end - end.start, b - a) for a, b in spans
    )


def judge(row, answer: Answer) -> tuple[bool, bool]:
    source, target, symmetric, _ = answer
    right = hits(source, row["source_spans"]), hits(target, row["target_spans"])
    turned = hits(source, row["target_spans"]), hits(target, row["source_spans"])
    return turned if symmetric and sum(turned) > sum(right) else right


def interval(values: Sequence[bool]) -> str:
    """Return a share with its 95 % interval, from resampling."""
    if not len(values):
        return "none"
    data = np.array(values, float)
    drawn = np.random.default_rng(13).integers(0, len(data), (RESAMPLES, len(data)))
    low, high = np.quantile(data[drawn].mean(axis=1), [0.025, 0.975])
    return f"{data.mean():.3f} ({low:.3f} to {high:.3f}, n = {len(data)})"


def is_hard(row) -> str:
    """Return why a sentence is hard: its target stands first, its source behind "by", or speech stands around it."""
    if not (row["source_spans"] and row["target_spans"]):
        return ""
    source, target = row["source_spans"][0], row["target_spans"][0]
    before = row["text"][: source[0]]
    if target[0] < source[0]:
        return "target first"
    if before.rstrip().endswith(" by"):
        return "passive"
    return "nested speech" if any(f" {say} " in before for say in ("said", "says", "told", "that")) else ""


def show_dyads(name: str, rows, given: Sequence[Answer]) -> None:
    """Print the figures of one system on sentences with marked ends."""
    judged = [judge(row, answer) for row, answer in zip(rows, given, strict=True)]
    print(f"\n{name}")
    for k, side in enumerate(("source", "target")):
        said = [j[k] for j, answer in zip(judged, given, strict=True) if answer[k] is not None]
        there = [j[k] for j, row in zip(judged, rows, strict=True) if row[f"{side}_spans"]]
        present = [bool(row[f"{side}_spans"]) for row, a in zip(rows, given, strict=True) if a[k] is not None]
        f1 = 2 * sum(said) / (len(said) + len(there))
        print(f"  {side}: precision {interval(said)}, recall {interval(there)}, F1 {f1:.3f}")
        print(f"    somebody is there where one is given: {interval(present)}")
    both = [(a[3], all(j), bool(r["source_spans"] and r["target_spans"])) for r, j, a in
            zip(rows, judged, given, strict=True) if a[0] and a[1]]  # fmt: skip
    n_gold = sum(bool(r["source_spans"] and r["target_spans"]) for r in rows)
    both.sort(key=lambda one: -one[0])
    print(f"  pairs right among those given: {interval([b[1] for b in both])}")
    print(f"    and where both ends are marked: {interval([b[1] for b in both if b[2]])}")
    ranked = len({b[0] for b in both}) > 1  # a system without a confidence has no surest half
    for share in (0.25, 0.5, 0.75) if ranked else ():
        most = int(n_gold * share)
        some, marked = [b[1] for b in both[:most]], [b[1] for b in both if b[2]][:most]
        print(f"    at coverage {share:.2f}: {interval(some)}; where both ends are marked {interval(marked)}")
    hard = [(all(j), a[0] is not None and a[1] is not None) for r, j, a in
            zip(rows, judged, given, strict=True) if is_hard(r)]  # fmt: skip
    print(f"  hard sentences, pairs right of all: {interval([h[0] for h in hard])}")
    empty = [a[0] is None and a[1] is None for r, a in zip(rows, given, strict=True)
             if not r["source_spans"] and not r["target_spans"]]  # fmt: skip
    print(f"  left alone where nobody is marked: {interval(empty)}")


def last_name(name: str) -> str:
    return name.split()[-1]


def pair_rows():
    """Return (text, sign, subject, object) where both last names stand in the sentence once, apart."""
    found = []
    for line in PAIRS.read_text("utf-8").splitlines():
        row = json.loads(line)
        for subject, sign, target, _ in row["pairs"]:
            a, b = last_name(subject), last_name(target)
            if subject != "None" and target != "None" and a != b and row["text"].count(a) == row["text"].count(b) == 1:
                found.append((row["text"], OPPOSITION if sign == "NEG" else STANCES.index("agreement"), a, b))
    return found


def show_pairs(name: str, rows, given: Sequence[Answer]) -> None:
    """Print how often both ends hold the two names, and which way round."""
    for what, chosen in (
        ("all", lambda text, a, b: True),
        ("object named first", lambda text, a, b: text.index(b) < text.index(a)),
    ):
        ways = []
        for (text, _, a, b), (source, target, symmetric, _) in zip(rows, given, strict=True):
            if not chosen(text, a, b) or source is None or target is None:
                continue
            if a in source.text and b in target.text:
                ways.append(True)
            elif b in source.text and a in target.text:
                ways.append(symmetric)
        n = sum(chosen(text, a, b) for text, _, a, b in rows)
        print(f"  {name}, {what}: pair found in {len(ways)} of {n}; direction right {interval(ways)}")


def cost(lfs) -> None:
    """Print what relations cost in CPU time, each sentence alone and as whole articles.

    Beside casting all votes, and beside an answer of the shipped model, plain and explained.
    """
    rows = [json.loads(line) for line in NEWS.read_text("utf-8").splitlines()]
    texts, gold = [row["text"] for row in rows], [STANCES.index(row["label"]) for row in rows]
    alone = [{"text": text} for text in texts]
    articles = [{"text": row["text"], "article_id": row["article"]} for row in rows]
    casting = cpu(lambda: [lfs.cast(parses) for parses in lfs.parse_all(texts)])
    parsed, hits = list(lfs.parse_all(texts)), hits_of(texts, lfs)
    handing_on = cpu(lambda: [stance_hits(parses) for parses in parsed])
    model = load_model()
    answer, explained = (cpu(lambda why=why: model.answer_batch(texts, explain=why)) for why in (False, True))
    parties = shipped_parties()
    for name, stances in (("by hand labels", gold), ("by majority vote", majority_stances(texts, lfs))):
        share = sum(stance != NEUTRAL for stance in stances) / len(stances)
        print(f"  {name}, {share:.0%} with a stance, of the time of casting all votes:")
        for kind, some in (("alone", alone), ("as articles", articles)):
            related = cpu(lambda some=some, stances=stances: relate_rows(some, stances, hits, parties))
            related += handing_on
            beside = f"of an answer {related / answer:.2f}, explained {related / explained:.2f}"
            print(f"    {kind}: {related / casting:.2f}, {1e6 * related / len(rows):.0f} microseconds; {beside}")
    quiet = [relate(t, s) for t, s in zip(texts, gold, strict=True) if s == NEUTRAL]
    none = [relation.source is None and relation.target is None for relation in quiet]
    print(f"  nobody given on neutral sentences: {interval(none)}")


def cpu(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    lfs = load_lfs()
    if DYADS.exists():
        every = [json.loads(line) for line in DYADS.read_text("utf-8").splitlines()]
        parts = {"even rows": every[::2], **({"odd rows": every[1::2]} if "--all" in sys.argv else {})}
        for part, rows in parts.items():
            texts = [row["text"] for row in rows]
            print(f"\nMarked sentences, {part}: {len(rows)}")
            show_dyads("this package", rows, answers(texts, lfs))
            show_dyads("first named is the source", rows, list(map(first_named, texts)))
            show_dyads("nearest pair", rows, list(map(nearest, texts)))
    else:
        print(f"{DYADS.name} is not there: marked sentences are left out")
    if PAIRS.exists():
        rows = pair_rows()
        print(f"\nPairs of U.S. politics with both names in the sentence: {len(rows)}")
        given = [plain(relate(text, stance)) for text, stance, _, _ in rows]
        show_pairs("this package", rows, given)
        show_pairs("first named", rows, [first_named(text) for text, *_ in rows])
        show_pairs("nearest pair", rows, [nearest(text) for text, *_ in rows])
    else:
        print(f"{PAIRS.name} is not there: pairs are left out")
    if NEWS.exists():
        print("\nCost, and quiet sentences, on whole newswire articles")
        cost(lfs)
    else:
        print(f"{NEWS.name} is not there: cost and quiet sentences are left out")


if __name__ == "__main__":
    main()
