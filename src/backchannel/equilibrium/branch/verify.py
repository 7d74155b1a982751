"""The check: the end of a branch, put through the sweep of the game itself."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.sweep.packing import ChunkPacker
from backchannel.equilibrium.types import Policies
from backchannel.language.names import NodeName

AT_ONCE = 50_000
"""Numbers of a game, over all draws, that are worked on together where a chunk holds fewer."""


def verify_by_sweeps(
    context: GameContext,
    policies: Policies,
    followed: frozenset[NodeName],
    draws: Int[np.ndarray, " some"],
) -> tuple[dict[NodeName, Float[np.ndarray, "some ..."]], Float[np.ndarray, " some"]]:
    """Sweep twice, and see whether anything moves.

    The sweep works on the whole game, with all contexts, and forms beliefs in another order than the
    compiled residual does. (A branch that was followed by sweeps is checked by the same plan, with all
    contexts.) It is worked out by NumPy, as two sweeps are not worth compiling.
    The first sweep finds the rules that nothing on the way depended on. In it no rule that was followed
    may move, and in the second none at all. Rules that were followed are returned unchanged.

    Args:
        context: The game.
        policies: Every rule; axis 0 runs over `draws`.
        followed: Decisions whose rules came from the branch.
        draws: Which draws.

    Returns:
        Every rule after the check, and the largest move in each draw.
    """
    sweeper = context.sweeper
    checked = {name: np.empty(rule.shape) for name, rule in policies.items()}
    moved = np.zeros(len(draws))
    followed_rows = np.concatenate(
        [
            np.arange(sweeper.cells.rules.count)[sweeper.cells.rules.rows[name]]
            for name in sorted(followed)
        ]
        or [np.zeros(0, int)]
    )
    together = max(
        sweeper.chunk, AT_ONCE // (sweeper.cells.numbers.count + sweeper.cells.rules.count)
    )
    for first in range(0, len(draws), together):
        rows = np.arange(first, min(first + together, len(draws)))
        packer = ChunkPacker(sweeper, context.tables, lanes=len(rows))
        packer.add(context.tables, draws[rows], policies, rows)
        chunk, start = packer.finished()
        for sweep in range(2):
            new = sweeper.once(chunk, start)
            gap = np.abs(new - start)
            if sweep == 0:
                gap = gap[followed_rows]
                # Rules that were followed stay unchanged: where sweeps run away from an equilibrium,
                # each would magnify its rounding.
                new[followed_rows] = start[followed_rows]
                start = new
            moved[rows] = np.maximum(moved[rows], gap.max(axis=0, initial=0.0))
        for name, place in sweeper.cells.rules.rows.items():
            rule = np.moveaxis(checked[name], 0, -1)
            rule[..., rows] = start[place].reshape(*rule.shape[:-1], len(rows))
    return checked, np.where(np.isnan(moved), np.inf, moved)
