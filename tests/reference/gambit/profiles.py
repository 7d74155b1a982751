"""Profiles by the labels of information sets: how play in a case and in Gambit are compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.equilibrium.solve import solve
from backchannel.equilibrium.types import Equilibrium, Task
from backchannel.interop.game_tree import CHANCE, GameTree
from backchannel.language.names import precision_of
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game

Profile = dict[str, list[float]]
"""For each information set, by its label, the probability of each action."""


def at_precisions(diagram: Diagram, medians: dict[str, float], levels: Sequence[float]) -> Game:
    """A game in one draw for each precision, shared by all players."""
    numbers = {name: np.full(len(levels), value) for name, value in medians.items()}
    numbers |= {precision_of(player): np.array(levels, float) for player in diagram.players}
    return compile_game(diagram, numbers)


def profiles(tree: GameTree, game: Game, levels: Sequence[float]) -> dict[str, Profile | None]:
    """Solve a game and lay play out by information set, for each precision; `None`: no play found."""
    play = solve(Task(game))
    return {
        str(level): profile(tree, game.diagram, play, i) if play.converged[i] else None
        for i, level in enumerate(levels)
    }


def profile(tree: GameTree, diagram: Diagram, play: Equilibrium, draw: int) -> Profile:
    """Lay the rules of one draw out by information set of the exported tree."""
    found: Profile = {}
    for node in tree.nodes:
        if node.at is None or node.at.player == CHANCE or node.at.label in found:
            continue
        name, _, known = node.at.label.partition(" | ")
        parents = diagram.parents(name)
        seen = dict(part.split("=", 1) for part in known.split(", ")) if known else {}
        index = tuple(list(map(str, diagram.domains[p])).index(seen[p]) for p in parents)
        row = play.policies[name][(draw, *index)]
        domain = list(map(str, diagram.domains[name]))
        found[node.at.label] = [float(row[domain.index(action)]) for action in node.at.actions]
    return found


def distance(one: Profile, other: Profile) -> float:
    """Largest gap between two profiles."""
    assert one.keys() == other.keys(), one.keys() ^ other.keys()
    return max(float(np.abs(np.subtract(one[k], other[k])).max()) for k in one)
