"""Plans for a deal: what breaking it leads to, and one update of play while it is kept.

Play has two regimes. In force: every promise so far was kept. Broken: somebody did something else,
and from then on everyone keeps to the rules that hold without a deal. The worth of a broken deal
therefore depends on no rule that is being sought; it is worked out once, for all packages. While
the deal is in force, the promised decisions taken so far are as promised, so their axes are gone
from every table, and the plan below is small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from backchannel.diagram.nodes import Decision
from backchannel.equilibrium.future import Future
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.plan import Plan, Scope, Step, TableId

Values = dict[PlayerName, list[TableId]]


@dataclass(frozen=True)
class BrokenPlan:
    """What everyone can expect from a day on when there is no deal, or no longer."""

    plan: Plan
    at: Mapping[NodeName, Mapping[PlayerName, tuple[TableId, ...]]]
    """For each promised decision, what it and all that follows are worth, by what is known then."""
    start: Mapping[PlayerName, tuple[TableId, ...]]
    """The same from the deal's day on; tables over the interface."""


def broken_plan(future: Future) -> BrokenPlan:
    """Write down what each player can expect under given rules.

    Returns:
        The plan. It takes `("factor", node)`, `("rule", decision)` and `("term", i)`.
    """
    plan = Plan(_cards(future))
    values: Values = {player: [] for player in future.owners}
    at = {}
    for name in reversed(future.nodes):
        for i in future.terms_at[name]:
            player, scope = future.terms[i]
            values[player].append(plan.take(("term", i), scope))
        if name in future.promised:
            values = {player: gathered(plan, tables) for player, tables in values.items()}
            at[name] = {player: tuple(tables) for player, tables in values.items()}
        kind = "rule" if isinstance(future.diagram.node[name], Decision) else "factor"
        _sum_out(plan, values, name, plan.take((kind, name), future.scope(name)))
    return BrokenPlan(plan, at, {player: tuple(tables) for player, tables in values.items()})


@dataclass(frozen=True)
class KeepingPlan:
    """One update of every rule while a deal is in force, last decision first; and a report."""

    plan: Plan
    new: Mapping[NodeName, TableId]
    """Each decision's rule after the update."""
    worth: Mapping[PlayerName, tuple[TableId, ...]]
    """Expected worth of all that lies ahead, given the record; tables without nodes that add up."""
    kept: Mapping[NodeName, TableId]
    """P(this and every earlier promise is kept | record)."""
    able: Mapping[NodeName, TableId]
    """P(earlier promises are kept and this one can be | record)."""
    best: Mapping[NodeName, TableId]
    """P(earlier promises are kept and keeping this one is a best reply | record)."""

    @cached_property
    def updating(self) -> tuple[Step, ...]:
        """The steps that the new rules need."""
        return self._needed(self.new.values())

    @cached_property
    def reporting(self) -> tuple[Step, ...]:
        """The steps that the report needs."""
        tables = [table for tables in self.worth.values() for table in tables]
        return self._needed(
            [*tables, *self.kept.values(), *self.able.values(), *self.best.values()]
        )

    def _needed(self, wanted: Iterable[TableId]) -> tuple[Step, ...]:
        needed = set(wanted)
        for step in reversed(self.plan.steps):
            if step.out in needed:
                needed |= set(step.operands)
        return tuple(step for step in self.plan.steps if step.out in needed)


def keeping_plan(
    future: Future, broken: BrokenPlan, concerned: tuple[PlayerName, ...]
) -> KeepingPlan:
    """Write down one update of play while a deal is in force.

    Args:
        future: What lies ahead.
        broken: Where the scopes of the broken deal's worth stand.
        concerned: Players whom keeping or breaking costs or pays something.

    Returns:
        The plan. Beside `("factor" | "belief", node)`, `("term", i)` and `("rule", decision)`, all
        without the axes of promised decisions, it takes `("prior",)` and `("posterior",)` of the
        interface, and for each promised decision d `("promise", d)` (1 at the promised action),
        `("else", d)` (1 at the others), `("broken", d, player, j)`, `("due", d, player)` (what
        keeping or breaking adds to a player's worth), `("is able", d)` and `("is best", d)`.
    """
    builder = _Builder(future, broken, concerned)
    return builder.build()


class _Builder:
    def __init__(
        self, future: Future, broken: BrokenPlan, concerned: tuple[PlayerName, ...]
    ) -> None:
        self.future = future
        self.broken = broken
        self.concerned = concerned
        self.plan = Plan(_cards(future))
        self.old = {
            d.name: self.plan.take(
                ("rule", d.name), future.in_force(future.scope(d.name), own=d.name), varying=True
            )
            for d in future.decisions
        }
        self.newest = dict(self.old)

    def build(self) -> KeepingPlan:
        plan, future = self.plan, self.future
        everyone = tuple(dict.fromkeys([*future.owners, *self.concerned]))
        values: Values = {player: [] for player in everyone}
        for name in reversed(future.nodes):
            for i in future.terms_at[name]:
                player, scope = future.terms[i]
                values[player].append(plan.take(("term", i), future.in_force(scope)))
            node = future.diagram.node[name]
            if not isinstance(node, Decision):
                _sum_out(plan, values, name, self._factor("factor", name))
                continue
            if name in future.promised:
                values = {p: self._kept_or_broken(name, p, values[p]) for p in everyone}
            values = {player: gathered(plan, tables) for player, tables in values.items()}
            scope = future.in_force(future.scope(name), own=name)
            parts = self._action_values(node, scope, values.get(node.player, []))
            self.newest[name] = plan.respond(parts, name, scope)
            _sum_out(plan, values, name, self.newest[name])
        posterior = plan.take(("posterior",), future.interface)
        return KeepingPlan(
            plan=plan,
            new=dict(self.newest),
            worth={
                player: tuple(plan.eliminate([posterior, table], ()) for table in tables)
                for player, tables in values.items()
            },
            kept={name: self._mass(posterior, name, "promise") for name in future.promised},
            able={name: self._mass(posterior, name, "is able") for name in future.promised},
            best={name: self._mass(posterior, name, "is best") for name in future.promised},
        )

    def _kept_or_broken(
        self, name: NodeName, player: PlayerName, kept: list[TableId]
    ) -> list[TableId]:
        """Join what keeping a promise leads to and what anything else leads to."""
        plan, future = self.plan, self.future
        promise = plan.take(("promise", name), (name,))
        other = plan.take(("else", name), (name,))
        tables = [plan.multiply([promise, table]) for table in kept]
        for j, there in enumerate(self.broken.at[name].get(player, ())):
            scope = future.in_force(self.broken.plan.scopes[there], own=name)
            table = plan.take(("broken", name, player, j), scope)
            tables.append(plan.multiply([other, table]))
        if player in self.concerned:
            scope = future.in_force(future.scope(name), own=name)
            tables.append(plan.take(("due", name, player), scope))
        return tables

    def _action_values(
        self, decision: Decision, scope: Scope, tables: list[TableId]
    ) -> list[TableId]:
        plan, seen = self.plan, set(scope)
        at_stake = [t for t in tables if decision.name in plan.scopes[t]]
        hidden = {name for t in at_stake for name in plan.scopes[t]} - seen
        if not hidden:
            return at_stake
        belief = self._belief(decision.name, hidden, seen - {decision.name})
        parts = []
        for table in at_stake:
            own = hidden & set(plan.scopes[table])
            if own:
                about = plan.eliminate([belief], set(plan.scopes[belief]) - (hidden - own))
                table = plan.eliminate([about, table], (set(plan.scopes[about]) | seen) - own)
            parts.append(table)
        return parts

    def _belief(self, name: NodeName, hidden: set[NodeName], seen: set[NodeName]) -> TableId:
        """P(hidden | what is seen, and that the deal is in force)."""
        plan = self.plan
        tables = [self._prior(), *self._mechanisms(hidden | seen, before=name, floored=True)]
        linked = nx.Graph()
        linked.add_nodes_from(hidden)
        for table in tables:
            nx.add_path(linked, [n for n in plan.scopes[table] if n not in seen])
        near = set().union(*(nx.node_connected_component(linked, node) for node in hidden))
        telling = [t for t in tables if near & set(plan.scopes[t])]
        joint = plan.eliminate(telling, hidden | seen)
        return plan.divide(joint, plan.eliminate([joint], seen))

    def _mass(self, posterior: TableId, last: NodeName, key: str) -> TableId:
        """P(every promise before the last, and something about the last | record)."""
        seen = self.future.in_force(self.future.diagram.parents(last))
        is_kept = key == "promise"
        final = (
            self._promised(last, self.old[last]) if is_kept else self.plan.take((key, last), seen)
        )
        earlier = self._mechanisms(seen, before=last, floored=False)
        return self.plan.eliminate([posterior, final, *earlier], ())

    def _mechanisms(
        self, wanted: Iterable[NodeName], *, before: NodeName, floored: bool
    ) -> list[TableId]:
        """Tables of everything ahead that some nodes and all earlier promises rest on."""
        plan, future = self.plan, self.future
        rank = {name: i for i, name in enumerate(future.nodes)}
        earlier = [name for name in future.promised if rank[name] < rank[before]]
        needed: set[NodeName] = set()
        open_ = [*wanted, *earlier]
        while open_:
            name = open_.pop()
            if name in needed or name not in future.nodes:
                continue
            needed.add(name)
            open_ += future.in_force(future.diagram.parents(name))
        tables = []
        for name in future.nodes:
            if name not in needed:
                continue
            if name not in self.newest:
                tables.append(self._factor("belief" if floored else "factor", name))
                continue
            rule = self.newest[name] if floored else self.old[name]
            rule = plan.floor(rule, name) if floored else rule
            tables.append(self._promised(name, rule) if name in earlier else rule)
        return tables

    def _promised(self, name: NodeName, rule: TableId) -> TableId:
        """P(the promised action | what is seen)."""
        promise = self.plan.take(("promise", name), (name,))
        return self.plan.multiply([rule, promise], over=name)

    def _factor(self, kind: str, name: NodeName) -> TableId:
        return self.plan.take((kind, name), self.future.in_force(self.future.scope(name)))

    def _prior(self) -> TableId:
        return self.plan.take(("prior",), self.future.interface)


def gathered(plan: Plan, tables: list[TableId]) -> list[TableId]:
    """Add a table to another that spans its nodes, so that they are worked on together."""
    found: list[TableId] = []
    for table in sorted(tables, key=lambda t: (-plan.size(plan.scopes[t]), t)):
        for i, other in enumerate(found):
            if set(plan.scopes[table]) <= set(plan.scopes[other]):
                found[i] = plan.add((other, table))
                break
        else:
            found.append(table)
    return found


def _sum_out(plan: Plan, values: Values, name: NodeName, mechanism: TableId) -> None:
    for player, tables in values.items():
        values[player] = [
            plan.multiply([table, mechanism], over=name) if name in plan.scopes[table] else table
            for table in tables
        ]


def _cards(future: Future) -> dict[NodeName, int]:
    wanted = {*future.interface, *future.nodes}
    domains = future.diagram.domains
    return {name: len(domains[name]) for name in future.diagram.order if name in wanted}
