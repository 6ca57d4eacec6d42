"""How a command line ends: every error is one line on stderr, and an exit code says of what kind it was."""

import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from pipeline.errors import StanceError

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
