"""Fit one way to reason to weighted rows of a pool: levels by their slopes, equilibrium on a grid of precisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from scipy import interpolate, optimize

from backchannel.equilibrium.beliefs.models import build_models
from backchannel.equilibrium.beliefs.play import play
from backchannel.estimation.pool.games import PooledGames
from backchannel.estimation.pool.reasonings import PoolLikelihood, WayToReason, slopes
from backchannel.language.errors import ConvergenceError
from backchannel.language.names import is_precision

EQUILIBRIUM = "equilibrium"
FEWEST = 4
"""Precisions at which equilibria must be found."""
GRID = np.linspace(-2.0, 4.0, 31)
"""Logarithms of the precisions at which equilibria are found; between them one is interpolated."""


def level_fitter(pooled: Sequence[PooledGames], reasoning: WayToReason) -> Any:
    """Make what fits one way to reason to some weights, and gives every row's log likelihood."""
    likelihoods = [PoolLikelihood(games, reasoning) for games in pooled]
    ends = np.cumsum([len(games.draw) for games in pooled])[:-1]
    with jax.enable_x64(True):
        total = slopes(likelihoods)
        by_row = jax.jit(lambda x: [one(x) for one in likelihoods])

    def fitted(weight: np.ndarray, start: Any = None) -> tuple[np.ndarray, dict[str, float], Any]:
        parts, size = np.split(weight, ends), weight.sum()

        def height(x: np.ndarray) -> tuple[float, np.ndarray]:
            value, slope = total(x, parts)
            return -float(value) / size, -np.asarray(slope) / size

        with jax.enable_x64(True):
            begin = np.array(reasoning.start) if start is None else start
            bounds = [(-12.0, 12.0)] * len(begin)
            x = optimize.minimize(height, begin, jac=True, method="L-BFGS-B", bounds=bounds).x
            logs = np.concatenate([np.asarray(one) for one in by_row(x)])
        return logs, dict(zip(reasoning.numbers, reasoning.values(x), strict=True)), x

    return fitted


def equilibrium_fitter(pooled: Sequence[PooledGames]) -> Any:
    """The same for logit equilibrium with one precision for all."""
    heights = []
    for log in GRID:
        rows = _at_equilibrium(pooled, float(np.exp(log)))
        if rows is None:
            # Beyond it, some game's branch is not followed to its end.
            break
        heights.append(rows)
    if len(heights) < FEWEST:
        raise ConvergenceError(
            "No equilibrium was found in some game of the pool at a low precision."
        )
    grid = GRID[: len(heights)]
    curve = interpolate.CubicSpline(grid, np.array(heights))

    def fitted(weight: np.ndarray, start: Any = None) -> tuple[np.ndarray, dict[str, float], Any]:
        sums = np.array(heights) @ weight
        best = int(np.clip(np.argmax(sums), 1, len(grid) - 2))
        x = optimize.minimize_scalar(
            lambda log: -float(curve(log) @ weight),
            bounds=(grid[best - 1], grid[best + 1]),
            method="bounded",
        ).x
        return curve(x), {"precision": float(np.exp(x))}, start

    return fitted


def _at_equilibrium(pooled: Sequence[PooledGames], precision: float) -> np.ndarray | None:
    """Each row's log likelihood in equilibrium at one precision; none where some game has none."""
    rows = []
    for games in pooled:
        at = np.full(games.n_games, precision)
        numbers = {n: at if is_precision(n) else v for n, v in games.numbers.items()}
        played = play(build_models(games.lowered.diagram, (), numbers))
        if not played.converged.all():
            return None
        with jax.enable_x64(True):
            tables = {**games.game.factors, **played.policies}
            rows.append(np.asarray(games.record.log(tables, games.draw)))
    return np.concatenate(rows)
