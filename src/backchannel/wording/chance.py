"""Words about chance: what a list of assumptions says when it is empty, and how far chance reaches."""

from __future__ import annotations

from backchannel.wording.percents import percent

NONE_STANDS_OUT = "No single assumption stands out from chance at this number of draws."
NONE_STANDS_OUT_BRIEF = "no single assumption stands out from chance"


def reach_of_chance(level: float) -> str:
    """State how large a share the strongest assumption has by chance alone.

    >>> reach_of_chance(0.034)
    'By chance alone, the strongest of all assumptions would explain more than 3% once in 20 times.'
    """
    return (
        "By chance alone, the strongest of all assumptions would explain more than "
        f"{percent(level)} once in 20 times."
    )
