"""Soft labels as a Hugging Face dataset: Parquet files whose schema names the stances."""

from typing import TYPE_CHECKING

import numpy as np

from pipeline.base.stances import STANCES

if TYPE_CHECKING:
    import pyarrow as pa


def labeled_table(
    sentences: "pa.Table", votes: np.ndarray, strengths: np.ndarray, soft: np.ndarray, gold: np.ndarray
) -> "pa.Table":
    """Return the sentences (n rows) with what is known of their stance, ready for Parquet and `load_dataset`.

    `votes`, `strengths` (n, number of LFs); `soft` float (n, 3); `gold` int (n,), UNLABELED where nobody labelled. Adds
    `weak_label` (ClassLabel: the most probable stance of the soft label), `soft_label` (3 floats in the order of
    STANCES), `votes` and `strengths` (one a labeling function, -1: abstained), `gold` (ClassLabel or null).
    """
    import pyarrow as pa
    from datasets import ClassLabel, Features, Sequence, Value

    features = Features.from_arrow_schema(sentences.schema)
    features |= {
        "weak_label": ClassLabel(names=list(STANCES)),
        "soft_label": Sequence(Value("float64"), length=len(STANCES)),
        "votes": Sequence(Value("int8"), length=votes.shape[1]),
        "strengths": Sequence(Value("float32"), length=votes.shape[1]),
        "gold": ClassLabel(names=list(STANCES)),
    }
    columns = {name: sentences[name] for name in sentences.column_names}
    columns |= {
        "weak_label": pa.array(soft.argmax(axis=1), pa.int64()),
        "soft_label": _lists(soft, pa.float64()),
        "votes": _lists(votes, pa.int8()),
        "strengths": _lists(strengths, pa.float32()),
        "gold": pa.array(gold, pa.int64(), mask=gold < 0),
    }
    return pa.table(columns, schema=Features(features).arrow_schema)


def _lists(matrix: np.ndarray, kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    return pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel(), kind), matrix.shape[1])
