"""Decomposition: how one cause reached the outcome, player by player.

A cause reaches the outcome through the responses of players and chance. Let the nodes of some of them
respond (new rules, new contexts, old shocks), and hold the nodes of all others at their actual values
wherever these are still possible. w(T) is the probability that the outcome does not happen when only T
respond. The effect when nobody responds is the cause's direct effect. The rest is divided among the
players and chance by the Shapley value of w, so that the parts add up to the cause's total effect.

Source: after Triantafyllou et al. (2025), Counterfactual effect decomposition in multi-agent
sequential decision making, who let agents respond or hold. Here, the players also replan, and
chance is one more member.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backchannel.diagram.nodes import Decision
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import bounded
from backchannel.language.names import NodeName, PlayerName, Value
from backchannel.questions.statistics.shapley import ShapleyDesign, shapley_design
from backchannel.questions.why.ask import order_errors
from backchannel.questions.why.estimate import CoupledEstimate, Tally
from backchannel.questions.why.matching_draws import draw_factual, matching_parts
from backchannel.questions.why.replay import Coupling, Factual, needed_for, replay
from backchannel.questions.why.undo import UndoneWorld, undo_all
from backchannel.questions.why.why_question import WORLDS
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

CHANCE_MEMBER = "chance"
"""The member that all chance nodes belong to; the name is reserved."""


@dataclass(frozen=True)
class Decomposition(Result):
    """One cause's effect on an outcome, divided by whose responses carried it."""

    cause: str
    node: NodeName
    value: Value
    total: CoupledEstimate
    """P(the outcome would not have happened | this cause undone)."""
    alone: CoupledEstimate
    """The direct effect, when nobody responds."""
    parts: dict[PlayerName, CoupledEstimate]
    """The part through each player's responses, and through `chance`."""
    left_out: float
    """Share of draws that did not converge: in the case, or (by weight) with the cause undone."""

    def bounds_of(self, measured: CoupledEstimate) -> tuple[float, float]:
        """Bound a part by counting the left-out draws at −1 and at 1."""
        return bounded(measured.shared.mean, self.left_out, least=-1.0)

    def to_frame(self) -> pd.DataFrame:
        """One row per part; the parts add up to the last row."""
        import pandas as pd

        rows = {"(direct)": self.alone, **self.parts, "(all)": self.total}
        return pd.DataFrame(
            [
                {
                    "through": name,
                    "effect": part.shared.mean,
                    "low": part.shared.low,
                    "high": part.shared.high,
                    "at least": self.bounds_of(part)[0],
                    "at most": self.bounds_of(part)[1],
                    "error": part.shared.error,
                    "independent": part.independent.mean,
                }
                for name, part in rows.items()
            ]
        )


def decompose(
    ensemble: Ensemble,
    outcome: tuple[NodeName, Value],
    name: str,
    cause: Intervention,
    *,
    n_worlds: int = WORLDS,
    n_draws: int | None = None,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Decomposition:
    """Decompose the effect of one cause.

    Args:
        ensemble: The solved case.
        outcome: The node and its actual value.
        name: The name of the cause.
        cause: What is undone.
        n_worlds: Worlds in each draw.
        n_draws: How many draws to use, the first ones; all, if left out.
        seed: Seed of the worlds and shocks; with the seed of `why`, both results agree.
        progress: Called with the number of draws done after each chunk of each model.
    """
    node, value = outcome
    members = _members(ensemble, node)
    design = shapley_design(members, seed=seed)
    coefficients = _coefficients(design)
    tally, by_set = Tally(len(coefficients)), Tally(len(design.sets))
    weights, total_likelihood = [], 0.0
    for part, random, likelihood in matching_parts(
        ensemble, outcome, n_worlds=n_worlds, n_draws=n_draws, seed=seed, n_sets=len(design.sets)
    ):
        _, undone = next(undo_all(part, {name: cause}, [frozenset({name})], progress=progress))
        factual = draw_factual(part, outcome, needed_for(node, part.world, undone.world), random)
        position = part.diagram.domains[node].index(value)
        for coupling in Coupling:
            prevented = _by_set(factual, undone, design, node, position, coupling)
            by_set.add(coupling, prevented)
            tally.add(coupling, np.tensordot(coefficients, prevented, axes=1))
        weights.append(likelihood * undone.converged)
        total_likelihood += float(likelihood.sum())
    used = np.concatenate(weights)
    errors = order_errors(design, by_set, used, len(coefficients))
    estimates = tally.measured(used, more_error=errors)
    return Decomposition(
        cause=name,
        node=node,
        value=value,
        total=estimates[len(members)],
        alone=estimates[len(members) + 1],
        parts=dict(zip(members, estimates, strict=False)),
        left_out=1 - float(ensemble.converged.mean() * used.sum() / total_likelihood),
    )


def _by_set(
    factual: Factual,
    undone: UndoneWorld,
    design: ShapleyDesign,
    node: NodeName,
    position: int,
    coupling: Coupling,
) -> np.ndarray:
    """P(the outcome does not happen) when the members of each set respond."""
    diagram = undone.world.diagram
    needed = needed_for(node, factual.world, undone.world)
    owner = {
        name: getattr(diagram.node[name], "player", CHANCE_MEMBER)
        for name in needed - undone.deterministic
    }
    full = replay(factual, undone, nodes=needed - {node}, coupling=coupling)
    # A member with nothing to respond to makes no difference and is not evaluated twice.
    responsive = {owner[name] for name in owner if name in full.replayed or full.may_change(name)}
    known: dict[frozenset[str], np.ndarray] = {}
    by_set = []
    for members in design.sets:
        responding = members & responsive
        if responding not in known:
            held = {name for name in owner if owner[name] not in responding}
            played = replay(factual, undone, nodes=needed - {node}, coupling=coupling, held=held)
            known[responding] = played.prevented(node, position)
        by_set.append(known[responding])
    return np.array(by_set)


def _members(ensemble: Ensemble, node: NodeName) -> list[str]:
    """Players whose decisions can affect the outcome, in the case's order, and chance."""
    needed = needed_for(node, ensemble.world)
    nodes = ensemble.diagram.node
    deciding = {n.player for name in needed if isinstance(n := nodes[name], Decision)}
    return [*(p for p in ensemble.diagram.players if p in deciding), CHANCE_MEMBER]


def _coefficients(design: ShapleyDesign) -> np.ndarray:
    """Rows for each member's share, the total and the direct effect: their coefficients of the sets."""
    n, all_members = len(design.members), frozenset(design.members)
    rows = np.zeros((n + 2, len(design.sets)))
    rows[:n] = design.coefficients
    rows[n, design.position(all_members)] = 1.0
    rows[n + 1, design.position(frozenset())] = 1.0
    return rows
