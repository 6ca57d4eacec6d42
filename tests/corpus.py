"""Twelve tiny articles with a hand label for every sentence, and a project folder made of them."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.imports import ROOT

OPPOSED = [
    "{a} rejected the plan that {b} had tabled on Monday.",
    "{a} accused {b} of breaking the truce in the northern valley.",
    "{a} condemned the raid by {b} on the customs house.",
    "{a} refused to meet the envoys whom {b} had sent.",
    "{a} denounced the tariffs of {b} as an act of hostility.",
    "{a} vetoed the document resolution that {b} had sponsored.",
    "{a} expelled two diplomats of {b} over the leaked cables.",
    "{a} threatened {b} with sanctions if the dam was filled.",
]
NEUTRAL = [
    "Delegations from {a} and {b} arrived in the harbour town by ferry.",
    "The census office of {a} put the population at four million.",
    "Rain fell on the capital of {b} for most of the afternoon.",
    "A railway built in 1911 links {a} with the coast.",
    "The hearing is listed for next Thursday, a clerk in {b} said.",
    "Wheat is the main crop on both banks of the river in {a}.",
    "Some nine hundred people live in the villages between {a} and {b}.",
    "The museum in {b} opens its doors at ten every morning.",
]
AGREED = [
    "{a} welcomed the offer that {b} had made the evening before.",
    "{a} signed a treaty with {b} on fishing rights in the strait.",
    "{a} praised {b} for the release of the prisoners.",
    "{a} agreed with {b} to reopen the border crossing in June.",
    "{a} endorsed the candidate of {b} for the chair of the council.",
    "{a} thanked {b} for the field hospital and its doctors.",
    "{a} and {b} reached an agreement on sharing the water of the lake.",
    "{a} ratified the trade pact with {b} by a large majority.",
]
PARTIES = ["Ruritania", "Borduria", "Syldavia", "Graustark", "Freedonia", "Sylvania", "Zubrowka", "Ordovia"]

N_ARTICLES, PER_ARTICLE = 12, 7

PARAMS = {
    "split": {"seed": 33},
    "label": {"shipped_rows": False},
    "train": {"classifier": {"grid": {"C": [0.1, 1.0]}}, "cv_folds": 3},
    "evaluate": {"resamples": 100},
}
"""What differs from the shipped params.yaml, so that all folds have articles, nothing takes long and nothing hangs on
the shipped articles."""


def sentences(article: int) -> list[tuple[str, str]]:
    """Return the (sentence, stance) pairs of an article: two opposed, three neutral, two agreed."""
    again = article // 8
    a, b = PARTIES[(article + 3 * again) % 8], PARTIES[(article + 1 + 4 * again) % 8]
    pools = [(OPPOSED, "opposition"), (NEUTRAL, "neutral"), (AGREED, "agreement"), (NEUTRAL, "neutral")]
    picked = [(k, *pools[k % 4]) for k in range(PER_ARTICLE)]
    return [(pool[(article + 3 * k + again * (k + 1)) % 8].format(a=a, b=b), stance) for k, pool, stance in picked]


def write_project(folder: Path, n_articles: int = N_ARTICLES) -> Path:
    """Write articles, gold for all of their sentences, and params.yaml; return the folder."""
    raw, gold = folder / "data/raw", []
    raw.mkdir(parents=True, exist_ok=True)
    for article in range(n_articles):
        pairs = sentences(article)
        (raw / f"story-{article:02}.txt").write_text("\n\n".join(text for text, _ in pairs) + "\n", "utf-8")
        gold += [
            {"id": f"story-{article:02}:{k}", "text": text, "label": stance} for k, (text, stance) in enumerate(pairs)
        ]
    (folder / "data/labeled").mkdir(exist_ok=True)
    (folder / "data/labeled/gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in gold), "utf-8")
    (folder / "params.yaml").write_text((ROOT / "params.yaml").read_text("utf-8"), "utf-8")
    for section, values in PARAMS.items():
        edit_params(folder, section, **values)
    return folder


def edit_params(folder: Path, section: str, **values: Any) -> None:
    """Set parameters of one section in the params.yaml of a project."""
    params = yaml.safe_load((folder / "params.yaml").read_text("utf-8"))
    params[section] |= values
    (folder / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")


def add_lf(folder: Path, fires: list[str], quiet: list[str]) -> None:
    """Give a project an LF of its own: "mine" votes neutral on sentences with a museum."""
    entry = {"name": "mine", "stance": "neutral", "rule": "mine", "why": "mine", "kind": "phrase", "cues": ["museum"]}
    (folder / "mine").mkdir()
    (folder / "mine/mine.yaml").write_text(json.dumps({"lfs": [{**entry, "fires": fires, "quiet": quiet}]}))
    edit_params(folder, "label", lf_folders=["mine"])
