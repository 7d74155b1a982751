"""Check the sizes of a case's tables, from its graph, before any table is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.diagram.beliefs import Belief, walk_beliefs
from backchannel.diagram.claim_tests import Test
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.diagram.surgery import Intervention
from backchannel.language.names import NodeName, first_few, round_number, split_round
from backchannel.language.terms import summands

MAX_VALUES = 10_000
"""Most values of one node."""
MAX_CELLS = 1_000_000
"""Largest table of one node over its parents, of one term of an interest, or of one event."""
MAX_TOGETHER = 40_000_000
"""Most cells of all tables of a case together; `check` computes each of them once."""
REMEDY = "Replace some of them with a derived node that summarises them."


@dataclass
class _Sizes:
    report: CaseReport
    diagram: Diagram

    def cells(self, names: Iterable[str]) -> int:
        """Count the cells of a table over some nodes; other names do not count."""
        domains = self.diagram.domains
        return prod(len(domains[name]) for name in names if name in domains)

    def check(self, path: KeyPath, what: str, names: Iterable[str]) -> bool:
        """Report a table over some nodes if it is too large."""
        known = [name for name in self.diagram.order if name in set(names)]
        cells = self.cells(known)
        if cells <= MAX_CELLS:
            return True
        listed = first_few(f"{name} ({len(self.diagram.domains[name]):,})" for name in known)
        self.report.too_large(
            path,
            f"{what} depends jointly on {listed}; its table would have {cells:,} cells, more "
            f"than {MAX_CELLS:,}. {REMEDY}",
        )
        return False


def check_sizes(report: CaseReport, diagram: Diagram) -> None:
    """Report nodes and interests whose tables are too large, one by one or together."""
    sizes = _Sizes(report, diagram)
    cells: dict[str, int] = {}
    for node in diagram.nodes:
        # Rounds have equal tables: a problem is reported once.
        if diagram.likeness[node.name] == node.name:
            _check_node(sizes, node.name)
        cells[node.name] = sizes.cells((*diagram.parents(node.name), node.name))
    for interest in diagram.interests:
        for term in summands(interest.worth, nodes=frozenset(diagram.node)):
            cells[interest.name] = cells.get(interest.name, 0) + sizes.cells(term.names)
            if (round_number(interest.name) or 0) <= 2:
                sizes.check(("interests", interest.name, "worth"), "the worth", term.names)
    total = sum(cells.values())
    if total > MAX_TOGETHER and not report.is_too_large:
        most = sorted(cells, key=lambda name: -cells[name])[:5]
        report.too_large(
            ("nodes",),
            f"all tables together would have {total:,} cells, more than {MAX_TOGETHER:,}. The largest "
            f"are those of {', '.join(most)}. Make them depend on fewer nodes, or on nodes with "
            "fewer values.",
        )


def _check_node(sizes: _Sizes, name: NodeName) -> None:
    diagram, report = sizes.diagram, sizes.report
    parents = diagram.parents(name)
    values = len(diagram.domains[name])
    cells = sizes.cells((*parents, name))
    if values > MAX_VALUES:
        report.too_large(
            ("nodes", name, "domain"),
            f"it has {values:,} values, more than {MAX_VALUES:,}. Use wider steps.",
        )
    elif cells > MAX_CELLS:
        does = "sees" if isinstance(diagram.node[name], Decision) else "depends on"
        report.too_large(
            ("nodes", name),
            f"its table would have {cells:,} cells, more than {MAX_CELLS:,}. Replace some of "
            f"what it {does} with a derived node that summarises the past.",
        )


def check_changed_sizes(
    report: CaseReport,
    diagram: Diagram,
    beliefs: Sequence[Belief],
    changes: Mapping[KeyPath, Intervention],
) -> None:
    """Report tables that are too large in a belief or after an intervention."""
    sizes = _Sizes(report, diagram)
    for view, belief in walk_beliefs(beliefs):
        place: KeyPath = ("beliefs", *[part for player in view for part in ("about", player)][1:])
        for name, node in belief.nodes.items():
            sizes.check((*place, "nodes", name), "the believed mechanism", {*node.names, name})
    for path, intervention in changes.items():
        for name, node in intervention.mechanisms.items():
            sizes.check((*path, "mechanisms", name), "the mechanism", {*node.names, name})
        for name, added in intervention.sees_added.items():
            seen = {*diagram.parents(name), *added, name}
            sizes.check((*path, "sees", name), "the decision", seen)


def check_test_sizes(report: CaseReport, diagram: Diagram, path: KeyPath, test: Test) -> None:
    """Report a claim's test that depends jointly on too many nodes.

    Args:
        report: Collects the problems.
        diagram: The case's graph.
        path: The path of the test.
        test: The test of the claim.
    """
    sizes = _Sizes(report, diagram)
    for quantity in test.quantities:
        given = quantity.given.names if quantity.given else frozenset()
        scopes = [quantity.event.names] if quantity.event else _scopes(diagram, quantity.subject)
        for scope in scopes:
            if not sizes.check(path, f"{quantity.kind}(...)", scope | given):
                break


def _scopes(diagram: Diagram, subject: str) -> list[frozenset[str]]:
    """List the scopes that an expectation sums over: those of the terms of the interests it is about."""
    node = diagram.node.get(subject)
    player = node.player if isinstance(node, Decision) else subject
    interests = diagram.interests_of(player) or [
        interest
        for interest in diagram.interests
        if subject in (interest.name, split_round(interest.name)[0])
    ]
    nodes = frozenset(diagram.node)
    return [
        term.names & nodes
        for interest in interests
        for term in summands(interest.worth, nodes=nodes)
    ]
