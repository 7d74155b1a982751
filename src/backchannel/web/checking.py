"""Check a case text as it is typed: every problem at its line and column, as `check` tells them."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.case.lower import Lowered, check_runnable, lower
from backchannel.case.read import read_case_text
from backchannel.errors import BackchannelError, CaseError
from backchannel.errors import Problem as Found
from backchannel.web.messages import Checked, Problem


@dataclass(frozen=True)
class Reading:
    """A text, and the case in it if it is one."""

    checked: Checked
    lowered: Lowered | None


def check_text(text: str, *, file: str, revision: int) -> Reading:
    """Check a text.

    Args:
        text: The whole case file.
        file: What it is called in problems.
        revision: Which text it is.
    """
    try:
        lowered = lower(*read_case_text(text, file=file))
        check_runnable(lowered)
    except CaseError as error:
        return _wrong([_told(problem) for problem in error.problems], revision)
    except BackchannelError as error:
        return _wrong([Problem(line=0, column=0, message=str(error))], revision)
    warnings = [_told(warning) for warning in lowered.warnings]
    return Reading(Checked(revision=revision, problems=[], warnings=warnings), lowered)


def _wrong(problems: list[Problem], revision: int) -> Reading:
    return Reading(Checked(revision=revision, problems=problems, warnings=[]), None)


def _told(problem: Found) -> Problem:
    return Problem(line=problem.place.line, column=problem.place.column, message=problem.message)
