"""The frame: which rules of a game are free, which are held and what is promised; no numbers.

Action values are written down for a frame. A frame can be narrower than its diagram:

- Decisions whose rules are *held* are chance.
- A node that everyone in the frame sees may be fixed, one value at a time (a *slice*).
- A decision may ignore parents along which its rule cannot change. They are *pinned*: its action values
  are worked out where those parents have their first value.
- The past may be summed up in one joint distribution of the nodes that the rest depends on, the
  *interface*.
- While a deal is in force, *promised* decisions that were taken are as promised, so that no later table
  has an axis for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import networkx as nx

from backchannel.diagram.diagram import Diagram
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.plan import Scope


@dataclass(frozen=True, eq=False)
class Frame:
    """Who decides what, seeing what, wanting what.

    Frames that say the same are equal, so that what is worked out from one serves the others.
    """

    cards: Mapping[NodeName, int]
    """Number of values of each node, in order of time; 1 for a node that is fixed in each slice."""
    parents: Mapping[NodeName, Scope]
    """What each mechanism depends on, in order of time; for a decision all that it sees."""
    owner: Mapping[NodeName, PlayerName]
    """Whose each free decision is, in order of time. Decisions whose rules are held are chance."""
    terms: tuple[tuple[PlayerName, Scope], ...]
    """Owner and scope of each part of the interests."""
    pinned: Mapping[NodeName, frozenset[NodeName]] = field(default_factory=dict)
    """Parents of a free decision along which its rule is the same."""
    interface: Scope = ()
    """Past nodes that are summed up in one joint distribution."""
    promised: Scope = ()
    """Free decisions that a deal fixes, in order of time. Only their own tables have an axis for them."""
    joint: tuple[Scope, ...] = ()
    """Promised decisions that are taken at the same time, next to each other in order of time; none of
    them knows whether the others are as promised."""

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """All that it says."""
        return (
            tuple(self.cards.items()),
            tuple(self.parents.items()),
            tuple(self.owner.items()),
            self.terms,
            tuple((name, tuple(sorted(self.pinned.get(name, ())))) for name in self.owner),
            self.interface,
            self.promised,
            self.joint,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def sees(self, name: NodeName) -> Scope:
        """The parents along which a node's table changes."""
        unused = self.pinned.get(name, frozenset())
        return tuple(parent for parent in self.parents[name] if parent not in unused)

    def scope(self, name: NodeName) -> Scope:
        """Axes of a node's table."""
        return (*self.sees(name), name)

    def shape(self, name: NodeName) -> tuple[int, ...]:
        """Lengths of the axes of a node's table."""
        return tuple(self.cards[other] for other in self.scope(name))

    @cached_property
    def rank(self) -> Mapping[NodeName, int]:
        """Place of each node in time."""
        return {name: i for i, name in enumerate(self.cards)}

    @cached_property
    def graph(self) -> nx.DiGraph[Any]:
        """An edge from each parent along which something changes."""
        graph = nx.DiGraph()
        graph.add_nodes_from(self.cards)
        graph.add_edges_from((parent, name) for name in self.cards for parent in self.sees(name))
        return graph

    def is_later(self, name: NodeName, until: int) -> bool:
        """Whether a node comes after a point in time; what the interface sums up is past."""
        return self.rank[name] > until and name not in self.interface

    def relevant(self, names: Iterable[NodeName]) -> set[NodeName]:
        """Nodes that some nodes depend on, themselves included, except what the interface sums up."""
        relevant = set(names)
        relevant = relevant.union(*(nx.ancestors(self.graph, name) for name in relevant))
        return relevant.difference(self.interface)

    def promised_before(self, decision: NodeName) -> Scope:
        """The promised decisions of the steps that come before a decision."""
        own = next((names for names in self.joint if decision in names), (decision,))
        return tuple(name for name in self.promised if self.rank[name] < self.rank[own[0]])

    def at_stake(self, decision: NodeName) -> tuple[int, ...]:
        """Numbers of the owner's terms that a decision can still influence."""
        below = nx.descendants(self.graph, decision) | {decision}
        return tuple(
            i
            for i, (player, scope) in enumerate(self.terms)
            if player == self.owner[decision] and below.intersection(scope)
        )

    def only(self, decisions: Collection[NodeName]) -> Frame:
        """Leave the other decisions out: those that are left need none of their rules."""
        return replace(self, owner={n: who for n, who in self.owner.items() if n in decisions})

    def sliced(self, public: Collection[NodeName]) -> Frame:
        """Fix some nodes in each slice."""
        return replace(
            self, cards={name: 1 if name in public else n for name, n in self.cards.items()}
        )

    def pin(self, decision: NodeName, parent: NodeName) -> Frame:
        """Take a parent out of what a decision's rule depends on."""
        unused = self.pinned.get(decision, frozenset()) | {parent}
        return replace(self, pinned={**self.pinned, decision: unused})


def frame_of(
    diagram: Diagram, terms: Sequence[tuple[PlayerName, Scope]], held: Collection[NodeName]
) -> Frame:
    """The frame of a whole game.

    Args:
        diagram: The game's graph.
        terms: Owner and scope of each part of the interests.
        held: Decisions whose rules are kept as they are.
    """
    return Frame(
        cards={name: len(diagram.domains[name]) for name in diagram.order},
        parents={name: diagram.parents(name) for name in diagram.order},
        owner={d.name: d.player for d in diagram.decisions if d.name not in held},
        terms=tuple(terms),
    )
