"""Unroll a case into a game tree: everything that can happen in one draw, path by path.

A node with only one possible value on a path (a derived node, a chance node with one possible value, a
decision that does not exist or has one available action) is not a move and is left out.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from fractions import Fraction

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.interop.game_tree import (
    CHANCE,
    CONTEXT,
    MOST_LEAVES,
    GameTree,
    InformationSet,
    TreeNode,
    TreeOutcome,
)
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.compile_game import compile_game
from backchannel.tensors.game import Game
from backchannel.tensors.inference import World, joint

PRECISION_NOTE = "Logit precision by player, in order:"
"""Introduces the precisions in the comment of a file; the import reads them."""

SAFE_DIGITS = 15
"""Decimals of so many digits differ as floating-point numbers, so they are read back as they were written."""
SIMPLE = 10_000
"""Largest denominator of a simple fraction."""
TELLING = 1e10
"""Below this, hardly any number of 17 digits is next to a simple fraction by chance."""
ROUNDINGS = 4
"""By how many units in the last place of the numbers in it, of about 1 or more, a sum may be off."""
EXACTLY_COUNTED = 10**15
"""Number of leaves above which a count is not exact."""


def unroll(
    diagram: Diagram,
    numbers: Mapping[str, float],
    *,
    title: str,
    comment: str = "",
    names: Mapping[PlayerName, str],
    most: int = MOST_LEAVES,
) -> GameTree:
    """Unroll a diagram with its numbers filled in.

    Args:
        diagram: The diagram.
        numbers: Each parameter's value, precisions included.
        title: The game's title.
        comment: Text above the precisions in the comment of the file.
        names: The name of each player.
        most: Most leaves of the tree.

    Raises:
        CommandError: The tree has too many leaves; they are counted before the tree is built.
    """
    game = compile_game(diagram, {name: np.array([x]) for name, x in numbers.items()})
    leaves = count_leaves(game)
    if leaves > most:
        shown = f"{leaves:,}" if leaves < EXACTLY_COUNTED else f"about {leaves:.0e}"
        raise CommandError(
            f"As a tree this case has {shown} leaves; at most {most:,} are written. A tree "
            "multiplies the values of all nodes. Set some nodes or remove them, and export again."
        )
    precisions = " ".join(repr(float(game.precision[p][0])) for p in diagram.players)
    nodes = _Unroller(game).nodes()
    note = f"{comment}\n{PRECISION_NOTE} {precisions}".strip()
    return GameTree(title, note, tuple(names[p] for p in diagram.players), tuple(nodes))


def count_leaves(game: Game) -> int:
    """Count the leaves of a game with one tensor contraction, without walking the tree."""
    diagram = game.diagram
    possible = {name: (game.factors[name][:1] > 0) * 1.0 for name in game.factors}
    possible |= {name: menu[:1] * 1.0 for name, menu in game.menus.items()}
    everything = {name: np.zeros(len(domain)) for name, domain in diagram.domains.items()}
    world = World(diagram, 1, possible)
    return round(float(joint(world, keep=(), evidence=everything)[0]))


class _Unroller:
    def __init__(self, game: Game) -> None:
        self.game = game
        self.diagram = game.diagram
        self.parents = {name: self.diagram.parents(name) for name in self.diagram.order}
        self.sets: dict[tuple[Hashable, ...], InformationSet] = {}
        self.counts: dict[int, int] = {}
        self.outcomes: dict[tuple[Fraction, ...], TreeOutcome] = {}

    def nodes(self) -> list[TreeNode]:
        """List every node of the tree, each before its subtrees."""
        order = self.diagram.order
        nodes: list[TreeNode] = []
        waiting: list[tuple[int, dict[NodeName, int]]] = [(0, {})]
        while waiting:
            depth, values = waiting.pop()
            options: list[int] = []
            while depth < len(order):
                options = self._options(order[depth], values)
                if len(options) > 1:
                    break
                values = {**values, order[depth]: options[0]}
                depth += 1
            if depth == len(order):
                nodes.append(TreeNode("", None, self._outcome(values)))
                continue
            name = order[depth]
            # In Gambit, labels of nodes must differ, so they stay empty.
            nodes.append(TreeNode("", self._set(name, options, values)))
            later = [(depth + 1, {**values, name: option}) for option in options]
            waiting += reversed(later)
        return nodes

    def _row(self, name: NodeName, values: Mapping[NodeName, int]) -> np.ndarray:
        table = self.game.menus[name] if name in self.game.menus else self.game.factors[name]
        return table[(0, *(values[parent] for parent in self.parents[name]))]

    def _options(self, name: NodeName, values: Mapping[NodeName, int]) -> list[int]:
        return np.flatnonzero(self._row(name, values) > 0).tolist()

    def _set(
        self, name: NodeName, options: list[int], values: Mapping[NodeName, int]
    ) -> InformationSet:
        domains = self.diagram.domains
        context = [(p, domains[p][values[p]]) for p in self.parents[name]]
        key = (name, *(values[p] for p in self.parents[name]))
        if key not in self.sets:
            node = self.diagram.node[name]
            owner = CHANCE
            if isinstance(node, Decision):
                owner = self.diagram.players.index(node.player) + 1
            self.counts[owner] = self.counts.get(owner, 0) + 1
            known = ", ".join(f"{parent}={value}" for parent, value in context)
            self.sets[key] = InformationSet(
                player=owner,
                number=self.counts[owner],
                label=f"{name}{CONTEXT}{known}" if known else name,
                actions=tuple(str(node.domain[i]) for i in options),
                chances=() if owner else exact_chances(self._row(name, values)[options]),
            )
        return self.sets[key]

    def _outcome(self, values: Mapping[NodeName, int]) -> TreeOutcome:
        worth = dict.fromkeys(self.diagram.players, Fraction(0))
        for term in self.game.terms:
            number = float(term.worth[(0, *(values[n] for n in term.scope))])
            worth[term.player] += exact_payoff(number)
        payoffs = tuple(worth.values())
        label = f"outcome {len(self.outcomes) + 1}"
        return self.outcomes.setdefault(payoffs, TreeOutcome(label, payoffs))


def exact_payoff(number: float) -> Fraction:
    """Convert a payoff to the decimal that was written, or to the simple fraction that was computed.

    >>> [str(exact_payoff(x)) for x in (0.1, 1 / 3, 0.8 - 0.5, 1234567.890123456)]
    ['1/10', '1/3', '3/10', '19290123283179/15625000']
    """
    written = Fraction(repr(number))
    if len(repr(number).lstrip("-0.").replace(".", "").partition("e")[0]) <= SAFE_DIGITS:
        return written
    # So many digits are those of a fraction, the error of a sum, or what the author wrote.
    simple = Fraction(number).limit_denominator(SIMPLE)
    scale = max(abs(number), 1.0)
    is_telling = simple != 0 and simple.denominator**2 * scale < TELLING
    is_near = abs(simple - written) <= ROUNDINGS * math.ulp(scale)
    return simple if is_telling and is_near else written


def exact_chances(row: np.ndarray) -> tuple[Fraction, ...]:
    """Convert probabilities to fractions that sum to exactly 1, simple ones if possible.

    >>> [str(share) for share in exact_chances(np.array([1 / 3, 2 / 3]))]
    ['1/3', '2/3']
    """
    shares = [_fraction(float(share)) for share in row]
    largest = max(range(len(shares)), key=shares.__getitem__)
    shares[largest] += 1 - sum(shares)
    return tuple(shares)


def _fraction(share: float) -> Fraction:
    simple = Fraction(share).limit_denominator(10_000)
    return simple if abs(float(simple) - share) <= 1e-15 * share else Fraction(repr(share))
