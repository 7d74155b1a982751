"""Decomposition: how one cause came to matter, player by player.

A cause reaches the outcome through what players and chance do otherwise because of it. Let the
nodes of some of them respond (new rules, new contexts, old shocks) and hold the nodes of all others
at what they did, wherever that is still possible: w(T) is the probability that the outcome does not
happen when only T respond. What happens when nobody responds is the cause's own doing; the rest is
shared out among the players and chance by Shapley's value of w, so that the parts add up to the
cause's whole effect.

Source: after Triantafyllou et al. (2025), Counterfactual effect decomposition in multi-agent
sequential decision making, who let agents respond or hold; the players here also plan anew, and
chance takes part as one more member.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from backchannel.diagram.nodes import Decision
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import bounded
from backchannel.language.names import NodeName, PlayerName, Value
from backchannel.questions.statistics.shapley import Design, shapley_design
from backchannel.questions.why.ask import WORLDS, happened, imagine, order_errors
from backchannel.questions.why.estimate import Measured, Tally
from backchannel.questions.why.replay import Coupling, Factual, needed_for, replay
from backchannel.questions.why.undo import Undone, undo_all
from backchannel.wording.result import Result

CHANCE = "chance"
"""The member that all chance nodes belong to; no player can be called that and hold none."""


@dataclass(frozen=True)
class Decomposition(Result):
    """One cause's effect on an outcome, by whose doing it was."""

    cause: str
    node: NodeName
    value: Value
    total: Measured
    """P(the outcome would not have happened | this cause undone)."""
    alone: Measured
    """What is left of it when nobody responds."""
    parts: dict[PlayerName, Measured]
    """What runs through each player's responses, and through `chance`."""
    left_out: float
    """Share of draws that did not settle in the case, or, by weight, with the cause undone."""

    def bounds_of(self, measured: Measured) -> tuple[float, float]:
        """A part with the left-out draws at −1 and at 1."""
        return bounded(measured.shared.mean, self.left_out, least=-1.0)

    def to_frame(self) -> pd.DataFrame:
        """One row a part; the parts add up to the last row."""
        rows = {"(by itself)": self.alone, **self.parts, "(all)": self.total}
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
    """Take the effect of one cause apart.

    Args:
        ensemble: The solved case.
        outcome: The node and the value that it came out as.
        name: What the cause is called.
        cause: What is undone.
        n_worlds: Worlds in each draw.
        n_draws: Use only the first so many draws.
        seed: Where the worlds and shocks begin; the same as for `why`, and both agree.
        progress: Called with the number of draws done after each chunk of each model.
    """
    node, value = outcome
    members = _members(ensemble, node)
    design = shapley_design(members, seed=seed)
    numbers = _numbers_asked(design)
    tally, by_set = Tally(len(numbers)), Tally(len(design.sets))
    weights, likely = [], 0.0
    for part, chances, own in happened(
        ensemble, outcome, n_worlds=n_worlds, n_draws=n_draws, seed=seed, n_sets=len(design.sets)
    ):
        _, undone = next(undo_all(part, {name: cause}, [frozenset({name})], progress=progress))
        factual = imagine(part, outcome, needed_for(node, part.world, undone.world), chances)
        place = part.diagram.domains[node].index(value)
        for coupling in Coupling:
            prevented = _by_set(factual, undone, design, node, place, coupling)
            by_set.add(coupling, prevented)
            tally.add(coupling, np.tensordot(numbers, prevented, axes=1))
        weights.append(own * undone.converged)
        likely += float(own.sum())
    own = np.concatenate(weights)
    found = tally.measured(own, more_error=order_errors(design, by_set, own, len(numbers)))
    return Decomposition(
        cause=name,
        node=node,
        value=value,
        total=found[len(members)],
        alone=found[len(members) + 1],
        parts=dict(zip(members, found, strict=False)),
        left_out=1 - float(ensemble.converged.mean() * own.sum() / likely),
    )


def _by_set(
    factual: Factual,
    undone: Undone,
    design: Design,
    node: NodeName,
    place: int,
    coupling: Coupling,
) -> np.ndarray:
    """P(the outcome does not happen) when the members of each set respond."""
    diagram = undone.world.diagram
    needed = needed_for(node, factual.world, undone.world)
    owner = {
        name: getattr(diagram.node[name], "player", CHANCE) for name in needed - undone.settled
    }
    full = replay(factual, undone, nodes=needed - {node}, coupling=coupling)
    # Who has nothing to respond to makes no difference, and need not be looked at twice.
    moved = {owner[name] for name in owner if name in full.now or full.moves(name)}
    known: dict[frozenset[str], np.ndarray] = {}
    found = []
    for some in design.sets:
        responding = some & moved
        if responding not in known:
            held = {name for name in owner if owner[name] not in responding}
            played = replay(factual, undone, nodes=needed - {node}, coupling=coupling, held=held)
            known[responding] = played.prevented(node, place)
        found.append(known[responding])
    return np.array(found)


def _members(ensemble: Ensemble, node: NodeName) -> list[str]:
    """Players that decide something the outcome can depend on, in the case's order; and chance."""
    needed = needed_for(node, ensemble.world)
    nodes = ensemble.diagram.node
    deciding = {n.player for name in needed if isinstance(n := nodes[name], Decision)}
    return [*(p for p in ensemble.diagram.players if p in deciding), CHANCE]


def _numbers_asked(design: Design) -> np.ndarray:
    """Each member's share, the whole effect, and what is left when nobody responds."""
    n, everyone = len(design.members), frozenset(design.members)
    found = np.zeros((n + 2, len(design.sets)))
    found[:n] = design.coefficients
    found[n, design.place(everyone)] = 1.0
    found[n + 1, design.place(frozenset())] = 1.0
    return found
