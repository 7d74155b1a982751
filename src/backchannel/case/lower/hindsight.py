"""Warn about hindsight: what is dated after the case's day, and reports older than what they report."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from backchannel.case.lower.citations import citations
from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath, path_text
from backchannel.case.schema.case import Case
from backchannel.case.schema.numbers import SourceEntry
from backchannel.diagram.diagram import Diagram

MOST_NAMED = 4
"""Most things resting on a source that a warning names."""


def warn_of_hindsight(report: CaseReport, case: Case, diagram: Diagram) -> None:
    """Warn of sources that nobody could know on the case's day, and of reports older than the event."""
    resting = _resting_on(case)
    for name, source in case.sources.items():
        key, day = _known(source)
        if day is None or day <= case.as_of:
            continue
        paths = resting.get(name, [])
        named = [path_text(path) for path in paths[:MOST_NAMED]]
        if len(paths) > MOST_NAMED:
            named.append(f"{len(paths) - MOST_NAMED} more")
        rests = f" What rests on it is hindsight: {', '.join(named)}." if named else ""
        report.warn(
            ("sources", name, key),
            f"{day} is after the case's day (as_of: {case.as_of}), so nobody could know it then.{rests} "
            "Cite what was known by that day, or move `as_of`.",
        )
    for i, entry in enumerate(case.record):
        source = case.sources[entry.source]
        _, day = _known(source)
        happened = diagram.dates[entry.node]
        if happened == date.min:
            happened = entry.date
        if day is not None and day < happened:
            report.warn(
                ("record", i, "source"),
                f"'{entry.source}' is of {day}, older than what it is to report: {entry.node} came about on "
                f"{happened}. Cite a later source, or correct a date.",
            )


def _known(source: SourceEntry) -> tuple[str, date | None]:
    """The key and the day on which what a source says became known."""
    if source.reported is not None and (source.date is None or source.reported > source.date):
        return "reported", source.reported
    return "date", source.date


def _resting_on(case: Case) -> dict[str, list[KeyPath]]:
    """The parts of the case that rest on each source: entries of the record, claims, and parts with a reason."""
    resting: dict[str, list[KeyPath]] = defaultdict(list)
    for citation in citations(case):
        of_source = resting[citation.reason.source]
        if citation.path not in of_source:
            of_source.append(citation.path)
    return resting
