"""Random diagrams for the comparison with Gambit: 4–7 decisions, 1–3 chance nodes, 2–3 values each.

Python's own generator keeps its numbers from version to version, so a seed names a diagram.
"""

from __future__ import annotations

from itertools import product
from random import Random

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest, Node
from backchannel.language.expressions import Expression, parse, table
from backchannel.language.names import precision_of
from tests.helpers import day

MOST_LEAVES = 96
"""Trees are kept small enough for Gambit to finish, which takes it seconds at this size ..."""
MOST_LEAVES_OF_SOME = 600
"""... but one in 25 may be as large as this, and most of those it does not finish in a minute."""


def random_diagram(seed: int) -> Diagram:
    """Make the diagram of a seed."""
    rng = Random(seed)
    most = MOST_LEAVES_OF_SOME if seed % 25 == 24 else MOST_LEAVES
    while True:
        kinds = ["decision"] * rng.randint(4, 7) + ["chance"] * rng.randint(1, 3)
        sizes = [2 if rng.random() < 0.7 else 3 for _ in kinds]
        leaves = 1
        for size in sizes:
            leaves *= size
        if leaves <= most:
            break
    rng.shuffle(kinds)
    players = ("ann", "bob", "cho")[: rng.randint(2, 3)]
    nodes: list[Node] = []
    for i, (kind, size) in enumerate(zip(kinds, sizes, strict=True)):
        name, domain = f"n{i}", tuple(f"v{k}" for k in range(size))
        picked = tuple(node.name for node in nodes if rng.random() < 0.5)[-3:]
        if kind == "decision":
            turn = sum(isinstance(node, Decision) for node in nodes)
            player = players[turn % len(players)]
            nodes.append(Decision(name, domain, player, day(i), picked))
        else:
            nodes.append(
                Chance(name, domain, _weights(rng, nodes, picked[-2:], domain), date=day(i))
            )
    interests = [
        Interest(f"{player}_{k}", player, _worth(rng, nodes))
        for player in players
        for k in range(3)
    ]
    return Diagram(players, tuple(nodes), tuple(interests))


def medians(diagram: Diagram) -> dict[str, float]:
    """The diagram's parameters: precisions alone."""
    return {precision_of(player): 1.0 for player in diagram.players}


def _weights(
    rng: Random, nodes: list[Node], picked: tuple[str, ...], domain: tuple[str, ...]
) -> dict[str, Expression]:
    domains = {node.name: node.domain for node in nodes}
    rows = {}
    for key in product(*(domains[name] for name in picked)):
        cuts = sorted(rng.sample(range(1, 20), len(domain) - 1))
        parts = [b - a for a, b in zip([0, *cuts], [*cuts, 20], strict=True)]
        rows[key] = [part / 20 for part in parts]
    if not picked:
        return {value: parse(share) for value, share in zip(domain, rows[()], strict=True)}
    return {
        value: table(picked, {key: parse(row[i]) for key, row in rows.items()})
        for i, value in enumerate(domain)
    }


def _worth(rng: Random, nodes: list[Node]) -> Expression:
    chosen = sorted(rng.sample(range(len(nodes)), min(3, len(nodes))))
    names = tuple(nodes[i].name for i in chosen)
    keys = product(*(nodes[i].domain for i in chosen))
    return table(names, {key: parse(round(rng.gauss(0, 0.7), 2)) for key in keys})
