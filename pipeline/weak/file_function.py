"""Functions of a user's labeling function files: they take their source along, so that a model works anywhere."""

import sys
from functools import cache
from types import ModuleType
from typing import Any


class FileFunction:
    """Function `name` of a Python file called `file` with the text `source`; pickles as these three."""

    def __init__(self, file: str, source: str, name: str):
        """Execute the source (once a process) and find the function in it."""
        self.file, self.source, self.name = file, source, name
        self._function = getattr(execute(file, source), name)

    def __call__(self, shown: Any) -> Any:
        """Vote on a sentence, or on a batch of them."""
        return self._function(shown)

    def __reduce__(self) -> tuple:
        """Take the source along: where the model is loaded the file may not be there."""
        return FileFunction, (self.file, self.source, self.name)


@cache
def execute(file: str, source: str) -> ModuleType:
    """Return the module that the source text of `file` makes; whatever it raises passes through.

    It stands in `sys.modules` under its private name, where dataclasses and the like look up their own module.
    """
    module = ModuleType(f"stance_lfs_{file.removesuffix('.py')}")
    sys.modules[module.__name__] = module
    exec(compile(source, file, "exec"), vars(module))
    return module
