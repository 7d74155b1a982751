"""The priors of a good's sensitivity and elasticity, as logarithms."""

from __future__ import annotations

from typing import Any

import numpy as np

from backchannel.case.schema.prior_text import prior_from
from backchannel.case.schema.trade import TradeEntry
from backchannel.language.errors import CommandError

NEARLY_KNOWN = 0.01
"""Standard deviation, in logarithms, of a number that the case states without a prior."""
NORMAL_END = 1.6449
"""The 95% quantile of the standard normal distribution."""


def log_priors_of(good: str, entry: TradeEntry) -> tuple[tuple[float, float], tuple[float, float]]:
    """Mean and standard deviation of ln θ and of ln ε, with the case's 5% and 95% quantiles.

    Raises:
        CommandError: One of them is an expression, which months of data cannot evaluate.
    """
    direct = next(route for route in entry.routes.values() if route.partner and not route.through)
    here = f"trade.{good}"
    return (
        _in_logs(f"{here}.sensitivity", entry.sensitivity),
        _in_logs(f"{here}.demand.{direct.to}.elasticity", entry.demand[direct.to].elasticity),
    )


def _in_logs(place: str, raw: Any) -> tuple[float, float]:
    if isinstance(raw, str):
        raise CommandError(
            f"{place} is an expression. To fit flows, write a number or a prior, such as "
            "{between: [1, 6]}."
        )
    prior = prior_from(raw)
    low, high = np.log(prior.at(0.05)), np.log(prior.at(0.95))
    return (low + high) / 2, max((high - low) / (2 * NORMAL_END), NEARLY_KNOWN)
