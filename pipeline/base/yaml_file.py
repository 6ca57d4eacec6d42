"""The one loader of YAML: plain values, no key twice, and errors that name the line."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from pipeline.base.errors import InputError
from pipeline.base.files import read_whole

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):
    """Plain YAML, but a key that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.tag == _MERGE:
                continue
            if (key.tag, str(key.value)) in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark)
            seen.add((key.tag, str(key.value)))
        return super().construct_mapping(node, deep)


_MERGE = "tag:yaml.org,2002:merge"


def read_yaml(path: Path | str, error: type[InputError] = InputError, missing: str = "") -> Any:
    """Return what a YAML file holds, None where it is empty; raise `error` with the line where it is wrong.

    `missing` is the remedy where there is no such file. A file that nests too deeply is refused like any other.
    """
    if not Path(path).exists():
        raise error("no such file", path, remedy=missing)
    try:
        text = read_whole(path, error).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(f"not UTF-8 text ({problem.reason} at byte {problem.start + 1})", path) from None
    try:
        return yaml.load(text, _Loader)  # a safe loader
    except yaml.MarkedYAMLError as problem:
        line = f", line {problem.problem_mark.line + 1}" if problem.problem_mark else ""
        what = " ".join(filter(None, [problem.context, problem.problem]))
        if "stands twice" in what:
            raise error(what, f"{path}{line}", remedy="Keep one of the two lines.") from None
        raise error(f"not valid YAML ({what})", f"{path}{line}") from None
    except yaml.YAMLError as problem:
        raise error(f"not valid YAML ({' '.join(str(problem).split())})", path) from None
    except (RecursionError, ValueError, MemoryError) as problem:
        reason = str(problem) or type(problem).__name__
        raise error(f"not readable YAML ({reason})", path) from None
