"""Check a case text as it is typed: every problem with its line and column, as `backchannel check` reports it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered, check_runnable
from backchannel.case.read.case_file import as_case
from backchannel.case.read.document import Document, parse_tolerantly
from backchannel.language.errors import BackchannelError, CaseError
from backchannel.web.case_facts import CaseFacts
from backchannel.web.message_parts import Checked, TextProblem
from backchannel.web.problem_paths import located


@dataclass(frozen=True)
class CheckedCase:
    """A text that was read once and checked."""

    checked: Checked
    lowered: Lowered | None
    """The case; None where the text has problems."""
    document: Document | None
    """What the text says; None where it cannot be read at all."""


def check_text(text: str, *, file: str, revision: int) -> tuple[Checked, CaseFacts | None]:
    """Check a text.

    Args:
        text: The whole case file.
        file: Its path; texts of sources are searched beside it.
        revision: Which revision of the text it is.

    Returns:
        The result, and the facts of the case if it has no problems.
    """
    found = checked_case(text, file=file, revision=revision)
    return found.checked, found.lowered and facts_of(found.lowered)


def checked_case(text: str, *, file: str, revision: int) -> CheckedCase:
    """Check a text; it is read only once, which takes a quarter of the time of a check."""
    document: Document | None = None
    try:
        document = read_beside(text, file=file)
        lowered = runnable_case(document)
    except CaseError as error:
        problems = located(error.problems, document)
        if error.not_listed:
            problems.append(TextProblem(line=0, column=0, message=error.not_listed))
        checked = Checked(revision=revision, problems=problems, warnings=[])
        return CheckedCase(checked, None, document)
    except BackchannelError as error:
        return CheckedCase(unchecked(str(error), revision=revision), None, document)
    return CheckedCase(without_problems(lowered, document, revision=revision), lowered, document)


def runnable(text: str, *, file: str) -> Lowered:
    """The case in a text.

    Raises:
        CaseError: It is wrong; every problem is listed.
        CommandError: It has numbers without a prior.
    """
    return runnable_case(read_beside(text, file=file))


def read_beside(text: str, *, file: str) -> Document:
    """Read a text as that of a file, beside which texts of sources are searched.

    Raises:
        CaseError: Nothing in it can be read.
    """
    path = Path(file)
    return parse_tolerantly(text, file=path.name, folder=path.parent)


def runnable_case(document: Document) -> Lowered:
    """The case in a text that was read.

    Raises:
        CaseError: It is wrong; every problem is listed.
        CommandError: It has numbers without a prior.
    """
    lowered = lower(as_case(document), document)
    check_runnable(lowered)
    return lowered


def without_problems(lowered: Lowered, document: Document, *, revision: int) -> Checked:
    """The result of checking a text that has no problems."""
    return Checked(revision=revision, problems=[], warnings=located(lowered.warnings, document))


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
