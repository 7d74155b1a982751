"""Memory for the certificate: what its contractions take, known from their shapes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import networkx as nx
import opt_einsum

from backchannel.language.names import NodeName, first_few
from backchannel.machine.memory import NUMBER, claim, how_many, in_words
from backchannel.tensors.game import Game
from backchannel.tensors.plan import Scope
from backchannel.tensors.plan_size import REMEDY

Operands = tuple[tuple[NodeName, ...], ...]


@dataclass(frozen=True)
class _Passed:
    """What a contraction passes through, in one draw."""

    cells: int
    """Of all tables on the way: their slopes need them all."""
    largest: int
    scope: Scope
    """Nodes of the largest of them."""


def draws_at_once(game: Game, most: int) -> int:
    """How many draws of a game can be certified at once, by contractions.

    Args:
        game: The game.
        most: How many there would be.

    Raises:
        TooLargeError: Not even one; the nodes that make it large are named.
    """
    cards = tuple((name, len(game.diagram.domains[name])) for name in game.diagram.order)
    given = sum(table[0].size for table in game.beliefs.values())
    totals: dict[str, int] = {}
    widest = _Passed(0, 0, ())
    for what, operands in _contractions(game):
        passed = _passed(operands, cards)
        totals[what] = totals.get(what, 0) + passed.cells
        widest = max(widest, passed, key=lambda one: one.largest)
    # Slopes take as much again as what they are slopes of.
    each = NUMBER * (2 * max(totals.values(), default=0) + 2 * given)
    nodes = f"{len(widest.scope)} nodes at once ({first_few(widest.scope)})"
    claim(
        each,
        "Computing the certificate",
        f"One table is over {nodes}, {in_words(NUMBER * widest.largest)} in each draw. {REMEDY}",
    )
    return how_many(each, most)


def _contractions(game: Game) -> Iterator[tuple[str, Operands]]:
    """Each contraction with what it is part of: a player's worths, or the reach of a decision."""
    diagram, graph = game.diagram, game.diagram.graph
    rules = {d.name: game.rule_scope(d.name) for d in diagram.decisions}
    wanted = [(f"player {term.player}", term.scope) for term in game.terms]
    wanted += [(f"reach {name}", scope) for name, scope in rules.items()]
    for what, scope in wanted:
        relevant = set(scope).union(*(nx.ancestors(graph, name) for name in scope))
        tables = [(*diagram.parents(n), n) for n in diagram.order if n in relevant]
        yield what, (*tables, scope)


@lru_cache(maxsize=4096)
def _passed(operands: Operands, cards: tuple[tuple[NodeName, int], ...]) -> _Passed:
    size = dict(cards)
    symbol = {name: opt_einsum.get_symbol(i) for i, name in enumerate(size)}
    node = {letter: name for name, letter in symbol.items()}
    equation = ",".join("".join(symbol[n] for n in scope) for scope in operands) + "->"
    shapes = [tuple(size[name] for name in scope) for scope in operands]
    _, path = opt_einsum.contract_path(equation, *shapes, shapes=True, optimize="auto")
    cells, largest, widest = 0, 0, ""
    for contraction in path.contraction_list:
        inputs, _, result = str(contraction[2]).partition("->")
        del inputs
        here = 1
        for letter in result:
            here *= size[node[letter]]
        cells += here
        if here > largest:
            largest, widest = here, result
    return _Passed(cells, largest, tuple(node[letter] for letter in widest))
