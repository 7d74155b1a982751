"""Write a value as YAML: on one line, or in lines of its own where it would be too long."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

WIDEST = 100
"""Columns of a line; a longer mapping or list gets lines of its own."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*([ -][A-Za-z0-9_]+)*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPECIAL = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def flow(value: Any) -> str:
    """Write a value on one line of YAML; it reads back as the same value.

    >>> flow({"node": "reply", "value": "no", "date": date(2031, 4, 1), "reliability": 0.9})
    '{node: reply, value: "no", date: 2031-04-01, reliability: 0.9}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _SPECIAL
        return value if plain or _DAY.fullmatch(value) else _quoted(value)
    return json.dumps(value)


def after_key(value: Any, *, indent: int, used: int, in_lines: bool | None = None) -> str:
    r"""Write a value as it stands after `key:`, with the space or line end before it.

    Args:
        value: The value.
        indent: Spaces before each line, where it needs lines of its own.
        used: Characters of the line that the key takes.
        in_lines: Whether a mapping or list gets lines of its own; where that is not said, only if it is long.

    >>> after_key({"a": 1}, indent=2, used=4), after_key({"a": 1}, indent=2, used=4, in_lines=True)
    (' {a: 1}', '\n  a: 1')
    """
    is_collection = isinstance(value, Mapping | list | tuple) and bool(value)
    if is_collection and _needs_lines(value, used + 1, in_lines):
        return "\n" + block(value, indent=indent)
    return f" {flow(value)}"


def as_item(value: Any, *, indent: int, in_lines: bool | None = None) -> str:
    r"""Write an item of a list in lines, without its first indent.

    >>> as_item({"a": 1, "b": 2}, indent=2, in_lines=True)
    '- a: 1\n    b: 2'
    """
    if isinstance(value, Mapping) and value and _needs_lines(value, indent + 2, in_lines):
        return "- " + _mapping(value, indent + 2).lstrip(" ")
    return f"- {flow(value)}"


def block(value: Any, *, indent: int) -> str:
    """Write a mapping or list that is not empty in lines, each with its indent."""
    if isinstance(value, Mapping):
        return _mapping(value, indent)
    return "\n".join(" " * indent + as_item(item, indent=indent) for item in value)


def _mapping(value: Mapping[Any, Any], indent: int) -> str:
    lines = []
    for key, item in value.items():
        written = flow(key)
        used = indent + len(written) + 1
        lines.append(" " * indent + written + ":" + after_key(item, indent=indent + 2, used=used))
    return "\n".join(lines)


def _needs_lines(value: Any, used: int, in_lines: bool | None) -> bool:
    return in_lines if in_lines is not None else used + len(flow(value)) > WIDEST


def _quoted(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in written)
