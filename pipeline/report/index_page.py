"""The pages on what the articles say: one file, or an index with the articles in parts where there are very many."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from pipeline.base.records import Row
from pipeline.base.stances import STANCES
from pipeline.base.storage import write_text
from pipeline.report import figures as corpus_figures
from pipeline.report.answers import cut
from pipeline.report.changes import PLACE
from pipeline.report.corpus import Corpus, Group, Trust, by_source, by_time, clearest, find_problems
from pipeline.report.drawing import Picture, themed
from pipeline.report.rendering import NBSP, Table, environment, grouped, page_parts, percent, printable, shares_of
from pipeline.text.dates import date_of

MOST_IN_ONE = 1000
"""Articles that one page holds; more are split over pages."""

PART, PART_FOLDER = 500, "articles"
SHOWN_PROBLEMS = 50
PAGES = (
    ("index.html", "What the articles say"),
    ("relations.html", "Who towards whom"),
    ("model.html", "How far to trust it"),
)


def write_index(
    folder: Path | str,
    corpus: Corpus,
    trust: Trust,
    *,
    model_name: str,
    pairs: Table | None = None,
) -> dict[str, Picture]:
    """Write index.html and, for more than MOST_IN_ONE articles, the pages with their text; return the figures.

    `pairs`: who opposes and agrees with whom, where that is known.
    """
    folder = Path(folder)
    stories = list(_stories(corpus))
    split = len(stories) > MOST_IN_ONE
    parts = _parts(len(stories)) if split else []
    times, sources = by_time(corpus.rows), by_source(corpus.rows)
    pictures = {"sources": corpus_figures.draw_sources(sources)} if sources else {}
    if len(times) > 1:
        pictures["timeline"] = corpus_figures.draw_timeline(times)
    about: dict[str, Any] = {
        "pages": PAGES,
        "model_name": model_name,
        "dated": bool(times),
        "source_names": sorted({story["source"] for story in stories} - {""}),
    }
    addresses = {story["number"]: _address(story["number"], parts) for story in stories}
    first = {
        **about,
        "title": "What the articles say",
        "part": None,
        "split": split,
        "lead": _lead(corpus.rows, times),
        "shares": shares_of(Counter(row["stance"] for row in corpus.rows)),
        "trust": trust,
        "problems": [(summary, lines[:SHOWN_PROBLEMS]) for summary, lines in find_problems(corpus)],
        "times": _group_table("month" if times and "-" in times[0].name else "year", times) if len(times) > 1 else None,
        "times_caption": f"Sentences by {'month' if times and '-' in times[0].name else 'year'} of their article.",
        "sources": _group_table("source", sources) if len(sources) > 1 else None,
        "figures": {
            name: Markup(themed(picture.svg, name, corpus_figures.FIGURES[name])) for name, picture in pictures.items()
        },
        "doubtful": _doubtful(corpus.rows),
        "labelled": any(row["gold"] for row in corpus.rows),
        "clearest": [(s, _clear(corpus, s, stories, addresses)) for s in ("opposition", "agreement")],
        "pairs": pairs,
        "articles": [{**story, "address": addresses[story["number"]]} for story in stories],
        "stories": [] if split else stories,
    }
    write_text(folder / "index.html", _render(first))
    for number, place in enumerate(parts, 1):
        own = stories[place]
        part = {"first": place.start + 1, "last": place.start + len(own), "all": len(stories)}
        title = f"Articles {part['first']} to {part['last']}"
        above = [(f"../{address}", name) for address, name in about["pages"]]
        view = {"title": title, "part": part, "split": False, "pages": above}
        listed = [{**story, "address": f"#a{story['number']}"} for story in own]
        write_text(folder / _part_name(number), _render({**about, **view, "articles": listed, "stories": own}))
    _remove_parts(folder, len(parts))
    return pictures


def places(rows: Sequence[Row], ids: Sequence[str]) -> list[dict[str, str]]:
    """Return for each sentence id the title of its article, its address in these pages, and the sentences around it."""
    numbers: dict[str, int] = {}
    for row in rows:
        numbers.setdefault(row["article_id"], len(numbers) + 1)
    parts = _parts(len(numbers)) if len(numbers) > MOST_IN_ONE else []
    place = {row["id"]: k for k, row in enumerate(rows)}

    def near(k: int, article: str) -> str:
        return rows[k]["text"] if 0 <= k < len(rows) and rows[k]["article_id"] == article else ""

    found = []
    for name in ids:
        k = place[name]
        article = rows[k]["article_id"]
        file = _address(numbers[article], parts).partition("#")[0] or "index.html"
        about = {"title": rows[k]["title"] or article, "address": f"{file}#s{k + 1}"}
        found.append(about | {"before": near(k - 1, article), "after": near(k + 1, article)})
    return found


def _render(view: Mapping[str, Any]) -> str:
    templates = environment(autoescape=True, finalize=printable)
    return templates.get_template("index.html").render(
        view, page=page_parts(("page.css", "index.css"), "index.js", "early.js"), changes_place=PLACE
    )


def _stories(corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Yield what the templates show of each article, in the order of the rows."""
    of_article: dict[str, list[tuple[int, Row]]] = {}
    for number, row in enumerate(corpus.rows, 1):
        of_article.setdefault(row["article_id"], []).append((number, row))
    for place, (article_id, own) in enumerate(of_article.items(), 1):
        first = own[0][1]
        counts = Counter(row["stance"] for _, row in own)
        paragraphs: dict[int, list[dict[str, Any]]] = {}
        noted = 0
        for number, row in own:
            noted += row["stance"] != "neutral"
            view = _sentence(number, row, noted if row["stance"] != "neutral" else 0)
            paragraphs.setdefault(row["paragraph"], []).append(view)
        given, day = first["date"], date_of(first["date"])
        date = day if day and not day.startswith(given) else given  # the filter compares dates as text
        facts = [date, first["source"], f"{len(own)} sentence{'s' * (len(own) != 1)}"]
        yield {
            "number": place,
            "id": article_id,
            "title": first["title"] or article_id,
            "date": date,
            "source": first["source"],
            "n": len(own),
            "facts": " · ".join(filter(None, facts)),
            "counts": [(stance, counts[stance]) for stance in STANCES],
            "shares": shares_of(counts),
            "balance": round((counts["agreement"] - counts["opposition"]) / len(own), 3),
            "paragraphs": list(paragraphs.values()),
        }


def _sentence(number: int, row: Row, note: int) -> dict[str, Any]:
    return {
        "number": number,
        "note": note,
        "stance": row["stance"],
        "confidence": round(100 * row["confidence"]),
        "shown": f"{row['confidence']:.2f}",
        "abstained": row["abstained"],
        "gold": row["gold"],
        "reason": row["reason"],
        "ends": _ends(row),
        "pieces": cut(row["text"], row["marks"]),
    }


def _ends(row: Row) -> str:
    """Return who holds the stance towards whom, where both are known and the stance is not doubtful."""
    if row["stance"] == "neutral" or row["abstained"] or not (row["source_text"] and row["target_text"]):
        return ""
    source, target = (_named(row, side) for side in ("source", "target"))
    return f"{source} {'↔' if row['symmetric'] else '→'} {target}"


def _named(row: Row, side: str) -> str:
    """Return the name of an end, with its code where it has one: "Oslo (NOR)"; for a pronoun whom it stands for."""
    name, code = row[f"{side}_name"] or row[f"{side}_text"], row[f"{side}_code"]
    return f"{name} ({code})" if code else name


def _lead(rows: Sequence[Row], times: Sequence[Group]) -> Markup:
    counts = Counter(row["stance"] for row in rows)
    articles = len({row["article_id"] for row in rows})
    when = f", {times[0].name} to {times[-1].name}," if len(times) > 1 else f", {times[0].name}," if times else ""
    template = "Of <b>{}</b> sentences in {} {}{} <b class=opposition>{} report opposition</b> between parties, "
    template += "<b class=agreement>{} agreement</b>, and {} take no stance."
    shares = {s: percent(counts[s] / max(len(rows), 1)).replace(" ", NBSP) for s in STANCES}
    shown = [f"{grouped(counts[s])} ({shares[s]})" for s in STANCES]
    values = (grouped(len(rows)), grouped(articles), "article" if articles == 1 else "articles", when)
    return Markup(template).format(*map(escape, (*values, shown[0], shown[2], shown[1])))


def _doubtful(rows: Sequence[Row]) -> str:
    count = sum(row["abstained"] for row in rows)
    if not count:
        return ""
    return (
        f"{grouped(count)} of these answers are doubtful: less sure than the target precision asks for. They "
        "are counted like all others, and striped where the articles can be read."
    )


def _clear(
    corpus: Corpus, stance: str, stories: Sequence[Mapping[str, Any]], addresses: Mapping[int, str]
) -> list[dict[str, Any]]:
    numbers = {id(row): number for number, row in enumerate(corpus.rows, 1)}
    article = {story["id"]: story for story in stories}
    found = []
    for row in clearest(corpus.rows, stance, corpus.copies):
        number, story = numbers[id(row)], article[row["article_id"]]
        file = addresses[story["number"]].partition("#")[0]
        view = _sentence(number, row, 0)
        found.append(view | {"title": story["title"], "date": story["date"], "address": f"{file}#s{number}"})
    return found


def _group_table(kind: str, groups: Sequence[Group]) -> Table:
    rows = []
    for group in groups:
        shares = [f"{percent(group.shares[k])} ({percent(group.low[k])} to {percent(group.high[k])})" for k in (0, 2)]
        counts = [str(int(count)) for count in group.counts]
        if group.n:
            rows.append((group.name, str(group.articles), str(group.n), *counts, *shares))
    head = (kind, "articles", "sentences", *STANCES, "share of opposition", "share of agreement")
    return Table(f"Sentences by {kind}, with 95 % intervals", head, tuple(rows))


def _parts(n: int) -> list[slice]:
    return [slice(start, start + PART) for start in range(0, n, PART)]


def _part_name(number: int) -> str:
    return f"{PART_FOLDER}/{number:03}.html"


def _address(number: int, parts: Sequence[slice]) -> str:
    file = _part_name((number - 1) // PART + 1) if parts else ""
    return f"{file}#a{number}"


def _remove_parts(folder: Path, kept: int) -> None:
    """Remove the parts that an earlier, larger page had; the folder of parts is there even where it is empty."""
    (folder / PART_FOLDER).mkdir(parents=True, exist_ok=True)
    for path in (folder / PART_FOLDER).glob("[0-9][0-9][0-9].html"):
        if int(path.stem) > kept:
            path.unlink()
