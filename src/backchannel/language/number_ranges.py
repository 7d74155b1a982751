"""Ranges of numbers that a user gives: one range for an option and for the argument of the same meaning.

Nan is in no range, and infinity in none: a comparison with nan is always false, so a test of
the form `if number < 0` accepts it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from backchannel.language.errors import CommandError
from backchannel.language.plain_values import plain


@dataclass(frozen=True)
class NumberRange:
    """Numbers from `low` to `high`; an open end is not part of the range."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    whole: bool = False
    """Only whole numbers."""

    def read(self, given: Any, name: str) -> float:
        """Return a number as a Python number, if it is in the range.

        Args:
            given: What the user gave: a Python, NumPy or pandas number.
            name: What it is called in the message.

        Raises:
            CommandError: It is not a number, or outside of the range.

        >>> STRICT_PROBABILITY_RANGE.read(0.5, "threshold")
        0.5
        """
        number = plain(given)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise CommandError(f"{name} must be {self.in_words}, not {given!r}.")
        if not self.holds(number):
            raise CommandError(f"{name} must be {self.in_words}, not {number:,}.")
        return int(number) if self.whole else float(number)

    def read_whole(self, given: Any, name: str) -> int:
        """Return a number of a range of whole numbers; errors as in `read`."""
        return int(self.read(given, name))

    def holds(self, number: float) -> bool:
        """Say whether a number is finite and in the range.

        >>> SEED_RANGE.holds(float("nan")), SEED_RANGE.holds(2.5), SEED_RANGE.holds(3.0)
        (False, False, True)
        """
        try:
            finite = math.isfinite(number)
        except OverflowError:  # A whole number too large for a float is in no range.
            return False
        if not finite or (self.whole and number != int(number)):
            return False
        above = number > self.low if self.low_open else number >= self.low
        return above and (number < self.high if self.high_open else number <= self.high)

    @property
    def in_words(self) -> str:
        """The range in words, after "must be".

        >>> DRAW_COUNT.in_words, RELIABILITY_RANGE.in_words, FINITE.in_words
        ('a whole number from 2 to 1,048,576', 'a number above 0 and at most 1', 'a finite number')
        """
        kind = "a whole number" if self.whole else "a number"
        low, high = _written(self.low), _written(self.high)
        if math.isinf(self.low) and math.isinf(self.high):
            return kind if self.whole else "a finite number"
        if math.isinf(self.high) or self.high >= LARGEST_WHOLE:
            return f"{kind} above {low}" if self.low_open else f"{kind} of at least {low}"
        if self.low_open and self.high_open:
            return f"{kind} between {low} and {high}, ends excluded"
        if self.low_open or self.high_open:
            lower = f"above {low}" if self.low_open else f"of at least {low}"
            return f"{kind} {lower} and {'below' if self.high_open else 'at most'} {high}"
        return f"{kind} from {low} to {high}"


def _written(number: float) -> str:
    return f"{int(number):,}" if math.isfinite(number) and number == int(number) else f"{number:g}"


LARGEST_WHOLE = 2**63 - 1
"""Largest whole number that files and libraries hold."""

DRAW_COUNT = NumberRange(2, 1 << 20, whole=True)
"""How many draws are taken."""
DEFAULT_DRAWS = 1024
"""Draws that are taken unless the user says how many; a power of two is best."""
USED_DRAWS = NumberRange(1, LARGEST_WHOLE, whole=True)
"""How many of the draws one question uses."""
SHARD_DRAWS = NumberRange(16, 1 << 18, whole=True)
"""Draws in a shard of a run."""
SHARD_SIZE = 8192
"""Draws in a shard unless the user says how many: some seconds of work, and little to lose."""
SEED_RANGE = NumberRange(0, LARGEST_WHOLE, whole=True)
DRAW_FROM_0 = NumberRange(0, LARGEST_WHOLE, whole=True)
"""A draw, counted from 0."""
NUMBER_FROM_1 = NumberRange(1, LARGEST_WHOLE, whole=True)
"""A draw, a package, or a run of the ledger, counted from 1."""
RIVAL_COUNT = NumberRange(1, 10_000, whole=True)
"""Rival structures that are solved, at most."""
START_COUNT = NumberRange(1, 10_000, whole=True)
"""Random starts of a search."""
WORLD_COUNT = NumberRange(2, 100_000, whole=True)
"""Worlds in each draw."""
CHAIN_COUNT = NumberRange(2, 64, whole=True)
FOLD_COUNT = NumberRange(2, 1000, whole=True)
SAMPLE_COUNT = NumberRange(100, 1_000_000, whole=True)
"""Samples that are kept from each chain."""
MONTH_COUNT = NumberRange(1, 120, whole=True)
PLAY_COUNT = NumberRange(1, 100_000_000, whole=True)
PORT_RANGE = NumberRange(0, 65_535, whole=True)
PIXELS = NumberRange(120, 100_000, whole=True)

FINITE = NumberRange()
PROBABILITY_RANGE = NumberRange(0, 1)
STRICT_PROBABILITY_RANGE = NumberRange(0, 1, low_open=True, high_open=True)
RELIABILITY_RANGE = NumberRange(0, 1, low_open=True)
"""The probability that something is as reported."""
DISCOUNT_RANGE = NumberRange(0, 1, low_open=True)
MULTIPLE_RANGE = NumberRange(0, low_open=True)
"""A multiple of every player's precision."""
TREE_PRECISION = NumberRange(0, 1e6)
"""A logit precision for the players of a game tree."""
PRECISION_RANGE = NumberRange(0)
"""A logit precision."""
MEAN_LEVEL_RANGE = NumberRange(0)
"""The mean level in a cognitive hierarchy."""
TYPE_RANGE = NumberRange(-1, 12)
"""A player's type: a level, or −1 for equilibrium."""
