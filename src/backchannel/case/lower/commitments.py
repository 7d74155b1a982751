"""Lower the promises of a deal: who decides what is promised, and whether it can still be decided by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from backchannel.case.lower.written_deal import WrittenDeal
from backchannel.case.read.document import KeyPath
from backchannel.diagram.deals import Commitment
from backchannel.diagram.nodes import Decision
from backchannel.language.days import day
from backchannel.language.names import NodeName, Value


@dataclass(frozen=True)
class CommitmentReader:
    """Reads the promises in the steps of one deal."""

    deal: WrittenDeal

    def read(self) -> list[Commitment]:
        """Read all promises, in order of time; what is wrong is reported."""
        commitments: list[Commitment] = []
        helpers = {g.by for g in self.deal.entry.guarantees if g.by}
        for s, step in enumerate(self.deal.entry.steps):
            for name, values in step.do.items():
                here = (*self.deal.path, "steps", s, "do", name)
                for node in self.deal.nodes_of(name):
                    if not self.deal.words.node(here, node) or node in self.deal.words.broken:
                        continue
                    if self.deal.report.doubts_node(node):
                        continue
                    if any(node == other.node for other in commitments):
                        self.deal.report.error(
                            here, f"{node} is promised twice, but it is decided only once."
                        )
                        continue
                    decision = self._decision(here, node, helpers)
                    if decision:
                        self._values(here, node, values)
                        commitments.append(Commitment(node, decision.player, tuple(values), s))
        self._check_dates(commitments)
        return commitments

    def _decision(self, path: KeyPath, node: NodeName, helpers: set[str]) -> Decision | None:
        decision = self.deal.diagram.node[node]
        if not isinstance(decision, Decision):
            self.deal.report.error(
                path, f"nobody decides {node}, so nobody can promise it. A step needs a decision."
            )
            return None
        if decision.player not in self.deal.entry.parties and decision.player not in helpers:
            self.deal.report.error(
                path,
                f"{decision.player} decides {node} but is neither a party nor a guarantor. "
                f"Add {decision.player} to `parties`.",
            )
        return decision

    def _values(self, path: KeyPath, node: NodeName, values: Sequence[Value]) -> None:
        listed = (*path, 0) in self.deal.report.document.values
        for i, value in enumerate(values):
            self.deal.words.value((*path, i) if listed else path, node, value)
        if len(set(map(str, values))) < len(values):
            self.deal.report.error(path, "an alternative is listed twice.")

    def _check_dates(self, commitments: list[Commitment]) -> None:
        dates, at = self.deal.diagram.dates, self.deal.entry.at
        recorded = {entry.node: entry.date for entry in self.deal.case.record}
        for c in commitments:
            here = (*self.deal.path, "steps", c.step, "do", c.node)
            when = dates[c.node]
            if at is not None and when < at:
                self.deal.report.error(
                    here,
                    f"{c.node} is decided on {when}, before the day of the deal, {at}. Date the deal earlier.",
                )
            elif at is None and c.node in recorded:
                self.deal.report.error(
                    here,
                    f"{c.node} is in the record ({recorded[c.node]}), and what has happened cannot be "
                    f"promised. To ask about that time, date the deal: `at: {when}`.",
                )
            elif (
                at is None
                and when <= self.deal.case.as_of
                and not self.deal.report.doubts(("as_of",))
            ):
                self.deal.report.error(
                    here,
                    f"{c.node} was decided on {when}, before the case's day, "
                    f"{self.deal.case.as_of}. To ask about that time, date the deal: `at: {when}`.",
                )
        commitments.sort(key=lambda c: (c.step, self.deal.diagram.order.index(c.node)))
        for earlier, later in pairwise(commitments):
            if self.deal.diagram.order.index(earlier.node) > self.deal.diagram.order.index(
                later.node
            ):
                self.deal.report.error(
                    (*self.deal.path, "steps", later.step, "do", later.node),
                    f"step {later.step + 1} ({later.node}, {day(dates[later.node])}) comes "
                    f"before step {earlier.step + 1} ({earlier.node}, {day(dates[earlier.node])}). List the "
                    "steps in order of time.",
                )
