"""The command `stance`: every verb of the pipeline."""

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from typing import Annotated

import typer

from pipeline import __version__, exits, verbs
from pipeline.console import waiting
from pipeline.options import ParamsFile, Quiet, Verbose, set_up

# one BLAS thread: results must not depend on how many cores there are
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

app = typer.Typer(
    help="Agreement, opposition and neutrality between parties in news text, sentence by sentence.",
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"stance {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", help="Say the version.", is_eager=True, callback=_say_version)]


@app.callback()
def _options(version: Version = False) -> None: ...


def _stage(verb: str, help: str, busy: str = "") -> None:
    """Make a stage a command; `busy` says what it does where it does not show its progress itself."""

    def command(params: ParamsFile = "params.yaml", verbose: Verbose = False, quiet: Quiet = False) -> None:
        set_up(verbose, quiet)
        from pipeline.params_file import load_params

        with waiting(busy) if busy else nullcontext():
            summary = import_module(f"pipeline.{verb}").run(load_params(params))
        if not quiet:
            typer.echo(f"{verb}: {summary}")

    app.command(verb, help=help)(command)


_stage("split", "Cut the articles of data/raw into sentences; deal articles into folds.\n\nExample: `stance split -v`")
_stage("label", "Apply the labeling functions and combine their votes into soft labels.\n\nExample: `stance label`")
_stage(
    "train",
    "Train the classifier on the soft labels (and gold, where there is some).\n\nExample: `stance train`",
    busy="Training",
)
_stage(
    "evaluate",
    "Score classifier and baselines on gold, and write reports/.\n\nExample: `stance evaluate`",
    busy="Evaluating",
)
_stage("card", "Count articles and hand labels anew in data/README.md.\n\nExample: `stance card`")


for _verb in (verbs.predict, verbs.explain, verbs.review, verbs.lfs):
    app.command()(_verb)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; every error is one line on stderr, with exit code 2 (bad input) or 1 (failure)."""
    exits.run(app, "stance", sys.argv[1:] if argv is None else argv)


def run_stage(verb: str) -> None:
    """Run a stage as a script: `python -m pipeline.<verb>` takes the options of `stance <verb>`."""
    main([verb, *sys.argv[1:]])


if __name__ == "__main__":
    main()
