"""Check a case text as it is typed: every problem with its line and column, as `backchannel check` reports it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered, check_runnable
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import BackchannelError, CaseError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.message_parts import Checked, TextProblem
from backchannel.web.problem_paths import located


def check_text(text: str, *, file: str, revision: int) -> tuple[Checked, CaseFacts | None]:
    """Check a text.

    Args:
        text: The whole case file.
        file: Its name in problems.
        revision: Which revision of the text it is.

    Returns:
        The result, and the facts of the case if it has no problems.
    """
    checked, lowered = checked_case(text, file=file, revision=revision)
    return checked, lowered and facts_of(lowered)


def checked_case(text: str, *, file: str, revision: int) -> tuple[Checked, Lowered | None]:
    """Check a text; the result, and the case if it has no problems."""
    try:
        lowered = runnable(text, file=file)
    except CaseError as error:
        problems = located(error.problems, text)
        if error.not_listed:
            problems.append(TextProblem(line=0, column=0, message=error.not_listed))
        return Checked(revision=revision, problems=problems, warnings=[]), None
    except BackchannelError as error:
        return unchecked(str(error), revision=revision), None
    return without_problems(lowered, text, revision=revision), lowered


def runnable(text: str, *, file: str) -> Lowered:
    """The case in a text.

    Raises:
        CaseError: It is wrong; every problem is listed.
        CommandError: It has numbers without a prior.
    """
    lowered = lower(*read_case_text(text, file=file))
    check_runnable(lowered)
    return lowered


def without_problems(lowered: Lowered, text: str, *, revision: int) -> Checked:
    """The result of checking a text that has no problems."""
    return Checked(revision=revision, problems=[], warnings=located(lowered.warnings, text))


def unchecked(why: str, *, revision: int) -> Checked:
    """The result where a text could not be checked line by line."""
    problem = TextProblem(line=0, column=0, message=why)
    return Checked(revision=revision, problems=[problem], warnings=[])


def facts_of(lowered: Lowered) -> CaseFacts:
    """What the server needs to know of a case."""
    diagram = lowered.diagram
    domains = {node: [str(value) for value in diagram.domains[node]] for node in diagram.order}
    questions = [question.name for question in lowered.questions]
    return CaseFacts(
        title=lowered.case.case,
        case=_digest([lowered.case.model_dump_json()]),
        shape=_digest([diagram.order, domains, list(lowered.priors), questions]),
        uncertain=[name for name, prior in lowered.priors.items() if not prior.is_fixed],
    )


def _digest(parts: list[Any]) -> str:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()
