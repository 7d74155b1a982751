"""Write a case as a file that reads back as the same case."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from backchannel.case.schema.case import Case

_LOOKS_PLAIN = ("", "~", "null", "true", "false", "yes", "no", "on", "off")


def write_case(case: Case) -> str:
    """Write a case as YAML; reading the text gives an equal case."""
    yaml = YAML()
    yaml.width = 100
    yaml.allow_unicode = True
    out = StringIO()
    yaml.dump(_plain(case), out)
    return out.getvalue()


def rough_size(case: Case) -> int:
    """Estimate how many bytes a case takes as a file; much faster than writing it."""
    return len(json.dumps(_plain(case), ensure_ascii=False).encode(errors="replace"))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        # Defaults that the analyst did not write are left out.
        fields = type(value).model_fields
        return {fields[n].alias or n: _plain(getattr(value, n)) for n in _written(value)}
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return DoubleQuotedScalarString(value.isoformat())
    if isinstance(value, str) and (value.lower() in _LOOKS_PLAIN or _is_numeric(value)):
        return DoubleQuotedScalarString(value)
    return value


def _written(part: BaseModel) -> list[str]:
    return [name for name in type(part).model_fields if name in part.model_fields_set]


def _is_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
