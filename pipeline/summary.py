"""Script behind `stance report`: the report in the terminal or as Markdown, and what changed since another run."""

import io
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from pipeline.base.errors import InputError
from pipeline.base.paths import CHANGES, PREVIOUS, REPORTS, SENTENCE_ANSWERS
from pipeline.base.stances import STANCES
from pipeline.base.storage import is_file, read_json, write_text

PAGES = ("index.html", "model.html")
"""Pages that a strip on what changed is put into."""


def run(against: str | None = None, *, markdown: bool = False) -> None:
    """Print the report; with what changed since the run before, or `against` a git revision or a table of answers.

    Where something changed both pages, with a strip on what did, are written into reports/changes/.
    """
    from pipeline.report.answers import read_answers
    from pipeline.report.changes import changes_markdown
    from pipeline.report.narrative import print_report

    answers, since = read_answers(SENTENCE_ANSWERS), "the run before" if against is None else against
    changes = _changes(answers, against)
    if markdown:
        report = (REPORTS / "report.md").read_text("utf-8")
        sys.stdout.write(report + (f"\n{changes_markdown(changes)}" if changes else ""))
    else:
        counts = Counter(row["stance"] for row in answers)
        print_report(sys.stdout, read_json(REPORTS / "details.json"), {s: counts[s] for s in STANCES}, changes, since)
    for name in PAGES:
        (CHANGES / name).unlink(missing_ok=True)
    if changes is not None and changes.moved:
        _write_pages(changes, since)
        if not markdown:
            sys.stdout.write(f"Pages with what changed: {CHANGES / 'index.html'}, {CHANGES / 'model.html'}\n")


def _changes(answers: list[dict[str, Any]], against: str | None) -> Any:
    """Return the Changes, None where there is nothing to compare with."""
    from pipeline.report.answers import read_about, read_answers
    from pipeline.report.changes import compare

    if against is None and not PREVIOUS.exists():
        return None
    source: Path | io.BytesIO = PREVIOUS
    if against is not None:
        source = Path(against) if is_file(against) else io.BytesIO(_at_revision(against))
    before, about = read_answers(source), read_about(source)
    return compare(before, answers, about, read_about(SENTENCE_ANSWERS))


def _at_revision(revision: str) -> bytes:
    """Return the table of answers of a git revision, which DVC keeps in its cache."""
    import dvc.api
    from dvc.exceptions import DvcException

    try:
        return dvc.api.read(str(SENTENCE_ANSWERS), repo=".", rev=revision, mode="rb")
    except (DvcException, OSError) as error:
        what = f"no table of answers ({' '.join(str(error).split())})"
        remedy = "Name a git revision; check it out and run `dvc repro` there, or `dvc pull` if there is a remote."
        raise InputError(what, f"revision {revision}", remedy=remedy) from None


def _write_pages(changes: Any, since: str) -> None:
    from pipeline.report.changes import with_changes

    for name in PAGES:
        write_text(CHANGES / name, with_changes((REPORTS / name).read_text("utf-8"), changes, since))
