"""Estimate the model of monthly flows: the mode of the posterior, by exact derivatives, and its curvature there."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array
from scipy.optimize import least_squares

from backchannel.estimation.trade.fitted import FlowFit, calendar_of
from backchannel.estimation.trade.flows import MonthlyFlows
from backchannel.estimation.trade.model import log_flows, prior_belief

HALF_LIFE = 3.0
"""Months after which an observation counts half; of 3, 4, 6 and 8 the best on windows inside the data."""
USUAL_ERROR = 0.15
"""Standard deviation of ln(flow) around the model in one month."""


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
    belief = prior_belief(
        np.nanmean(data.usual_logs, axis=0), sensitivity=sensitivity, elasticity=elasticity
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
            jnp.asarray(calendar_of(data, months)),
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
    predicted, _ = log_flows(
        numbers,
        months=months,
        calendar=calendar,
        last=last,
        since=since,
        is_sanctioned=is_sanctioned,
    )
    return jnp.concatenate([((predicted - logs) * weights).ravel(), (numbers - mean) / spread])


_misfit = jax.jit(_all_misfits)
_slopes = jax.jit(jax.jacfwd(_all_misfits))
