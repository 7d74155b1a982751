"""A walk through time: what is still open is carried from node to node, and nothing else.

The frontier is the set of nodes that something later still depends on. In a game of repeated rounds
it stays small however many rounds there are, so one walk forward (how likely is each state of the
frontier) and one backward (what is it worth, how likely is the evidence to come) give every node's
chances and every decision's action values, in time proportional to the number of nodes. Here the
draws are the last axis, where NumPy's loops are longest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.diagram.diagram import Diagram
from backchannel.language.names import NodeName, first_few
from backchannel.machine.memory import NUMBER, claim, how_many
from backchannel.tensors.logs import log_sum
from backchannel.tensors.plan import Scope

LONG = 40
"""Number of nodes from which a diagram is walked through rather than contracted for every question."""
MOST_NUMBERS = 8_000_000
"""Numbers that a walk keeps at once; it bounds the draws that walk together."""

COPIES = 4
"""Tables over all that is open which are there at the same time on the way."""

Table = Float[np.ndarray, "... draw"]


@dataclass(frozen=True)
class Stride:
    """One node of the walk."""

    node: NodeName
    scope: Scope
    """Its parents, and itself."""
    before: Scope
    """What is open when it comes about."""
    among: Scope
    """The same, and itself."""
    after: Scope
    """What is open afterwards."""
    closing: tuple[int, ...]
    """Which of the given scopes have their last node here."""


@dataclass(frozen=True)
class Walk:
    """The nodes of a diagram in time, with what is open at each."""

    diagram: Diagram
    scopes: tuple[Scope, ...]
    """Sets of nodes that something is wanted of (terms of worths); each is open together once."""

    @cached_property
    def strides(self) -> tuple[Stride, ...]:
        """Every node's stride, in order of time."""
        diagram, rank = self.diagram, self.diagram.rank
        closing: dict[NodeName, list[int]] = {}
        last = dict(rank)
        for name in diagram.order:
            for parent in diagram.parents(name):
                last[parent] = max(last[parent], rank[name])
        for i, scope in enumerate(self.scopes):
            if scope:
                latest = max(scope, key=rank.__getitem__)
                closing.setdefault(latest, []).append(i)
                for name in scope:
                    last[name] = max(last[name], rank[latest])
        strides, before = [], ()
        for name in diagram.order:
            among = (*before, name)
            after = tuple(n for n in among if last[n] > rank[name])
            scope = (*diagram.parents(name), name)
            strides.append(Stride(name, scope, before, among, after, tuple(closing.get(name, ()))))
            before = after
        return tuple(strides)

    @property
    def draws_together(self) -> int:
        """How many draws can walk at once.

        Raises:
            TooLargeError: Not even one; what is open at the same time is named.
        """
        open_most = max((s.among for s in self.strides), key=self._size, default=())
        # What is open before each node is kept; the widest is there some times over on the way.
        each = NUMBER * (self.cells + COPIES * self._size(open_most))
        claim(
            each,
            "Working out the chances node by node",
            f"{len(open_most)} nodes that later ones depend on are open at once "
            f"({first_few(open_most)}). Let later nodes depend on fewer earlier ones, or replace "
            "some of them by a derived node that summarises them.",
        )
        return how_many(each, int(min(max(MOST_NUMBERS // max(self.cells, 1), 8), 256)))

    @cached_property
    def cells(self) -> int:
        """Cells of what is open, over all nodes."""
        return sum(self._size(stride.among) for stride in self.strides)

    def _size(self, scope: Scope) -> int:
        return prod(len(self.diagram.domains[name]) for name in scope)

    def chunks(self, n_draws: int) -> Iterator[slice]:
        """The draws in portions that can walk at once."""
        together = self.draws_together
        for start in range(0, n_draws, together):
            yield slice(start, min(start + together, n_draws))

    def summed(self, tables: Sequence[tuple[Table, Scope]], keep: Scope) -> Table:
        """Multiply tables and sum out what is not kept; the draws stay."""
        names = dict.fromkeys(name for _, scope in tables for name in scope)
        if missing := [name for name in keep if name not in names]:
            # What no table depends on gets an axis of length 1.
            tables = [*tables, (np.ones((1,) * (len(missing) + 1)), tuple(missing))]
            names |= dict.fromkeys(missing)
        number = {name: i for i, name in enumerate(names)}
        draws = len(number)
        operands: list[Any] = []
        for table, scope in tables:
            operands += [table, [*(number[name] for name in scope), draws]]
        return np.einsum(*operands, [*(number[name] for name in keep), draws])

    def log_summed(self, logs: Sequence[tuple[Table, Scope]], keep: Scope) -> Table:
        """The same on logarithms, where products are too small a number."""
        names = tuple(dict.fromkeys([*(name for _, scope in logs for name in scope), *keep]))
        total: Any = 0.0
        for table, scope in logs:
            order = sorted(range(len(scope)), key=lambda i, scope=scope: names.index(scope[i]))
            laid = table.transpose(*order, -1)
            lengths = {scope[i]: table.shape[i] for i in order}
            shape = (*(lengths.get(name, 1) for name in names), table.shape[-1])
            total = total + laid.reshape(shape)
        over = tuple(i for i, name in enumerate(names) if name not in keep)
        summed = log_sum(total, over, np) if over else total
        left = [name for name in names if name in keep]
        return summed.transpose(*(left.index(name) for name in keep), -1)

    def forward(
        self, tables: Mapping[NodeName, Table], n: int, *, in_logs: bool = False
    ) -> list[Table]:
        """How likely each state of the frontier is, before every node and after the last.

        Args:
            tables: P(node | parents) of every node, times the likelihood of what was seen of it.
            n: Number of draws.
            in_logs: Whether the tables are logarithms, and the answer is.
        """
        here = np.zeros(n) if in_logs else np.ones(n)
        summed = self.log_summed if in_logs else self.summed
        tables_ahead = [here]
        for stride in self.strides:
            pair = [(here, stride.before), (tables[stride.node], stride.scope)]
            here = summed(pair, stride.after)
            tables_ahead.append(here)
        return tables_ahead


def some_draws_last(table: np.ndarray, draws: slice) -> Table:
    """Some draws of a table, with the draws as its last axis (of length 1 if all are alike)."""
    part = table if len(table) == 1 else table[draws]
    return np.ascontiguousarray(np.moveaxis(part, 0, -1))


def along(number: Table, n: int) -> Table:
    """A table with its draw axis written out."""
    return np.broadcast_to(number, (*number.shape[:-1], n))
