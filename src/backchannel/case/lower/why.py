"""Check `why` questions: the outcome happened, and its causes can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.asked import QuestionEntry
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
    """Report why a question has no answer.

    Args:
        report: Collects the problems.
        path: The path of the question.
        entry: The question; its names and values are checked already.
        causes: All valid causes of the case.
        record: The observations.
        diagram: The case's graph.
    """
    [(node, value)] = (entry.why or {}).items()
    for i, name in enumerate(entry.causes):
        if name in entry.causes[:i]:
            report.error((*path, "causes", i), f"the cause '{name}' is named twice.")
    asked = {name: causes[name] for name in entry.causes if name in causes}
    for obstacle in find_obstacles((node, value), asked, record, diagram):
        if obstacle.cause:
            here: KeyPath = (*path, "causes", entry.causes.index(obstacle.cause))
            report.error(here, f"{obstacle.cause}: {obstacle.message}")
        else:
            report.error((*path, "why", node), obstacle.message)
