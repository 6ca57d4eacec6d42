"""Labelled sentences as tables: a Hugging Face dataset whose schema names the stances; and rows that ship.

Rows that ship are the sentences that taught the shipped model, without their texts. Few articles say neither how
common a stance is nor how votes combine: label model and classifier learn from these rows, too, so what was taught
stays, and beside many articles they hardly count. Rows of articles that a project has itself are left out, so the model
that is made of the shipped articles depends on nothing that was shipped before.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.base.errors import ArtefactError, InputError
from pipeline.base.stances import ABSTAIN, STANCES
from pipeline.base.storage import read_table
from pipeline.weak.lfs.lf_set import CastVotes

if TYPE_CHECKING:
    import pyarrow as pa

_TOLD_APART_BY = 200  # letters and digits at the start of an article
_NO_ROWS = "Install the package again, or set label.shipped_rows to false."


def labeled_table(sentences: "pa.Table", cast: CastVotes, soft: np.ndarray, gold: np.ndarray) -> "pa.Table":
    """Return the sentences (n rows) with what is known of their stance, ready for Parquet and `load_dataset`.

    `cast`: what `label` cast; `soft` float (n, 3); `gold` int (n,), UNLABELED where nobody labelled. Adds `weak_label`
    (ClassLabel: the most probable stance of the soft label), `soft_label` (3 floats in the order of STANCES), `votes`
    and `strengths` (one a labeling function, -1: abstained), `cue_order` and `structure` (`CastVotes`), `gold`
    (ClassLabel or null).
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


def cast_of(table: "pa.Table") -> CastVotes:
    """Return what the stage `label` wrote of n sentences: votes, strengths, order and structure."""
    names = ("votes", "strengths", "cue_order", "structure")
    kinds = (np.int8, np.float32, np.int8, np.float32)
    widths = (table.schema.field(name).type.list_size for name in names)
    values = (table[name].combine_chunks().flatten().to_numpy(zero_copy_only=False) for name in names)
    return CastVotes(*(v.astype(k).reshape(-1, w) for v, k, w in zip(values, kinds, widths, strict=True)))


class ShippedRows(NamedTuple):
    """n sentences: the fingerprint of the article of each (n,), the votes on it, and its hand label, int64 (n,)."""

    articles: np.ndarray
    cast: CastVotes
    gold: np.ndarray


def fingerprints(articles: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """Return of each article a hash of how it begins, which depends on neither its name nor its punctuation.

    `articles` names the article of each sentence in `texts`, which stand in their order.
    """
    begins: dict[str, str] = {}
    for article, text in zip(articles, texts, strict=True):
        begins.setdefault(article, "")
        if len(begins[article]) < _TOLD_APART_BY:
            begins[article] += "".join(filter(str.isalnum, text.casefold()))
    hashed = (hashlib.blake2b(begin[:_TOLD_APART_BY].encode(), digest_size=8) for begin in begins.values())
    return dict(zip(begins, (one.hexdigest() for one in hashed), strict=True))


def shipped_table(labelled: "pa.Table", lf_names: Sequence[str]) -> "pa.Table":
    """Return the hand-labelled sentences of a table of `labeled_table` as rows that can ship."""
    import pyarrow as pa

    ids = labelled["article_id"].to_pylist()
    of_article = fingerprints(ids, labelled["text"].to_pylist())
    columns = {name: labelled[name] for name in ("votes", "strengths", "cue_order", "structure")}
    columns |= {"article": pa.array([of_article[name] for name in ids]), "gold": labelled["gold"].cast(pa.int8())}
    table = pa.table(columns).filter(labelled["gold"].is_valid())
    return table.replace_schema_metadata({"lfs": json.dumps(list(lf_names))})


def read_shipped_rows(path: Path | str, lf_names: Sequence[str], own: Collection[str]) -> ShippedRows:
    """Return the rows of articles whose fingerprints are not in `own`, their votes in the order of `lf_names`.

    An LF that did not see them abstains. Raises ArtefactError where there is no such file, or it holds no such rows.
    """
    try:
        table = read_table(path)
        known = json.loads((table.schema.metadata or {})[b"lfs"])
        articles, cast = np.array(table["article"].to_pylist()), cast_of(table)
        gold = table["gold"].to_numpy().astype(np.int64)
    except KeyError as error:
        raise ArtefactError("holds no rows that ship", path, got=f"no {error}", remedy=_NO_ROWS) from None
    except InputError as error:
        raise ArtefactError(error.what, path, remedy=_NO_ROWS) from None
    rows = np.flatnonzero(~np.isin(articles, list(own)))
    place = {name: j for j, name in enumerate(known)}
    at = np.array([place.get(name, len(known)) for name in lf_names], int)
    votes, strengths = (
        np.pad(values[rows], ((0, 0), (0, 1)), constant_values=none)[:, at]
        for values, none in ((cast.votes, ABSTAIN), (cast.strengths, 0))
    )
    return ShippedRows(articles[rows], CastVotes(votes, strengths, cast.order[rows], cast.structure[rows]), gold[rows])


def _lists(matrix: np.ndarray, kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    return pa.FixedSizeListArray.from_arrays(pa.array(matrix.ravel(), kind), matrix.shape[1])
