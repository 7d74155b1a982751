"""What a fit of monthly flows says: its numbers, the capacities of routes, and forecasts, all with ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Array, Float

from backchannel.estimation.trade.flows import MonthlyFlows
from backchannel.estimation.trade.model import SHARED, log_capacities, log_flows
from backchannel.wording.result import Result

if TYPE_CHECKING:
    from backchannel.estimation.trade.document import FlowFitView, FlowForecastView

SAMPLES = 1000
"""Draws from the posterior behind a range."""
SEED = 0
ENDS = (5, 50, 95)
RangeEnds = tuple[float, float, float]
"""5%, 50% and 95%."""


@dataclass(frozen=True)
class FlowForecast(Result):
    """Forecasts of flows; axis 0 is the month, axis 1 the partner."""

    months: tuple[pd.Period, ...]
    partners: tuple[str, ...]
    middle: Float[np.ndarray, "month partner"]
    """Median, in the data's unit."""
    low: Float[np.ndarray, "month partner"]
    """5th percentile."""
    high: Float[np.ndarray, "month partner"]
    """95th percentile."""
    own: Float[np.ndarray, "month partner"]
    """Median of the flows that there would be without a sanction."""
    reappearing: RangeEnds
    """5%, 50% and 95% of the share of the lost direct flow that reappears through neighbours; nan if none is lost."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each month and partner, rounded to whole units: `month`, `partner`, `eur`, `low`, `high`."""
        rows = [
            (str(month.to_timestamp().date()), partner, *(round(float(end[i, j])) for end in ends))
            for ends in [(self.middle, self.low, self.high)]
            for i, month in enumerate(self.months)
            for j, partner in enumerate(self.partners)
        ]
        return pd.DataFrame(rows, columns=["month", "partner", "eur", "low", "high"])

    def document(self) -> FlowForecastView:
        """What `trade forecast --json` writes."""
        from backchannel.estimation.trade.compose import compose_flow_forecast

        return compose_flow_forecast(self)


@dataclass(frozen=True)
class RouteCapacity:
    """The most that the route through one neighbour carries, in the data's unit a month."""

    partner: str
    now: RangeEnds | None
    """In the last month; none where sanctions have not begun."""
    final: RangeEnds
    """When all traders have found the way."""


@dataclass(frozen=True)
class FlowFit(Result):
    """The posterior of the model's numbers, as a normal distribution."""

    data: MonthlyFlows
    mode: Float[np.ndarray, " number"]
    covariance: Float[np.ndarray, "number number"]
    error: float
    """Standard deviation of ln(flow) around the model, estimated."""
    is_sanctioned: bool
    """Whether the last month, or the one after it, is under sanctions."""
    sensitivity: tuple[float, float]
    """Mean and standard deviation of the prior of ln θ."""
    elasticity: tuple[float, float]
    """The same of ln ε."""

    def shared(self) -> dict[str, RangeEnds]:
        """5%, 50% and 95% of each number that all partners share, in its own unit."""
        numbers = {}
        for i, name in enumerate(SHARED):
            spread = 1.6449 * np.sqrt(self.covariance[i, i])
            ends = self.mode[i] + spread * np.array([-1.0, 0.0, 1.0])
            ends = 1 / (1 + np.exp(-ends)) if name == "loosening" else np.exp(ends)
            numbers[name] = (float(ends[0]), float(ends[1]), float(ends[2]))
        return numbers

    def capacities(self) -> list[RouteCapacity]:
        """The capacity of the route through each neighbour, in the order of the data's partners."""
        last = len(self.data.months) - 1
        is_under = last >= self.data.since
        with jax.enable_x64(True):
            month = jnp.asarray(float(last))
            now, final = (
                np.exp(np.percentile(np.asarray(part), ENDS, axis=0))
                for part in _capacities(jnp.asarray(self._draws()), month, self.data.since)
            )
        return [
            RouteCapacity(partner, _three(now[:, i]) if is_under else None, _three(final[:, i]))
            for i, partner in enumerate(self.data.partners[1:])
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row for each estimate: `number`, `partner` (empty where all share it), `low`, `middle`, `high`."""
        return pd.DataFrame(self._rows(), columns=["number", "partner", "low", "middle", "high"])

    def document(self) -> FlowFitView:
        """What `trade fit --json` writes, without windows."""
        from backchannel.estimation.trade.compose import compose_flow_fit

        return compose_flow_fit(self)

    def _rows(self) -> Iterator[tuple[str, str, float, float, float]]:
        for name, ends in self.shared().items():
            yield (name, "", *ends)
        for route in self.capacities():
            if route.now is not None:
                yield ("capacity", route.partner, *route.now)
            yield ("final_capacity", route.partner, *route.final)

    def forecast(self, months: int) -> FlowForecast:
        """Forecast the months after the last one that was seen."""
        start = len(self.data.months)
        ahead = np.arange(start, start + months, dtype=float)
        random = np.random.default_rng(SEED)
        with jax.enable_x64(True):
            logs, own = (
                np.asarray(part)
                for part in _many(
                    jnp.asarray(self._draws(random)),
                    jnp.asarray(ahead),
                    jnp.asarray(calendar_of(self.data, ahead)),
                    jnp.asarray(start - 1.0),
                    self.data.since,
                    jnp.asarray(float(self.is_sanctioned)),
                )
            )
        seen = logs + self.error * random.standard_normal(logs.shape)
        low, middle, high = np.exp(np.percentile(seen, ENDS, axis=0))
        last = self.data.months[-1]
        return FlowForecast(
            months=tuple(last + 1 + i for i in range(months)),
            partners=self.data.partners,
            middle=middle,
            low=low,
            high=high,
            own=np.exp(np.median(own, axis=0)),
            reappearing=_ends_of_share(np.exp(logs), np.exp(own)),
        )

    def _draws(self, random: np.random.Generator | None = None) -> np.ndarray:
        """Draws from the posterior; the same ones every time."""
        random = random or np.random.default_rng(SEED)
        return random.multivariate_normal(self.mode, self.covariance, size=SAMPLES)


def calendar_of(data: MonthlyFlows, months: np.ndarray) -> np.ndarray:
    """Calendar month of each position, from 0."""
    return (data.months[0].month - 1 + months.astype(int)) % 12


def _predicted(
    numbers: Array,
    months: Array,
    calendar: Array,
    last: Array,
    since: int,
    is_sanctioned: Array,
) -> tuple[Array, Array]:
    return log_flows(
        numbers,
        months=months,
        calendar=calendar,
        last=last,
        since=since,
        is_sanctioned=is_sanctioned,
    )


def _capacities_of(numbers: Array, month: Array, since: int) -> tuple[Array, Array]:
    return log_capacities(numbers, month=month, since=since)


_many = jax.jit(jax.vmap(_predicted, in_axes=(0, None, None, None, None, None)))
_capacities = jax.jit(jax.vmap(_capacities_of, in_axes=(0, None, None)))


def _three(ends: np.ndarray) -> RangeEnds:
    low, middle, high = map(float, ends)
    return low, middle, high


def _ends_of_share(flows: np.ndarray, own: np.ndarray) -> RangeEnds:
    """RangeEnds and median of the reappearing share over draws, all months together."""
    lost = (own[..., 0] - flows[..., 0]).sum(axis=1)
    more = (flows[..., 1:] - own[..., 1:]).sum(axis=(1, 2))
    if np.median(lost) <= 1e-9 * own[..., 0].sum(axis=1).mean():
        return (np.nan, np.nan, np.nan)
    return _three(np.percentile(more / np.where(lost > 0, lost, np.nan), ENDS))
