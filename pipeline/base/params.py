"""The parameters of the pipeline, one section a stage: frozen, checked data."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from pipeline.base.errors import ParamsError, expected_of, suggest
from pipeline.base.files import read_yaml

_READERS = "off, auto (where it is installed), shipped, large, or the folder of an adapter"
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_NAME = r"^[a-z][a-z0-9_]*$"
PARAMS_FILE = "params.yaml"

# pydantic adds the branch of a union to an error's path ("C", "list[float]", 0)
_UNION_BRANCH = re.compile(r"(constrained-(float|int)|function-after|literal|list|nli|endpoint)(\[.*\])?$")

# numbers that YAML 1.1 reads as text, for want of a point or of a sign: "1e-3", "1.0e3"
_EXPONENT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d{1,2}")


def _sum_to_one(shares: list[float]) -> list[float]:
    if abs(sum(shares) - 1) > 1e-6:
        raise ValueError("shares that sum to 1")
    return shares


Shares = Annotated[
    list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=3, max_length=3), AfterValidator(_sum_to_one)
]
"""Shares of the stances, in their order."""


def _switch(value: object) -> object:
    """Return what YAML makes of the words on and off as the words."""
    return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value


def _off(value: object) -> object:
    """Return what YAML makes of the word off as the word."""
    return "off" if value is False else value


ReaderName = Annotated[str, BeforeValidator(_off), Field(min_length=1, description=_READERS)]


def _plain(value: object) -> object:
    if not isinstance(value, (str, int, float)):
        raise ValueError("text, a number, true or false")
    return value


Plain = Annotated[Any, AfterValidator(_plain)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Columns(_Section):
    """Names of the columns (or JSON keys) of an article; a name that a file lacks is an error only for `text`."""

    text: str = "text"
    title: str = "title"
    date: str = "date"
    source: str = "source"
    id: str = "id"


class DatasetParams(_Section):
    """A Hugging Face dataset, and which of its rows are articles."""

    path: str = Field(min_length=1, description="a folder, or a name on the Hub")
    name: str | None = Field(None, description="the configuration, where there are several")
    split: str = Field("train", min_length=1)
    revision: str | None = Field(None, description="branch, tag or commit on the Hub")
    keep: dict[str, Annotated[list[Plain], Field(min_length=1)]] = Field({}, description="column: values to keep")
    min_words: int = Field(0, ge=0)
    limit: int | None = Field(None, ge=1, description="at most so many rows, the first that are kept")


class SplitParams(_Section):
    """Where articles come from, and how they are assigned to folds."""

    raw: str = "data/raw"
    columns: Columns = Columns()
    dataset: DatasetParams | None = Field(None, description="a dataset that is read in place of `raw`")
    near_duplicate: float = Field(
        0.8, gt=0, le=1, description="Jaccard similarity from which two articles are one story"
    )
    seed: int = 13
    dev_share: float = Field(0.2, ge=0, lt=1)
    test_share: float = Field(0.3, ge=0, lt=1)

    @model_validator(mode="after")
    def _leave_room_for_training(self) -> "SplitParams":
        if self.dev_share + self.test_share >= 1:
            got = f"{self.dev_share} and {self.test_share}"
            raise ValueError(f"dev_share and test_share of less than 1 together, so that articles train; got {got}")
        return self


class Hypotheses(_Section):
    """What an NLI model is asked, stance by stance; a neutral without any is what the other two leave."""

    opposition: Annotated[list[str], Field(min_length=1)]
    neutral: list[str] = []
    agreement: Annotated[list[str], Field(min_length=1)]


class _ZeroShot(_Section):
    model: str = Field(min_length=1)
    accuracy: float = Field(0.8, gt=0, lt=1, description="expected accuracy where it votes")


class NLIParams(_ZeroShot):
    """An LF that asks a model of natural language inference."""

    kind: Literal["nli"]
    name: str = Field("nli", pattern=_NAME)
    revision: str = Field("main", description="of a model on the hub")
    hypotheses: Hypotheses | None = Field(None, description="instead of the codebook's")
    abstain_below: float = Field(0.1, ge=0, le=1, description="lead over the second stance")
    batch: int = Field(16, ge=1)
    device: str = "auto"


class EndpointParams(_ZeroShot):
    """An LF that asks a model behind an OpenAI-compatible endpoint."""

    kind: Literal["endpoint"]
    name: str = Field("llm", pattern=_NAME)
    url: str = Field(pattern=r"^https?://[^@\s]+$", description="what comes before /chat/completions")
    key_env: str = Field("", pattern=r"^[A-Za-z0-9_]*$", description="environment variable that holds the API key")
    prompt: str | None = Field(None, description="instead of the codebook")
    options: dict[str, JsonValue] = Field({"temperature": 0}, description="of every request")
    abstain_below: float = Field(0.5, ge=0, le=1, description="certainty that the model states")
    batch: int = Field(1, ge=1, le=50, description="sentences a request")
    concurrency: int = Field(4, ge=1, le=64, description="requests at a time")
    timeout: Positive = 60.0
    retries: int = Field(4, ge=0, le=10)


class LabelParams(_Section):
    """Labeling functions, the hand labels to check them on, and the model that combines their votes."""

    gold: str = "data/labeled/gold.jsonl"
    lf_folders: list[str] = Field([], description="your own LFs: *.yaml, *.yml and *.py files")
    zero_shot: list[Annotated[NLIParams | EndpointParams, Field(discriminator="kind")]] = Field(
        [], description="LFs that ask a model"
    )
    method: Literal["auto", "label-model", "majority-vote"] = "auto"
    prior: Literal["uniform", "estimate"] | Shares = "estimate"
    empty: Shares = Field([0.15, 0.75, 0.10], description="soft label of a sentence on which nothing votes")
    prior_rows: Positive = Field(
        300.0, description="weight of the expected accuracy of an LF, in hand-labelled rows (pseudo-counts)"
    )
    shipped_rows: bool = Field(
        True, description="learn beside the votes on the articles that ship, where the project does not have these"
    )
    learn_from_gold: bool = Field(False, description="let the label model learn from the training fold's gold, too")
    reader: ReaderName = "off"


class ClassifierParams(_Section):
    """A classifier of scikit-learn; of a grid's values one each is chosen by cross-validation over articles."""

    name: str = Field("LogisticRegression", min_length=1, description="alone, or package.module.Name")
    params: dict[str, JsonValue] = {}
    grid: dict[str, Annotated[list[JsonValue], Field(min_length=1)]] = Field(
        {"C": [0.03, 0.1, 0.3]}, description="values of its parameters, the most regularised first"
    )


class TrainParams(_Section):
    """Features and classifier."""

    classifier: ClassifierParams = ClassifierParams()
    gold_weight: float = Field(
        1.0, ge=0, allow_inf_nan=False, description="weight of a hand label against the soft label of its sentence"
    )
    adapt: Annotated[Literal["auto", "on", "off"], BeforeValidator(_switch)] = Field(
        "off", description="whether the training articles' hand labels adapt the classifier: docs/adapting.md"
    )
    ngram_max: int = Field(0, ge=0, le=4, description="the longest n-gram, 0 for none")
    min_df: int = Field(2, ge=1)
    cv_folds: int = Field(5, ge=2)
    encoder: Annotated[str, Field(min_length=1)] | None = Field(
        None,
        description="embeds sentences, as features: reader, reader-large, a folder, or owner/model[@revision]",
    )
    precision: float = Field(0.8, gt=0, lt=1, description="target precision of the answers that are not abstained")
    reader: ReaderName = "off"


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

    def chosen(self, *names: str) -> dict[str, Any]:
        """Return values (JSON) by dotted names: those of a section ("split"), or one parameter ("label.gold")."""
        every = self.model_dump(mode="json")
        return {name: reduce(getitem, name.split("."), every) for name in names}


_KINDS: dict[str, type[BaseModel]] = {"nli": NLIParams, "endpoint": EndpointParams}


def load_params(path: Path | str = PARAMS_FILE) -> Params:
    """Read and check params.yaml; raise ParamsError naming the file, the parameter's path and the nearest name."""
    raw = read_yaml(path, ParamsError, "Run from the project's folder.")
    try:
        return Params.model_validate({} if raw is None else raw)
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
    got = first["input"]
    shown = "" if first["type"] == "value_error" and isinstance(got, dict) else repr(got)  # a section is too long
    return ParamsError("bad parameter", where, expected=expected_of(first), got=shown, remedy=_as_number(got))


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
