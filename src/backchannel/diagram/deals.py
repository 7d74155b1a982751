"""Deals: families of packages of dated commitments, with penalties, payments and guarantees."""

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
"""Packages that one deal may have."""


@dataclass(frozen=True)
class Commitment:
    """One decision that a step of a deal fixes."""

    node: NodeName
    player: PlayerName
    """Who decides it, and so who keeps or breaks it."""
    values: tuple[Value, ...]
    """The alternatives: one of them is in each package."""
    step: int
    """Which step of the deal it belongs to, from 0."""


@dataclass(frozen=True)
class Amount:
    """Something that the deal adds to or takes from players' worth once, in the utility unit."""

    label: str
    alternatives: tuple[Expression, ...]
    """Numbers, or expressions over parameters; one of them is in each package."""
    effect: Mapping[PlayerName, float]
    """By player, what one unit of it is worth: 1 to who receives it, -1 to who bears it."""
    step: int | None
    """It falls due when this step (from 0) has been kept; `None`: when the deal is broken."""
    breakers: tuple[PlayerName, ...] = ()
    """Whose breach makes it fall due, where it is about a breach."""


@dataclass(frozen=True)
class Package:
    """One member of the family: what is promised, and the amounts that go with it."""

    number: int
    """From 1, in the order of the alternatives, the last varying fastest."""
    terms: Mapping[NodeName, Value]
    amounts: tuple[Expression, ...]
    """One for each amount of the deal, in its order."""


@dataclass(frozen=True)
class Deal:
    """Parties and dated steps; a list of alternatives makes it a family of packages."""

    name: str
    parties: tuple[PlayerName, ...]
    commitments: tuple[Commitment, ...]
    """In order of time."""
    amounts: tuple[Amount, ...]
    date: date
    """From this day on everyone plans anew."""
    title: str = ""

    @property
    def n_packages(self) -> int:
        """How many packages the alternatives make."""
        lists = [c.values for c in self.commitments], [a.alternatives for a in self.amounts]
        return prod(len(one) for group in lists for one in group)

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """Every package, at most `MOST_PACKAGES`."""
        return tuple(islice(self._product(), MOST_PACKAGES))

    @property
    def nodes(self) -> tuple[NodeName, ...]:
        """The decisions that it fixes, in order of time."""
        return tuple(commitment.node for commitment in self.commitments)

    @property
    def concerned(self) -> tuple[PlayerName, ...]:
        """The parties, and whoever else it costs or pays something."""
        others = [player for amount in self.amounts for player in amount.effect]
        return tuple(dict.fromkeys([*self.parties, *others]))

    def _product(self) -> Iterator[Package]:
        promised = product(*(c.values for c in self.commitments))
        due = tuple(product(*(a.alternatives for a in self.amounts)))
        for number, (values, amounts) in enumerate(product(promised, due), start=1):
            yield Package(number, dict(zip(self.nodes, values, strict=True)), amounts)
