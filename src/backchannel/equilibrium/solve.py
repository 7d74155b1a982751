"""Solve a game for every draw: chunks of one fixed size, and a second look at what is slow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Derived
from backchannel.equilibrium.result import Equilibrium, Policies, Status
from backchannel.equilibrium.sweep import SETTLED, Sweeper, game_tables
from backchannel.names import NodeName
from backchannel.tensors.game import Game

CHUNK = 256
"""Draws that go through the compiled program at once; more draws never compile anew."""

ATTEMPTS = (
    {"rungs": 1, "damping": 1.0, "most": 8},
    {"rungs": 8, "damping": 1.0, "most": 80},
    {"rungs": 32, "damping": 0.7, "most": 800},
    {"rungs": 128, "damping": 0.3, "most": 6000},
)
"""How a draw is tried: first briskly, then in smaller steps of precision and of the rules.

A draw that settles in a few sweeps from uniform play contracts so fast that there is no fold to
miss; the others climb towards their precision, so that they stay near the principal branch.
"""

_sweepers: dict[tuple, Sweeper] = {}


def solve(
    game: Game,
    *,
    held: Policies | None = None,
    available: Mapping[NodeName, Bool[np.ndarray, " action"]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Equilibrium:
    """Find the logit equilibrium of every draw near the principal branch.

    Args:
        game: The compiled game.
        held: Rules that are kept as they are; everyone else answers to them.
        available: For a decision, the actions that are on the menu at all.
        progress: Called with the number of draws done after each chunk.

    Returns:
        Play in every draw, with a status; a draw that did not settle says so.
    """
    sweeper = sweeper_of(game)
    with jax.enable_x64(True):
        tables = game_tables(game, held=held or {}, available=available or {})
        tables = _spread(tables, game)
        todo = np.arange(game.n_draws)
        result = _empty(game)
        for i, attempt in enumerate(ATTEMPTS):
            for chunk in (todo[s : s + CHUNK] for s in range(0, len(todo), CHUNK)):
                rules, change, sweeps = sweeper.solve(_chunk(tables, chunk), **attempt)
                _store(result, chunk, rules, np.asarray(change), np.asarray(sweeps))
                if progress and i == 0:
                    progress(len(chunk))
            todo = np.flatnonzero(~(result.change <= SETTLED))
            if not len(todo):
                break
    result.status[todo] = np.where(
        np.isnan(result.change[todo]), Status.NOT_FINITE, Status.OUT_OF_STEPS
    )
    return result


def sweeper_of(game: Game) -> Sweeper:
    """Fetch the compiled program of a game's structure, or make it."""
    terms = [(term.player, term.scope) for term in game.terms]
    key = (structure(game.diagram), tuple(terms))
    if key not in _sweepers:
        _sweepers[key] = Sweeper(game.diagram, terms)
    return _sweepers[key]


def structure(diagram: Diagram) -> tuple:
    """What a compiled program depends on: the graph, the domains and the owners."""
    return tuple(
        (name, len(diagram.domains[name]), diagram.parents(name), getattr(
            diagram.node[name], "player", ""
        ))
        for name in diagram.order
    )


def _spread(tables: dict[str, Any], game: Game) -> dict[str, Any]:
    """Give every table that may differ by draw its full draw axis, so that shapes never change."""

    def full(table: np.ndarray) -> np.ndarray:
        return np.broadcast_to(table, (game.n_draws, *table.shape[1:]))

    fixed = {
        node.name
        for node in game.diagram.nodes
        if isinstance(node, Derived) and not (node.names & game.diagram.parameters)
    }
    spread: dict[str, Any] = {"menu": tables["menu"], "held": tables["held"], "fixed": {}}
    for kind in ("factor", "belief"):
        spread["fixed"][kind] = {
            name: table for name, table in tables[kind].items() if name in fixed and len(table) == 1
        }
        spread[kind] = {
            name: full(table)
            for name, table in tables[kind].items()
            if name not in spread["fixed"][kind]
        }
    for kind in ("term", "precision", "rule"):
        spread[kind] = {name: full(table) for name, table in tables[kind].items()}
    return spread


def _chunk(tables: dict[str, Any], draws: np.ndarray) -> dict[str, Any]:
    # The last chunk is filled up with copies of its last draw.
    padded = np.concatenate([draws, np.full(CHUNK - len(draws), draws[-1])])
    chunk: dict[str, Any] = {"menu": tables["menu"]}
    for kind in ("factor", "belief", "term", "precision", "held", "rule"):
        chunk[kind] = {name: table[padded] for name, table in tables[kind].items()}
    for kind, fixed in tables["fixed"].items():
        chunk[kind] |= fixed
    return chunk


def _empty(game: Game) -> Equilibrium:
    n = game.n_draws
    shapes = {name: menu.shape[1:] for name, menu in game.menus.items()}
    policies: dict[NodeName, Float[np.ndarray, "draw ..."]] = {
        name: np.zeros((*shape, n)).transpose(-1, *range(len(shape)))
        for name, shape in shapes.items()
    }
    return Equilibrium(
        policies=policies,
        change=np.full(n, np.inf),
        sweeps=np.zeros(n, dtype=int),
        status=np.zeros(n, dtype=int),
    )


def _store(
    result: Equilibrium,
    draws: np.ndarray,
    rules: Mapping[NodeName, Any],
    change: np.ndarray,
    sweeps: np.ndarray,
) -> None:
    kept = len(draws)
    for name, rule in rules.items():
        result.policies[name][draws] = np.asarray(rule)[:kept]
    result.change[draws] = change[:kept]
    result.sweeps[draws] += sweeps[:kept]
