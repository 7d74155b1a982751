"""Estimate the model of monthly flows, and forecast with ranges.

The mode of the posterior is found with exact derivatives; its curvature there gives the ranges.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy.optimize import least_squares

from backchannel.estimation.trade.flows import MonthlyFlows
from backchannel.estimation.trade.model import SHARED, log_flows, prior_belief

HALF_LIFE = 3.0
"""Months after which an observation counts half; of 3, 4, 6 and 8 the best on windows inside the data."""
USUAL_ERROR = 0.15
"""Standard deviation of ln(flow) around the model in one month."""
SAMPLES = 1000
"""Draws from the posterior behind a range."""
SEED = 0
ENDS = (5, 50, 95)


@dataclass(frozen=True)
class FlowForecast:
    """Forecasts of flows; axis 0 is the month, axis 1 the partner."""

    middle: Float[np.ndarray, "month partner"]
    """Median, in the data's unit."""
    low: Float[np.ndarray, "month partner"]
    """5th percentile."""
    high: Float[np.ndarray, "month partner"]
    """95th percentile."""
    own: Float[np.ndarray, "month partner"]
    """Median of the flows that there would be without a sanction."""
    reappearing: tuple[float, float, float]
    """5%, 50% and 95% of the share of the lost direct flow that reappears through neighbours; nan if none is lost."""


@dataclass(frozen=True)
class FlowFit:
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

    def shared(self) -> dict[str, tuple[float, float, float]]:
        """5%, 50% and 95% of each number that all partners share, in its own unit."""
        numbers = {}
        for i, name in enumerate(SHARED):
            spread = 1.6449 * np.sqrt(self.covariance[i, i])
            ends = self.mode[i] + spread * np.array([-1.0, 0.0, 1.0])
            ends = 1 / (1 + np.exp(-ends)) if name == "loosening" else np.exp(ends)
            numbers[name] = (float(ends[0]), float(ends[1]), float(ends[2]))
        return numbers

    def forecast(self, months: int) -> FlowForecast:
        """Forecast the months after the last one that was seen."""
        random = np.random.default_rng(SEED)
        numbers = random.multivariate_normal(self.mode, self.covariance, size=SAMPLES)
        start = len(self.data.months)
        ahead = np.arange(start, start + months, dtype=float)
        with jax.enable_x64(True):
            logs, own = (
                np.asarray(part)
                for part in _many(
                    jnp.asarray(numbers),
                    jnp.asarray(ahead),
                    jnp.asarray(_calendar(self.data, ahead)),
                    jnp.asarray(start - 1.0),
                    self.data.since,
                    jnp.asarray(float(self.is_sanctioned)),
                )
            )
        seen = logs + self.error * random.standard_normal(logs.shape)
        low, middle, high = np.exp(np.percentile(seen, ENDS, axis=0))
        return FlowForecast(
            middle,
            low,
            high,
            np.exp(np.median(own, axis=0)),
            _ends_of_share(np.exp(logs), np.exp(own)),
        )


def estimate_flows(
    data: MonthlyFlows,
    *,
    sensitivity: tuple[float, float],
    elasticity: tuple[float, float],
    half_life: float = HALF_LIFE,
    most_months: int | None = None,
) -> FlowFit:
    """Fit the model to all months of the data.

    Args:
        data: The months that were seen.
        sensitivity: Mean and standard deviation of ln θ.
        elasticity: Mean and standard deviation of ln ε.
        half_life: Months after which an observation counts half.
        most_months: Length to which the data are filled up, so that windows of different length share one
            compiled program.
    """
    n, total = len(data.months), most_months or len(data.months)
    before = data.logs[: min(n, max(data.since, 1))]
    belief = prior_belief(
        np.nanmean(before[-12:], axis=0), sensitivity=sensitivity, elasticity=elasticity
    )
    logs = np.zeros((total, len(data.partners)))
    logs[:n] = np.nan_to_num(data.logs)
    weights = np.zeros(logs.shape)
    age = n - 1 - np.arange(n)
    weights[:n] = np.isfinite(data.logs) * (0.5 ** (age / half_life))[:, None]
    months = np.arange(total, dtype=float)
    # Whoever forecasts the first month under sanctions knows of them.
    is_sanctioned = n >= data.since
    with jax.enable_x64(True):
        given = (
            jnp.asarray(logs),
            jnp.asarray(np.sqrt(weights) / USUAL_ERROR),
            jnp.asarray(months),
            jnp.asarray(_calendar(data, months)),
            jnp.asarray(n - 1.0),
            data.since,
            jnp.asarray(float(is_sanctioned)),
            jnp.asarray(belief.mean),
            jnp.asarray(belief.spread),
        )
        solution = least_squares(
            lambda v: np.asarray(_misfit(jnp.asarray(v), *given)),
            belief.mean,
            jac=lambda v: np.asarray(_slopes(jnp.asarray(v), *given)),  # type: ignore[arg-type]
            max_nfev=200,
        )
    gaps = solution.fun[: logs.size].reshape(logs.shape) * USUAL_ERROR
    error = float(np.sqrt((gaps**2).sum() / weights.sum()))
    covariance = np.linalg.inv(solution.jac.T @ solution.jac)
    return FlowFit(data, solution.x, covariance, error, is_sanctioned, sensitivity, elasticity)


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


_many = jax.jit(jax.vmap(_predicted, in_axes=(0, None, None, None, None, None)))


def _all_misfits(
    numbers: Array,
    logs: Array,
    weights: Array,
    months: Array,
    calendar: Array,
    last: Array,
    since: int,
    is_sanctioned: Array,
    mean: Array,
    spread: Array,
) -> Array:
    predicted, _ = _predicted(numbers, months, calendar, last, since, is_sanctioned)
    return jnp.concatenate([((predicted - logs) * weights).ravel(), (numbers - mean) / spread])


_misfit = jax.jit(_all_misfits)
_slopes = jax.jit(jax.jacfwd(_all_misfits))


def _calendar(data: MonthlyFlows, months: np.ndarray) -> np.ndarray:
    return (data.months[0].month - 1 + months.astype(int)) % 12


def _ends_of_share(flows: np.ndarray, own: np.ndarray) -> tuple[float, float, float]:
    """Ends and median of the reappearing share over draws, all months together."""
    lost = (own[..., 0] - flows[..., 0]).sum(axis=1)
    more = (flows[..., 1:] - own[..., 1:]).sum(axis=(1, 2))
    if np.median(lost) <= 1e-9 * own[..., 0].sum(axis=1).mean():
        return (np.nan, np.nan, np.nan)
    low, middle, high = np.percentile(more / np.where(lost > 0, lost, np.nan), ENDS)
    return (float(low), float(middle), float(high))
