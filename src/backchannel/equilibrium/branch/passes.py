"""F of a large game, worked out by the sweep that is compiled already.

Compiling the residual of a large game with all its slopes can take half a minute; its sweep takes many
lanes at once. A pass over all decisions, last to first, answers the rules that it reads before it
updates them; these, as log-odds against the last action, are the unknowns x, one for each class of
equivalent contexts. On the branch

    F(x, τ) = x − logodds(pass(x, τ)) = 0,

and slopes are differences of F between lanes that differ in one unknown. They are good to about
seven digits, which costs Newton's method a step more at most; the end is as exact as any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from jaxtyping import Float, Int

from backchannel.equilibrium.branch.context import GameContext
from backchannel.equilibrium.branch.layout import lay_out, menus_of, rules_of
from backchannel.equilibrium.branch.quotient import Classes
from backchannel.equilibrium.sweep.batch import shares_of, side_by_side
from backchannel.equilibrium.sweep.chunk import Chunk
from backchannel.equilibrium.sweep.packing import ChunkPacker
from backchannel.equilibrium.sweep.sweeper import Sweeper
from backchannel.language.names import NodeName

AHEAD = 1e-7
"""Difference of an unknown, and of the share of the path, by which slopes are taken."""
TINIEST = 1e-300
"""A probability below this has no log-odds of its own."""

Member = tuple[GameContext, int]
"""One draw of one game, among those that are followed together."""
Laid = tuple[slice, Chunk, Float[np.ndarray, "cell lane"]]
"""Some lanes, their numbers, and play in which only what is held counts."""


class Passes:
    """F in some draws of games of one kind (`GameContext.kind`).

    Args:
        members: The draws.
        classes: The class of every context of every free decision.
    """

    def __init__(self, members: Sequence[Member], classes: Classes) -> None:
        self.members = tuple(members)
        self.first = members[0][0]
        self.sweeper: Sweeper = self.first.sweeper
        read = _read_first(self.sweeper)
        names = [name for name in self.first.frame.owner if name in read]
        menus = menus_of(self.first.frame, self.first.tables)
        self.layout, self.n_unknowns = lay_out(names, classes, menus)
        self._chunks: dict[bytes, list[Laid]] = {}

    @property
    def numbers_each(self) -> int:
        """Numbers that the slopes of one member take while they are worked out."""
        sweeper, n = self.sweeper, self.n_unknowns
        return (n + 2) * (2 * n + 2 * sweeper.cells.rules.count + sweeper.cells.numbers.count)

    def residual(
        self,
        x: Float[np.ndarray, "unknown lane"],
        share: Float[np.ndarray, " lane"],
        members: Int[np.ndarray, " lane"],
    ) -> Float[np.ndarray, "unknown lane"]:
        """How far x is from what the pass answers: F.

        Args:
            x: Log-odds.
            share: What every precision is multiplied by, in each lane.
            members: Which member each lane belongs to.
        """

        def gains(after: np.ndarray) -> np.ndarray:
            parts = []
            for name, layout in self.layout.items():
                rule = np.maximum(after[self.sweeper.cells.rules.rows[name]], TINIEST)
                parts.append(np.log(rule[layout.cell] / rule[layout.against]))
            return np.concatenate(parts)

        return x - self._passed(x, share, members, gains) if self.layout else x

    def slopes(
        self, x: np.ndarray, share: np.ndarray, members: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """F and its slopes by every unknown and by the share; axes: row, (column,) lane."""
        n, lanes = x.shape
        # Next to each lane, one for every unknown that is moved, and one for the share.
        wide = np.repeat(x[:, :, None], n + 2, axis=2)
        wide[np.arange(n), :, np.arange(n)] += AHEAD
        shares = np.repeat(share[:, None], n + 2, axis=1)
        shares[:, n] += AHEAD
        residuals = self.residual(
            wide.reshape(n, -1), shares.reshape(-1), np.repeat(members, n + 2)
        )
        residuals = np.moveaxis(residuals.reshape(n, lanes, n + 2), 1, 2)
        here = residuals[:, n + 1]
        return here, (residuals[:, :n] - here[:, None]) / AHEAD, (residuals[:, n] - here) / AHEAD

    def policies(
        self, x: np.ndarray, share: np.ndarray, members: np.ndarray
    ) -> dict[NodeName, Float[np.ndarray, "lane ..."]]:
        """Every rule: those that stand for x, the others as the pass answers them.

        Args:
            x: Log-odds; axes: unknown, lane.
            share: What every precision is multiplied by, in each lane.
            members: Which member each lane belongs to.
        """
        after = self._passed(x, share, members, lambda after: after)
        rules = rules_of(np, x, self.layout)
        policies = {}
        for name, rows in self.sweeper.cells.rules.rows.items():
            shape = self.first.tables["menu"][name].shape[1:]
            policies[name] = np.moveaxis(rules.get(name, after[rows]).reshape(*shape, -1), -1, 0)
        return policies

    def forget(self) -> None:
        """Drop the numbers that were packed for lanes that have arrived."""
        self._chunks.clear()

    def _passed(
        self,
        x: np.ndarray,
        share: np.ndarray,
        members: np.ndarray,
        taken: Callable[[np.ndarray], np.ndarray],
    ) -> Float[np.ndarray, "row lane"]:
        """What is taken of every rule after one pass."""
        sweeper, rules = self.sweeper, rules_of(np, x, self.layout)

        def passed(laid: Laid) -> np.ndarray:
            lanes, chunk, unplayed = laid
            play, precision = unplayed.copy(), chunk.inputs["precision"].copy()
            precision[:, : chunk.count] *= share[lanes]
            for name, rule in rules.items():
                part = rule[..., lanes].reshape(-1, chunk.count)
                play[sweeper.cells.rules.rows[name], : chunk.count] = part
            inputs = {**chunk.inputs, "precision": precision}
            swept = sweeper.solve(Chunk(inputs, chunk.count), play, most=1)
            return taken(np.asarray(swept.play)[:, : chunk.count])

        at_once = sweeper.at_once(self.first.game)
        done = side_by_side(passed, self._laid(members), at_once=at_once)
        return np.concatenate(list(done), axis=1)

    def _laid(self, members: np.ndarray) -> list[Laid]:
        """The numbers of some members; they are the same at every point of the way."""
        key = members.tobytes()
        if key not in self._chunks:
            chunks = []
            for lanes in shares_of(len(members), self.sweeper):
                packer = ChunkPacker(self.sweeper, self.first.tables)
                here = [self.members[i] for i in members[lanes].tolist()]
                for context, some in groupby(here, key=itemgetter(0)):
                    draws = np.array([draw for _, draw in some])
                    rows = np.arange(len(draws))
                    packer.add(context.tables, draws, context.unplayed(draws), rows)
                chunks.append((lanes, *packer.finished()))
            self._chunks[key] = chunks
        return self._chunks[key]


def _read_first(sweeper: Sweeper) -> set[NodeName]:
    """Decisions whose rules a pass reads before it has updated them."""
    read: set[NodeName] = set()
    updated: set[NodeName] = set()
    for sweep in sweeper.plans:
        used = {table for step in sweep.steps for table in step.operands}
        taken = {n for n, table in sweep.old.items() if table in used}
        read |= taken - updated
        updated |= set(sweep.block.decisions)
    return read
