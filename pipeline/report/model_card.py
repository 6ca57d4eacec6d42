"""What a model and its data are, as (label, value) pairs for a page, made from what the stages recorded."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.report.cells import Table, grouped, number, spoken, spread_of
from pipeline.report.corpus import month_of

_SHOWN_SOURCES = 6
_SCORES = {"accuracy": "accuracy", "MCC": "mcc", "Brier": "brier", "log-loss": "log_loss"}


def model_card(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a model's manifest says about it."""
    calibration, threshold, encoder = manifest["calibration"], manifest["threshold"], manifest["encoder"]
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(manifest["libraries"].items()))
    return [
        ("Model", f"format {manifest['format_version']}, SHA-256 {manifest['sha256'][:12]}"),
        ("Made for", "English news of diplomacy and politics: the relation between parties that a sentence reports"),
        ("Not made for", "other languages, opinion of the writer, irony; decisions about persons"),
        (
            "Trained on",
            f"{grouped(manifest['rows'])} sentences, {grouped(manifest['gold_rows'])} of them hand-labelled",
        ),
        ("Calibration", f"temperature {calibration['temperature']:.3f} on {calibration['on']}"),
        ("Abstained", "nothing" if threshold is None else f"answers below a confidence of {threshold:.2f}"),
        ("Sentence encoder", encoder["name"] if encoder else "none"),
        ("Made with", libraries),
    ]


def data_card(articles: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return where articles come from, and from when: mappings with `source` and `date`."""
    rows = list(articles)
    sources = Counter(row["source"] or "unknown" for row in rows).most_common()
    shown = [f"{name} ({count})" for name, count in sources[:_SHOWN_SOURCES]]
    more = [f"{len(sources) - _SHOWN_SOURCES} more"] if len(sources) > _SHOWN_SOURCES else []
    months = sorted(filter(None, (month_of(row["date"]) for row in rows)))
    undated = sum(not month_of(row["date"]) for row in rows)
    dates = f"{months[0]} to {months[-1]}" if months else "none known"
    return [
        ("Sources", ", ".join([*shown, *more])),
        ("Dates", f"{dates}{f'; {undated} articles without one' if undated and months else ''}"),
    ]


def recorded_table(details: Mapping[str, Mapping[str, float]]) -> Table:
    """Return the scores of every system in details.json."""
    systems = {name: scores for name, scores in details.items() if name != "corpus"}
    rows = tuple(
        (spoken(name), spread_of(own, "macro_f1"), *(number(own.get(key)) for key in _SCORES.values()))
        for name, own in systems.items()
    )
    first = next(iter(systems.values()), {})
    caption = f"On {grouped(int(first.get('n', 0)))} hand-labelled test sentences that the model ships with"
    return Table(caption, ("system", "macro-F1", *_SCORES), rows)
