"""Plans: contractions written down once, with shared intermediates.

A table has one axis for each node in its scope, in the diagram's order, and the draw as its last
axis; so tables meet by broadcasting and code matches axes by name, never by position. A plan is
a straight line of steps over numbered tables. The same step is never written twice, which is how
contractions for different decisions share their intermediates.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, TypeAlias

from backchannel.language.names import NodeName

TableId: TypeAlias = int
Scope: TypeAlias = tuple[NodeName, ...]

ONCE = 0.03
"""Cost of work that is done once, beside work that is repeated."""


@dataclass(frozen=True)
class Step:
    """One operation: make table `out` from tables `operands`.

    `multiply` multiplies the operands and sums `over` out; `add` adds them; `divide` divides the
    first by the second (0 where that is 0); `respond` hands action values to the caller and
    takes a decision rule back; `floor` lifts the zeros of a rule for beliefs off the path; `pin`
    keeps the part of a table in which `over` has its first value.
    """

    out: TableId
    op: str
    operands: tuple[TableId, ...]
    over: Scope = ()
    note: str = ""


@dataclass
class Plan:
    """A straight line of steps, and the scope of every table in it."""

    cards: Mapping[NodeName, int]
    """Number of values of each node, in the order of the axes."""
    scopes: list[Scope] = field(default_factory=list)
    inputs: dict[Hashable, TableId] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    _made: dict[tuple[Any, ...], TableId] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rank = {name: i for i, name in enumerate(self.cards)}
        self._varying: set[TableId] = set()

    def take(self, key: Hashable, scope: Iterable[NodeName], *, varying: bool = False) -> TableId:
        """Name a table that the caller provides when the plan is run.

        If a table varies from run to run (a rule), all tables computed from it vary too; the rest
        is worked out once, and the order of elimination prefers such work.
        """
        if key not in self.inputs:
            self.inputs[key] = self._table(scope)
            if varying:
                self._varying.add(self.inputs[key])
        return self.inputs[key]

    def multiply(self, operands: Iterable[TableId], over: NodeName | None = None) -> TableId:
        """Multiply tables and, if asked, sum one node out."""
        tables = tuple(sorted(operands))
        names = self._union(tables)
        kept = [name for name in names if name != over]
        return self._make("multiply", tables, (over,) if over else (), kept)

    def add(self, operands: Iterable[TableId]) -> TableId:
        """Add tables of any scopes by broadcasting."""
        tables = tuple(sorted(operands))
        return tables[0] if len(tables) == 1 else self._make("add", tables, (), self._union(tables))

    def divide(self, table: TableId, by: TableId) -> TableId:
        """Divide a table by another over some of its nodes; 0 where that is 0."""
        return self._make("divide", (table, by), (), self.scopes[table])

    def floor(self, rule: TableId, decision: NodeName) -> TableId:
        """Lift the zeros of a rule so that beliefs are defined after a surprise."""
        return self._make("floor", (rule,), (), self.scopes[rule], decision)

    def pin(self, table: TableId, node: NodeName) -> TableId:
        """Keep the part of a table in which a node has its first value."""
        kept = [name for name in self.scopes[table] if name != node]
        return self._make("pin", (table,), (node,), kept)

    def respond(self, values: Sequence[TableId], decision: NodeName, scope: Scope) -> TableId:
        """Hand a decision's action values over and take its rule back."""
        return self._make("respond", tuple(values), (), scope, decision)

    def eliminate(self, tables: Iterable[TableId], keep: Iterable[NodeName]) -> TableId:
        """Multiply tables and sum out every node not in `keep`, cheapest first."""
        left, kept = set(tables), set(keep)
        holders: dict[NodeName, set[TableId]] = {}
        for table in left:
            for name in self.scopes[table]:
                if name not in kept:
                    holders.setdefault(name, set()).add(table)
        cost = {name: self._cost(holders[name]) for name in self._sorted(holders)}
        while cost:
            cheapest = min(cost, key=lambda name: (cost[name], self._rank[name]))
            touched = holders.pop(cheapest)
            del cost[cheapest]
            made = self.multiply(touched, over=cheapest)
            left = (left - touched) | {made}
            for name in {n for t in touched for n in self.scopes[t]} & holders.keys():
                holders[name] = (holders[name] - touched) | {made}
            # Only what met the eliminated node costs something else now.
            for name in self.scopes[made]:
                if name in holders:
                    cost[name] = self._cost(holders[name])
        return self.multiply(left) if len(left) > 1 else next(iter(left))

    def varies(self, table: TableId) -> bool:
        """Say whether a table changes from run to run."""
        return table in self._varying

    def size(self, names: Iterable[NodeName]) -> int:
        """Number of cells of a table over these nodes."""
        return prod(self.cards[name] for name in names)

    def describe(self) -> str:
        """Write the plan down, one step a line, for a golden file."""
        name = {table: " ".join(map(str, _flat(key))) for key, table in self.inputs.items()}
        lines = [f"t{table} = {name[table]} {list(self.scopes[table])}" for table in sorted(name)]
        for step in self.steps:
            operands = " ".join(f"t{t}" for t in step.operands)
            over = f" over {' '.join(step.over)}" if step.over else ""
            note = f" for {step.note}" if step.note else ""
            scope = list(self.scopes[step.out])
            lines.append(f"t{step.out} = {step.op} {operands}{over}{note} {scope}")
        return "\n".join(lines) + "\n"

    def _cost(self, touched: set[TableId]) -> float:
        once = ONCE if self._varying.isdisjoint(touched) else 1.0
        names = {name for table in touched for name in self.scopes[table]}
        return once * self.size(names) * len(touched)

    def _union(self, tables: Iterable[TableId]) -> list[NodeName]:
        return self._sorted({name for table in tables for name in self.scopes[table]})

    def _sorted(self, names: Iterable[NodeName]) -> list[NodeName]:
        return sorted(names, key=self._rank.__getitem__)

    def _table(self, scope: Iterable[NodeName]) -> TableId:
        self.scopes.append(tuple(self._sorted(scope)))
        return len(self.scopes) - 1

    def _make(
        self,
        op: str,
        operands: tuple[TableId, ...],
        over: Scope,
        scope: Iterable[NodeName],
        note: str = "",
    ) -> TableId:
        key = (op, operands, over, note)
        if key not in self._made:
            self._made[key] = out = self._table(scope)
            if op == "respond" or self._varying.intersection(operands):
                self._varying.add(out)
            self.steps.append(Step(out, op, operands, over, note))
        return self._made[key]


def _flat(key: Hashable) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)
