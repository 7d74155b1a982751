"""Random small games, from a seed; and the oracle's plain form of a game."""

from __future__ import annotations

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived, Interest, Node
from backchannel.equilibrium.types import Policies
from backchannel.language.expressions import Expression, parse, table
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from tests.helpers import day
from tests.oracles.branch import Branch, follow_branch, leaves_of
from tests.oracles.tree import PlainGame, PlainNode

PLAYERS = ("ann", "bob")


def random_game(
    seed: int, *, precision: float = 1.5, draws: int = 1, players: tuple[str, ...] = PLAYERS
) -> Game:
    """A game of four to six nodes: chance, derived, decisions, some seen and some hidden."""
    rng = np.random.default_rng(seed)
    nodes: list[Node] = []
    for i in range(int(rng.integers(4, 7))):
        size = int(rng.integers(2, 4))
        name, domain = f"n{i}", tuple(f"v{k}" for k in range(size))
        known = [n.name for n in nodes]
        picked = [n for n in known if rng.random() < 0.55][-3:]
        kind = rng.random()
        if kind < 0.55 or i < 2:
            sees, allowed = tuple(picked), {}
            if sees and rng.random() < 0.3:
                allowed = {"v1": parse(f"{sees[0]} != 'v0'")}
            nodes.append(Decision(name, domain, players[i % len(players)], day(i), sees, allowed))
        elif kind < 0.65 and picked:
            text = " + ".join(f"({p} == 'v0')" for p in picked)
            value = parse(f"'v0' if {text} == 1 else 'v1'")
            nodes.append(Derived(name, domain, value, date=day(i)))
        else:
            nodes.append(Chance(name, domain, _odds(rng, nodes, picked, domain), True, date=day(i)))
    interests = tuple(
        Interest(f"w{k}", player, _worth(rng, nodes))
        for k, player in enumerate([*players, *players])
    )
    diagram = Diagram(players, tuple(nodes), interests)
    return compile_game(diagram, {f"{p}.precision": np.full(draws, precision) for p in players})


def _odds(rng, nodes, picked, domain) -> dict[str, Expression]:
    sizes = {n.name: n.domain for n in nodes}
    if not picked:
        return {value: parse(float(rng.uniform(0.2, 1))) for value in domain}
    combos = _product([sizes[p] for p in picked])
    return {
        value: table(tuple(picked), {c: parse(float(rng.uniform(0.2, 1))) for c in combos})
        for value in domain
    }


def _worth(rng, nodes) -> Expression:
    chosen = sorted(rng.choice(len(nodes), size=min(3, len(nodes)), replace=False))
    names = tuple(nodes[i].name for i in chosen)
    combos = _product([nodes[i].domain for i in chosen])
    return table(names, {c: parse(float(rng.normal())) for c in combos})


def _product(domains) -> list[tuple]:
    from itertools import product

    return list(product(*domains))


def random_rules(game: Game, seed: int) -> Policies:
    """Some rules, on the menu, that are no equilibrium."""
    rng = np.random.default_rng(seed)
    found = {}
    for name, menu in game.menus.items():
        weights = rng.uniform(0.1, 1, size=menu.shape) * menu
        found[name] = weights / weights.sum(axis=-1, keepdims=True)
    return found


def plain(game: Game, policies: Policies, draw: int = 0) -> PlainGame:
    """A compiled game in one draw, as the oracle takes it."""
    diagram = game.diagram

    def row(values: np.ndarray) -> np.ndarray:
        return np.asarray(values[0] if len(values) == 1 else values[draw])

    nodes = []
    for name in diagram.order:
        node = diagram.node[name]
        is_decision = isinstance(node, Decision)
        nodes.append(
            PlainNode(
                name=name,
                size=len(node.domain),
                parents=list(diagram.parents(name)),
                table=row(policies[name] if is_decision else game.factors[name]),
                player=node.player if isinstance(node, Decision) else None,
                menu=row(game.menus[name]) if is_decision else None,
            )
        )
    worths = [
        (interest.player, list(scope), row(values))
        for interest in diagram.interests
        for scope, values in game.worths_of(interest)
    ]
    return PlainGame(nodes, worths, {p: float(row(v)) for p, v in game.precision.items()})


def branch_of(game: Game, draw: int = 0, **how: float) -> Branch:
    """The principal branch of one draw, as the oracle follows it."""
    even = {name: menu / menu.sum(axis=-1, keepdims=True) for name, menu in game.menus.items()}
    return follow_branch(leaves_of(plain(game, even, draw)), **how)
