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
        lowered = runnable(text, file=file)
    except CaseError as error:
        return _wrong([_told(problem) for problem in error.problems], revision)
    except BackchannelError as error:
        return _wrong([Problem(line=0, column=0, message=str(error))], revision)
    return Reading(all_fine(lowered, revision=revision), lowered)


def runnable(text: str, *, file: str) -> Lowered:
    """The case in a text.

    Raises:
        CaseError: It is wrong; every problem is listed.
        CommandError: It has numbers without a prior.
    """
    lowered = lower(*read_case_text(text, file=file))
    check_runnable(lowered)
    return lowered


def all_fine(lowered: Lowered, *, revision: int) -> Checked:
    """What a check says of a case without problems."""
    warnings = [_told(warning) for warning in lowered.warnings]
    return Checked(revision=revision, problems=[], warnings=warnings)


def _wrong(problems: list[Problem], revision: int) -> Reading:
    return Reading(Checked(revision=revision, problems=problems, warnings=[]), None)


def _told(problem: Found) -> Problem:
    return Problem(line=problem.place.line, column=problem.place.column, message=problem.message)
