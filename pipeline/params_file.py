"""Read params.yaml: unknown keys are refused with their path and the nearest valid name."""

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.errors import ParamsError, suggest
from pipeline.params import EndpointParams, NLIParams, Params

PARAMS_FILE = "params.yaml"

_KINDS: dict[str, type[BaseModel]] = {"nli": NLIParams, "endpoint": EndpointParams}

# pydantic adds the branch of a union to an error's path ("C", "list[float]", 0)
_UNION_BRANCH = re.compile(r"(constrained-(float|int)|function-after|literal|list|nli|endpoint)(\[.*\])?$")

# numbers that YAML 1.1 reads as text, for want of a point or of a sign: "1e-3", "1.0e3"
_EXPONENT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d{1,2}")


class _Loader(yaml.SafeLoader):
    """Plain YAML, but a key that stands twice is an error."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        seen: list[Any] = []
        for key, _ in node.value:
            if key.value in seen:
                where = f"{self.name}, line {key.start_mark.line + 1}"
                raise ParamsError(f"the key {key.value!r} stands twice", where, remedy="Keep one of the two lines.")
            seen.append(key.value)
        return node


def load_params(path: Path | str = PARAMS_FILE) -> Params:
    """Read and check params.yaml; raise ParamsError naming the file, the parameter's path and the nearest name."""
    try:
        with Path(path).open(encoding="utf-8") as file:
            raw = _Loader(file).get_single_data() or {}
    except FileNotFoundError:
        raise ParamsError("no such file", path, remedy="Run from the project's folder.") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise ParamsError(f"not valid YAML ({' '.join(str(error).split())})", path) from None
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        raise _explain(error, path) from None


def _explain(error: ValidationError, path: Path | str) -> ParamsError:
    first = _best_fitting(error.errors(include_url=False))
    keys = [str(key) for key in first["loc"] if not _UNION_BRANCH.match(str(key))]
    where = f"{path}, {'.'.join(keys)}" if keys else str(path)
    if first["type"] == "extra_forbidden":
        valid = list(_model_at(first["loc"][:-1]).model_fields)
        return ParamsError("unknown parameter", where, expected=", ".join(valid), remedy=suggest(keys[-1], valid))
    if first["type"] == "missing":
        return ParamsError("missing parameter", where)
    if first["type"].startswith("union_tag"):
        got = repr(first["input"].get("kind"))
        return ParamsError("bad parameter", f"{where}.kind", expected=" or ".join(_KINDS), got=got)
    expected = first["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    expected, got = expected.partition(" or instance of ")[0], first["input"]
    return ParamsError("bad parameter", where, expected=expected, got=repr(got), remedy=_as_number(got))


def _as_number(value: object) -> str:
    if not isinstance(value, str) or not _EXPONENT.fullmatch(value):
        return ""
    return f"YAML reads this as text: write {Decimal(value):f}."


def _best_fitting(errors: list[Any]) -> Any:
    """Of the branches of a union that all failed, return the error of the one that the input came closest to."""
    depth = max(len(error["loc"]) for error in errors)
    deepest = [error for error in errors if len(error["loc"]) == depth]
    if isinstance(deepest[0]["input"], list):
        return deepest[-1]  # lists stand last in our unions
    return next((e for e in deepest if e["type"] == "extra_forbidden"), deepest[0])  # what is misspelt is missing, too


def _model_at(path: Sequence[int | str]) -> type[BaseModel]:
    model: type[BaseModel] = Params
    for key in map(str, path):
        if key in _KINDS:
            model = _KINDS[key]
        elif not key.isdecimal():
            kind: Any = model.model_fields[key].annotation
            model = kind if isinstance(kind, type) else get_args(kind)[0]
    return model
