"""Months: a date without a day counts as the last day of its month, unless that decides an order that is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import networkx as nx

from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.asked import QuestionEntry
from backchannel.case.schema.case import Case
from backchannel.diagram.diagram import Diagram
from backchannel.language.days import Month
from backchannel.language.names import round_number


@dataclass(frozen=True)
class _Dated:
    """A date of the file, and what it is the date of."""

    path: KeyPath
    when: date
    what: str
    node: str = ""
    """The node that comes about then, or that is observed."""


def check_months(report: CaseReport, case: Case, diagram: Diagram) -> None:
    """Report each month that another date of the case falls into, where the order of the two is unknown.

    The order is known where one depends on the other, however indirectly.
    """
    dated = [*_dates(case)]
    months = [entry for entry in dated if isinstance(entry.when, Month)]
    for entry in months:
        clash = next((other for other in dated if _is_unclear(entry, other, diagram)), None)
        if clash is not None and not report.doubts(clash.path):
            report.error(
                entry.path,
                f"{entry.when} has no day, and {clash.what} is on {clash.when}: which comes first is unclear. "
                "Give the day here, or leave it out there.",
            )


def _dates(case: Case) -> Iterator[_Dated]:
    yield _Dated(("as_of",), case.as_of, "the day of the case (`as_of`)")
    for name, node in case.nodes.items():
        if node.at is not None and (round_number(name) or 0) <= 1:
            yield _Dated(("nodes", name, "at"), node.at, name, name)
    for i, entry in enumerate(case.record):
        what = f"the observation of {entry.node}"
        yield _Dated(("record", i, "date"), entry.date, what, entry.node)
    for name, deal in case.deals.items():
        if deal.at is not None:
            yield _Dated(("deals", name, "at"), deal.at, f"the deal {name}")
    for path, announced in _announcements(case):
        yield _Dated(path, announced, "an announcement")


def _announcements(case: Case) -> Iterator[tuple[KeyPath, date]]:
    for name, cause in case.causes.items():
        if isinstance(cause.announced, date):
            yield ("causes", name, "announced"), cause.announced
    for name, question in case.questions.items():
        asked = question.what_if if isinstance(question, QuestionEntry) else None
        if asked is not None and not isinstance(asked, str) and isinstance(asked.announced, date):
            yield ("questions", name, "what_if", "announced"), asked.announced


def _is_unclear(month: _Dated, other: _Dated, diagram: Diagram) -> bool:
    assert isinstance(month.when, Month)
    if isinstance(other.when, Month) or not month.when.contains(other.when):
        return False
    if other.when == month.when:
        return False
    # What depends on something comes after it, and the last day of the month says so too.
    known = diagram.graph.has_node(other.node) and diagram.graph.has_node(month.node)
    return not (
        known and other.node != month.node and nx.has_path(diagram.graph, other.node, month.node)
    )
