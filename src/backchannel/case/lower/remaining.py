"""Check what can still be checked in a case whose form is wrong, so that all problems come at once."""

from __future__ import annotations

from backchannel.case.lower.lower import lower
from backchannel.case.read.form import Form
from backchannel.language.errors import CaseError, Problem


def remaining_problems(form: Form) -> list[Problem]:
    """List the problems of meaning in a case with stand-ins for what could not be read.

    Nothing is said about the stand-ins themselves, nor about names that may stand in lost lines.
    """
    if form.case is None or form.document.is_partial:
        return []
    known = {(problem.place, problem.message) for problem in form.problems}
    try:
        lower(form.case, form.document)
    except CaseError as error:
        return [p for p in error.problems if (p.place, p.message) not in known]
    except Exception:
        return []
    return []
