"""Options that several verbs of the command line share, and how each of them begins."""

import io
import logging
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Optional

import typer

from pipeline.base.errors import StanceError
from pipeline.base.logs import set_up_logging

Maybe = Optional[str]
Several = Optional[list[str]]

file_option = partial(typer.Option, metavar="FILE")
name_option = partial(typer.Option, metavar="NAME")

Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more (on stderr).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings.")]
ParamsFile = Annotated[str, file_option("--params", help="Parameters of the pipeline.")]
ModelPath = Annotated[Maybe, file_option("--model", help="Model file; else the project's, else the shipped one.")]
Using = Annotated[str, name_option("--using", help="classifier, or label-model (LFs alone).")]


def set_up(verbose: bool, quiet: bool = False) -> None:
    """Make stdout UTF-8 whatever the locale, and say as much on stderr as is wanted."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    set_up_logging(1 if verbose else -1 if quiet else 0)


# typer has no public name for what it raises on unknown options and arguments
UsageError: Any = typer.BadParameter.__base__

_LOG = logging.getLogger("pipeline.cli")


def run(app: typer.Typer, name: str, argv: Sequence[str]) -> None:
    """Run a command line; leave with exit code 2 after bad input, with 1 after a failure."""
    command = typer.main.get_command(app)
    try:
        with command.make_context(name, list(argv) or ["--help"]) as context:
            command.invoke(context)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except UsageError as error:
        said = " ".join(error.format_message().split())
        stop = "" if said.endswith(("?", ".")) else "."
        _leave(f"{said}{stop} See `{error.ctx.command_path if error.ctx else name} --help`.", 2)
    except StanceError as error:
        _leave(str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on: `stance predict ... | head`
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        _leave(f"{error.filename or 'system'}: {error.strerror or error}", 1)
    except Exception as error:
        _LOG.debug("%s", type(error).__name__, exc_info=True)
        hint = "" if _LOG.isEnabledFor(logging.DEBUG) else " (run with -v for the traceback)"
        _leave(f"{type(error).__name__}: {' '.join(str(error).split())}{hint}", 1)


def _leave(said: str, code: int) -> None:
    typer.echo(f"error: {said}", err=True)
    sys.exit(code)
