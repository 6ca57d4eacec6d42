"""The report in a terminal: headline, main table, what changed; nothing coloured in a pipe."""

from collections.abc import Mapping
from typing import Any, TextIO

from pipeline.base.stances import STANCES
from pipeline.report.cells import grouped, number, percent, spoken, spread_of
from pipeline.report.changes import Changes
from pipeline.report.changes_page import SHOWN_IN_MARKDOWN, changes_table

_COLOURS = {"opposition": "red", "neutral": "bright_black", "agreement": "green"}
_SCORES = {"macro-F1": "macro_f1", "accuracy": "accuracy", "Brier": "brier", "log-loss": "log_loss"}


def print_report(file: TextIO, details: Mapping[str, Any], counts: Mapping[str, int], changes: Changes | None) -> None:
    """Print what details.json holds; `counts`: answered sentences by stance."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=file, highlight=False, soft_wrap=True)
    total = sum(counts.values())
    said = Text(f"{grouped(total)} sentences: ")
    for stance in STANCES:
        said.append(f"{counts[stance]} {stance}", style=_COLOURS[stance])
        said.append(f" ({percent(counts[stance] / max(total, 1))})" + ("" if stance == STANCES[-1] else ", "))
    console.print(said)
    systems = {name: scores for name, scores in details.items() if name != "corpus"}
    if not systems:
        console.print("No hand labels in the test fold, so there are no scores: docs/your-own-articles.md")
    else:
        first = next(iter(systems.values()))
        table = Table("system", *_SCORES, title=f"{first['n']} hand labels from {first['articles']} articles", box=None)
        for name in sorted(systems, key=lambda name: -systems[name]["macro_f1"]):
            own = systems[name]
            rest = (number(own.get(key)) for key in _SCORES.values() if key != "macro_f1")
            table.add_row(spoken(name), spread_of(own, "macro_f1"), *rest)
        console.print(table)
    if changes is not None:
        console.print(Text(f"Since the run before: {changes.in_words()}"))
        for text, before, after, cause, _ in changes_table(changes, SHOWN_IN_MARKDOWN).rows:
            line = Text("  ").append(before, _COLOURS[before]).append(" → ").append(after, _COLOURS[after])
            console.print(line.append(f" ({cause})  {text}", "default"))
