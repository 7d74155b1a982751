"""Soft evidence: likelihoods of nodes' values, in every draw, that give the nodes chosen chances.

With one node this is Jeffrey's rule: worlds are reweighted by the ratio of the wanted chance to the present one.
With several, the nodes take turns until all of them have their chances (iterative proportional fitting). This loop
fits likelihoods around rules of play that stay as they are, so it is not the fixed-point loop of the equilibrium.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.language.names import NodeName
from backchannel.tensors.inference import Evidence, World, chances_given, merged
from backchannel.tensors.marginals import chances_of_scopes, is_long

CLOSE = 1e-11
"""Largest difference from a wanted chance that counts as none."""
NEGLIGIBLE = 1e-9
"""A wanted chance below this need not be met where the world has none."""
FIRST_LOOK = 32
"""Turns of all nodes after which progress is looked at, and again after twice as many."""
STALLED = 0.75
"""Part of a gap that may remain while the number of turns doubles; fitting that is possible leaves half at most."""
MOST_TURNS = 4096

WantedChances = Mapping[NodeName, Float[np.ndarray, "draw value"]]


@dataclass(frozen=True)
class SoftEvidence:
    """What was found: the likelihoods, and where the wanted chances cannot be had."""

    logs: WantedChances
    """Log likelihood of each value of each node, in every draw; 0 in draws that were not fitted."""
    missed: Mapping[NodeName, Bool[np.ndarray, " draw"]]
    """Draws in which a node cannot have its wanted chances together with the others."""


def fit_soft_evidence(
    world: World, evidence: Evidence, wanted: WantedChances, draws: Int[np.ndarray, " some"]
) -> SoftEvidence:
    """Find the soft evidence under which nodes have the wanted chances, and nothing else is assumed.

    Of all distributions over worlds with these chances, the one that results is nearest to the present one
    (it has the smallest relative entropy).

    Args:
        world: The world.
        evidence: What was reported; it stays as it is.
        wanted: For each node its chances in every draw.
        draws: The draws to fit; the evidence must be possible in them.

    Source: Jeffrey (1965), The Logic of Decision; Csiszár (1975), I-divergence geometry.
    """
    fit = _Fit(world, evidence, {n: table[draws] for n, table in wanted.items()}, draws)
    fit.run()
    shape = {name: (world.n_draws, table.shape[1]) for name, table in wanted.items()}
    logs = {name: np.zeros(shape[name]) for name in wanted}
    missed = {name: np.zeros(world.n_draws, bool) for name in wanted}
    for name in wanted:
        logs[name][draws] = fit.logs[name]
        missed[name][draws] = fit.missed[name]
    return SoftEvidence(logs, missed)


@dataclass
class _Fit:
    """The draws in hand: their likelihoods so far, and the gaps that each node's turn found."""

    world: World
    evidence: Evidence
    wanted: WantedChances
    draws: Int[np.ndarray, " some"]
    logs: dict[NodeName, np.ndarray] = field(default_factory=dict)
    missed: dict[NodeName, np.ndarray] = field(default_factory=dict)

    def run(self) -> None:
        n = len(self.draws)
        self.logs = {name: np.zeros_like(table) for name, table in self.wanted.items()}
        self.missed = {name: np.zeros(n, bool) for name in self.wanted}
        left, at_last_look = np.arange(n), np.full(n, np.inf)
        some = self._narrowed(left)
        look = FIRST_LOOK
        for turn in range(1, MOST_TURNS + 1):
            gaps = {name: self._take_turn(some, left, name) for name in self.wanted}
            widest = np.max(list(gaps.values()), axis=0)
            impossible = np.any([self.missed[name][left] for name in gaps], axis=0)
            if turn == look:
                stalled = (widest > STALLED * at_last_look[left]) & (widest > CLOSE)
                at_last_look[left], look = widest, 2 * look
                impossible |= stalled
            if turn == MOST_TURNS:
                impossible |= widest > CLOSE
            for name, gap in gaps.items():
                self.missed[name][left] |= impossible & (gap > CLOSE)
            going = (widest > CLOSE) & ~impossible
            if not going.any() or len(self.wanted) == 1:
                return
            left = left[going]
            if len(left) < some.n_draws:
                some = self._narrowed(left)

    def _take_turn(
        self, some: World, left: Int[np.ndarray, " left"], name: NodeName
    ) -> Float[np.ndarray, " left"]:
        """Give one node its wanted chances; return how far it was from them."""
        evidence = merged(self.evidence, {other: logs[left] for other, logs in self.logs.items()})
        present = (
            chances_of_scopes(some, [(name,)], evidence)[0]
            if is_long(some)
            else chances_given(some, keep=(name,), evidence=evidence)
        )
        wanted = self.wanted[name][left]
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.log(wanted) - np.log(present)
        step = np.where(present > 0, step, 0.0)
        self.logs[name][left] += step
        nowhere = ((present <= 0) & (wanted > NEGLIGIBLE)).any(axis=1)
        self.missed[name][left] |= nowhere
        return np.abs(present - wanted).max(axis=1)

    def _narrowed(self, left: Int[np.ndarray, " left"]) -> World:
        rows = self.draws[left]
        n = self.world.n_draws
        tables = {
            name: table[rows] if len(table) == n and n > 1 else table
            for name, table in self.world.tables.items()
        }
        return World(self.world.diagram, len(rows), tables)
