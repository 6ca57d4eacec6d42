"""A Hugging Face dataset as the source of articles: a folder here or a name on the Hub, an article a row."""

import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from glob import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.base.errors import ArticleError, suggest
from pipeline.base.storage import read_json, scratch_folder
from pipeline.base.tables_in import flat_columns
from pipeline.text.articles import COLUMNS, Reading, add_documents, deduplicate, read_articles
from pipeline.text.records import document_of_record, names_of_all, need_text, resolve

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Dataset

_LOG = logging.getLogger("pipeline.text")
_BATCH = 256  # rows in memory at a time
_LOOK_HERE = "A dataset is a folder of Parquet, CSV or JSON files, or one that `save_to_disk` wrote."
_SAVE_AGAIN = "Save it again with rows, or name another one in split.dataset."
_LOOK_THERE = "There is no such folder here: check the name, the configuration, the split and the network."
_WILDCARD = re.compile(r"[\[\]*?]")
_FORMS = {".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet"}
_DATA_SUFFIXES = tuple(_FORMS)
_SHOWN = 5
_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")


def read_source(raw: Path | str, columns: Mapping[str, str], dataset: Mapping[str, Any] | None) -> Reading:
    """Read the articles of the dataset (arguments of `read_dataset`) where there is one, else of the folder `raw`."""
    return read_dataset(columns=columns, **dataset) if dataset else read_articles(raw, columns)


def read_dataset(
    path: str,
    columns: Mapping[str, str] = COLUMNS,
    *,
    name: str | None = None,
    split: str = "train",
    revision: str | None = None,
    keep: Mapping[str, Sequence[Any]] | None = None,
    min_words: int = 0,
    limit: int | None = None,
) -> Reading:
    """Read one article from each row of a dataset; `columns` names its columns, as in COLUMNS.

    `path`: a folder of Parquet, CSV or JSON files, one that `save_to_disk` wrote, or a name on the Hub, at `revision`;
    `name`: the configuration. `keep`: allowed values by column (class labels by name); `min_words` of a text; `limit`
    of rows. An id is the name of the folder or on the Hub (points become hyphens), `#`, and the row's own id, else its
    number in the whole split, which no filter changes. Rows without text and exact copies are `problems`.

    Raises ArticleError where the dataset, configuration, split, a column, all articles or the network are missing, for
    a text that is no string, and for two articles with one id.
    """
    wanted = COLUMNS | dict(columns)
    reading = Reading()
    local = _is_local(path)
    with scratch_folder() as cache, _without_bars():
        used = (*names_of_all(wanted), *(keep or {}))
        dataset = _load(path, name, split, revision, str(cache) if local else None, used)
        need_text(dataset.column_names, wanted, path)
        wanted = resolve(dataset.column_names, wanted)
        rows = _kept_rows(dataset, wanted["text"], keep or {}, min_words, path)
        documents = (
            replace(document_of_record(row, wanted, f"{path}, row {n}"), row=n) for n, row in islice(rows, limit)
        )
        total, read = dataset.num_rows, add_documents(documents, _stem(path, local), reading)
    _LOG.info("%s: %d of %d rows are articles that were asked for", path, read, total)
    deduplicate(reading)
    if not reading.articles:
        got = str(reading.problems[0]) if reading.problems else f"{total} rows, none of which was asked for"
        raise ArticleError("no articles", path, got=got, remedy="Look at split.dataset and split.columns.")
    return reading


def _is_local(path: str) -> bool:
    """Tell a folder from a name on the Hub; raise ArticleError for what can be neither."""
    if Path(path).is_file():
        remedy = "Name the folder that it lies in, or put the file into split.raw."
        raise ArticleError("a file where the folder of a dataset was expected", path, remedy=remedy)
    if not Path(path).exists() and not _HUB_NAME.fullmatch(path):
        raise ArticleError("no such folder", path, expected="a folder, or a name on the Hub such as owner/news")
    return Path(path).exists()


def _stem(path: str, local: bool) -> str:
    """Return what ids begin with; a point in it would be taken for the beginning of a file's suffix."""
    return (Path(path).resolve().name if local else path).replace(".", "-")


@contextmanager
def _without_bars() -> Iterator[None]:
    import datasets

    shown = not datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        if shown:
            datasets.enable_progress_bars()


def _load(
    path: str, name: str | None, split: str, revision: str | None, cache: str | None, used: Collection[str]
) -> "Dataset":
    """Load one split; a folder, for which there is a `cache` of its own, leaves nothing in that of `datasets`.

    Where the files of a folder differ in columns, those that are `used` are read.
    """
    import datasets

    if not cache and not revision:
        _LOG.warning("%s: no split.dataset.revision: what the Hub has under this name may change unseen", path)
    try:
        if (Path(path) / "state.json").exists() or (Path(path) / "dataset_dict.json").exists():
            return _saved(Path(path), split)
        if not cache:
            return datasets.load_dataset(path, name, split=split, revision=revision, cache_dir=cache)
        with _without_wildcards(Path(path).resolve()) as source:  # "." has no name
            _name_left_out(source, Path(path), name, cache)
            try:
                return datasets.load_dataset(source, name, split=split, cache_dir=cache)
            except datasets.exceptions.DatasetGenerationError as error:
                if files := _files_of(source, name, cache).get(split):
                    return _joined(files, used, cache, error)
                raise
    except ArticleError:
        raise
    except Exception as error:  # of more than ten kinds, some of them of other libraries
        generic = isinstance(error, datasets.exceptions.DatasetGenerationError)
        cause = (error.__cause__ or error) if generic else error
        message = " ".join(str(cause).split()) or "is it empty?"
        what = f"cannot be loaded as a dataset ({type(cause).__name__}: {message})"
        raise ArticleError(what, path, remedy=_LOOK_HERE if cache else _LOOK_THERE) from error


@contextmanager
def _without_wildcards(folder: Path) -> Iterator[str]:
    """Give a folder by a path in which nothing is a wildcard: its own, or one with links to its files."""
    if not _WILDCARD.search(str(folder)):
        yield str(folder)
        return
    with scratch_folder() as parent:
        links = Path(parent, _WILDCARD.sub("_", folder.name))
        for file in (path for path in folder.rglob("*") if path.is_file()):
            link = links / _WILDCARD.sub("_", str(file.relative_to(folder)))
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
        yield str(links)


def _files_of(source: str, name: str | None, cache: str) -> dict[str, list[str]]:
    """Return the files of each split of a folder as `datasets` finds them."""
    import datasets

    builder = datasets.load_dataset_builder(source, name, cache_dir=cache)
    return {str(split): list(map(str, files)) for split, files in (builder.config.data_files or {}).items()}


def _name_left_out(source: str, folder: Path, name: str | None, cache: str) -> None:
    """Warn of files of data that are of another kind than those that are read."""
    try:
        read = {file for files in _files_of(source, name, cache).values() for file in files}
    except Exception:  # `load_dataset` fails with a better message
        return
    suffixes = {Path(file).suffix for file in read}
    data = (path for path in Path(source).rglob("*") if path.suffix in _DATA_SUFFIXES and path.suffix not in suffixes)
    left_out = sorted(path.name for path in data if str(path) not in read)
    if read and left_out:
        kinds, shown = " ".join(sorted(suffixes)), ", ".join(left_out[:_SHOWN])
        _LOG.warning("%s: left out: %s; the files of a dataset are of one kind, here %s", folder, shown, kinds)


def _joined(files: Sequence[str], used: Collection[str], cache: str, error: Exception) -> "Dataset":
    """Read files one by one, and of each the columns that are used; raise `error` where that is no remedy."""
    import datasets
    import pyarrow as pa

    form = _FORMS.get(Path(files[0]).suffix)
    if form is None:
        raise error
    tables = []
    for file in files:
        one = datasets.load_dataset(form, data_files=escape(file), split="train", cache_dir=cache)
        tables.append(one.select_columns([column for column in one.column_names if column in used]).data.table)
    return datasets.Dataset(pa.concat_tables(tables, promote_options="permissive").combine_chunks())


def _saved(folder: Path, split: str) -> "Dataset":
    """Return what `save_to_disk` wrote: a single dataset whatever the split, or the split of several."""
    import datasets

    if (splits := folder / "dataset_dict.json").exists():
        saved = read_json(splits)["splits"]
        if split not in saved:
            got = ", ".join(saved) or "no splits"
            raise ArticleError(f"no split {split!r}", folder, got=got, remedy=suggest(split, saved))
        folder /= split
    if not read_json(folder / "state.json")["_data_files"]:
        raise ArticleError("an empty dataset", folder, expected="rows with articles", got="no rows", remedy=_SAVE_AGAIN)
    return datasets.load_from_disk(folder)


def _kept_rows(
    dataset: "Dataset", text: str, keep: Mapping[str, Sequence[Any]], min_words: int, path: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (number from 1, row) of the rows that the filter keeps; read in batches of columns, not row by row."""
    import pyarrow.compute as pc

    columns = flat_columns(dataset.features.arrow_schema, (text,))
    if unknown := sorted(set(keep) - set(columns)):
        what = f"no column {unknown[0]!r} of plain values, which split.dataset.keep names"
        raise ArticleError(what, path, got=", ".join(columns), remedy=suggest(unknown[0], columns))
    rows = dataset.select_columns(columns).with_format("arrow")
    start = 1
    for batch in rows.iter(_BATCH):
        table = _with_names(_without_views(batch), rows.features)
        places = pc.indices_nonzero([True] * len(table))
        for column, values in keep.items():
            allowed = _allowed(values, table[column].type, f"{path}, {column}")
            places = places.filter(pc.is_in(table[column].take(places), allowed))
        for place, row in zip(places.to_pylist(), table.take(places).to_pylist(), strict=True):
            if len(str(row[text] or "").split()) >= min_words:
                yield start + place, row
        start += len(table)


def _without_views(table: "pa.Table") -> "pa.Table":
    """Turn views of strings, among which Arrow cannot look rows up, into strings."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_string_view(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(pa.string()))
    return table


def _with_names(table: "pa.Table", features: Mapping[str, Any]) -> "pa.Table":
    """Replace the numbers of class labels by their names; a number without one (-1) is unknown."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from datasets import ClassLabel

    for place, (column, feature) in enumerate(features.items()):
        if isinstance(feature, ClassLabel):
            numbers = table[column].combine_chunks()
            known = pc.if_else(pc.greater_equal(numbers, 0), numbers, None)
            table = table.set_column(place, column, pa.array(feature.names, pa.string()).take(known))
    return table


def _allowed(values: Sequence[Any], kind: "pa.DataType", where: str) -> "pa.Array":
    """Return the values that a column may have as an array of its type."""
    import pyarrow as pa

    remedy = "Quote text that YAML reads otherwise, such as no, on and 2024-01-01."
    got = ", ".join(map(repr, values))
    try:
        if any(isinstance(value, bool) != pa.types.is_boolean(kind) for value in values):
            raise TypeError
        return pa.array(values).cast(kind)
    except (pa.ArrowException, TypeError):
        what = "split.dataset.keep has values of another kind than the column"
        raise ArticleError(what, where, expected=str(kind), got=got, remedy=remedy) from None
