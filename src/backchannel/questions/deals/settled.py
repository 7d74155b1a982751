"""Settled nodes: what the record has fixed before a deal, and everybody who would care knows.

Such a node has one value in all that lies ahead. Tables are cut at that value, so that only what is
still open counts towards the size of a deal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from jaxtyping import Shaped

from backchannel.diagram.beliefs import Belief, walk_beliefs
from backchannel.diagram.relevance import useful_observations
from backchannel.equilibrium.deals.future import Future
from backchannel.language.names import NodeName
from backchannel.tensors.game import Game
from backchannel.tensors.inference import Evidence
from backchannel.tensors.plan import Scope


def cut_settled(future: Future, evidence: Evidence, beliefs: Sequence[Belief]) -> Future:
    """Cut the settled nodes out of what lies ahead.

    A past node is settled if the record leaves it one value, and every decision ahead either sees it
    or is d-separated from it: then nobody could gain by seeing it.

    Args:
        future: What lies ahead, with nothing settled.
        evidence: What was reported before the deal's day.
        beliefs: Wrong beliefs; what some player has not thought of, or overlooks, is never settled.
    """
    unaware = {
        name
        for _, belief in walk_beliefs(beliefs)
        for name in {*belief.unaware.nodes, *chain(*belief.unaware.sees.values())}
    }
    settled = {
        name: int(np.argmax(evidence[name]))
        for name in future.interface
        if name in evidence and name not in unaware and np.isfinite(evidence[name]).sum() == 1
    }
    for i, decision in enumerate(future.decisions):
        # While the deal is in force, everybody knows that the promises of earlier steps were kept.
        earlier = {other.name for other in future.decisions[:i]}
        earlier -= {*future.step_of(decision.name)}
        kept = [name for name in future.promised if name in earlier]
        wanted = useful_observations(future.diagram, decision.name, known=kept)
        settled = {name: value for name, value in settled.items() if name not in wanted}
    terms = tuple(
        (player, tuple(name for name in scope if name not in settled))
        for player, scope in future.terms
    )
    return replace(future, terms=terms, settled=settled)


def sliced(
    table: Shaped[np.ndarray, "draw ..."], scope: Scope, future: Future
) -> Shaped[np.ndarray, "draw ..."]:
    """Cut a table at the values of the settled nodes.

    Args:
        table: A table; axes: draw, then the nodes of its scope.
        scope: The nodes that it depends on, in the order of its axes.
        future: Which nodes are settled.
    """
    settled = future.settled
    return table[(slice(None), *(settled.get(name, slice(None)) for name in scope))]


def at_settled(game: Game, future: Future) -> Game:
    """Cut what lies ahead in a game at the values of the settled nodes; the past stays whole."""
    ahead = frozenset(future.nodes)

    def own(name: NodeName, table: np.ndarray) -> np.ndarray:
        scope = (*future.diagram.parents(name), name)
        return sliced(table, scope, future) if name in ahead else table

    return replace(
        game,
        factors={name: own(name, table) for name, table in game.factors.items()},
        beliefs={name: own(name, table) for name, table in game.beliefs.items()},
        menus={name: own(name, table) for name, table in game.menus.items()},
        conceivable={name: own(name, table) for name, table in game.conceivable.items()},
        terms=tuple(
            replace(
                term,
                worth=sliced(term.worth, term.scope, future),
                scope=tuple(name for name in term.scope if name not in future.settled),
            )
            for term in game.terms
        ),
    )
