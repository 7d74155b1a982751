"""Types of the `rounds` section of the case file."""

from __future__ import annotations

import itertools
import math
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from backchannel.case.schema.parts import ValueKey
from backchannel.case.schema.written_names import Name
from backchannel.language.calendar import read_round_length

MOST_ROUNDS = 120
MAX_DAY = 366
"""Latest day of a round on which a node can come about."""
MOST_GRID = 200
"""Most values of one grid."""


def _every(value: Any) -> str:
    read_round_length(str(value))
    return str(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"should be the number of rounds, a whole number from 1 to {MOST_ROUNDS}.")
    if value > MOST_ROUNDS:
        raise ValueError(
            f"should be at most {MOST_ROUNDS}, not {value}. Use longer rounds, or give the worth of "
            "everything after them in `last`."
        )
    return value


def _day(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_DAY:
        raise ValueError("should be a day of the round, counted from 1.")
    return value


def _grid(value: Any) -> tuple[float, ...]:
    if isinstance(value, dict):
        value = _stepped(value)
    if not isinstance(value, list | tuple) or len(value) < 2:
        raise ValueError(
            "should be at least two numbers: [0, 100, 200] or {from: 0, to: 200, step: 100}."
        )
    if not all(isinstance(x, int | float) and not isinstance(x, bool) for x in value):
        raise ValueError("should be numbers only.")
    if len(value) > MOST_GRID:
        raise ValueError(
            f"should have at most {MOST_GRID} values, not {len(value)}. Use wider steps."
        )
    for lower, upper in itertools.pairwise(value):
        if lower == upper:
            raise ValueError(f"should list each value once; {lower:g} is repeated.")
        if lower > upper:
            raise ValueError(f"should rise; {lower:g} comes before {upper:g}.")
    return tuple(value)


def _stepped(given: dict[Any, Any]) -> list[float]:
    form = "should be {from: 0, to: 200, step: 100}, with three numbers."
    if set(given) != {"from", "to", "step"}:
        raise ValueError(form)
    low, high, step = given["from"], given["to"], given["step"]
    if not all(isinstance(x, int | float) and not isinstance(x, bool) for x in (low, high, step)):
        raise ValueError(form)
    if step <= 0 or high <= low:
        raise ValueError("should rise from `from` to `to` by a `step` above 0.")
    share = (high - low) / step
    # The number of steps is not finite if an end is not, or if the step is tiny.
    steps = round(share) if math.isfinite(share) else MOST_GRID + 1
    if steps > MOST_GRID:
        raise ValueError(f"should have at most {MOST_GRID} values. Use wider steps.")
    if abs(low + steps * step - high) > 1e-9 * max(1.0, abs(high)):
        raise ValueError(
            f"should reach `to` in whole steps; {high:g} is not {low:g} plus steps of {step:g}."
        )
    return [low + i * step for i in range(steps + 1)]


def _start(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("should be a value, or an expression in quotes.")
    return value


def _lengths(value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        raise ValueError("should give a number of periods by value, such as {slow: 3}.")
    for periods in value.values():
        if (
            isinstance(periods, bool)
            or not isinstance(periods, int)
            or not 1 <= periods <= MOST_ROUNDS
        ):
            raise ValueError(
                f"should give whole numbers of periods from 1 to {MOST_ROUNDS}, not {periods}."
            )
    return value


def _by_one_node(value: Any) -> Any:
    if isinstance(value, dict) and len(value) > 1:
        raise ValueError(
            f"has {len(value)} nodes, but one gives the length of a round. Write a derived node of them, and "
            "name that."
        )
    return value


Count = Annotated[int, BeforeValidator(_count), Field(ge=1, le=MOST_ROUNDS)]
RoundDay = Annotated[int, BeforeValidator(_day), Field(ge=1, le=MAX_DAY)]
Period = Annotated[
    str,
    BeforeValidator(_every),
    Field(
        json_schema_extra={"type": "string", "examples": ["week", "month", "quarter", "10 days"]}
    ),
]
Grid = Annotated[
    Any,
    BeforeValidator(_grid),
    Field(
        json_schema_extra={
            "anyOf": [
                {"type": "array", "items": {"type": "number"}, "minItems": 2},
                {
                    "type": "object",
                    "properties": {key: {"type": "number"} for key in ("from", "to", "step")},
                    "required": ["from", "to", "step"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
Lengths = Annotated[
    dict[ValueKey, int],
    BeforeValidator(_lengths),
    Field(
        json_schema_extra={
            "type": "object",
            "additionalProperties": {"type": "integer", "minimum": 1, "maximum": MOST_ROUNDS},
        }
    ),
]
"""By value of a node, how many periods a round lasts."""
Length = Annotated[
    dict[Name, Lengths],
    BeforeValidator(_by_one_node),
    Field(json_schema_extra={"maxProperties": 1}),
]
"""By the node that gives the length of a round."""
Start = Annotated[
    Any, BeforeValidator(_start), Field(json_schema_extra={"type": ["string", "number"]})
]
