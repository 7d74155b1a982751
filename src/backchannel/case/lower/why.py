"""Lower `why`: an outcome that happened, and causes that can be undone together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import QuestionEntry
from backchannel.diagram.beliefs import Observation
from backchannel.diagram.causes import find_obstacles
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.surgery import Intervention


def check_why(
    report: CaseReport,
    path: KeyPath,
    entry: QuestionEntry,
    causes: Mapping[str, Intervention],
    record: Sequence[Observation],
    diagram: Diagram,
) -> None:
    """Report what keeps a question from having an answer.

    Args:
        report: Where problems go.
        path: Where the question stands.
        entry: The question; its names and values are known to be right.
        causes: Every cause of the case that could be read.
        record: What was observed.
        diagram: The case's graph.
    """
    [(node, value)] = (entry.why or {}).items()
    for i, name in enumerate(entry.causes):
        if name in entry.causes[:i]:
            report.error((*path, "causes", i), f"the cause '{name}' is named twice.")
    asked = {name: causes[name] for name in entry.causes if name in causes}
    for trouble in find_obstacles((node, value), asked, record, diagram):
        if trouble.cause:
            here: KeyPath = (*path, "causes", entry.causes.index(trouble.cause))
            report.error(here, f"{trouble.cause}: {trouble.message}")
        else:
            report.error((*path, "why", node), trouble.message)
