"""The parameters of the pipeline, one section a stage: frozen, checked data."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _sum_to_one(shares: list[float]) -> list[float]:
    if abs(sum(shares) - 1) > 1e-6:
        raise ValueError("shares must sum to 1")
    return shares


Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Shares = Annotated[
    list[Annotated[float, Field(ge=0, le=1)]], Field(min_length=3, max_length=3), AfterValidator(_sum_to_one)
]
"""Shares of the stances, in their order."""


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
