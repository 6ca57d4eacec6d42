"""Answers as tables and as running text with marked words and reasons."""

import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from pipeline.base.calibration import wilson
from pipeline.base.errors import InputError
from pipeline.base.records import Row
from pipeline.base.stances import STANCES
from pipeline.base.storage import atomic_open, read_table, write_table
from pipeline.base.tables_in import batches, set_aside
from pipeline.base.tables_out import RowWriter, relation_in_words
from pipeline.report.rendering import environment, page_parts, printable, shares_of

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.model.stance_model import Answer
    from pipeline.weak.lfs.parse import StanceHit


SUPPRESSED = "suppressed"
"""Stands in place of a stance where a cue does not count."""

RELATION: Row = {
    **{f"{side}_{part}": "" for side in ("source", "target") for part in ("text", "code", "kind", "name")},
    **{"symmetric": False, "voice": "", "rule": "", "why": ""},
}
"""Columns of who holds the stance towards whom, as they are where nothing is known."""

COLUMNS = (
    *("id", "article_id", "title", "date", "source", "paragraph", "index", "text"),
    *("stance", "confidence", *(f"p_{stance}" for stance in STANCES), "abstained", "reason"),
    *(*RELATION, "lfs", "fold", "gold"),
)
"""Columns of the table of sentences; what else an article's file says stands behind them."""

DIGITS = 6
BATCH = 4_000

_IN_MEMORY = 1 << 24  # characters of a page that are kept in memory; what is more waits in a temporary file
_LONGEST_VALUE = 80
_SHOWN_COLUMNS = 4
_SHOWN_NGRAMS = 3
_OWN = (
    "text",
    "label",
    "confidence",
    "probabilities",
    "abstained",
    "explanation",
    "start",
    "end",
    "index",
    "paragraph",
)


class Piece(NamedTuple):
    """A stretch of a text: plain where `stance` is "", else marked for that stance, with `title` to say why."""

    text: str
    stance: str = ""
    title: str = ""


class Span(NamedTuple):
    """A marked stretch: offsets into the sentence, stance (or SUPPRESSED), and why."""

    start: int
    end: int
    stance: str
    title: str


def mark(text: str, explanation: Mapping[str, Any]) -> list[Piece]:
    """Return the text of an explained sentence in pieces, which joined give it back."""
    return cut(text, find_spans(text, explanation))


def find_spans(text: str, explanation: Mapping[str, Any]) -> list[Span]:
    """Return the marked stretches of an explained sentence, in order.

    A word is marked for the strongest LF that fired on it and names all of them; a word of cues that do not count is
    marked as SUPPRESSED. Marked words that differ in nothing and stand side by side are one stretch.
    """
    return list(_joined(text, _words(explanation)))


def cut(text: str, spans: Iterable[Span]) -> list[Piece]:
    """Return a text in pieces, marked where `spans` say so."""
    pieces: list[Piece] = []
    end = 0
    for start, stop, stance, title in spans:
        pieces += [Piece(text[end:start])] * (end < start)
        pieces.append(Piece(text[start:stop], stance, title))
        end = stop
    return pieces + [Piece(text[end:])] * (end < len(text))


def _words(explanation: Mapping[str, Any]) -> list[Span]:
    passages: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for lf in explanation["lfs"]:
        notes = lf["cues"][0]["notes"] if lf["cues"] else []
        title = f"{lf['stance']}: {', '.join(['LF ' + lf['name'], *notes])} (rule {lf['rule']})"
        _add(passages, lf["words"], lf["stance"], title)
    for cue in explanation["suppressed"]:
        title = f"does not count for {cue['stance']}: {', '.join(['LF ' + cue['name'], *cue['notes']])}"
        _add(passages, cue["words"], SUPPRESSED, title)
    return [
        Span(start, end, by[0][0], "; ".join(dict.fromkeys(title for _, title in by)))
        for (start, end), by in sorted(passages.items())
    ]


def _add(passages: dict[tuple[int, int], list[tuple[str, str]]], words: list[Any], stance: str, title: str) -> None:
    for word in words:
        passages.setdefault((word["start"], word["end"]), []).append((stance, title))


def _joined(text: str, words: list[Span]) -> Iterator[Span]:
    last: Span | None = None
    for start, end, stance, title in words:
        if last and last[2:] == (stance, title) and text[last[1] : start].isspace():
            last = Span(last[0], end, stance, title)
            continue
        if last:
            yield last
        last = Span(start, end, stance, title)
    if last:
        yield last


def answer_rows(
    sentences: Iterable[Mapping[str, Any]], articles: Mapping[str, Mapping[str, Any]], answers: Iterable["Answer"]
) -> tuple[list[Row], list[list["StanceHit"]]]:
    """Return the rows of n sentences and the cues in each that take a side, from the answer to each.

    `sentences` as `sentence_row` takes them; `articles`: by id, likewise.
    """
    rows, hits = [], []
    for sentence, answer in zip(sentences, answers, strict=True):
        about = articles[sentence["article_id"]]
        rows.append(sentence_row(sentence, about, answer.proba.tolist(), answer.abstained, answer.explanation))
        hits.append(answer.hits)
    return rows, hits


def sentence_row(
    sentence: Mapping[str, Any],
    article: Mapping[str, Any],
    proba: Sequence[float],
    abstained: bool,
    explanation: Mapping[str, Any],
) -> Row:
    """Return the row of one sentence.

    `sentence`: id, article_id, paragraph, index, text, and fold and gold (a stance's name) where they are known;
    `article`: title, date, source and `meta`, a mapping; `proba` (3,) in the order of STANCES; `explanation`: what
    `StanceModel.explain` returns. The columns of RELATION are left empty. `lfs` names the LFs that voted, each with its
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
        "reason": explanation["reason"].partition(", ")[2] or explanation["reason"],
        **RELATION,
        "lfs": " ".join(sorted(f"{lf['name']}:{lf['stance']}" for lf in explanation["lfs"])),
        "fold": sentence.get("fold"),
        "gold": sentence.get("gold"),
    }
    meta = set_aside(dict(article.get("meta") or {}), (*COLUMNS, "marks"))
    same = len(explanation.get("text", sentence["text"])) == len(
        sentence["text"]
    )  # else the words stand elsewhere in it
    return row | meta | {"marks": find_spans(sentence["text"], explanation) if same else []}


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


class PageWriter:
    """Write answered and explained rows as they come; the page is put together when the block ends well.

    Memory is flat in the number of rows (of articles: in the number of sentences of one article).
    """

    def __init__(self, path: str | None, titles: Mapping[str, str] | None = None):
        """Take a path, or None for stdout; where the rows are articles' sentences, `titles` by `article_id`.

        The sentences of one article stand together; an only article may go without `article_id`, under the key "".
        """
        self._path, self._titles = path, titles
        self._macros: Any = environment(autoescape=True, finalize=printable).get_template("answers.html").module
        self._counts: Counter[str] = Counter()
        self._stack = ExitStack()
        self._article: list[dict[str, Any]] = []
        self._article_id = ""

    def __enter__(self) -> "PageWriter":
        """Open a place where the rows wait."""
        self._body: IO[str] = self._stack.enter_context(
            SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="\n")
        )
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write the page, or nothing where the block failed."""
        with self._stack:
            if kind is None:
                self._end_article()
                self._put_together()

    def write(self, rows: list[Row]) -> None:
        """Take some rows with their `explanation`."""
        for row in rows:
            self._counts.update(["all", row["label"], "abstained" if row["abstained"] else "answered"])
            view = _view(row, self._counts["all"])
            if self._titles is None:
                self._body.write(self._macros.listed(view) + "\n")
                continue
            if row.get("article_id", "") != self._article_id:
                self._end_article()
                self._article_id = row.get("article_id", "")
            self._article.append(view)

    def _end_article(self) -> None:
        if self._article:
            title = (self._titles or {}).get(self._article_id) or self._article_id or "Article"
            self._body.write(self._macros.article(_article_view(title, self._article)) + "\n")
        self._article = []

    def _put_together(self) -> None:
        about = {"counts": {key: self._counts[key] for key in ("all", *STANCES, "answered", "abstained")}}
        as_list = self._titles is None
        self._body.seek(0)
        with ExitStack() as stack:
            file: IO[str] = stack.enter_context(atomic_open(self._path, "w")) if self._path else sys.stdout
            page = page_parts(("page.css", "answers.css"))
            file.write(self._macros.head(page, about, as_list, shares_of(self._counts)) + "\n")
            shutil.copyfileobj(self._body, file)
            file.write(self._macros.tail(as_list) + "\n")
            file.flush()


def _view(row: Row, number: int) -> dict[str, Any]:
    explanation = row["explanation"]
    others = {name: value for name, value in row.items() if name not in _OWN and isinstance(value, str | int | float)}
    shown = [(name, str(value)[:_LONGEST_VALUE]) for name, value in others.items() if str(value)][:_SHOWN_COLUMNS]
    return {
        "number": number,
        "label": row["label"],
        "confidence": f"{row['confidence']:.2f}",
        "width": round(100 * row["confidence"], 1),
        "shares": ", ".join(f"{name} {value:.2f}" for name, value in row["probabilities"].items()),
        "abstained": row["abstained"],
        "pieces": mark(explanation.get("text", row["text"]), explanation),
        "paragraph": row.get("paragraph", 0),
        "reason": explanation["reason"].partition(", ")[2],
        "lfs": explanation["lfs"],
        "suppressed": explanation["suppressed"],
        "ngrams": _notable(explanation["ngrams"]),
        "columns": shown,
        "relation": relation_in_words(row["relation"], ("→", "↔"), "unknown") if "relation" in row else "",
    }


def _article_view(title: str, sentences: list[dict[str, Any]]) -> dict[str, Any]:
    paragraphs: dict[int, list[dict[str, Any]]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence["paragraph"], []).append(sentence)
    counts = Counter(sentence["label"] for sentence in sentences)
    noted = [s for s in sentences if s["label"] != "neutral"]
    return {
        "title": title,
        "paragraphs": list(paragraphs.values()),
        "noted": noted,
        "counts": [(stance, counts[stance]) for stance in STANCES],
        "shares": shares_of(counts),
    }


def _notable(ngrams: Mapping[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    notable = {stance: [e for e in entries if round(e["contribution"], 2)] for stance, entries in ngrams.items()}
    return {stance: entries[:_SHOWN_NGRAMS] for stance, entries in notable.items() if entries}
