"""Check what can still be checked in a case whose form is wrong, so that all problems come at once."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.case.lower.lower import lower
from backchannel.case.read.form import Form
from backchannel.language.errors import CaseError, Problem

UNREAD = "Names and numbers are checked when every line can be read."


@dataclass(frozen=True)
class RemainingProblems:
    """The problems of meaning, and why some part was not checked for them."""

    problems: tuple[Problem, ...] = ()
    unchecked: str = ""


def remaining_problems(form: Form) -> RemainingProblems:
    """List the problems of meaning in a case with stand-ins for what could not be read.

    Nothing is said about the stand-ins themselves, nor about names that may stand in lost lines.
    """
    if form.document.is_partial:
        return RemainingProblems(unchecked=UNREAD)
    if form.case is None:
        return RemainingProblems()
    known = {(problem.place, problem.message) for problem in form.problems}
    try:
        lower(form.case, form.document)
    except CaseError as error:
        left = tuple(p for p in error.counted if (p.place, p.message) not in known)
        return RemainingProblems(left, error.unchecked)
    except Exception:
        return RemainingProblems()
    return RemainingProblems()
