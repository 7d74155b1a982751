"""Types that many keys of the case file share: text, values, numbers, days, expressions, weights."""

from __future__ import annotations

import math
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from backchannel.language.days import day_hint, read_date, read_day, read_month_or_day
from backchannel.language.numbers_as_text import explain_number
from backchannel.language.shapes import not_this


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError("should be text" + _not_a_truth(value))


def _scalar(value: Any) -> str | int | float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("should be a word or a number" + _not_a_truth(value))
    return value


def _expression(value: Any) -> str | int | float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("should be an expression in quotes, or a number" + not_this(value))
    return value


def plain_number(
    says: str,
    *,
    least: float = float("-inf"),
    above: float = float("-inf"),
    most: float = float("inf"),
    is_whole: bool = False,
    may_be_infinite: bool = False,
) -> BeforeValidator:
    """Check a number, and say in plain words what is wrong with it.

    Args:
        says: What it should be, as it goes on after "should be".
        least: The smallest number that is allowed.
        above: The largest number that is too small.
        most: The largest number that is allowed.
        is_whole: Only whole numbers are allowed.
        may_be_infinite: `inf` is allowed.
    """

    def check(value: Any) -> float:
        number = _number_of(value)
        infinite = number is not None and math.isinf(number)
        if number is None or math.isnan(number) or (infinite and not may_be_infinite):
            hint = explain_number(value) if isinstance(value, str) else ""
            raise ValueError(f"should be {says}{not_this(value)}{hint}")
        if not (least <= number <= most and number > above) or (is_whole and number % 1):
            raise ValueError(f"should be {says}, not {value}.")
        return int(number) if is_whole else number

    return BeforeValidator(check)


def _number_of(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _not_a_truth(value: Any) -> str:
    if value is None:
        return "; it is empty."
    if isinstance(value, list | tuple | dict):
        return not_this(value)
    return f", not {str(value).lower()}. Put it in quotes." if isinstance(value, bool) else "."


def _names_or_one(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _announcement(value: Any) -> Any:
    if isinstance(value, bool) or value == "start" or isinstance(value, date):
        return value
    hint = ""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            hint = day_hint(value)
        if value.lower() in ("true", "false", "yes", "no"):
            hint = (
                f" Write {'true' if value.lower() in ('true', 'yes') else 'false'} without quotes."
            )
    raise ValueError(
        "should be true (announced when it happens), a day (YYYY-MM-DD), start, or false"
        f"{not_this(value)}{hint}"
    )


Day: TypeAlias = Annotated[date, BeforeValidator(read_day, json_schema_input_type=date)]
DayOrMonth: TypeAlias = Annotated[
    date,
    BeforeValidator(read_date),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}(-\d{2})?$",
            "description": "A day, or a month.",
        }
    ),
]
"""A month counts as its last day."""
FirstDay: TypeAlias = Annotated[
    date,
    BeforeValidator(read_month_or_day),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}(-\d{2})?$",
            "description": "A month, or its first day.",
        }
    ),
]
"""A month counts as its first day."""
Words: TypeAlias = Annotated[str, BeforeValidator(_words)]
Scalar: TypeAlias = Annotated[
    Any, BeforeValidator(_scalar), Field(json_schema_extra={"type": ["string", "number"]})
]
ValueKey: TypeAlias = Annotated[
    Any, BeforeValidator(_scalar), Field(json_schema_extra={"type": ["string", "number"]})
]
"""A value of a node as the key of a mapping."""
BareNumber: TypeAlias = Annotated[Any, Field(json_schema_extra={"type": "number"})]
"""A number; what is none is refused where its limits are known."""
ExpressionText: TypeAlias = Annotated[
    Any,
    BeforeValidator(_expression),
    Field(json_schema_extra={"type": ["string", "number"], "description": "An expression."}),
]
Weights: TypeAlias = dict[ValueKey, Any]
"""By value, an expression, an ICD 203 word or `rest`; or a table of such mappings."""
AnnouncementText: TypeAlias = Annotated[
    Any,
    BeforeValidator(_announcement),
    Field(
        json_schema_extra={
            "anyOf": [{"type": "boolean"}, {"type": "string", "format": "date"}, {"const": "start"}]
        }
    ),
]
NamesOrOne: TypeAlias = Annotated[
    list[Words], BeforeValidator(_names_or_one, json_schema_input_type=str | list[str])
]


class CaseEntry(BaseModel):
    """A mapping in the case file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)
