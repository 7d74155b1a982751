"""Deals: packages of dated commitments, with penalties, payments and guarantees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice, product
from math import prod

from backchannel.language.expressions import Expression
from backchannel.language.names import NodeName, PlayerName, Value

MOST_PACKAGES = 10_000
"""Most packages of one deal."""


@dataclass(frozen=True)
class Commitment:
    """One decision that a step of a deal fixes."""

    node: NodeName
    player: PlayerName
    """The player that decides it, and so keeps or breaks the promise."""
    values: tuple[Value, ...]
    """The alternatives; each package has one of them."""
    step: int
    """The step of the deal that it belongs to, from 0."""


@dataclass(frozen=True)
class Amount:
    """A payment, penalty or cost of a deal, in the utility unit; it happens at most once."""

    label: str
    alternatives: tuple[Expression, ...]
    """Numbers, or expressions over parameters; each package has one of them."""
    effect: Mapping[PlayerName, float]
    """By player, the worth of one unit: 1 for who receives it, -1 for who pays it."""
    step: int | None
    """The step (from 0) after which it is due; `None` if it is due when the deal is broken."""
    breakers: tuple[PlayerName, ...] = ()
    """The players whose breach makes it due, if it is due on a breach."""


@dataclass(frozen=True)
class Package:
    """One combination of the alternatives: the promised actions and the amounts."""

    number: int
    """From 1, in the order of the alternatives; the last one varies fastest."""
    terms: Mapping[NodeName, Value]
    amounts: tuple[Expression, ...]
    """One for each amount of the deal, in its order."""


@dataclass(frozen=True)
class Deal:
    """Parties and dated steps; alternatives make several packages."""

    name: str
    parties: tuple[PlayerName, ...]
    commitments: tuple[Commitment, ...]
    """In order of time."""
    amounts: tuple[Amount, ...]
    date: date
    """The day from which all players replan."""
    title: str = ""

    @property
    def n_packages(self) -> int:
        """Count the packages that the alternatives make."""
        lists = [c.values for c in self.commitments], [a.alternatives for a in self.amounts]
        return prod(len(alternatives) for group in lists for alternatives in group)

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """Every package, at most `MOST_PACKAGES`."""
        return tuple(islice(self._product(), MOST_PACKAGES))

    @property
    def nodes(self) -> tuple[NodeName, ...]:
        """The decisions that the deal fixes, in order of time."""
        return tuple(commitment.node for commitment in self.commitments)

    @property
    def concerned(self) -> tuple[PlayerName, ...]:
        """The parties, and all other players that pay or receive something."""
        others = [player for amount in self.amounts for player in amount.effect]
        return tuple(dict.fromkeys([*self.parties, *others]))

    def _product(self) -> Iterator[Package]:
        promised = product(*(c.values for c in self.commitments))
        due = tuple(product(*(a.alternatives for a in self.amounts)))
        for number, (values, amounts) in enumerate(product(promised, due), start=1):
            yield Package(number, dict(zip(self.nodes, values, strict=True)), amounts)
