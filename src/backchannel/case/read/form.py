"""The form of a case: check it against the schema, and put stand-ins where it is wrong.

With the stand-ins the rest of the case can be checked in the same run. What a stand-in replaces is doubtful:
nothing more is reported about it.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from backchannel.case.read.document import Document, KeyPath
from backchannel.case.read.form_messages import form_problem, is_other_branch, without_branches
from backchannel.case.read.stand_ins import Mender
from backchannel.case.schema.case import Case
from backchannel.case.schema.written_names import ANY_NAME
from backchannel.language.errors import MOST_COUNTED, Problem

MOST_ROUNDS_OF_MENDING = 12
"""Most times that the schema is applied; each stand-in can reveal the next fault of its entry."""


@dataclass(frozen=True)
class Form:
    """A case as far as it could be read, and what is wrong with its form."""

    case: Case | None
    """The case with stand-ins; `None` if even they do not make one."""
    document: Document
    """The document with the stand-ins, and the paths that are doubtful."""
    problems: list[Problem]


def read_form(document: Document) -> Form:
    """Check the form of a document; every problem is listed."""
    problems = {str(problem): problem for problem in document.problems}
    for key in ("nodes", "interests"):
        # Both may stand in `rounds` only, so the schema cannot require them.
        if isinstance(document.data, dict) and not {key, "rounds"} & document.data.keys():
            problem = Problem(document.place(()), f"The case has no `{key}`.")
            problems[str(problem)] = problem
    mender = Mender(replace(document, data=deepcopy(document.data)))
    for _ in range(MOST_ROUNDS_OF_MENDING):
        document = mender.document
        try:
            case = Case.model_validate(document.data, context=mender.context)
        except ValidationError as error:
            details = _of_used_branches(document, error.errors(include_url=False))
            for detail in details:
                path = _path(document, detail)
                if not mender.knows(path, detail):
                    problem = form_problem(document, detail)
                    problems.setdefault(str(problem), problem)
                if len(problems) == MOST_COUNTED:
                    return Form(None, document, list(problems.values()))
            for detail in details:
                mender.mend(_path(document, detail), detail)
            if not mender.finish_round():
                break
        else:
            return Form(case, mender.document, list(problems.values()))
    return Form(None, document, list(problems.values()))


def _of_used_branches(document: Document, details: list[Any]) -> list[Any]:
    """Leave the errors of other branches of a choice out; where a value is of no branch, keep the first."""
    used = [d for d in details if not is_other_branch(document.data, d["loc"])]
    paths = {_path(document, detail) for detail in used}
    for detail in details:
        path = _path(document, detail)
        if not any(other[: len(path)] == path for other in paths):
            used.append(detail)
            paths.add(path)
    return used


def _path(document: Document, detail: Any) -> KeyPath:
    path = tuple(part for part in detail["loc"] if part != ANY_NAME and part != "[key]")
    return without_branches(document.data, path)
