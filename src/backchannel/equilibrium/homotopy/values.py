"""Action values in a frame, written down on demand: each decision's from the rules it needs.

The sweep reads all nodes backwards once. Here any set of rules may be given and the others follow
from them, in whatever order they need each other.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import networkx as nx

from backchannel.equilibrium.homotopy.frame import Frame
from backchannel.equilibrium.homotopy.lanes import inputs
from backchannel.language.names import NodeName
from backchannel.tensors.plan import Plan, TableId

FRAMES = 256
"""Frames of which plans are kept: a small game is solved in less time than they take to write."""


class Values:
    """A plan that grows as action values and rules are asked for.

    It takes `("term", i)`, `("factor", node)` and `("belief", node)` for what is not decided, and
    `("rule", decision)` for the decisions that are given.
    """

    def __init__(self, frame: Frame, given: Collection[NodeName]) -> None:
        self.frame = frame
        self.plan = Plan(dict(frame.cards))
        self.given = frozenset(given)
        self._ahead: dict[NodeName, list[TableId]] = {}

    def rule(self, decision: NodeName) -> TableId:
        """The rule of a decision: given, or the response to its action values."""
        scope = self.frame.scope(decision)
        if decision in self.given:
            return self.plan.take(("rule", decision), scope, varying=True)
        return self.plan.respond(self.action_values(decision), decision, scope)

    def action_values(self, decision: NodeName) -> list[TableId]:
        """Tables that add up to Q(context, action), but for what no action changes."""
        plan, frame = self.plan, self.frame
        seen = {*frame.parents[decision], decision}
        unused = frame.pinned.get(decision, frozenset())
        tables = [self._pinned(table, unused) for table in self._looked_ahead(decision)]
        at_stake = [table for table in tables if decision in plan.scopes[table]]
        hidden = {name for table in at_stake for name in plan.scopes[table]} - seen
        if not hidden:
            return at_stake
        belief = self._belief(decision, hidden)
        parts = []
        for table in at_stake:
            own = hidden & set(plan.scopes[table])
            if own:
                about = plan.eliminate([belief], set(plan.scopes[belief]) - (hidden - own))
                table = plan.eliminate([about, table], (set(plan.scopes[about]) | seen) - own)
            parts.append(table)
        return parts

    def _looked_ahead(self, decision: NodeName) -> list[TableId]:
        """The owner's worths with everything after the decision summed out."""
        if decision not in self._ahead:
            frame, plan = self.frame, self.plan
            owner, rank = frame.owner[decision], frame.rank
            terms = set(frame.at_stake(decision))
            tables: list[TableId] = []
            later = [d for d in frame.owner if rank[d] > rank[decision] and frame.owner[d] == owner]
            if later and terms >= (after := set(frame.at_stake(later[0]))):
                # What is still open at the owner's next decision has been summed up to there.
                tables, terms = list(self._looked_ahead(later[0])), terms - after
            tables += [plan.take(("term", i), frame.terms[i][1]) for i in sorted(terms)]
            self._ahead[decision] = self._sum_out(tables, rank[decision])
        return self._ahead[decision]

    def _sum_out(self, tables: list[TableId], until: int) -> list[TableId]:
        frame, plan = self.frame, self.plan
        done = []
        for table in tables:
            later = {name for name in plan.scopes[table] if frame.rank[name] > until}
            for name in reversed(list(frame.cards)):
                if name in later:
                    later |= {p for p in frame.sees(name) if frame.rank[p] > until}
            mechanisms = [self._mechanism(name) for name in sorted(later)]
            scopes = {name for t in (table, *mechanisms) for name in plan.scopes[t]}
            done.append(plan.eliminate([table, *mechanisms], scopes - later) if later else table)
        return self._gathered(done)

    def _gathered(self, tables: list[TableId]) -> list[TableId]:
        """Add a table to another that spans its nodes, so that they are worked on together."""
        plan = self.plan
        found: list[TableId] = []
        for table in sorted(tables, key=lambda t: (-plan.size(plan.scopes[t]), t)):
            for i, other in enumerate(found):
                if set(plan.scopes[table]) <= set(plan.scopes[other]):
                    found[i] = plan.add((other, table))
                    break
            else:
                found.append(table)
        return found

    def _mechanism(self, name: NodeName) -> TableId:
        if name in self.frame.owner:
            return self.rule(name)
        return self.plan.take(("factor", name), self.frame.scope(name))

    def _belief(self, decision: NodeName, hidden: set[NodeName]) -> TableId:
        """P(hidden | what the decision sees): only what can tell about the hidden nodes enters."""
        frame, plan = self.frame, self.plan
        seen = set(frame.parents[decision])
        relevant = hidden | seen
        relevant = relevant.union(*(nx.ancestors(frame.graph, name) for name in relevant))
        open_scopes = {name: set(frame.scope(name)) - seen for name in relevant}
        linked = nx.Graph()
        linked.add_nodes_from(relevant - seen)
        for scope in open_scopes.values():
            nx.add_path(linked, sorted(scope))
        near = set().union(*(nx.node_connected_component(linked, name) for name in hidden))
        unused = frame.pinned.get(decision, frozenset())
        tables = []
        for name in sorted(relevant):
            if not open_scopes[name] & near:
                continue
            if name in frame.owner:
                table = plan.floor(self.rule(name), name)
            else:
                table = plan.take(("belief", name), frame.scope(name))
            tables.append(self._pinned(table, unused))
        kept = seen - unused
        joint = plan.eliminate(tables, hidden | kept)
        return plan.divide(joint, plan.eliminate([joint], kept))

    def _pinned(self, table: TableId, nodes: Collection[NodeName]) -> TableId:
        for name in nodes:
            if name in self.plan.scopes[table]:
                table = self.plan.pin(table, name)
        return table


@lru_cache(maxsize=FRAMES)
def all_values(frame: Frame) -> tuple[Values, dict[NodeName, list[TableId]]]:
    """The action values of every free decision, all rules given."""
    values = Values(frame, given=frame.owner)
    return values, {name: values.action_values(name) for name in frame.owner}


@lru_cache(maxsize=FRAMES)
def needs_graph(frame: Frame) -> nx.DiGraph:
    """Draw an edge D → E when the action values of D are worked out from the rule of E."""
    graph = nx.DiGraph()
    graph.add_nodes_from(frame.owner)
    for decision in frame.owner:
        values = Values(frame, given=frame.owner)
        values.action_values(decision)
        graph.add_edges_from(
            (decision, name) for kind, name in inputs(values.plan) if kind == "rule"
        )
    return graph
