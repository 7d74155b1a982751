"""Rules in a frame, written down on demand: each from its action values, these from the rules they need.

The sweep goes through all decisions backwards once. Here any set of rules may be given, and the others
follow from them, in the order in which they need each other.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import networkx as nx

from backchannel.equilibrium.frame import Frame
from backchannel.equilibrium.values import ValueWriter
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import Evaluator, inputs
from backchannel.tensors.plan import Plan, TableId

FRAMES = 256
"""Frames whose plans are kept: a small game is solved in less time than its plan takes to write."""


class RulePlan:
    """A plan that grows as action values and rules are asked for.

    Args:
        frame: The frame.
        given: Decisions whose rules are given; the plan takes `("rule", decision)` for them.
    """

    def __init__(self, frame: Frame, given: Collection[NodeName]) -> None:
        self.frame = frame
        self.given = frozenset(given)
        self._writer = ValueWriter(frame, self.rule)
        self._ahead: dict[NodeName, list[TableId]] = {}

    @property
    def plan(self) -> Plan:
        """The plan as far as it is written."""
        return self._writer.plan

    def rule(self, decision: NodeName) -> TableId:
        """The rule of a decision: given, or the response to its action values."""
        if decision in self.given:
            return self._writer.given_rule(decision)
        return self._writer.response(decision, self.action_values(decision))

    def action_values(self, decision: NodeName) -> list[TableId]:
        """Tables that add up to Q(context, action), except for what no action changes."""
        return self._writer.action_values(decision, self._looked_ahead(decision))

    def _looked_ahead(self, decision: NodeName) -> list[TableId]:
        """The owner's worths with everything after the decision summed out."""
        if decision not in self._ahead:
            frame, rank = self.frame, self.frame.rank
            owner = frame.owner[decision]
            terms = set(frame.at_stake(decision))
            tables: list[TableId] = []
            later = [d for d in frame.owner if rank[d] > rank[decision] and frame.owner[d] == owner]
            if later and terms >= (after := set(frame.at_stake(later[0]))):
                # What is at stake at the owner's next decision is summed out up to there already.
                tables, terms = list(self._looked_ahead(later[0])), terms - after
            tables += [self._writer.term(i) for i in sorted(terms)]
            self._ahead[decision] = self._writer.look_ahead(tables, rank[decision])
        return self._ahead[decision]


@lru_cache(maxsize=FRAMES)
def all_action_values(frame: Frame) -> tuple[Evaluator, dict[NodeName, list[TableId]]]:
    """What works out the action values of every free decision from given rules, and their tables."""
    rules = RulePlan(frame, given=frame.owner)
    worths = {name: rules.action_values(name) for name in frame.owner}
    given = {name: rules.rule(name) for name in frame.owner}
    wanted = {table for tables in worths.values() for table in tables}
    return Evaluator(rules.plan, wanted, given), worths


@lru_cache(maxsize=FRAMES)
def needs_graph(frame: Frame) -> nx.DiGraph[Any]:
    """Draw an edge D → E when the action values of D are worked out from the rule of E."""
    graph = nx.DiGraph()
    graph.add_nodes_from(frame.owner)
    for decision in frame.owner:
        rules = RulePlan(frame, given=frame.owner)
        rules.action_values(decision)
        graph.add_edges_from((decision, key[1]) for key in inputs(rules.plan) if key[0] == "rule")
    return graph
