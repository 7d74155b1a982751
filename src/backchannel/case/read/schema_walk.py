"""Find the model or the type that the schema has at a path of a case file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from backchannel.case.schema.case import Case
from backchannel.case.schema.written_priors import PRIOR_KINDS


def keys_at(path: Sequence[Any]) -> list[str]:
    """List the keys that a value at a path may have; empty where names are free."""
    here = type_at(path)
    if get_origin(here) is list:
        here = _model_in(get_args(here)[0])
    return keys_of(here) if is_model(here) else []


def model_at(path: Sequence[Any]) -> type[BaseModel] | None:
    """Return the model of the value at a path; `None` if it has none."""
    here = type_at(path)
    return here if is_model(here) else None


def type_at(path: Sequence[Any]) -> Any:
    """Return the model or the container type at a path; `None` if the schema knows none."""
    here: Any = Case
    for part in path:
        if is_model(here):
            field = field_of(here, str(part))
            here = field.annotation if field else None
        else:
            inner = [a for a in get_args(here) if a is not str]
            here = inner[-1] if inner else None
        here = _model_in(here)
    return here


def field_of(model: type[BaseModel], key: str) -> Any:
    """Return the field of a model that a key of the file names."""
    for name, field in model.model_fields.items():
        if key == (field.alias or name):
            return field
    return None


def keys_of(model: type[BaseModel]) -> list[str]:
    """List the keys of a model as the file writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


@cache
def known_keys() -> frozenset[str]:
    """Collect every key that some part of a case file may have."""
    keys: set[str] = {"table", "else", *PRIOR_KINDS}
    seen: set[type[BaseModel]] = set()
    waiting: list[Any] = [Case]
    while waiting:
        here = waiting.pop()
        waiting += get_args(here)
        if is_model(here) and here not in seen:
            seen.add(here)
            keys |= set(keys_of(here))
            waiting += [field.annotation for field in here.model_fields.values()]
    return frozenset(keys)


def _model_in(annotation: Any) -> Any:
    """Find the model inside optional and annotated types, if there is one."""
    if get_origin(annotation) in (dict, list):
        return annotation
    for part in get_args(annotation):
        inner = _model_in(part)
        if get_origin(inner) in (dict, list) or is_model(inner):
            return inner
    return annotation


def is_model(annotation: Any) -> bool:
    """Say whether a type is a model of the schema."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
