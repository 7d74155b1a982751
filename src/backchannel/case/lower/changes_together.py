"""What an intervention cannot change together, or without telling anybody."""

from __future__ import annotations

import networkx as nx

from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.surgery import Intervention, with_sees


def check_together(
    report: CaseReport, diagram: Diagram, path: KeyPath, intervention: Intervention
) -> None:
    """Report what an intervention cannot change together, or without telling anybody."""
    beliefs = intervention.corrects or intervention.corrects_about
    if intervention.announced == "never" and intervention.reasoning:
        report.error(
            path,
            "a player who reasons in another way plans again. Remove `announced: false`.",
        )
    changes = (
        intervention.do,
        intervention.mechanisms,
        intervention.parameters,
        intervention.remove,
        intervention.reasoning,
        beliefs,
    )
    changes_sees = intervention.sees_added or intervention.sees_removed
    if not any(changes) and not changes_sees and not report.doubts_part(path):
        report.error(
            path,
            "it changes nothing. Give it `do`, `parameters`, `mechanisms`, `remove`, `sees`, `beliefs` "
            "or `reasoning`.",
        )
    if intervention.announced == "never" and (intervention.sees_added or intervention.sees_removed):
        report.error(
            path,
            "a change to what someone sees cannot be unannounced. Remove `announced: false`.",
        )
    if intervention.announced == "never" and beliefs:
        report.error(
            path, "a player whose belief is corrected learns of it. Remove `announced: false`."
        )
    for name in set(intervention.do) & (set(intervention.mechanisms) | set(intervention.remove)):
        report.error(path, f"{name} is set by `do` and also changed in another way.")
    if intervention.sees_added:
        changed = with_sees(diagram, intervention)
        if not nx.is_directed_acyclic_graph(_arrows(changed)):
            report.error(path, "with this, nodes would depend on each other in a circle.")


def _arrows(diagram: Diagram) -> nx.DiGraph[str]:
    names = set(diagram.node)
    return nx.DiGraph((p, node.name) for node in diagram.nodes for p in node.names & names)
