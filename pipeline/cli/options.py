"""Options that several verbs of the command line share, and how each of them begins."""

import errno
import io
import logging
import sys
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Optional

import typer

from pipeline.base.errors import InputError, StanceError
from pipeline.base.logs import finish_stdout, forget_empty_sizes, open_closed_streams, printable, set_up_logging
from pipeline.base.process import ending_on_sigterm

Maybe = Optional[str]
Several = Optional[list[str]]
Count = Optional[int]

file_option = partial(typer.Option, metavar="FILE")
name_option = partial(typer.Option, metavar="NAME")

Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more (on stderr).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings.")]
ParamsFile = Annotated[str, file_option("--params", help="Parameters of the pipeline.")]
ModelPath = Annotated[Maybe, file_option("--model", help="Model file; else the project's, else the shipped one.")]
Using = Annotated[str, name_option("--using", help="classifier, label-model (LFs alone), reader, or reader-large.")]

# typer has no public name for what it raises on unknown options and arguments
UsageError: Any = typer.BadParameter.__base__

_LOG = logging.getLogger("pipeline.cli")
_CANNOT_WRITE = (errno.EBADF, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def set_up(verbose: bool, quiet: bool = False) -> None:
    """Make stdout UTF-8 whatever the locale, and say as much on stderr as is wanted."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    set_up_logging(1 if verbose else -1 if quiet else 0)


def sentences_given(given: Any) -> Any:
    """Return sentences that are given as arguments; raise InputError for one that is empty."""
    for place, text in enumerate([given] if isinstance(given, str) else given or [], 1):
        if not text.strip():
            raise InputError("no sentence", f"argument {place}", got=repr(text))
    return given


def run(app: typer.Typer, name: str, argv: Sequence[str]) -> None:
    """Run a command line; leave with exit code 2 after bad input, 1 after a failure, 143 when asked to end (SIGTERM).

    What a terminal shows of messages holds no control characters.
    """
    open_closed_streams()
    forget_empty_sizes()
    command = typer.main.get_command(app)
    try:
        with ending_on_sigterm():
            with command.make_context(name, list(argv) or ["--help"]) as context:
                command.invoke(context)
            _flush()
    except typer.Exit as done:
        _flush()
        sys.exit(done.exit_code)
    except UsageError as error:
        message = " ".join(error.format_message().split())
        stop = "" if message.endswith(("?", ".")) else "."
        _leave(f"{message}{stop} See `{error.ctx.command_path if error.ctx else name} --help`.", 2)
    except StanceError as error:
        _leave(str(error), error.exit_code)
    except BrokenPipeError:
        finish_stdout()  # nobody reads on: `stance predict ... | head`
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        # files are named by who writes them, and what cannot be read is bad input
        where = error.filename or ("stdout" if error.errno in _CANNOT_WRITE else "system")
        _leave(f"{where}: {error.strerror or error}", 1)
    except Exception as error:
        _LOG.debug("%s", type(error).__name__, exc_info=True)
        hint = "" if _LOG.isEnabledFor(logging.DEBUG) else " (run with -v for the traceback)"
        _leave(f"{type(error).__name__}: {' '.join(str(error).split())}{hint}", 1)


def _flush() -> None:
    """Write out what stdout still holds: what fails at the very end of a program has no exit code."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        finish_stdout()
    except OSError as error:
        _leave(f"stdout: {error.strerror or error}", 1)


def _leave(message: str, code: int) -> None:
    finish_stdout()
    typer.echo(printable(f"error: {message}"), err=True)
    sys.exit(code)
