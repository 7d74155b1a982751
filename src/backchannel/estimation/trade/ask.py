"""Fit the monthly flows of one of a case's goods."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backchannel.case.lowered import Lowered
from backchannel.estimation.trade.estimate import estimate_flows
from backchannel.estimation.trade.fitted import FlowFit
from backchannel.estimation.trade.flows import read_flows
from backchannel.estimation.trade.priors import log_priors_of
from backchannel.language.errors import CommandError
from backchannel.language.names import name_hint


def fit_good(lowered: Lowered, data: str | Path | Any, *, name: str, good: str | None) -> FlowFit:
    """Estimate a good's routes from a table of monthly flows by partner.

    Args:
        lowered: The case.
        data: A CSV or Parquet file, or a DataFrame, with the columns `month`, `partner` and `eur`.
        name: What the case is called in a message.
        good: The good in `trade`; needed only if the case has several.

    Raises:
        CommandError: The case has no such good, it cannot be fitted, or the table is wrong.
    """
    goods = lowered.case.trade
    if not goods:
        raise CommandError(f"{name} has no `trade`, so there is nothing to fit.")
    if good is None and len(goods) > 1:
        raise CommandError(
            f"The case has several goods. Name one of them (--good): {', '.join(goods)}."
        )
    chosen = good or next(iter(goods))
    if chosen not in goods:
        raise CommandError(f"No good is called '{chosen}'.{name_hint(chosen, list(goods))}")
    entry = goods[chosen]
    flows = read_flows(chosen, entry, data)
    sensitivity, elasticity = log_priors_of(chosen, entry)
    return estimate_flows(flows, sensitivity=sensitivity, elasticity=elasticity)
