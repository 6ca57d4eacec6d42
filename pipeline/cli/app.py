"""The command `stance`: every verb of the pipeline."""

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from shutil import get_terminal_size
from typing import Annotated, Any

import typer

from pipeline import __version__
from pipeline.base.errors import InputError
from pipeline.base.logs import keep_stdout_for_answers, printable, waiting
from pipeline.base.paths import LF_REPORT, READER, REPORTS, STAGE_LOCK, lf_folders
from pipeline.base.storage import is_file, read_json
from pipeline.cli.options import (
    Count,
    Maybe,
    ModelPath,
    ParamsFile,
    Quiet,
    Several,
    Using,
    Verbose,
    file_option,
    name_option,
    run,
    sentences_given,
    set_up,
)

_LOG = logging.getLogger("pipeline.cli")

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


def _stage(verb: str, help: str, busy: str = "", panel: str | None = "Stages, as dvc repro runs them") -> None:
    """Make a stage a command; `busy` says what it does where it does not show its progress itself."""

    def command(params: ParamsFile = "params.yaml", verbose: Verbose = False, quiet: Quiet = False) -> None:
        set_up(verbose, quiet)
        from pipeline.base.params import load_params
        from pipeline.base.process import running
        from pipeline.base.provenance import Inputs

        with Inputs({}, params):  # DVC takes the parameters that are there when the stage has ended
            loaded = load_params(params)
            with running(STAGE_LOCK, verb), waiting(busy) if busy else nullcontext():
                summary = import_module(f"pipeline.{verb}").run(loaded)
        if not quiet:
            typer.echo(f"{verb}: {summary}")

    app.command(verb, help=help, rich_help_panel=panel)(command)


@app.command()
def predict(
    sentences: Annotated[
        Several, typer.Argument(help="Sentences to answer.", show_default=False, callback=sentences_given)
    ] = None,
    source: Annotated[
        Several, file_option("--input", "-i", help="Sentences: .txt .jsonl .csv .xlsx .parquet; - is stdin.")
    ] = None,
    article: Annotated[
        Several, file_option("--article", "-a", help="An article to split first, or a folder of them; - is stdin.")
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column of the sentence (or article).")] = "text",
    output: Annotated[Maybe, file_option("--output", "-o", help="Where to write; stdout if not given.")] = None,
    form: Annotated[Maybe, name_option("--format", "-f", help="table jsonl csv parquet xlsx html.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why.")] = False,
    actors: Annotated[bool, typer.Option("--actors", help="Say who holds the stance towards whom.")] = False,
    model: ModelPath = None,
    using: Using = "classifier",
    jobs: Annotated[int, typer.Option(help="Processes for large inputs.", min=1)] = 1,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Say of each sentence whether it reports opposition, agreement, or neither.

    Examples: `stance predict "Oslo welcomed the offer."`, `stance predict -a story.html`,
    `stance predict -i sentences.csv -o answers.csv`, `cat lines.txt | stance predict -i - -f jsonl`,
    `stance predict -a story.html -o answers.html`

    `--input` and `--article` can be given several times; files that follow (`-a stories/*.txt`) count, too.
    A page (html) always says why.
    Other columns are kept; those called like one of the answer's (label, confidence ...) become `input_<name>`.
    """
    set_up(verbose, quiet)
    if not (sentences or source or article) and not sys.stdin.isatty():
        source = ["-"]
    from pipeline.predict import run

    article, sentences = with_files_behind(article, sentences)
    about: dict[str, Any] = {"text_column": text_column, "using": using, "jobs": jobs}
    about |= {"output": output, "form": form, "explain": explain, "actors": actors}
    run(sentences or [], source or [], article or [], model_path=model, **about)


@app.command("train-reader")
def train_reader(
    files: Annotated[list[str], typer.Argument(help="Sentences with labels: .jsonl .csv .parquet.")],
    apart: Annotated[Several, file_option("--apart", help="Sentences kept for scores; left out of training.")] = None,
    labels: Annotated[Maybe, file_option("--labels", help="Labels by the hash of a sentence (docs/reader.md).")] = None,
    base: Annotated[Maybe, name_option("--base", help="Base model: a folder, or its name on the hub.")] = None,
    output: Annotated[str, file_option("--output", "-o", help="Folder for the adapter.")] = READER.as_posix(),
    model: Annotated[Maybe, file_option("--model", help="Trained model whose classifier it is combined with.")] = None,
    checkpoint: Annotated[Maybe, file_option("--checkpoint", help="Keep the state here; go on from it.")] = None,
    held_out: Annotated[float, typer.Option(help="Share of the articles held out.", min=0, max=0.5)] = 0.08,
    precision: Annotated[float, typer.Option(help="Target precision of what is not abstained.")] = 0.8,
    rank: Annotated[int, typer.Option(help="Rank of the updates.", min=1)] = 16,
    frozen: Annotated[int, typer.Option(help="Lower layers without an update.", min=0)] = 0,
    epochs: Annotated[float, typer.Option(help="How often each sentence is seen.", min=0.01)] = 3.0,
    rate: Annotated[float, typer.Option(help="Rate of learning.")] = 1e-3,
    bfloat16: Annotated[bool, typer.Option("--bfloat16", help="Compute with half the digits.")] = False,
    threads: Annotated[Count, typer.Option(help="Threads; all cores if not given.", min=1)] = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Fine-tune a small encoder on labelled sentences: it learns wordings that no labeling function lists.

    Needs the extra `reader`. Rows have `text` and `label` (or `soft_label`), and `article_id` or `id` if known.

    Example: `stance train-reader labels.jsonl --apart test.jsonl --checkpoint reader.tmp -o models/reader`
    """
    set_up(verbose, quiet)
    from pipeline.train_reader import run

    settings: dict[str, Any] = {"rank": rank, "frozen": frozen, "epochs": epochs, "rate": rate, "bfloat16": bfloat16}
    settings |= {"held_out_share": held_out, "precision": precision, "checkpoint": checkpoint, "model_path": model}
    summary = run(files, apart=apart or [], labels=labels, base=base, threads=threads, output=output, **settings)
    typer.echo(f"train-reader: {summary}")


@app.command()
def read(
    paths: Annotated[list[str], typer.Argument(help="Articles: files and folders; - is stdin.", metavar="PATH...")],
    output: Annotated[str, file_option("--output", "-o", help="Folder to write to.")] = "stance-report",
    text_column: Annotated[str, typer.Option(help="Column of the article.")] = "text",
    model: ModelPath = None,
    using: Using = "classifier",
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Answer whole articles without training: pages and tables of what they say.

    Examples: `stance read my-articles`, `stance read a.txt b.html -o answers`
    """
    set_up(verbose, quiet)
    from pipeline.read import run

    summary = run(paths, output, text_column=text_column, model_path=model, using=using)
    if not quiet:
        typer.echo(f"read: {summary}")


@app.command()
def export(
    path: Annotated[str, typer.Argument(help="File to write: *.skops.", metavar="FILE")],
    model: ModelPath = None,
    verbose: Verbose = False,
) -> None:
    """Write a model as a file that executes nothing when it is loaded, for machines that need not trust you.

    Needs the extra `skops`, and so does loading: `stance predict --model FILE.skops ...`

    Example: `stance export model.skops`
    """
    set_up(verbose)
    from pipeline.model.artefact import export_model

    export_model(path, model)
    typer.echo(f"export: {path}")


@app.command()
def report(
    against: Annotated[
        Maybe, typer.Option(metavar="REV", help="Compare with a git revision, or a sentences.parquet.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown, for a pull request.")] = False,
    verbose: Verbose = False,
) -> None:
    """Print the report of the last run, and what changed since the one before.

    Examples: `stance report`, `stance report --against main`, `stance report --markdown`
    """
    set_up(verbose)
    from pipeline.summary import run

    run(against, markdown=markdown)


@app.command()
def plots(
    revisions: Annotated[Several, typer.Argument(help="Git revisions to compare.", show_default=False)] = None,
    output: Annotated[str, file_option("--output", "-o", help="Folder to write to.")] = "dvc_plots",
    verbose: Verbose = False,
) -> None:
    """Draw DVC's plots as a page that opens offline; with revisions, over each other.

    Examples: `stance plots`, `stance plots HEAD main`
    """
    set_up(verbose)
    from pipeline.plots import run

    typer.echo(f"plots: {run(revisions or [], output)}")


@app.command()
def explain(
    sentence: Annotated[str, typer.Argument(help="The sentence to explain.", callback=sentences_given)],
    model: ModelPath = None,
    using: Using = "classifier",
    verbose: Verbose = False,
) -> None:
    """Say why a sentence gets its stance: which labeling functions fired, on which words, and what else counted.

    Example: `stance explain "Oslo welcomed the offer but refused to sign."`
    """
    set_up(verbose)
    from pipeline.actors import likely_stances, load_parties, relate_rows
    from pipeline.base.paths import party_folders
    from pipeline.model.artefact import load_model
    from pipeline.model.explanation import as_text

    width = get_terminal_size().columns if sys.stdout.isatty() else None
    loaded = load_model(model).using(using)
    proba, hits, (explanation,) = loaded.answer_batch([sentence], explain=True)
    typer.echo(printable(as_text(explanation, width)))
    (relation,) = relate_rows([{"text": sentence}], likely_stances(proba), hits, load_parties(*party_folders()))
    typer.echo(printable(f"\nwho towards whom: {relation}"))


@app.command()
def review(
    output: Annotated[str, file_option("--output", "-o", help="Sheet to write: .csv .jsonl.")] = "review.csv",
    size: Annotated[int, typer.Option("--size", "-n", help="Sentences in it, at most.", min=1)] = 100,
    fold: Annotated[str, name_option("--fold", help="train, dev or test.")] = "train",
    blind: Annotated[bool, typer.Option("--blind", help="Do not say what the model thinks.")] = False,
    using: Annotated[Maybe, name_option("--using", help="classifier, reader, or reader-large.")] = None,
    read: Annotated[
        Maybe, file_option("--read", help="Take the labels of a filled sheet into the hand labels.")
    ] = None,
    annotator: Annotated[str, name_option("--annotator", help="With --read: who labelled.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="With --read: overwrite labels that differ.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="With --read: leave labels that differ as they are.")] = False,
    model: ModelPath = None,
    params: ParamsFile = "params.yaml",
    verbose: Verbose = False,
) -> None:
    """Write the most informative sentences into a sheet for labelling, and read it back when filled in.

    Examples: `stance review -n 50`, `stance review --read review.csv`, `stance review --read ben.csv --annotator ben`

    A label is opposition, neutral or agreement, or its first letter; rows without one are skipped.
    """
    set_up(verbose)
    from pipeline import review
    from pipeline.base.params import load_params

    loaded = load_params(params)
    if read:
        summary = review.read(loaded, read, annotator=annotator, replace=replace, keep=keep)
    else:
        summary = review.write(loaded, output, size=size, fold=fold, model_path=model, using=using, blind=blind)
    typer.echo(f"review: {summary}")


@app.command()
def lfs(
    name: Annotated[Maybe, typer.Argument(help="One labeling function to explain.", show_default=False)] = None,
    check: Annotated[bool, typer.Option("--check", help="Try all (or the one) on their own examples.")] = False,
    params: ParamsFile = "params.yaml",
    verbose: Verbose = False,
) -> None:
    """List the labeling functions, explain one, or check all against their example sentences.

    Examples: `stance lfs`, `stance lfs reject`, `stance lfs --check`, `stance lfs reject --check`
    """
    set_up(verbose)
    from pipeline.base.params import PARAMS_FILE, Params, load_params
    from pipeline.weak.lf_analysis import check_examples, describe, overview
    from pipeline.weak.loading import load_lfs

    label = (load_params(params) if params != PARAMS_FILE or is_file(params) else Params()).label
    loaded = load_lfs(*lf_folders(label.lf_folders), zero_shot=[entry.model_dump() for entry in label.zero_shot])
    if check:
        for line in check_examples(loaded, name or ""):
            typer.echo(line)
    else:
        typer.echo(describe(loaded, name, _lf_statistics()) if name else overview(loaded, _lf_statistics()))


@app.command()
def doctor(params: ParamsFile = "params.yaml", verbose: Verbose = False) -> None:
    """Compare model, tables and dvc.lock with the files that they were made from, and say how to fix what differs.

    Example: `stance doctor`
    """
    set_up(verbose)
    from pipeline.doctor import in_lines
    from pipeline.doctor import run as examine

    found = examine(params)
    for line in in_lines(found):
        typer.echo(printable(line))
    if found:
        raise typer.Exit(1)


_stage("split", "Cut the articles of data/raw into sentences; assign articles to folds.\n\nExample: `stance split -v`")
_stage("label", "Apply the labeling functions and combine their votes into soft labels.\n\nExample: `stance label`")
_stage(
    "train",
    "Train the classifier on the soft labels (and gold, where there is some).\n\nExample: `stance train`",
    busy="Training",
)
_stage("apply", "Answer every sentence of the articles, and write reports/sentences.csv.\n\nExample: `stance apply`")
_stage(
    "evaluate",
    "Score classifier and baselines on gold, and write reports/.\n\nExample: `stance evaluate`",
    busy="Evaluating",
)
_stage(
    "ship",
    "Put the project's model into the package as the one that ships with it.\n\nExample: `stance ship`",
    panel=None,
)
_stage("card", "Count articles and hand labels again in data/README.md.\n\nExample: `stance card`", panel=None)


def with_files_behind(articles: Several, sentences: Several) -> tuple[Several, Several]:
    """Return articles and sentences as they were meant: the shell turns `-a *.txt` into one file and then others.

    Raises InputError where a mere argument is the name of a file.
    """
    files = [text for text in sentences or [] if is_file(text)]
    if articles and sentences and len(files) == len(sentences):
        return [*articles, *files], None
    if files and not articles:
        remedy = f"Did you mean -a {files[0]}? A sentence that is also the name of a file can come from stdin."
        raise InputError("a file where a sentence was expected", files[0], remedy=remedy)
    return articles, sentences


def _lf_statistics() -> dict[str, Any]:
    from pipeline.report.plots import read_lf_contributions

    try:
        rows = read_json(LF_REPORT)["lfs"] if LF_REPORT.exists() else []
        contributions = read_lf_contributions(REPORTS / "plots" / "lfs.csv")
        return {
            row["name"]: {**row, "stances": list(row["stances"]), **contributions.get(row["name"], {})} for row in rows
        }
    except (InputError, KeyError, TypeError):
        _LOG.warning("%s: not a report of labeling functions, so it is left out. Run `dvc repro`.", LF_REPORT)
        return {}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; every error is one line on stderr, with exit code 2 (bad input) or 1 (failure)."""
    if argv is None:
        keep_stdout_for_answers()
    run(app, "stance", sys.argv[1:] if argv is None else argv)
