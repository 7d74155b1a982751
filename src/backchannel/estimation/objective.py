"""What a search maximises: the mean log likelihood on the principal branch, without bounds."""

from __future__ import annotations

import numpy as np
from scipy import special

from backchannel.estimation.log_priors import log_priors
from backchannel.estimation.maximum import Landscape
from backchannel.estimation.problem import FitProblem

BEND = 1e-5
"""Step of the coordinates over which slopes are compared."""
RIDGE = 1e-3
"""Added to the first guess of the Hessian, per mean curvature, so that no step is endless."""


class Objective:
    """The mean negative log likelihood, in unbounded coordinates: scaled, log or logit."""

    def __init__(self, problem: FitProblem) -> None:
        self.problem = problem
        kinds = problem.design.kinds
        self.positive, self.share = kinds == "positive", kinds == "share"
        self.scale = np.where(kinds == "any", problem.design.scale(), 1.0)
        self.total = float(problem.weights.sum())

    def inside(self, beta: np.ndarray) -> np.ndarray:
        coordinates = beta / self.scale
        coordinates[self.positive] = np.log(beta[self.positive])
        coordinates[self.share] = special.logit(beta[self.share])
        return coordinates

    def outside(self, x: np.ndarray) -> np.ndarray:
        coefficients = x * self.scale
        coefficients[self.positive] = np.exp(np.clip(x[self.positive], -30, 30))
        coefficients[self.share] = special.expit(np.clip(x[self.share], -30, 30))
        return coefficients

    def stretch(self, beta: np.ndarray) -> np.ndarray:
        """By how much a coefficient moves when its coordinate does."""
        stretches = self.scale.copy()
        stretches[self.positive] = beta[self.positive]
        stretches[self.share] = (beta * (1 - beta))[self.share]
        return stretches

    def __call__(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        beta = self.outside(x)
        value, slope, _ = self.at(beta)
        return value / self.total, slope * self.stretch(beta) / self.total

    def at(self, beta: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Negative objective, its slope, and each row's scores, in plain coefficients."""
        problem = self.problem
        rows = problem.likelihood.on_principal_branch(problem.design.rows(beta))
        used = problem.played
        if not (rows.settled[used].all() and np.isfinite(rows.log[used]).all()):
            # A row without an equilibrium, or with an impossible play, rejects the step.
            return np.inf, np.zeros(len(beta)), np.zeros((len(used), len(beta)))
        # Rows without weight may have no play, and so no number at all.
        scores = problem.design.scores(np.where(used[:, None], rows.slope, 0.0))
        value = float(problem.weights[used] @ rows.log[used])
        slope = problem.weights @ scores
        if problem.use_priors:
            for i, (log, by) in enumerate(log_priors(problem.design, beta)):
                value += log
                slope[i] += by
        value -= 0.5 * float(problem.stiffness @ beta**2)
        slope = slope - problem.stiffness * beta
        return -value, -slope, scores

    @property
    def landscape(self) -> Landscape:
        """The sum over the plays, in these coordinates."""

        def bend(x: np.ndarray) -> np.ndarray:
            size = len(x)
            if self.by_rows:
                return self.bend(x)
            hessian = np.zeros((size, size))
            for i, move in enumerate(np.eye(size) * BEND):
                (up, over), (down, under) = self(x + move), self(x - move)
                is_play = np.isfinite(up) and np.isfinite(down)
                hessian[i] = (over - under) / (2 * BEND) if is_play else np.nan
            return (hessian + hessian.T) / 2 * self.total

        return Landscape(lambda x: self(x)[0] * self.total, lambda x: self(x)[1] * self.total, bend)

    @property
    def by_rows(self) -> bool:
        """Curvature is put together from that of the rows: fewer evaluations than one per coefficient."""
        return len(self.problem.design.numbers) < len(self.scale) and not self.problem.use_priors

    def curvature(self, beta: np.ndarray) -> np.ndarray:
        """The Hessian of the negative objective, from the rows' own by their numbers.

        A row's numbers are linear in the coefficients, so that H = Σ Xᵀ h X. The rows do not depend on
        each other: one difference moves a number in all of them at once.
        """
        problem = self.problem
        numbers, used = problem.design.rows(beta), problem.played
        steps = BEND * problem.design.movement(self.stretch(beta))
        blocks = problem.design.column_blocks
        total = np.diag(problem.stiffness)
        for k, step in enumerate(steps):
            move = np.zeros(len(steps))
            move[k] = step
            up, down = (
                problem.likelihood.on_principal_branch(numbers + sign * move) for sign in (1, -1)
            )
            is_play = (up.settled & down.settled)[used].all()
            if not is_play:
                return np.full((len(beta), len(beta)), np.nan)
            second = problem.weights[:, None] * (up.slope - down.slope) / (2 * step)
            second = np.where(used[:, None], second, 0.0)
            for j, (matrix, place) in enumerate(blocks):
                own, at = blocks[k]
                total[at, place] -= own.T @ (second[:, j, None] * matrix)
        return (total + total.T) / 2

    def bend(self, x: np.ndarray) -> np.ndarray:
        """The Hessian of the negative objective in these coordinates."""
        beta = self.outside(x)
        stretch = self.stretch(beta)
        second = self.curvature(beta) * np.outer(stretch, stretch)
        slope = self.at(beta)[1]
        second[self.positive, self.positive] += (slope * beta)[self.positive]
        turn = slope * beta * (1 - beta) * (1 - 2 * beta)
        second[self.share, self.share] += turn[self.share]
        return second

    def shape(self, x: np.ndarray) -> np.ndarray | None:
        """A first guess of the inverse Hessian: that of the outer product of the rows' slopes.
        Source: Berndt, Hall, Hall & Hausman (1974).
        """
        beta = self.outside(x)
        scores = self.at(beta)[2] * self.stretch(beta)
        outer = (scores * self.problem.weights[:, None]).T @ scores / self.total
        ridge = RIDGE * np.trace(outer) / len(x)
        if not ridge > 0:
            return None
        inverse = np.linalg.inv(outer + ridge * np.eye(len(x)))
        return (inverse + inverse.T) / 2

    def hessian(self, beta: np.ndarray) -> np.ndarray:
        """Central differences of the exact slope."""
        if self.by_rows:
            return self.curvature(beta)
        size = len(beta)
        second = np.zeros((size, size))
        for i in range(size):
            step = 1e-5 * self.stretch(beta)[i]
            move = np.zeros(size)
            move[i] = step
            up, down = self.at(beta + move), self.at(beta - move)
            is_play = np.isfinite(up[0]) and np.isfinite(down[0])
            second[i] = (up[1] - down[1]) / (2 * step) if is_play else np.nan
        return (second + second.T) / 2
