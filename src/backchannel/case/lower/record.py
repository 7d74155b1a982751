"""Lower the record: check the observations against the case."""

from __future__ import annotations

from datetime import date

from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.asked import RecordEntry
from backchannel.case.schema.case import Case
from backchannel.diagram.beliefs import Observation
from backchannel.diagram.diagram import Diagram
from backchannel.language.days import Month
from backchannel.language.names import NodeName, name_hint
from backchannel.language.sources import Source, original_source


def lower_record(case: Case, words: CaseVocabulary, diagram: Diagram) -> tuple[Observation, ...]:
    """Read the record; every entry names a node, a value it can have, and a source.

    Entries about one node from one report and its copies (`same_as`) count once: the first is used.
    """
    report = words.report
    sources = {name: Source(name, s.title, same_as=s.same_as) for name, s in case.sources.items()}
    first_of_report: dict[tuple[NodeName, str], tuple[int, RecordEntry]] = {}
    observations = []
    if report.doubts(("record",)):
        words.unsure_record |= set(words.domains)
    for i, entry in enumerate(case.record):
        path: KeyPath = ("record", i)
        if entry.source not in case.sources:
            hint = name_hint(entry.source, list(case.sources))
            report.error((*path, "source"), f"no source is called '{entry.source}'.{hint}")
        if report.doubts((*path, "node")) or not words.node((*path, "node"), entry.node):
            words.unsure_record |= set(words.domains)
            continue
        if report.doubts((*path, "value")) or not words.value(
            (*path, "value"), entry.node, entry.value
        ):
            words.unsure_record.add(entry.node)
            continue
        if (
            entry.date > case.as_of
            and not _in_month(entry.date, case.as_of)
            and not report.doubts(("as_of",))
        ):
            report.error(
                (*path, "date"), f"{entry.date} is after the case's day, `as_of: {case.as_of}`."
            )
        due = diagram.dates[entry.node]
        if (
            entry.date < due
            and not _in_month(due, entry.date)
            and not report.doubts_node(entry.node)
        ):
            report.error(
                (*path, "date"),
                f"{entry.node} comes about on {due} and cannot be observed earlier.",
            )
        report_behind = original_source(entry.source, sources)
        j, first = first_of_report.setdefault((entry.node, report_behind), (i, entry))
        if first.value != entry.value and first.source != entry.source:
            report.error(
                path,
                f"'{entry.source}' and the source of entry {j + 1} are copies of one report, so "
                f"they cannot say '{entry.value}' here and '{first.value}' there.",
            )
        if j < i and first.value == entry.value:
            report.warn(
                path,
                f"this repeats entry {j + 1}; both come from one report, which counts once.",
            )
            continue
        observations.append(
            Observation(entry.node, entry.value, entry.date, entry.reliability, entry.source)
        )
    certain: dict[str, tuple[int, object]] = {}
    for i, entry in enumerate(case.record):
        if entry.reliability < 1 or entry.node in words.unsure_record:
            continue
        j, other = certain.setdefault(entry.node, (i, entry.value))
        if other != entry.value:
            report.error(
                ("record", i),
                f"by entry {j + 1}, {entry.node} was '{other}', so it cannot also be '{entry.value}'. "
                "Give the entries a reliability below 1, or remove one.",
            )
    return tuple(observations)


def _in_month(month: date, when: date) -> bool:
    """Whether a day lies in a month without a day: `check_months` says what is unclear."""
    return isinstance(month, Month) and month.contains(when)
