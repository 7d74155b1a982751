"""Action values: what each action is worth to its owner in each context, as a plan.

Q_d(c, a) is the expectation of the owner's interests given the context c, the action a and
everyone else's rules. Reading the nodes backwards in time, each node is summed out of what the
later ones left, so that one pass serves every decision. What then remains but is not seen is
weighted by the owner's belief about it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.diagram.relevance import Block
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.plan import Plan, Scope, Step, TableId


@dataclass(frozen=True)
class SweepPlan:
    """One update of every rule in a block, last decision first."""

    plan: Plan
    block: Block
    old: Mapping[NodeName, TableId]
    """Each decision's rule before the sweep (of every decision, in the block or not)."""
    new: Mapping[NodeName, TableId]
    """Each rule of the block after the sweep."""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that some new rule needs, in order."""
        needed = set(self.new.values())
        for step in reversed(self.plan.steps):
            if step.out in needed:
                needed |= set(step.operands)
        return tuple(step for step in self.plan.steps if step.out in needed)


def sweep_plan(
    diagram: Diagram, block: Block, terms: Sequence[tuple[PlayerName, Scope]]
) -> SweepPlan:
    """Write down one sweep over a block: each rule from the newest rules of the others.

    Args:
        diagram: The diagram.
        block: The decisions to update.
        terms: Owner and scope of each part of the interests; the plan takes `("term", i)`.

    Returns:
        The plan. It takes `("factor", node)` and `("belief", node)` for chance and derived nodes
        and `("rule", decision)` for decisions.
    """
    plan = Plan({name: len(diagram.domains[name]) for name in diagram.order})
    old = {
        d.name: plan.take(("rule", d.name), (*d.sees, d.name), varying=True)
        for d in diagram.decisions
    }
    newest = dict(old)
    owners = {d.player for d in diagram.decisions if d.name in block.decisions}
    values = {
        owner: [plan.take(("term", i), s) for i, (player, s) in enumerate(terms) if player == owner]
        for owner in sorted(owners)
    }
    for node in reversed(diagram.decisions):
        if node.name not in block.decisions:
            continue
        ahead = _looked_ahead(plan, diagram, node, values[node.player], newest)
        values[node.player] = ahead
        parts = _action_values(plan, diagram, node, ahead, newest)
        newest[node.name] = plan.respond(parts, node.name, (*diagram.parents(node.name), node.name))
    return SweepPlan(plan, block, old, {name: newest[name] for name in block.decisions})


def _looked_ahead(
    plan: Plan,
    diagram: Diagram,
    decision: Decision,
    tables: list[TableId],
    rules: Mapping[NodeName, TableId],
) -> list[TableId]:
    """Sum everything after a decision out of its owner's worths."""
    rank, now = diagram.rank, diagram.rank[decision.name]
    done = []
    for table in tables:
        later: set[NodeName] = set()
        waiting = [name for name in plan.scopes[table] if rank[name] > now]
        while waiting:
            name = waiting.pop()
            if name not in later:
                later.add(name)
                waiting += [p for p in diagram.parents(name) if rank[p] > now]
        mechanisms = [_mechanism(plan, diagram, name, rules) for name in sorted(later)]
        scopes = {name for t in (table, *mechanisms) for name in plan.scopes[t]}
        done.append(plan.eliminate([table, *mechanisms], scopes - later) if later else table)
    return _gathered(plan, done)


def _mechanism(
    plan: Plan, diagram: Diagram, name: NodeName, rules: Mapping[NodeName, TableId]
) -> TableId:
    if name in rules:
        return rules[name]
    return plan.take(("factor", name), (*diagram.parents(name), name))


def _gathered(plan: Plan, tables: list[TableId]) -> list[TableId]:
    """Add a table to another that spans its nodes, so that they are worked on together."""
    left = sorted(tables, key=lambda t: (-plan.size(plan.scopes[t]), t))
    found: list[TableId] = []
    for table in left:
        for i, other in enumerate(found):
            if set(plan.scopes[table]) <= set(plan.scopes[other]):
                found[i] = plan.add((other, table))
                break
        else:
            found.append(table)
    return found


def _action_values(
    plan: Plan,
    diagram: Diagram,
    decision: Decision,
    tables: list[TableId],
    rules: Mapping[NodeName, TableId],
) -> list[TableId]:
    seen = {*decision.sees, decision.name}
    at_stake = [t for t in tables if decision.name in plan.scopes[t]]
    hidden = {name for t in at_stake for name in plan.scopes[t]} - seen
    if not hidden:
        return at_stake
    belief = _belief(plan, diagram, decision, hidden, rules)
    parts = []
    for table in at_stake:
        own = hidden & set(plan.scopes[table])
        if own:
            about = plan.eliminate([belief], set(plan.scopes[belief]) - (hidden - own))
            table = plan.eliminate([about, table], (set(plan.scopes[about]) | seen) - own)
        parts.append(table)
    return parts


def _belief(
    plan: Plan,
    diagram: Diagram,
    decision: Decision,
    hidden: set[NodeName],
    rules: Mapping[NodeName, TableId],
) -> TableId:
    """P(hidden | what the decision sees): only what can tell about the hidden nodes enters."""
    seen = set(decision.sees)
    graph = diagram.graph
    relevant = hidden | seen
    relevant = relevant.union(*(nx.ancestors(graph, name) for name in relevant))
    scopes: dict[NodeName, set[NodeName]] = {
        name: {*diagram.parents(name), name} - seen for name in relevant
    }
    linked = nx.Graph()
    linked.add_nodes_from(relevant - seen)
    for scope in scopes.values():
        nx.add_path(linked, sorted(scope))
    near = set().union(*(nx.node_connected_component(linked, name) for name in hidden))
    tables = []
    for name in sorted(relevant):
        if not scopes[name] & near:
            continue
        if name in rules:
            tables.append(plan.floor(rules[name], name))
        else:
            tables.append(plan.take(("belief", name), (*diagram.parents(name), name)))
    joint = plan.eliminate(tables, hidden | seen)
    return plan.divide(joint, plan.eliminate([joint], seen))
