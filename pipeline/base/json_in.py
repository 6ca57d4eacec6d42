"""Tables as JSON Lines, and as JSON: a list of records, one record, or an object that holds the list."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from pipeline.base.encoding import decode
from pipeline.base.errors import InputError
from pipeline.base.files import Line, read_text_lines, read_whole
from pipeline.base.records import SHOWN, ReadOptions, Record, Row


def read_jsonl(path: str, options: ReadOptions) -> Iterator[Record | None]:
    """Yield the objects of a JSON Lines file, None for a blank line."""
    for line in read_text_lines(path, options.error):
        if line.text.strip():
            where = f"{path}, line {line.number}"
            yield options.record(where, line.number, line.guess, partial(_json_line, line, path, where, options))
        else:
            yield None


def read_json(path: str, options: ReadOptions) -> Iterator[Record | None]:
    """Yield the objects of a JSON file; one that lacks the needed keys may hold the list of them."""
    text, guess, problem = decode(read_whole(path, options.error))
    if problem:
        raise options.error(problem, path, remedy="Save it as text in UTF-8.")
    value = _parse(text, path, options.error)
    key = ""
    if isinstance(value, dict) and options.needs and not options.needed(options.names(value)):
        key, value = _find_list(value)
    if not isinstance(value, list):
        yield Record(path, 0, _row(value, path, options), guess)
        return
    for number, item in enumerate(value, 1):
        where = f"{path}, {f'{key}, ' if key else ''}item {number}"
        yield options.record(where, number, guess, partial(_row, item, where, options))


def _json_line(line: Line, path: str, where: str, options: ReadOptions) -> Row:
    return _row(_parse(line.text, path, options.error, line.number), where, options)


def _row(value: Any, where: str, options: ReadOptions) -> Row:
    if not isinstance(value, dict):
        raise options.error("not an object", where, expected='{"text": ...}', got=repr(value)[:SHOWN])
    row = dict(zip(options.names(value), value.values(), strict=True))
    options.check(row, where)
    return row


def _parse(text: str, path: str, error: type[InputError], line: int = 0) -> Any:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as problem:
        what = f"not valid JSON ({problem.msg} at column {problem.colno})"
        remedy = "" if line or problem.msg != "Extra data" else "If each line is an object, name the file .jsonl."
        raise error(what, f"{path}, line {line or problem.lineno}", remedy=remedy) from None
    except (RecursionError, ValueError, MemoryError) as problem:
        reason = str(problem) or "not enough memory"
        raise error(f"not readable JSON ({reason})", f"{path}, line {line}" if line else path) from None


def _find_list(value: dict[str, Any], key: str = "") -> tuple[str, Any]:
    """Return the only list of objects in an object, with the keys under which it stands; ("", value) for none.

    So news services answer: {"status": "ok", "articles": [...]}.
    """
    lists = [(name, item) for name, item in value.items() if isinstance(item, list) and _are_objects(item)]
    if len(lists) == 1:
        return f"{key}{lists[0][0]}", lists[0][1]
    inner = [] if lists else [(name, item) for name, item in value.items() if isinstance(item, dict)]
    found = [(name, item) for name, item in (_find_list(one, f"{key}{name}.") for name, one in inner) if name]
    return found[0] if len(found) == 1 else ("", value)


def _are_objects(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) for item in items)
