"""Tables as Parquet: page checksums verified, and values that Python does not have named by row and column."""

import io
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, NoReturn

from pipeline.base.errors import InputError, check_header
from pipeline.base.files import open_regular, read_whole
from pipeline.base.records import ReadOptions, Record, Row

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 1_000  # rows in memory at a time


def parquet_types(path: str, error: type[InputError] = InputError) -> dict[str, "pa.DataType"]:
    """Return the types of the columns of a file."""
    with _open_parquet(path, error) as file:
        return {field.name: field.type for field in file.schema_arrow}


def _open_parquet(path: str, error: type[InputError]) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with open_regular(path, error):
            pass  # a pipe or a folder is named as in every other format
        # a packed file cannot be read from its end
        source: Any = io.BytesIO(read_whole(path, error)) if path.lower().endswith(".gz") else path
        return pq.ParquetFile(source, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as problem:
        _not_parquet(path, problem, error)


def read_parquet(path: str, options: ReadOptions) -> Iterator[Record | None]:
    """Yield the rows of a Parquet file."""
    import pyarrow as pa

    error, number = options.error, 0
    with _open_parquet(path, error) as file:
        schema = file.schema_arrow
        check_header(options.names(schema.names), path, error)
        options.check(options.names(schema.names), path)
        columns = flat_columns(schema, options.needed(schema.names)) if options.flat else schema.names
        try:
            for batch in file.iter_batches(_BATCH, columns=columns):
                for row in _python_rows(batch, path, number, error):
                    number += 1
                    values = dict(zip(options.names(row), row.values(), strict=True)) if options.fold else row
                    yield Record(f"{path}, row {number}", number, values)
        except (pa.ArrowException, OSError, MemoryError) as problem:
            _not_parquet(path, problem, error)


def flat_columns(schema: "pa.Schema", needs: Collection[str]) -> list[str]:
    """Return the needed columns and all that are neither nested nor binary, in the order of the table."""
    from pyarrow.types import is_binary, is_binary_view, is_fixed_size_binary, is_large_binary, is_nested

    unread = (is_nested, is_binary, is_binary_view, is_fixed_size_binary, is_large_binary)
    left_out = [field.name for field in schema if any(is_such(field.type) for is_such in unread)]
    return [name for name in schema.names if name in needs or name not in left_out]


def _python_rows(batch: Any, path: str, before: int, error: type[InputError]) -> list[Row]:
    """Return the rows of a batch; raise `error` naming row and column of what Python has no value for."""
    try:
        return batch.to_pylist()
    except (ValueError, OverflowError, KeyError):  # text that is no UTF-8, a year above 9999
        for number in range(batch.num_rows):
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                try:
                    column[number].as_py()
                except (ValueError, OverflowError, KeyError) as problem:
                    where = f"{path}, row {before + number + 1}"
                    raise error(f"column {name!r} holds what cannot be read ({problem})", where) from None
        raise


def _not_parquet(path: str, problem: BaseException, error: type[InputError]) -> NoReturn:
    reason = " ".join(str(problem).split()) or "not enough memory"
    raise error(f"not a readable Parquet file ({reason})", path) from None
