"""An intervention that a user gives outside of the file, with the keys of the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from backchannel.case.lower.build_vocabulary import build_vocabulary
from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.public import newly_needed
from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import Document
from backchannel.case.schema.case import Case
from backchannel.case.schema.interventions import InterventionEntry
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.surgery import (
    Intervention,
)
from backchannel.language.errors import CommandError


def read_intervention(
    case: Case, diagram: Diagram, numbers: CaseNumbers, raw: Mapping[str, Any]
) -> Intervention:
    """Read an intervention that a user gives outside of the file, with the keys of the file.

    Raises:
        CommandError: It is not valid; every problem is listed.
    """
    report = CaseReport(Document("", {"what_if": dict(raw), **case.model_dump()}, {}, {}))
    try:
        entry = InterventionEntry.model_validate(dict(raw))
    except ValidationError as error:
        messages = [
            f"what_if.{'.'.join(map(str, d['loc']))}: {d['msg'].removeprefix('Value error, ')}"
            for d in error.errors(include_url=False)
        ]
        raise CommandError("\n".join(messages)) from None
    implicit = ImplicitParameters()
    reader = InterventionReader(case, build_vocabulary(case, report), diagram, numbers, implicit)
    intervention = reader.read(("what_if",), "", entry)
    if implicit.priors:
        report.error(
            ("what_if", "mechanisms"),
            "ICD 203 words can only be used in the file. Use numbers here.",
        )
    if intervention is None or report.problems:
        raise CommandError("\n".join(str(problem) for problem in report.problems))
    needed = newly_needed(diagram, intervention)
    if needed:
        raise CommandError(
            f"After this change {needed[0]} could use {needed[1]}, which is public and was left out because it "
            "made no difference. Write the change under `causes` in the case, and ask for it by its name."
        )
    return intervention
