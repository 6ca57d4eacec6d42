"""Templates, and what of a text may stand in a page."""

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def environment(**options: Any) -> Environment:
    """Return an environment of the templates beside this module; a name without a value is an error."""
    return Environment(
        loader=PackageLoader("pipeline.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )


def printable(value: Any) -> Any:
    """Drop control characters, those that reverse the direction of text, and broken halves of characters."""
    return type(value)(_UNPRINTABLE.sub("", value)) if isinstance(value, str) else value
