"""The types of options that take numbers: in a range, finite, and the same from Python.

Click's own types accept nan, because no comparison with it is true, and infinity.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import click

from backchannel.language.number_ranges import FINITE, NumberRange


class RealOption(click.FloatRange):
    """A finite number in a range."""

    def __init__(self, allowed: NumberRange) -> None:
        self.allowed = allowed
        low, high = (None if math.isinf(end) else end for end in (allowed.low, allowed.high))
        super().__init__(low, high, allowed.low_open, allowed.high_open)

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """Read the number; a wrong one is a usage error that names the range."""
        return float(
            _checked(self, self.allowed, click.FLOAT.convert(value, param, ctx), param, ctx)
        )


class WholeOption(click.IntRange):
    """A whole number in a range."""

    def __init__(self, allowed: NumberRange) -> None:
        self.allowed = allowed
        # An end that only keeps numbers within 64 bits is no help to a reader.
        high = None if allowed.high > 2**32 else int(allowed.high)
        super().__init__(int(allowed.low), high)

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        """Read the number; a wrong one is a usage error that names the range."""
        return int(_checked(self, self.allowed, click.INT.convert(value, param, ctx), param, ctx))


class NamedNumbers(click.ParamType[dict[str, float]]):
    """`NAME=VALUE`, or several of these separated by commas; which range fits depends on the name."""

    name = "numbers"

    def __init__(self, *, infinite: bool = False) -> None:
        """Prepare.

        Args:
            infinite: Whether infinity is a number here, as it is for the precision of a player.
        """
        self.infinite = infinite

    def convert(self, value: Any, param: Any, ctx: Any) -> dict[str, float]:
        """Read the numbers; a wrong one is a usage error that names it."""
        if isinstance(value, dict):
            return value
        numbers: dict[str, float] = {}
        for piece in value.split(","):
            # The name of a category's level contains an equals sign: war_1[regime1=dem]=0.
            name, sign, text = (part.strip() for part in piece.rpartition("="))
            try:
                number = float(text)
            except ValueError:
                sign, number = "", math.nan
            if not sign or not name:
                self.fail(f"'{piece.strip()}' gives no number; write NAME=VALUE.", param, ctx)
            is_infinity = self.infinite and text.lower() in ("inf", "infinity")
            if not (FINITE.holds(number) or is_infinity):
                self.fail(f"{name} must be {FINITE.in_words}, not {text}.", param, ctx)
            if numbers.setdefault(name, number) != number:
                self.fail(_given_twice(name, numbers[name], number), param, ctx)
        return numbers


def merge_numbers(given: Sequence[Mapping[str, float]], option: str) -> dict[str, float]:
    """Merge the numbers of an option that is given several times.

    Raises:
        UsageError: A name has two numbers.
    """
    merged: dict[str, float] = {}
    for numbers in given:
        for name, number in numbers.items():
            if merged.setdefault(name, number) != number:
                raise click.UsageError(f"{option}: {_given_twice(name, merged[name], number)}")
    return merged


def _given_twice(name: str, first: float, second: float) -> str:
    return f"{name} is given twice: {first:g} and {second:g}."


def _checked(kind: Any, allowed: NumberRange, number: float, param: Any, ctx: Any) -> float:
    if not allowed.holds(number):
        kind.fail(f"it must be {allowed.in_words}, not {number:,}.", param, ctx)
    return number
