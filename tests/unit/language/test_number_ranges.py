"""Ranges of numbers: nan and infinity are in none, and NumPy's numbers are numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backchannel.language import number_ranges
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import (
    DRAW_COUNT,
    FINITE,
    RELIABILITY_RANGE,
    STRICT_PROBABILITY_RANGE,
    NumberRange,
)

RANGES = {
    name: known for name, known in vars(number_ranges).items() if isinstance(known, NumberRange)
}


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize(
    "wrong", [math.nan, math.inf, -math.inf, np.float64("nan"), np.float32("inf"), 10**400]
)
def test_nothing_infinite_is_in_a_range(name, wrong):
    with pytest.raises(CommandError, match=r"it must be a|^it must be a"):
        RANGES[name].read(wrong, "it")


@pytest.mark.parametrize("wrong", [True, None, "3", [3], np.bool_(True), np.array([3, 4])])
def test_only_numbers_are_numbers(wrong):
    with pytest.raises(CommandError, match="draws must be a whole number from 2 to 1,048,576"):
        DRAW_COUNT.read(wrong, "draws")


@pytest.mark.parametrize(
    ("allowed", "inside", "outside"),
    [
        (DRAW_COUNT, [2, 1 << 20, np.int8(3), np.uint64(64), 4.0], [1, 2.5, (1 << 20) + 1, -8]),
        (STRICT_PROBABILITY_RANGE, [1e-9, 0.5, np.float32(0.5)], [0, 1, -0.1, 1.1]),
        (RELIABILITY_RANGE, [0.1, 1, np.int64(1)], [0, -0.5, 1.0001]),
        (FINITE, [-5, 0, np.float16(2), np.array(1.5)], []),
    ],
)
def test_the_ends_belong_to_a_range_as_it_says(allowed, inside, outside):
    for number in inside:
        read = allowed.read(number, "it")
        assert read == number
        assert type(read) is (int if allowed.whole else float)
    for number in outside:
        with pytest.raises(CommandError):
            allowed.read(number, "it")
