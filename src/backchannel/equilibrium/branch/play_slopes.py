"""The slopes of F at given plays, with all decisions as unknowns and all contexts by themselves.

Their eigenvalues are those that a symmetry of the game repeats. A feedback set, from which the other rules follow,
keeps the sign of the determinant alone.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.newton import log_odds
from backchannel.equilibrium.branch.parts import job_of
from backchannel.equilibrium.branch.reduction import Part, reduce_game
from backchannel.equilibrium.branch.residual import Residual
from backchannel.equilibrium.types import Policies

MOST_UNKNOWNS = 60
"""Unknowns up to which slopes are worked out."""
MOST_NUMBERS = 2e7
"""Numbers that the differences may take at once."""
STEP = 1e-4
"""Step of the differences in log-odds."""


class PlaySlopes:
    """Works the slopes of a game out by differences, on NumPy."""

    def __init__(self, context: GameContext, look_at: Int[np.ndarray, " some"]) -> None:
        self.context = context
        self.part, self.is_whole = self._part(look_at)
        """The game with its unknowns, and whether all decisions are among them."""

    def _part(self, look_at: Int[np.ndarray, " some"]) -> tuple[Part | None, bool]:
        frame, tables = self.context.frame, self.context.tables
        for reduced in (False, True):
            (part,) = reduce_game(
                frame, tables, look_at, quotient=False, joint=True, reduced=reduced
            )
            if 0 < part.n_unknowns <= MOST_UNKNOWNS and part.size <= MOST_NUMBERS:
                return part, not reduced
        return None, False

    def at(
        self,
        policies: Policies,
        draws: Int[np.ndarray, " some"],
        share: Float[np.ndarray, " some"] | float = 1.0,
    ) -> Float[np.ndarray, "some unknown unknown"]:
        """The slopes of F by the log-odds.

        Args:
            policies: The plays; axis 0 runs over them.
            draws: The draw of each.
            share: Share of its own precision that every player has there.
        """
        part, context = self.part, self.context
        assert part is not None
        n = part.n_unknowns
        residual = Residual(part, np)
        share = np.broadcast_to(share, len(draws))
        slopes = np.zeros((len(draws), n, n))
        each = max(1, int(MOST_NUMBERS / (2 * part.size)))
        for first in range(0, len(draws), each):
            rows = np.arange(first, min(first + each, len(draws)))
            x = log_odds(part, {name: rule[rows] for name, rule in policies.items()})
            # Lanes: every play with one unknown moved up, and with one moved down.
            lanes = np.repeat(rows, 2 * n)
            moves = np.concatenate([STEP * np.eye(n), -STEP * np.eye(n)], axis=1)
            job = job_of(context, part, draws[lanes], context.length(draws[lanes]), care=0)
            given = {
                key: source.take(job.draws, job.slices)
                for key, source in job.tables.items()
                if key in residual.keys
            }
            here = np.repeat(x, 2 * n, axis=1) + np.tile(moves, (1, len(rows)))
            with np.errstate(all="ignore"):
                value = residual(
                    here, job.length * share[lanes], residual.prepare(given), job.ratio
                )
            value = value.reshape(n, len(rows), 2, n)
            slopes[rows] = np.moveaxis(value[:, :, 0] - value[:, :, 1], 1, 0) / (2 * STEP)
        return slopes
