"""Deals: packages of dated commitments, with penalties, payments and guarantees."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import islice, product
from math import prod
from typing import Literal, TypeAlias

from backchannel.language.expressions import Expression
from backchannel.language.names import NodeName, PlayerName, Value

MOST_PACKAGES = 10_000
"""Most packages of one deal."""
MOST_OPTIONAL = 4
"""Most optional steps of one deal; every combination of them is a game of its own."""

Together: TypeAlias = Literal["unseen", "escrow"]
"""How the promises of one step are kept at the same time. *Unseen*: each maker acts before it learns what
the others did. *Escrow*: each maker agrees or not, and only if all agree does anybody act."""


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
    after_all: bool = False
    """Due after the last step that a package has, whichever that is; `step` is then the deal's last."""


@dataclass(frozen=True)
class Package:
    """One combination of the alternatives: the promised actions and the amounts."""

    number: int
    """From 1, in the order of the alternatives; the last one varies fastest."""
    terms: Mapping[NodeName, Value]
    """The promised actions, in order of time; those of steps that are left out are missing."""
    amounts: tuple[Expression | None, ...]
    """One for each amount of the deal, in its order; `None` if it goes with a step that is left out."""


@dataclass(frozen=True)
class Joint:
    """Promises of one step that are kept at the same time."""

    nodes: tuple[NodeName, ...]
    """The promised decisions, in order of time."""
    in_escrow: bool
    """Nobody acts unless all makers agree; otherwise each acts before it learns what the others did."""


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
    optional: frozenset[int] = frozenset()
    """The steps (from 0) that a package may leave out."""
    together: Mapping[int, Together] = field(default_factory=dict)
    """By step whose promises are kept at the same time, how."""

    @cached_property
    def n_packages(self) -> int:
        """Count the packages that the alternatives make."""
        return sum(self.count(deal) for deal in self.variants)

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """Every package, at most `MOST_PACKAGES`."""
        return tuple(islice(self._product(), MOST_PACKAGES))

    @property
    def nodes(self) -> tuple[NodeName, ...]:
        """The decisions that the deal fixes, in order of time."""
        return tuple(commitment.node for commitment in self.commitments)

    @property
    def makers(self) -> tuple[PlayerName, ...]:
        """The players that promise something."""
        return tuple(dict.fromkeys(commitment.player for commitment in self.commitments))

    @property
    def joint(self) -> tuple[Joint, ...]:
        """The steps whose promises are kept at the same time."""
        groups = {
            step: tuple(c.node for c in self.commitments if c.step == step)
            for step in self.together
        }
        return tuple(
            Joint(nodes, self.together[step] == "escrow") for step, nodes in groups.items() if nodes
        )

    @property
    def concerned(self) -> tuple[PlayerName, ...]:
        """The parties, and all other players that pay or receive something."""
        others = [player for amount in self.amounts for player in amount.effect]
        return tuple(dict.fromkeys([*self.parties, *others]))

    @cached_property
    def variants(self) -> tuple[Deal, ...]:
        """The deal with every combination of its optional steps; the whole deal is the first."""
        if not self.optional:
            return (self,)
        rows = product((True, False), repeat=len(self.optional))
        left_out = [
            {s for s, has in zip(sorted(self.optional), row, strict=True) if not has}
            for row in rows
        ]
        return tuple(deal for steps in left_out if (deal := self._without(steps)).commitments)

    def variant(self, package: Package) -> Deal:
        """The deal with those optional steps that a package has."""
        return next(deal for deal in self.variants if deal.nodes == tuple(package.terms))

    def _without(self, steps: Collection[int]) -> Deal:
        commitments = tuple(c for c in self.commitments if c.step not in steps)
        return replace(self, commitments=commitments, optional=frozenset())

    def count(self, variant: Deal) -> int:
        """Count the packages that have the steps of one variant."""
        values = prod(len(c.values) for c in variant.commitments)
        due = (a for a in self.amounts if self._is_in(a, variant))
        return values * prod(len(amount.alternatives) for amount in due)

    def _is_in(self, amount: Amount, variant: Deal) -> bool:
        """Whether an amount belongs to a variant: its step does, or somebody who could make it due."""
        if amount.step is not None:
            left_out = self.optional - {c.step for c in variant.commitments}
            return amount.after_all or amount.step not in left_out
        breakers = set(amount.breakers).intersection(self.makers)
        return not breakers or not breakers.isdisjoint(variant.makers)

    def _product(self) -> Iterator[Package]:
        number = 0
        for chosen in product(*self._choices()):
            terms = dict(pair for step in chosen for pair in step)
            if self.commitments and not terms:
                continue
            variant = next(deal for deal in self.variants if deal.nodes == tuple(terms))
            due = [a.alternatives if self._is_in(a, variant) else (None,) for a in self.amounts]
            for amounts in product(*due):
                number += 1
                yield Package(number, terms, amounts)

    def _choices(self) -> Iterator[list[tuple[tuple[NodeName, Value], ...]]]:
        """For each step, what a package may have of it; to leave it out comes last."""
        for step in dict.fromkeys(c.step for c in self.commitments):
            own = [c for c in self.commitments if c.step == step]
            values = product(*(c.values for c in own))
            choices = [tuple(zip((c.node for c in own), row, strict=True)) for row in values]
            yield [*choices, ()] if step in self.optional else choices
