"""Check what a case says of its sources: grades, copies, and that every citation names one."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lower.citations import reasons_of
from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.read.form_messages import GIVE_A_REASON
from backchannel.case.schema.case import Case
from backchannel.case.schema.reasons import ReasonEntry
from backchannel.language.names import name_hint
from backchannel.language.sources import grade_in_words


def check_sources(case: Case, report: CaseReport) -> None:
    """Report grades and names that do not exist, and numbers without a reason."""
    for name, source in case.sources.items():
        path: KeyPath = ("sources", name)
        if source.grade and not grade_in_words(source.grade):
            report.error(
                (*path, "grade"),
                f"'{source.grade}' is not an Admiralty grade. Grades run from A1 (best) to F6.",
            )
        if source.same_as and source.same_as not in case.sources:
            hint = name_hint(source.same_as, list(case.sources))
            report.error((*path, "same_as"), f"no source is called '{source.same_as}'.{hint}")
        if source.same_as == name:
            report.error((*path, "same_as"), "a source cannot be a copy of itself.")
    for path, reasons in reasons_of(case):
        _check_reasons(case, report, path, reasons)
    for name, player in case.players.items():
        if player.gives_numbers and not player.why:
            report.warn(("players", name), f"it has no `why`.{GIVE_A_REASON}")


def _check_reasons(
    case: Case, report: CaseReport, path: KeyPath, reasons: Sequence[ReasonEntry]
) -> None:
    for i, reason in enumerate(reasons):
        if reason.source and reason.source not in case.sources:
            hint = name_hint(reason.source, list(case.sources))
            place = place_of_reason(report, (*path, "why", i), "source")
            new = "" if "Did you mean" in hint else " Enter a new one under `sources`."
            report.error(place, f"no source is called '{reason.source}'.{hint}{new}")
    if path[0] == "parameters" and not reasons:
        report.error(
            (*path, "why"), "this needs at least one reason: a source, or somebody's judgement."
        )


def place_of_reason(report: CaseReport, place: KeyPath, key: str) -> KeyPath:
    """The path of a key of a reason, which may stand alone in place of a list."""
    if (*place, key) in report.document.values:
        return (*place, key)
    return (*place[:-1], key)
