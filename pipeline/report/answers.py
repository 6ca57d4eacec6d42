"""Answers as tables: a row for every sentence and a row for every article, for people and for other programs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipeline.base.calibration import wilson
from pipeline.base.errors import InputError
from pipeline.base.records import Row
from pipeline.base.stances import STANCES
from pipeline.base.storage import read_table, write_table
from pipeline.base.tables_in import batches, set_aside
from pipeline.base.tables_out import RowWriter
from pipeline.report.marking import Span, find_spans

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = (
    *("id", "article_id", "title", "date", "source", "paragraph", "index", "text"),
    *("stance", "confidence", *(f"p_{stance}" for stance in STANCES), "abstained", "reason"),
    *("who", "towards", "symmetric", "voice", "rule", "why", "lfs", "fold", "gold"),
)
"""Columns of the table of sentences; what else an article's file says stands behind them."""

ARTICLE_COLUMNS = ("id", "title", "date", "source", "sentences", *STANCES)
"""Columns of the table of articles, before shares, their intervals and the balance."""

DIGITS = 6
BATCH = 4_000


def sentence_row(
    sentence: Mapping[str, Any],
    article: Mapping[str, Any],
    proba: Sequence[float],
    abstained: bool,
    told: Mapping[str, Any],
) -> Row:
    """Return the row of one sentence.

    `sentence`: id, article_id, paragraph, index, text, and fold and gold (a stance's name) where they are known;
    `article`: title, date, source and `meta`, a mapping; `proba` (3,) in the order of STANCES; `told`: what
    `StanceModel.explain` returns. `who` and `towards` are left empty. `lfs` names the LFs that voted, each with its
    stance: "refuse:opposition".
    """
    shares = [round(float(p), DIGITS) for p in proba]
    best = max(range(len(STANCES)), key=lambda k: shares[k])
    row: Row = {
        **{key: sentence[key] for key in ("id", "article_id")},
        **{key: article.get(key) or "" for key in ("title", "date", "source")},
        **{key: sentence[key] for key in ("paragraph", "index", "text")},
        "stance": STANCES[best],
        "confidence": shares[best],
        **{f"p_{stance}": share for stance, share in zip(STANCES, shares, strict=True)},
        "abstained": abstained,
        "reason": told["reason"].partition(", ")[2] or told["reason"],
        **{"who": "", "towards": "", "symmetric": False, "voice": "", "rule": "", "why": ""},
        "lfs": " ".join(sorted(f"{lf['name']}:{lf['stance']}" for lf in told["lfs"])),
        "fold": sentence.get("fold"),
        "gold": sentence.get("gold"),
    }
    meta = set_aside(dict(article.get("meta") or {}), (*COLUMNS, "marks"))
    same = len(told.get("text", sentence["text"])) == len(sentence["text"])  # else the words stand elsewhere in it
    return row | meta | {"marks": find_spans(sentence["text"], told) if same else []}


def article_rows(sentences: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return a row for each article: sentences, and for each stance number, share and the 95 % interval of the share.

    `balance` is the share of agreement minus that of opposition. The intervals are Wilson's: how far chance moves a
    share in so few sentences; the errors of single answers are not in them.
    """
    of_article: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for sentence in sentences:
        of_article[sentence["article_id"]].append(sentence)
    rows = []
    for name, own in sorted(of_article.items()):
        n = len(own)
        counts = {stance: sum(s["stance"] == stance for s in own) for stance in STANCES}
        row: Row = {"id": name, **{key: own[0][key] for key in ("title", "date", "source")}, "sentences": n, **counts}
        for stance, count in counts.items():
            low, high = wilson(count, n)
            shares = {f"share_{stance}": count / n, f"share_{stance}_low": low, f"share_{stance}_high": high}
            row |= {key: round(value, 4) for key, value in shares.items()}
        rows.append(row | {"balance": round((counts["agreement"] - counts["opposition"]) / n, 4)})
    return rows


def write_answers(folder: Path | str, rows: Sequence[Row], about: Mapping[str, str] | None = None) -> None:
    """Write sentences.parquet (with the marked words), sentences.csv and articles.csv.

    `about`: text that is kept with the Parquet file, such as the model's hash; see `read_about`.
    """
    folder = Path(folder)
    further = sorted({name for row in rows for name in row} - {*COLUMNS, "marks"})
    full = [{name: row.get(name) for name in (*COLUMNS, *further)} for row in rows]
    marks = ([span._asdict() for span in row["marks"]] for row in rows)
    table = _table(
        [{**row, "marks": spans} for row, spans in zip(full, marks, strict=True)], further
    ).replace_schema_metadata({**(about or {})} or None)
    write_table(folder / "sentences.parquet", table)
    _write_csv(folder / "sentences.csv", full)
    _write_csv(folder / "articles.csv", article_rows(rows))


def read_answers(path: Path | str | IO[bytes]) -> list[Row]:
    """Return the rows of sentences.parquet, the marked words as Spans; raise InputError for another file."""
    table = read_table(path)
    if missing := {*COLUMNS, "marks"} - set(table.column_names):
        raise InputError("not a table of answers", path, expected=", ".join(COLUMNS), got=f"no {min(missing)}")
    return [row | {"marks": [Span(**mark) for mark in row["marks"]]} for row in table.to_pylist()]


def read_about(path: Path | str | IO[bytes]) -> dict[str, str]:
    """Return what `write_answers` kept with the Parquet file."""
    metadata = read_table(path, ["id"]).schema.metadata or {}
    return {key.decode(): value.decode() for key, value in metadata.items()}


def _table(rows: Sequence[Row], further: Sequence[str]) -> "pa.Table":
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    kinds = dict.fromkeys((*COLUMNS, *further), text)
    kinds |= {"paragraph": pa.int32(), "index": pa.int32(), "abstained": pa.bool_(), "symmetric": pa.bool_()}
    kinds |= {"confidence": number, **{f"p_{stance}": number for stance in STANCES}}
    mark = {"start": pa.int32(), "end": pa.int32(), "stance": text, "title": text}
    schema = pa.schema({**kinds, "marks": pa.list_(pa.struct(mark))})
    return pa.Table.from_pylist(list(rows), schema=schema)


def _write_csv(path: Path, rows: Iterable[Row]) -> None:
    with RowWriter(str(path), "csv") as writer:
        for batch in batches(rows, BATCH):
            writer.write(batch)
