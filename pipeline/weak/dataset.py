"""Soft labels as a Hugging Face dataset: Parquet files whose schema names the stances."""

from typing import TYPE_CHECKING

import numpy as np

from pipeline.base.stances import STANCES
from pipeline.weak.lfs.lf_set import Cast

if TYPE_CHECKING:
    import pyarrow as pa


def labeled_table(sentences: "pa.Table", cast: Cast, soft: np.ndarray, gold: np.ndarray) -> "pa.Table":
    """Return the sentences (n rows) with what is known of their stance, ready for Parquet and `load_dataset`.

    Adds `weak_label` (ClassLabel: the most probable stance of the soft label), `soft_label` (3 floats in the order of
    STANCES), `votes` and `strengths` (one a labeling function, -1: abstained), `cue_order` and `structure` (`Cast`),
    `gold` (ClassLabel, null where nobody labelled the sentence).
    """
    import pyarrow as pa
    from datasets import ClassLabel, Features, Sequence, Value

    features = Features.from_arrow_schema(sentences.schema)
    features |= {
        "weak_label": ClassLabel(names=list(STANCES)),
        "soft_label": Sequence(Value("float64"), length=len(STANCES)),
        "votes": Sequence(Value("int8"), length=cast.votes.shape[1]),
        "strengths": Sequence(Value("float32"), length=cast.votes.shape[1]),
        "cue_order": Sequence(Value("int8"), length=cast.order.shape[1]),
        "structure": Sequence(Value("float32"), length=cast.structure.shape[1]),
        "gold": ClassLabel(names=list(STANCES)),
    }
    columns = {name: sentences[name] for name in sentences.column_names}
    columns |= {
        "weak_label": pa.array(soft.argmax(axis=1), pa.int64()),
        "soft_label": _lists(soft, pa.float64()),
        "votes": _lists(cast.votes, pa.int8()),
        "strengths": _lists(cast.strengths, pa.float32()),
        "cue_order": _lists(cast.order, pa.int8()),
        "structure": _lists(cast.structure, pa.float32()),
        "gold": pa.array(gold, pa.int64(), mask=gold < 0),
    }
    return pa.table(columns, schema=Features(features).arrow_schema)


def cast_of(table: "pa.Table") -> Cast:
    """Return what the stage `label` wrote of n sentences: votes, strengths, order and structure."""
    names = ("votes", "strengths", "cue_order", "structure")
    kinds = (np.int8, np.float32, np.int8, np.float32)
    widths = (table.schema.field(name).type.list_size for name in names)
    values = (table[name].combine_chunks().flatten().to_numpy(zero_copy_only=False) for name in names)
    return Cast(*(v.astype(k).reshape(-1, w) for v, k, w in zip(values, kinds, widths, strict=True)))


def _lists(matrix: np.ndarray, kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    return pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel(), kind), matrix.shape[1])
