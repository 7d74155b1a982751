"""The functions of formulas and the options that each takes, all of them literal values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backchannel.language.formulas.tree import BaseLevel
from backchannel.language.names import did_you_mean

MOST_BASIS = 50
"""Most columns that one spline or polynomial makes."""


@dataclass(frozen=True)
class Option:
    """One option of a function, and what it may be."""

    kinds: tuple[type, ...]
    says: str
    """What it may be, in words."""
    least: float = float("-inf")
    most: float = float("inf")
    words: tuple[str, ...] = ()

    def allows(self, value: Any) -> bool:
        """Whether a literal value is one that the option may have."""
        # True is an int for Python; here a switch is no number.
        if isinstance(value, bool):
            return bool in self.kinds
        if not isinstance(value, self.kinds):
            return False
        if isinstance(value, str) and self.words:
            return value in self.words
        if isinstance(value, int | float):
            return self.least <= value <= self.most
        return True


@dataclass(frozen=True)
class Function:
    """A function of formulas."""

    options: Mapping[str, Option]
    by_place: int = 0
    """How many of the options can be given without their names."""
    is_number: bool = False
    """One number a row, so that it can stand in the argument of another function."""
    needs_column: bool = False


_SWITCH = Option((bool,), "true or false")
_NUMBER = Option((int, float), "a number", -1e12, 1e12)
_NUMBERS = Option((tuple,), "a list of numbers such as [1, 2]")
_COUNT = Option((int,), f"a whole number from 1 to {MOST_BASIS}", 1, MOST_BASIS)
_BEYOND = Option(
    (str,),
    "'raise', 'clip', 'na', 'zero' or 'extend'",
    words=("raise", "clip", "na", "zero", "extend"),
)
_SWITCH_OR_NUMBER = Option((bool, int, float), "true, false or a number", -1e12, 1e12)

FUNCTIONS: Mapping[str, Function] = {
    "C": Function(
        {
            "contrasts": Option((BaseLevel,), "Treatment('level')"),
            "levels": Option((tuple,), "a list of levels such as ['low', 'high']"),
            "missing": _SWITCH,
        },
        by_place=1,
        needs_column=True,
    ),
    "poly": Function({"degree": _COUNT, "raw": _SWITCH}, by_place=2),
    "bs": Function(
        {
            "df": _COUNT,
            "knots": _NUMBERS,
            "degree": Option((int,), "a whole number from 0 to 10", 0, 10),
            "include_intercept": _SWITCH,
            "lower_bound": _NUMBER,
            "upper_bound": _NUMBER,
            "extrapolation": _BEYOND,
        },
        by_place=4,
    ),
    "cr": Function(
        {
            "df": _COUNT,
            "knots": _NUMBERS,
            "lower_bound": _NUMBER,
            "upper_bound": _NUMBER,
            "constraints": Option((str,), "'center'", words=("center",)),
            "extrapolation": _BEYOND,
        },
        by_place=2,
    ),
    "log": Function({}, is_number=True),
    "exp": Function({}, is_number=True),
    "sqrt": Function({}, is_number=True),
    "scale": Function(
        {
            "center": _SWITCH_OR_NUMBER,
            "scale": _SWITCH_OR_NUMBER,
            "ddof": Option((int,), "a whole number from 0 to 10", 0, 10),
        },
        by_place=3,
        is_number=True,
    ),
    "center": Function({}, is_number=True),
    "I": Function({}, is_number=True),
    "offset": Function({}),
    "fill": Function({}, is_number=True, needs_column=True),
    "missing": Function({}, is_number=True, needs_column=True),
}

_ELSEWHERE = {
    "log10": "write log(x), which differs by a factor only",
    "log2": "write log(x), which differs by a factor only",
    "factor": "write C(x)",
    "as.factor": "write C(x)",
    "ns": "write cr(x, df=4), a natural cubic spline",
    "s": "write cr(x, df=4), a natural cubic spline",
    "standardize": "write scale(x)",
}


def unknown_function(name: str) -> str:
    """Say that there is no such function, and which one may be meant."""
    remedy = did_you_mean(name, list(FUNCTIONS))
    if name in _ELSEWHERE:
        remedy = f" Instead, {_ELSEWHERE[name]}."
    return f"a formula has no function '{name}'.{remedy} The functions are: {', '.join(FUNCTIONS)}."


def option_problem(function: str, given: list[tuple[str, Any]], name: str, value: Any) -> str:
    """Say what is wrong with one option of a known function; empty where nothing is.

    Args:
        function: The name of the function.
        given: The options that stand before this one, by name or by place (no name).
        name: The name of the option; empty where it is given by its place.
        value: Its literal value.
    """
    known = FUNCTIONS[function]
    names = list(known.options)
    if not name:
        place = len(given)
        if any(other for other, _ in given):
            return f"an option of {function} without a name stands after one with a name."
        if place >= known.by_place:
            allowed = f"; its options are {', '.join(names)}" if names else ""
            return f"{function} takes no option in this place{allowed}."
        name = names[place]
    elif name not in known.options:
        allowed = f"its options are {', '.join(names)}" if names else "it has none"
        return f"{function} has no option '{name}'; {allowed}.{did_you_mean(name, names)}"
    taken = [other or names[i] for i, (other, _) in enumerate(given)]
    if name in taken:
        return f"{function} is given '{name}' twice."
    option = known.options[name]
    if not option.allows(value):
        return f"'{name}' of {function} is {option.says}."
    if option is _NUMBERS and any(isinstance(item, str) for item in value):
        return f"'{name}' of {function} is {option.says}."
    return ""
