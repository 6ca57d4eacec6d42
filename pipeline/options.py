"""Options that several verbs of the command line share, and how each of them begins."""

import io
import sys
from functools import partial
from typing import Annotated, Optional

import typer

from pipeline.console import set_up_logging

Maybe = Optional[str]
Several = Optional[list[str]]

file_option = partial(typer.Option, metavar="FILE")
name_option = partial(typer.Option, metavar="NAME")

Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more (on stderr).")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but warnings.")]
ParamsFile = Annotated[str, file_option("--params", help="Parameters of the pipeline.")]
ModelPath = Annotated[str, file_option("--model", help="Model file that `train` left.")]
Using = Annotated[str, name_option("--using", help="classifier, or label-model (LFs alone).")]


def set_up(verbose: bool, quiet: bool = False) -> None:
    """Make stdout UTF-8 whatever the locale, and say as much on stderr as is wanted."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    set_up_logging(1 if verbose else -1 if quiet else 0)
