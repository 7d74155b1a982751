"""Action values: what each action is worth to its owner in each context, written down as a plan.

Q_d(c, a) is the expectation of the owner's interests given the context c, the action a and everyone
else's rules. Nodes that come after the decision are summed out of the owner's worths. Nodes that then
remain but that the decision does not see are weighted by the owner's belief about them, which is the
distribution of these nodes given all that the decision sees.

This is the only writer of such plans. A frame says which rules are free, which are held and what is
promised; the caller says which table is the rule of a decision, and so in which order rules are
updated. The certificate computes action values in another way, as an independent check.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

import networkx as nx

from backchannel.equilibrium.frame import Frame
from backchannel.language.names import NodeName
from backchannel.tensors.plan import Plan, Scope, TableId


class ValueWriter:
    """Writes the action values of a frame into a plan.

    The plan takes `("term", i)`, and `("factor", node)` and `("belief", node)` for what is not decided
    in the frame. In a frame with an interface it takes `("prior",)`, and for a promised decision
    `("promise", decision)`, which is 1 at the promised action.

    Args:
        frame: The frame.
        rule_of: Gives the table that is the rule of a free decision.
        plan: The plan to write into; a new one, if left out.
    """

    def __init__(
        self, frame: Frame, rule_of: Callable[[NodeName], TableId], plan: Plan | None = None
    ) -> None:
        self.frame = frame
        self.rule_of = rule_of
        self.plan = Plan(dict(frame.cards)) if plan is None else plan

    def term(self, index: int) -> TableId:
        """A part of somebody's interests."""
        return self.plan.take(("term", index), self.frame.terms[index][1])

    def given_rule(self, decision: NodeName) -> TableId:
        """A rule that the caller gives when the plan is carried out."""
        scope = self.frame.scope(decision)
        return self.plan.take(("rule", decision), scope, varying=True)

    def response(self, decision: NodeName, values: list[TableId]) -> TableId:
        """The rule that answers action values."""
        return self.plan.respond(values, decision, self.frame.scope(decision))

    def mechanism(self, name: NodeName) -> TableId:
        """P(node | what it depends on): a rule, or what is not decided in the frame."""
        if name in self.frame.owner:
            return self.rule_of(name)
        return self.plan.take(("factor", name), self.frame.scope(name))

    def look_ahead(self, tables: list[TableId], until: int) -> list[TableId]:
        """Sum everything that comes after a point in time out of some tables of worths.

        Args:
            tables: Tables that add up.
            until: Rank in time of the last node that stays; see `Frame.rank`.

        Returns:
            Tables that add up, over nodes that come no later.
        """
        plan = self.plan
        summed = []
        for table in tables:
            later = self._later(plan.scopes[table], until)
            mechanisms = [self.mechanism(name) for name in sorted(later)]
            scopes = {name for t in (table, *mechanisms) for name in plan.scopes[t]}
            summed.append(plan.eliminate([table, *mechanisms], scopes - later) if later else table)
        return self.gather(summed)

    def gather(self, tables: list[TableId]) -> list[TableId]:
        """Add each table to another that spans its nodes, so that they are worked on together."""
        plan = self.plan
        gathered: list[TableId] = []
        for table in sorted(tables, key=lambda t: (-plan.size(plan.scopes[t]), t)):
            for i, other in enumerate(gathered):
                if set(plan.scopes[table]) <= set(plan.scopes[other]):
                    gathered[i] = plan.add((other, table))
                    break
            else:
                gathered.append(table)
        return gathered

    def action_values(self, decision: NodeName, ahead: list[TableId]) -> list[TableId]:
        """Tables that add up to Q(context, action), except for what no action changes.

        Args:
            decision: A free decision.
            ahead: Its owner's worths, with everything after the decision summed out.
        """
        plan, frame = self.plan, self.frame
        seen = {*frame.parents[decision], decision}
        tables = [self._pinned(table, decision) for table in ahead]
        at_stake = [table for table in tables if decision in plan.scopes[table]]
        hidden = {name for table in at_stake for name in plan.scopes[table]} - seen
        if not hidden:
            return at_stake
        belief = self._belief(decision, hidden)
        values = []
        for table in at_stake:
            own = hidden & set(plan.scopes[table])
            if own:
                about = plan.eliminate([belief], set(plan.scopes[belief]) - (hidden - own))
                table = plan.eliminate([about, table], (set(plan.scopes[about]) | seen) - own)
            values.append(table)
        return values

    def kept_promise(self, decision: NodeName, rule: TableId) -> TableId:
        """P(the promised action | what the decision sees)."""
        promise = self.plan.take(("promise", decision), (decision,))
        return self.plan.multiply([rule, promise], over=decision)

    def _later(self, scope: Scope, until: int) -> set[NodeName]:
        """Nodes after a point in time on which the nodes of a table depend, themselves included."""
        frame = self.frame
        later: set[NodeName] = set()
        waiting = [name for name in scope if frame.is_later(name, until)]
        while waiting:
            name = waiting.pop()
            if name not in later:
                later.add(name)
                waiting += [p for p in frame.sees(name) if frame.is_later(p, until)]
        return later

    def _belief(self, decision: NodeName, hidden: Collection[NodeName]) -> TableId:
        """P(hidden nodes | what the decision sees, and that all earlier promises were kept)."""
        plan, seen = self.plan, set(self.frame.parents[decision])
        evidence = list(self._evidence(decision, hidden))
        # Only what can tell about the hidden nodes enters.
        linked = nx.Graph()
        linked.add_nodes_from(hidden)
        for scope, _ in evidence:
            nx.add_path(linked, sorted(set(scope) - seen))
        near = set().union(*(nx.node_connected_component(linked, name) for name in hidden))
        tables = [self._pinned(write(), decision) for scope, write in evidence if near & set(scope)]
        unused = self.frame.pinned.get(decision, frozenset())
        joint = plan.eliminate(tables, (set(hidden) | seen) - unused)
        return plan.divide(joint, plan.eliminate([joint], seen - unused))

    def _evidence(
        self, decision: NodeName, hidden: Collection[NodeName]
    ) -> Iterator[tuple[Scope, Callable[[], TableId]]]:
        """Each table whose product is P(hidden, seen, earlier promises kept), and how to write it."""
        plan, frame = self.plan, self.frame
        earlier = frame.promised_before(decision)
        if frame.interface:
            yield frame.interface, lambda: plan.take(("prior",), frame.interface)
        for name in sorted(frame.relevant({*hidden, *frame.parents[decision], *earlier})):
            if name in earlier:
                yield (
                    frame.sees(name),
                    lambda name=name: self.kept_promise(name, self._lifted(name)),
                )
            elif name in frame.owner:
                yield frame.scope(name), lambda name=name: self._lifted(name)
            else:
                scope = frame.scope(name)
                yield scope, lambda name=name, s=scope: plan.take(("belief", name), s)

    def _lifted(self, decision: NodeName) -> TableId:
        return self.plan.floor(self.rule_of(decision), decision)

    def _pinned(self, table: TableId, decision: NodeName) -> TableId:
        """The part of a table in which what a decision ignores has its first value."""
        for name in self.frame.pinned.get(decision, ()):
            if name in self.plan.scopes[table]:
                table = self.plan.pin(table, name)
        return table
