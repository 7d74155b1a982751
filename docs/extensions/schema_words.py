"""A JSON schema in words."""

from __future__ import annotations

import re
from typing import Any


def headline(name: str) -> str:
    """The name of a part of a schema as people write it.

    >>> headline("BaseRateEntry"), headline("NodeView")
    ('Base rate', 'Node')
    """
    words = re.sub(r"(Entry|View|Part)$", "", name)
    return re.sub(r"(?<!^)(?=[A-Z])", " ", words).capitalize()


def kind_of(value: dict[str, Any]) -> str:
    """What a key holds, with links to the parts that the page describes.

    >>> kind_of({"type": "array", "items": {"type": "string"}})
    'list of texts'
    >>> kind_of({"anyOf": [{"type": "number"}, {"type": "null"}]})
    'number, or nothing'
    """
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[-1]
        return f"[{headline(name).lower()}](#{name.lower()})"
    if "anyOf" in value:
        kinds = list(dict.fromkeys(kind_of(option) for option in value["anyOf"]))
        return ", or ".join(kinds)
    if "enum" in value:
        return ", ".join(f"`{choice}`" for choice in value["enum"])
    if "const" in value:
        return f"`{value['const']}`"
    kind = value.get("type")
    if isinstance(kind, list):
        return ", or ".join(_SINGLE.get(name, name) for name in kind)
    if kind == "array":
        return f"list of {_plural(value.get('items', {}))}"
    if kind == "object":
        inside = value.get("additionalProperties")
        if not isinstance(inside, dict) or not inside:
            return "mapping"
        return f"mapping of names to {_plural(inside)}"
    return _SINGLE.get(kind or "", kind or "anything")


def rest_of(value: dict[str, Any]) -> str:
    """The description of a key and its default, on one line of a table."""
    text = value.get("description", "")
    default = value.get("default")
    if default not in (None, "", [], {}, False) and "default" not in text:
        text += f" Default: `{default}`."
    return " ".join(text.split()).replace("|", "\\|")


_SINGLE = {
    "string": "text", "number": "number", "integer": "whole number", "boolean": "true or false",
    "null": "nothing", "array": "list", "object": "mapping",
}  # fmt: skip
_MANY = {
    "string": "texts", "number": "numbers", "integer": "whole numbers", "boolean": "true or false",
}  # fmt: skip


def _plural(value: dict[str, Any]) -> str:
    kind = value.get("type")
    if isinstance(kind, str) and kind in _MANY and "enum" not in value:
        return _MANY[kind]
    return f"({kind_of(value)})" if "anyOf" in value else kind_of(value)
