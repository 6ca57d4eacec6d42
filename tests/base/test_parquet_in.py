"""Parquet: types, columns that are read, and values that Python does not have."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.base.errors import ArticleError
from pipeline.base.tables_in import flat_columns, parquet_types, read_records

TABLE = pa.table({"text": ["a", "b"], "of": [[1], [2]], "blob": [b"x", b"y"], "n": pa.array([1, 2], pa.int8())})


def test_types_are_those_of_the_file(tmp_path):
    pq.write_table(TABLE, tmp_path / "a.parquet")
    assert parquet_types(str(tmp_path / "a.parquet"))["n"] == pa.int8()


@pytest.mark.parametrize(("needs", "names"), [((), ["text", "n"]), (("blob",), ["text", "blob", "n"])])
def test_nested_and_binary_columns_are_left_out_unless_needed(needs, names):
    assert flat_columns(TABLE.schema, needs) == names


def test_a_value_that_python_does_not_have_is_named_by_row_and_column(tmp_path):
    """A year above 9999."""
    late = pa.array([0, 1 << 60], pa.timestamp("ms"))
    pq.write_table(pa.table({"text": ["a", "b"], "at": late}), tmp_path / "a.parquet")
    with pytest.raises(ArticleError, match=r"a\.parquet, row 2: column 'at' holds what cannot be read"):
        list(read_records(tmp_path / "a.parquet", error=ArticleError))
