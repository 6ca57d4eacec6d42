"""The command `stance`: every verb of the pipeline. The one place that prints and that sets the exit code."""

import io
import logging
import os
import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Annotated, Any, Optional

import typer

from pipeline import __version__
from pipeline.console import set_up_logging
from pipeline.errors import InputError, StanceError
from pipeline.paths import LF_REPORT
from pipeline.storage import read_json

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

# typer has no public name for what it raises on unknown options and arguments
UsageError: Any = typer.BadParameter.__base__
_LOG = logging.getLogger("pipeline.cli")

Maybe = Optional[str]
_file = partial(typer.Option, metavar="FILE")
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more (on stderr).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings.")]
ParamsFile = Annotated[str, _file("--params", help="Parameters of the pipeline.")]
ModelPath = Annotated[str, _file("--model", help="Model file that `train` left.")]
Using = Annotated[str, typer.Option("--using", help="classifier, or label-model (LFs alone).", metavar="NAME")]


def _say_version(asked: bool) -> None:
    if asked:
        typer.echo(f"stance {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", help="Say the version.", is_eager=True, callback=_say_version)]


@app.callback()
def _options(version: Version = False) -> None: ...


def _stage(verb: str, help: str) -> None:
    def command(params: ParamsFile = "params.yaml", verbose: Verbose = False, quiet: Quiet = False) -> None:
        _set_up(verbose, quiet)
        from pipeline.params_file import load_params

        summary = import_module(f"pipeline.{verb}").run(load_params(params))
        if not quiet:
            typer.echo(f"{verb}: {summary}")

    app.command(verb, help=help)(command)


_stage("split", "Cut the articles of data/raw into sentences; deal articles into folds.\n\nExample: `stance split -v`")
_stage("label", "Apply the labeling functions and combine their votes into soft labels.\n\nExample: `stance label`")
_stage("train", "Train the classifier on the soft labels (and gold, where there is some).\n\nExample: `stance train`")
_stage("evaluate", "Score classifier and baselines on gold, and write reports/.\n\nExample: `stance evaluate`")


@app.command()
def predict(
    sentences: Annotated[Optional[list[str]], typer.Argument(help="Sentences to answer.", show_default=False)] = None,
    source: Annotated[Maybe, _file("--input", "-i", help="Sentences: .txt .jsonl .csv .parquet; - is stdin.")] = None,
    article: Annotated[Maybe, _file("--article", "-a", help="An article to split first.")] = None,
    text_column: Annotated[str, typer.Option(help="Column of the sentence (or article).")] = "text",
    output: Annotated[Maybe, _file("--output", "-o", help="Where to write; stdout if not given.")] = None,
    form: Annotated[Maybe, typer.Option("--format", "-f", help="table jsonl csv parquet.", metavar="NAME")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why.")] = False,
    model: ModelPath = "models/model.joblib",
    using: Using = "classifier",
    jobs: Annotated[int, typer.Option(help="Processes for large inputs.", min=1)] = 1,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Say for each sentence whether it reports opposition, agreement, or neither.

    Examples: `stance predict "Oslo welcomed the offer."`, `stance predict -a story.html`,
    `stance predict -i sentences.csv -o answers.csv`, `cat lines.txt | stance predict -i - -f jsonl`

    Other columns are kept; those called like one of the answer's (label, confidence ...) become `input_<name>`.
    """
    _set_up(verbose, quiet)
    if not sentences and source is None and article is None and not sys.stdin.isatty():
        source = "-"
    from pipeline.predict import run

    about: dict[str, Any] = {"text_column": text_column, "explain": explain, "using": using, "jobs": jobs}
    run(sentences or [], source=source, article=article, output=output, form=form, model_path=model, **about)


@app.command()
def explain(
    sentence: Annotated[str, typer.Argument(help="The sentence to explain.")],
    model: ModelPath = "models/model.joblib",
    using: Using = "classifier",
    verbose: Verbose = False,
) -> None:
    """Show which labeling functions fired on a sentence, where, and how they were combined.

    Example: `stance explain "Oslo welcomed the offer but refused to sign."`
    """
    _set_up(verbose, False)
    from pipeline.model.artefact import load_model
    from pipeline.model.explained import as_text

    typer.echo(as_text(load_model(model).using(using).explain(sentence)))


@app.command()
def lfs(
    name: Annotated[Maybe, typer.Argument(help="One labeling function to explain.", show_default=False)] = None,
    check: Annotated[bool, typer.Option("--check", help="Try all on their own example sentences.")] = False,
    params: ParamsFile = "params.yaml",
    verbose: Verbose = False,
) -> None:
    """List the labeling functions, explain one, or check all against their example sentences.

    Examples: `stance lfs`, `stance lfs reject`, `stance lfs --check`
    """
    _set_up(verbose, False)
    from pipeline.params_file import load_params
    from pipeline.weak.cards import check_examples, describe, overview
    from pipeline.weak.loading import load_lfs

    loaded = load_lfs(*load_params(params).label.lf_folders)
    if check:
        typer.echo(check_examples(loaded))
    else:
        typer.echo(describe(loaded, name, _lf_statistics()) if name else overview(loaded, _lf_statistics()))


def _lf_statistics() -> dict[str, Any]:
    try:
        return {row["name"]: row for row in read_json(LF_REPORT)["lfs"]} if LF_REPORT.exists() else {}
    except (InputError, KeyError, TypeError):
        _LOG.warning("%s: not a report of labeling functions, so it is left out. Run `dvc repro`.", LF_REPORT)
        return {}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; every error is one line on stderr, with exit code 2 (bad input) or 1 (failure)."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("stance", list(sys.argv[1:] if argv is None else argv) or ["--help"]) as context:
            command.invoke(context)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except UsageError as error:
        said = " ".join(error.format_message().split())
        stop = "" if said.endswith(("?", ".")) else "."
        typer.echo(f"error: {said}{stop} See `{error.ctx.command_path if error.ctx else 'stance'} --help`.", err=True)
        sys.exit(2)
    except StanceError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: `stance predict ... | head`
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        typer.echo(f"error: {error.filename or 'system'}: {error.strerror or error}", err=True)
        sys.exit(1)
    except Exception as error:
        _LOG.debug("%s", type(error).__name__, exc_info=True)
        hint = "" if _LOG.isEnabledFor(logging.DEBUG) else " (run with -v for the traceback)"
        typer.echo(f"error: {type(error).__name__}: {' '.join(str(error).split())}{hint}", err=True)
        sys.exit(1)


def run_stage(verb: str) -> None:
    """Run a stage as a script: `python -m pipeline.<verb>` takes the options of `stance <verb>`."""
    main([verb, *sys.argv[1:]])


def _set_up(verbose: bool, quiet: bool) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # whatever the locale
    set_up_logging(1 if verbose else -1 if quiet else 0)


if __name__ == "__main__":
    main()
