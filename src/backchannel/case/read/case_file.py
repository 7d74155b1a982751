"""Read a case file: from YAML to a `Case`; every problem is reported at its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from backchannel.case.read.document import Document, parse_document, read_document
from backchannel.case.schema.case import Case
from backchannel.files.inputs import is_remote
from backchannel.language.errors import MOST_PROBLEMS, CaseError, Problem
from backchannel.language.names import did_you_mean

_SHAPES = {
    "dict_type": "should be a mapping of keys to values",
    "model_type": "should be a mapping of keys to values",
    "model_attributes_type": "should be a mapping of keys to values",
    "list_type": "should be a list in brackets",
    "tuple_type": "should be a list in brackets",
    "date_parsing": "should be a day, as in 2025-07-15",
    "date_from_datetime_parsing": "should be a day, as in 2025-07-15",
    "date_type": "should be a day, as in 2025-07-15",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "bool_type": "should be true",
    "bool_parsing": "should be true",
    "string_type": "should be text",
}
_SCALAR_BRANCHES = ("str", "float", "int")
_ENTRY = re.compile(r"Entry\b")
"""Branches of a choice, as pydantic names them: a single value, or a mapping."""


def read_case(path: Path) -> tuple[Case, Document]:
    """Read a case file.

    Raises:
        CommandError: There is no such file.
        CaseError: The file is not a valid case; every problem of its form is listed.
    """
    document = read_document(path)
    return as_case(document), document


def read_case_text(text: str, *, file: str = "case.yaml") -> tuple[Case, Document]:
    """Read a case from text."""
    document = parse_document(text, file=file)
    return as_case(document), document


def reads_of(case: Case, document: Document | None = None) -> dict[str, Path]:
    """List the files that a case is read from, each under a description."""
    files = {}
    if document is not None and document.folder is not None:
        files["the case"] = document.folder / document.file
    if case.priors is not None:
        files["the fit that the case takes its priors from"] = Path(case.priors.from_)
    return files


def as_case(document: Document) -> Case:
    """Check the form of a document and make a `Case` of it."""
    problems: dict[str, Problem] = {}
    for key in ("nodes", "interests"):
        # Both may stand in `rounds` only, so the schema cannot require them.
        if isinstance(document.data, dict) and not {key, "rounds"} & document.data.keys():
            problem = Problem(document.place(()), f"The case has no `{key}`.")
            problems[str(problem)] = problem
    try:
        case = Case.model_validate(document.data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if not _is_other_branch(document.data, detail["loc"]):
                problem = _problem(document, detail)
                problems.setdefault(str(problem), problem)
            if len(problems) == MOST_PROBLEMS:
                raise CaseError(list(problems.values()), are_all=False) from None
        raise CaseError(list(problems.values())) from None
    if problems:
        raise CaseError(list(problems.values()))
    return _anchored(case, document)


def _anchored(case: Case, document: Document) -> Case:
    """Make the path of the fit that a case names relative to the case file."""
    if case.priors is None or document.folder is None:
        return case
    if is_remote(case.priors.from_):
        return case  # `lower` reports this with the other problems.
    anchored = case.priors.model_copy(update={"from_": str(document.folder / case.priors.from_)})
    return case.model_copy(update={"priors": anchored})


def _problem(document: Document, detail: Any) -> Problem:
    kind = detail["type"]
    path = tuple(part for part in detail["loc"] if part != "[key]")
    path = _without_branches(document.data, path)
    if kind == "missing":
        where, key = path_text(path[:-1]), path[-1]
        remedy = " Cite a source, or say whose judgement it is." if key == "why" else ""
        return Problem(document.place(path[:-1]), f"{where or 'The case'} has no `{key}`.{remedy}")
    name = path_text(path)
    if kind == "extra_forbidden":
        known = _keys_at(Case, path[:-1])
        where = path_text(path[:-1]) or "A case"
        message = f"{where} has no key '{path[-1]}'." + did_you_mean(str(path[-1]), known)
        if known and "Did you mean" not in message:
            message += f" There are: {', '.join(known)}."
        return Problem(document.place(path), message)
    if kind in _SHAPES:
        return Problem(document.place_of_value(path), f"{name or 'The file'} {_SHAPES[kind]}.")
    message = detail["msg"].removeprefix("Value error, ")
    if "[key]" in detail["loc"]:
        return Problem(document.place(path), f"{path_text(path[:-1])}: {message}")
    if kind == "value_error" and not message.startswith(("should", "is", "has", "needs", "asks")):
        return Problem(document.place_of_value(path), f"{name}: {message}")
    if message.startswith("Input "):
        message = message.removeprefix("Input ") + "."
    return Problem(document.place_of_value(path), f"{name} {message[:1].lower()}{message[1:]}")


def path_text(path: Sequence[Any]) -> str:
    """Write a path as text; positions in lists count from 1.

    >>> path_text(("claims", 0, "test"))
    'claims[1].test'
    """
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _is_other_branch(data: Any, path: Sequence[Any]) -> bool:
    """Say whether an error belongs to a branch of a choice that the file does not use."""
    here = data
    for part in path:
        if isinstance(here, dict) and part in here:
            here = here[part]
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        elif isinstance(part, str) and part.startswith(("dict[", "list[")):
            if not isinstance(here, dict if part.startswith("dict") else list):
                return True
        elif isinstance(part, str) and _ENTRY.search(part):
            if not isinstance(here, dict | list):
                return True
        elif _is_scalar_branch(part) and isinstance(here, dict | list):
            return True
    return False


def _is_scalar_branch(part: Any) -> bool:
    return part in _SCALAR_BRANCHES or str(part).startswith("function-before")


def _without_branches(data: Any, path: Sequence[Any]) -> tuple[Any, ...]:
    """Drop the names of branches that pydantic adds to a path."""
    kept: list[Any] = []
    here = data
    for i, part in enumerate(path):
        last = i == len(path) - 1
        if isinstance(here, dict) and (part in here or last):
            kept.append(part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            kept.append(part)
            here = here[part]
    return tuple(kept)


def _keys_at(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    """List the keys that a mapping at this place may have."""
    here: Any = model
    for part in path:
        if _is_model(here):
            field = here.model_fields.get(str(part))
            here = field.annotation if field else None
        else:
            inner = [a for a in get_args(here) if a is not str]
            here = inner[-1] if inner else None
        here = _model_in(here)
    if get_origin(here) is list:
        here = _model_in(get_args(here)[0])
    fields = here.model_fields.items() if _is_model(here) else []
    return [field.alias or name for name, field in fields]


def _model_in(annotation: Any) -> Any:
    """Find the model inside optional and annotated types, if there is one."""
    if get_origin(annotation) in (dict, list):
        return annotation
    for part in get_args(annotation):
        inner = _model_in(part)
        if get_origin(inner) in (dict, list) or _is_model(inner):
            return inner
    return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
