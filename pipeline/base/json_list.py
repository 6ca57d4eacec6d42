"""The list of records inside a JSON object, as news services answer: {"status": "ok", "articles": [...]}."""

from typing import Any


def find_list(value: dict[str, Any], key: str = "") -> tuple[str, Any]:
    """Return the only list of objects in an object, with the keys under which it stands; ("", value) for none."""
    lists = [(name, item) for name, item in value.items() if isinstance(item, list) and _are_objects(item)]
    if len(lists) == 1:
        return f"{key}{lists[0][0]}", lists[0][1]
    inner = [] if lists else [(name, item) for name, item in value.items() if isinstance(item, dict)]
    found = [(name, item) for name, item in (find_list(one, f"{key}{name}.") for name, one in inner) if name]
    return found[0] if len(found) == 1 else ("", value)


def _are_objects(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) for item in items)
