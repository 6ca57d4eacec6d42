"""Script `plots`: DVC's plots as a page that opens offline."""

import subprocess
import sys
from pathlib import Path

from pipeline.base.errors import InputError, StanceError
from pipeline.base.storage import write_text

TEMPLATE = Path(".dvc/tmp/plots.html")


def run(revisions: list[str], output: str) -> str:
    """Write `output`/index.html with the plots of the project, or those of several revisions over each other.

    The page's scripts stand in a template, which DVC uses from then on (a local setting), also for `dvc plots show`.
    """
    from pipeline.report.plots import page_template

    if not Path(".dvc").is_dir():
        raise InputError("no DVC project", Path.cwd(), remedy="Run it in the project's folder.")
    write_text(TEMPLATE, page_template())
    _dvc("config", "--local", "plots.html_template", TEMPLATE.relative_to(".dvc").as_posix())
    _dvc("plots", *(["diff", *revisions] if revisions else ["show"]), "--out", output)
    return f"see {Path(output, 'index.html')}"


def _dvc(*args: str) -> None:
    done = subprocess.run([sys.executable, "-m", "dvc", *args], capture_output=True, text=True)
    if done.returncode:
        got = " ".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-1:])
        raise StanceError(f"dvc {args[0]} failed ({got.removeprefix('ERROR: ')})", remedy="Run `dvc repro` first?")
