"""Numbers that a user fixes or sets by name: each has the range that its meaning allows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from backchannel.case.lower.belief_entries import belief_behind
from backchannel.case.lowered import Lowered
from backchannel.language.errors import CommandError
from backchannel.language.names import ParameterName, is_precision
from backchannel.language.number_ranges import (
    DISCOUNT_RANGE,
    FINITE,
    MEAN_LEVEL_RANGE,
    PRECISION_RANGE,
    PROBABILITY_RANGE,
    TYPE_RANGE,
    NumberRange,
)
from backchannel.language.plain_values import plain


def range_of(lowered: Lowered, name: ParameterName) -> NumberRange:
    """The range of a number of the case; any finite number for a coefficient or an unknown name."""
    if name not in lowered.priors or name in lowered.linear:
        return FINITE
    if is_precision(name):
        return PRECISION_RANGE
    if name.endswith(".discount"):
        return DISCOUNT_RANGE
    thinking = lowered.diagram.thinking.of_player.values()
    if name in {own.mean for own in thinking}:
        return MEAN_LEVEL_RANGE
    if name in {own.level for own in thinking}:
        return TYPE_RANGE
    powers = lowered.diagram.thinking.complexity.values()
    if any(name in own.values() for own in powers):
        return FINITE
    behind = belief_behind(lowered.case, name)
    entry = lowered.case.parameters.get(behind[2] if behind else name)
    # Words of estimative probability inside a mechanism have names of their own.
    return PROBABILITY_RANGE if entry is None or entry.unit == "probability" else FINITE


def read_numbers(
    lowered: Lowered, given: Mapping[str, Any], *, infinite: bool = False
) -> dict[str, float]:
    """Check numbers that are given by name.

    Args:
        lowered: The case.
        given: By name, a number; names that the case does not have are left to the caller.
        infinite: Whether a precision may be infinite.

    Raises:
        CommandError: A number is outside of the range that its meaning allows; all are listed.
    """
    numbers, problems = {}, []
    for name, number in plain(given).items():
        allowed = range_of(lowered, str(name))
        if infinite and allowed is PRECISION_RANGE and number == math.inf:
            numbers[name] = math.inf
            continue
        try:
            numbers[name] = allowed.read(number, str(name))
        except CommandError as error:
            problems.append(str(error))
    if problems:
        raise CommandError("\n".join(problems))
    return numbers
