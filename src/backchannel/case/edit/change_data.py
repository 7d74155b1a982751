"""What a case file says after a change, as plain values: what the changed text is compared with."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Sequence
from typing import Any

from backchannel.case.edit.operation_models import (
    InsertItem,
    MoveItem,
    RemoveValue,
    RenameKey,
    SetValue,
)
from backchannel.case.edit.text_places import child_key
from backchannel.case.read.document import path_text
from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")
LONGEST_SHOWN = 100
"""Characters of a path that a message repeats."""
MOST_LEVELS = 40
"""Deepest nesting of a new value."""


def changed_data(
    data: Any, operation: SetValue | InsertItem | RemoveValue | MoveItem | RenameKey
) -> Any:
    """What a file says after a change.

    Args:
        data: What it says before, which stays as it is.
        operation: The change.

    Raises:
        CommandError: The change has no meaning here.
    """
    data, path = copy.deepcopy(data), operation.path
    match operation:
        case SetValue():
            _set(data, path, plain_keys(operation.value))
        case InsertItem():
            _insert(data, path, operation)
        case RemoveValue():
            around, key = _place(data, path)
            del around[key]
        case MoveItem():
            around, key = _place(data, path)
            if not isinstance(around, list):
                raise CommandError(f"{_shown(path)} is no item of a list, so it cannot be moved.")
            if not 0 <= operation.to < len(around):
                raise CommandError(
                    f"{_shown(path[:-1])} has {len(around)} items, so there is no place {operation.to} in it."
                )
            around.insert(operation.to, around.pop(key))
        case RenameKey():
            around, key = _place(data, path)
            if not isinstance(around, dict):
                raise CommandError(f"{_shown(path)} is an item of a list, which has no name.")
            if child_key(around, operation.name) not in (None, key):
                raise CommandError(
                    f"'{_in_short(operation.name)}' is there already beside {_shown(path)}."
                )
            renamed = {operation.name if k == key else k: v for k, v in around.items()}
            around.clear()
            around.update(renamed)
    return data


def plain_keys(value: Any, levels: int = 0) -> Any:
    """A value from JSON as the file means it: keys that are written like numbers are numbers.

    Raises:
        CommandError: It holds something that a case file cannot.

    >>> plain_keys({"10": 0.5, "all": {"-1.5": 1}})
    {10: 0.5, 'all': {-1.5: 1}}
    """
    if levels > MOST_LEVELS:
        raise CommandError(
            f"A value is nested too deeply: at most {MOST_LEVELS} levels are allowed."
        )
    if isinstance(value, dict):
        return {_plain_key(key): plain_keys(item, levels + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [plain_keys(item, levels + 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise CommandError("A number must be finite.")
    return value


def data_alike(one: Any, other: Any) -> bool:
    """Whether two texts say the same; the order of keys does not count."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(data_alike(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(data_alike, one, other))
    return type(one) is type(other) and one == other


def _plain_key(key: Any) -> Any:
    if isinstance(key, str) and _WHOLE.fullmatch(key):
        return int(key)
    return float(key) if isinstance(key, str) and _DECIMAL.fullmatch(key) else key


def _set(data: Any, path: Sequence[str | int], value: Any) -> None:
    around: Any = data
    for i, part in enumerate(path):
        key: Any = child_key(around, part)
        is_last = i == len(path) - 1
        if key is None:
            if isinstance(around, list) and part == len(around):
                around.append(None)
            elif not isinstance(around, dict):
                raise CommandError(f"{_shown(path[:i])} has no place for '{_in_short(part)}'.")
            key = part
            around[key] = {}
        elif not is_last and around[key] is None:
            around[key] = {}
        if is_last:
            around[key] = value
        around = around[key]


def _insert(data: Any, path: Sequence[str | int], operation: InsertItem) -> None:
    try:
        around, key = _place(data, path)
    except CommandError:
        _set(data, path, [])
        around, key = _place(data, path)
    if around[key] is None:
        around[key] = []
    items = around[key]
    if not isinstance(items, list):
        raise CommandError(f"{_shown(path)} is no list, so nothing can be put into it.")
    index = len(items) if operation.index is None else operation.index
    if not 0 <= index <= len(items):
        raise CommandError(
            f"{_shown(path)} has {len(items)} items, so there is no place {index} in it."
        )
    items.insert(index, plain_keys(operation.value))


def _place(data: Any, path: Sequence[str | int]) -> tuple[Any, Any]:
    """The mapping or list that holds the value at a path, and its key there."""
    around = data
    for i, part in enumerate(path):
        key = child_key(around, part)
        if key is None:
            raise CommandError(f"There is no {_shown(path[: i + 1])} in the case.")
        if i == len(path) - 1:
            return around, key
        around = around[key]
    raise CommandError("A path needs at least one key.")


def _shown(path: Sequence[str | int]) -> str:
    return _in_short(path_text(path)) or "the case"


def _in_short(text: str | int) -> str:
    shown = in_one_line(str(text))
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
