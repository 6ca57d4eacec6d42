"""params.yaml as frozen, checked data: unknown keys are refused with their path and the nearest valid name."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.errors import ParamsError, suggest

PARAMS_FILE = "params.yaml"

# pydantic adds the branch of a union to an error's path ("C", "list[float]", 0)
_UNION_BRANCH = re.compile(r"(constrained-float|function-after|literal|list)(\[.*\])?$")


def _sum_to_one(shares: list[float]) -> list[float]:
    if abs(sum(shares) - 1) > 1e-6:
        raise ValueError("shares must sum to 1")
    return shares


Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Shares = Annotated[
    list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=3, max_length=3), AfterValidator(_sum_to_one)
]
"""Shares of the stances, in their order."""


# numbers that YAML 1.1 reads as text, for want of a point or of a sign: "1e-3", "1.0e3"
_EXPONENT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d{1,2}")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Columns(_Section):
    """Names of the columns (or JSON keys) of an article; a name that a file lacks is an error only for `text`."""

    text: str = "text"
    title: str = "title"
    date: str = "date"
    source: str = "source"
    id: str = "id"


class SplitParams(_Section):
    """Where articles come from, and how they are dealt into folds."""

    raw: str = "data/raw"
    columns: Columns = Columns()
    near_duplicate: float = Field(
        0.8, gt=0, le=1, description="Jaccard similarity from which two articles are one story"
    )
    seed: int = 13
    dev_share: float = Field(0.2, ge=0, lt=1)
    test_share: float = Field(0.3, ge=0, lt=1)

    @model_validator(mode="after")
    def _leave_room_for_training(self) -> "SplitParams":
        if self.dev_share + self.test_share >= 1:
            raise ValueError("dev_share and test_share must leave articles to train on (sum below 1)")
        return self


class LabelParams(_Section):
    """Labeling functions, the hand labels to check them on, and the model that combines their votes."""

    gold: str = "data/labeled/gold.jsonl"
    lf_folders: list[str] = Field([], description="your own LFs: *.yaml, *.yml and *.py files")
    method: Literal["auto", "label-model", "majority-vote"] = "auto"
    prior: Literal["uniform", "estimate"] | Shares = "estimate"
    empty: Shares = Field([0.15, 0.75, 0.10], description="soft label of a sentence on which nothing votes")
    learn_from_gold: bool = Field(False, description="let the label model learn from the training fold's gold, too")


class TrainParams(_Section):
    """Features and classifier."""

    C: Positive | Annotated[list[Positive], Field(min_length=1)] = Field(
        [0.003, 0.01], description="inverse regularisation; several are chosen between"
    )
    ngram_max: int = Field(2, ge=1, le=4)
    min_df: int = Field(2, ge=1)
    gold_weight: float = Field(
        1.0, ge=0, description="weight of a hand-labelled sentence against a weakly labelled one"
    )
    cv_folds: int = Field(5, ge=2)
    precision: float = Field(0.9, gt=0, lt=1, description="promised precision of the answers that are not abstained")


class EvaluateParams(_Section):
    """Intervals and figures of the report."""

    resamples: int = Field(2000, ge=100)
    confidence: float = Field(0.95, gt=0, lt=1)
    seed: int = 13


class Params(_Section):
    """All of params.yaml: one section a stage."""

    split: SplitParams = SplitParams()
    label: LabelParams = LabelParams()
    train: TrainParams = TrainParams()
    evaluate: EvaluateParams = EvaluateParams()


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
        valid = list(_model_at(keys[:-1]).model_fields)
        return ParamsError("unknown parameter", where, expected=", ".join(valid), remedy=suggest(keys[-1], valid))
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
    return deepest[-1 if isinstance(deepest[0]["input"], list) else 0]  # lists stand last in our unions


def _model_at(keys: list[str]) -> type[BaseModel]:
    model: type[BaseModel] = Params
    for key in keys:
        kind: Any = model.model_fields[key].annotation
        model = kind if isinstance(kind, type) else get_args(kind)[0]
    return model
