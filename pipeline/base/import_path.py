"""What lies in the working directory is data: neither the command nor its worker processes import it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import all_suffixes
from pathlib import Path

_SAFE_PATH = "PYTHONSAFEPATH"


@contextmanager
def keeping_processes_off_the_working_directory() -> Iterator[None]:
    """Let Python processes that are started in the block leave the working directory out of their import path.

    Python before 3.11 does not know how; see `workers_would_import_from_here`.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def workers_would_import_from_here() -> bool:
    """Say whether the working directory holds modules that a worker process would take for those it needs.

    Before Python 3.11 nothing keeps `python -m`, by which workers start, from putting it first.
    """
    if sys.version_info >= (3, 11):
        return False
    return any(
        file.name.endswith(tuple(all_suffixes())) or (file / "__init__.py").exists() for file in Path().iterdir()
    )
