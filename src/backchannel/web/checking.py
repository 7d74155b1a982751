"""Check a case text as it is typed: every problem at its line and column, as `check` tells them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered, check_runnable
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import BackchannelError, CaseError
from backchannel.language.errors import Problem as Found
from backchannel.web.messages import Checked, Facts, Problem


def check_text(text: str, *, file: str, revision: int) -> tuple[Checked, Facts | None]:
    """Check a text.

    Args:
        text: The whole case file.
        file: What it is called in problems.
        revision: Which text it is.

    Returns:
        What was found, and what is known of the case if it is one.
    """
    try:
        lowered = runnable(text, file=file)
    except CaseError as error:
        problems = _told(error.problems)
        if error.not_listed:
            problems.append(Problem(line=0, column=0, message=error.not_listed))
        return Checked(revision=revision, problems=problems, warnings=[]), None
    except BackchannelError as error:
        return unchecked(str(error), revision=revision), None
    return all_fine(lowered, revision=revision), facts_of(lowered)


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
    return Checked(revision=revision, problems=[], warnings=_told(lowered.warnings))


def unchecked(why: str, *, revision: int) -> Checked:
    """What is said of a text as a whole, where nothing can be said of its lines."""
    problem = Problem(line=0, column=0, message=why)
    return Checked(revision=revision, problems=[problem], warnings=[])


def facts_of(lowered: Lowered) -> Facts:
    """What the server has to know of a case."""
    diagram = lowered.diagram
    domains = {node: [str(value) for value in diagram.domains[node]] for node in diagram.order}
    questions = [question.name for question in lowered.questions]
    return Facts(
        title=lowered.case.case,
        case=_short([lowered.case.model_dump_json()]),
        shape=_short([diagram.order, domains, list(lowered.priors), questions]),
        uncertain=[name for name, prior in lowered.priors.items() if not prior.is_fixed],
    )


def _short(parts: list[Any]) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _told(found: Iterable[Found]) -> list[Problem]:
    return [
        Problem(line=one.place.line, column=one.place.column, message=one.short) for one in found
    ]
