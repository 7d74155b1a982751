"""Read a case file: from YAML to a `Case`; every problem is reported at its place."""

from __future__ import annotations

from pathlib import Path

from backchannel.case.lower.remaining import remaining_problems
from backchannel.case.read.document import (
    Document,
    parse_tolerantly,
    read_document,
)
from backchannel.case.read.form import read_form
from backchannel.case.schema.case import Case
from backchannel.files.inputs import is_remote
from backchannel.language.errors import COUNTING_ENDED, MOST_COUNTED, CaseError


def read_case(path: Path) -> tuple[Case, Document]:
    """Read a case file.

    Raises:
        CommandError: There is no such file.
        CaseError: The file is not a valid case; every problem is listed.
    """
    document = read_document(path)
    return as_case(document), document


def read_case_text(
    text: str, *, file: str = "case.yaml", folder: Path | None = None
) -> tuple[Case, Document]:
    """Read a case from text.

    Args:
        text: The whole case file.
        file: Its name in problems.
        folder: Where the files that it names are; those of sources are not read if it is unknown.
    """
    document = parse_tolerantly(text, file=file, folder=folder)
    return as_case(document), document


def reads_of(case: Case, document: Document | None = None) -> dict[str, Path]:
    """List the files that a case is read from, each under a description."""
    files = {}
    if document is not None and document.folder is not None:
        files["the case"] = document.folder / document.file
        for name, source in case.sources.items():
            if source.file and not is_remote(source.file):
                files[f"the text of the source '{name}'"] = document.folder / source.file
    if case.priors is not None:
        files["the fit that the case takes its priors from"] = Path(case.priors.from_)
    return files


def as_case(document: Document) -> Case:
    """Make a `Case` of a document.

    Raises:
        CaseError: The text or its form is wrong. What can still be read is checked as well, so that every
            problem is listed at once.
    """
    form = read_form(document)
    if not form.problems and form.case is not None:
        return _anchored(form.case, document)
    if len(form.problems) >= MOST_COUNTED:
        raise CaseError(form.problems, unchecked=COUNTING_ENDED)
    rest = remaining_problems(form)
    raise CaseError([*form.problems, *rest.problems], unchecked=rest.unchecked)


def _anchored(case: Case, document: Document) -> Case:
    """Make the path of the fit that a case names relative to the case file."""
    if case.priors is None or document.folder is None:
        return case
    if is_remote(case.priors.from_):
        return case  # `lower` reports this with the other problems.
    anchored = case.priors.model_copy(update={"from_": str(document.folder / case.priors.from_)})
    return case.model_copy(update={"priors": anchored})
