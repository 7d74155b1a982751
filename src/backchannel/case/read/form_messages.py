"""Put the errors of the schema into words, each at its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from backchannel.case.read.document import Document, path_text
from backchannel.case.read.schema_walk import keys_at
from backchannel.case.schema.reasoning import BRANCHES
from backchannel.language.errors import Problem
from backchannel.language.names import did_you_mean
from backchannel.language.numbers_as_text import explain_number

_MAPPINGS = ("dict_type", "model_type", "model_attributes_type")
_LISTS = ("list_type", "tuple_type")
_NUMBERS = ("float_type", "float_parsing", "int_type", "int_parsing", "int_from_float")
_TRUTHS = ("bool_type", "bool_parsing")
_SCALAR_BRANCHES = ("str", "float", "int")
_ENTRY = re.compile(r"Entry\b")
"""Branches of a choice, as pydantic names them: a single value, or keys with values."""
_BRANCH = re.compile(r"(?:dict|list|tuple|union)\[|function-(?:before|after)\[")
"""Names of other branches."""
_NOT_A_SENTENCE = ("should", "is", "has", "needs", "asks")


def form_problem(document: Document, detail: Any) -> Problem:
    """Describe one error of the schema."""
    kind = detail["type"]
    path = without_branches(document.data, tuple(p for p in detail["loc"] if p != "[key]"))
    name = path_text(path, document.data)
    if kind == "missing":
        where, key = path_text(path[:-1]), path[-1]
        remedy = _REMEDIES.get(str(key), "")
        return Problem(document.place(path[:-1]), f"{where or 'The case'} has no `{key}`.{remedy}")
    if kind == "extra_forbidden":
        return Problem(document.place(path), _unknown_key(path))
    value = value_at(document.data, path)
    shape = _shape(document, path, kind, value)
    if shape:
        return Problem(document.place_of_value(path), f"{name or 'The file'} {shape}")
    message = detail["msg"].removeprefix("Value error, ")
    if "[key]" in detail["loc"]:
        return Problem(document.place(path), f"{path_text(path[:-1])}: {message}")
    if message.startswith("should be text") and isinstance(value, list | dict):
        message = _not_text(value)
    if kind == "value_error" and not message.startswith(_NOT_A_SENTENCE):
        return Problem(document.place_of_value(path), f"{name}: {message}")
    if value is None and message.startswith(_NOT_A_SENTENCE) and document.line_has_comment(path):
        message += _AFTER_HASH
    if kind == "literal_error" and isinstance(value, str):
        known = [
            part.strip("'") for part in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")
        ]
        message += f", not '{value}'.{did_you_mean(value, known)}"
        return Problem(document.place_of_value(path), f"{name} {message.removeprefix('Input ')}")
    if message.startswith("Input "):
        message = message.removeprefix("Input ") + "."
    return Problem(document.place_of_value(path), f"{name} {message[:1].lower()}{message[1:]}")


GIVE_A_REASON = " Cite a source, or say whose judgement it is."
"""The remedy of an assumption without a reason."""
_REMEDIES = {
    "why": GIVE_A_REASON,
    "unit": " Say what 1 means, for example unit: probability.",
    "as_of": " Write the day up to which the case knows, such as as_of: 2030-03-15.",
    "date": " Write a day, such as 2030-03-15.",
    "source": " Name one of `sources`.",
    "utility_unit": " Say what a worth of 1 means.",
    "name": " Say in words who it is.",
    "title": " Say in words what it is.",
    "worth": " Write an expression in quotes, such as \"reply == 'pay'\".",
    "test": " Write a comparison in quotes, such as \"P(reply == 'pay') > 0.5\".",
}
_OTHER_WORDS = {
    "kind": " Write `chance: true`, `player: NAME` or `derived: EXPRESSION`.",
    "type": " Write `chance: true`, `player: NAME` or `derived: EXPRESSION`.",
    **dict.fromkeys(("actions", "options", "choices", "states", "outcomes"), "domain"),
    **dict.fromkeys(("published", "day"), "date"),
    **dict.fromkeys(("payoff", "utility", "value"), "worth"),
    **dict.fromkeys(("rationality", "lambda"), "precision"),
    **dict.fromkeys(("probabilities", "prob"), "probability"),
    **dict.fromkeys(("parents", "knows", "observes"), "sees"),
    **dict.fromkeys(("reason", "because", "rationale"), "why"),
    **dict.fromkeys(("name", "label"), "title"),
}
"""What others call a key: the key here, or what to write, as a sentence."""
_AFTER_HASH = (
    " What follows # on a line is a comment. If # belongs to the text, put the text in quotes."
)


def _unknown_key(path: Sequence[Any]) -> str:
    known = keys_at(path[:-1])
    where = path_text(path[:-1]) or "A case"
    message = f"{where} has no key '{path[-1]}'." + did_you_mean(str(path[-1]), known)
    meant = _OTHER_WORDS.get(str(path[-1]), "")
    if meant in known:
        return f"{message.partition(' Did you mean')[0]} Here it is called `{meant}`."
    if meant.startswith(" ") and "chance" in known:
        return message + meant
    if known and "Did you mean" not in message:
        message += f" There are: {', '.join(known)}."
    return message


def _shape(document: Document, path: Sequence[Any], kind: str, value: Any) -> str:
    """Say what stands where another shape of value is wanted; empty for other errors."""
    if kind in _MAPPINGS:
        if path[:1] == ("questions",) and path[-1] == "why":
            return "should name one outcome, such as {reply: fight}."
        keys = keys_at(path)[:2]
        example = ", ".join(f"{key}: ..." for key in keys) if keys else "key: value"
        return f"should hold keys with values, such as {{{example}}}{_but(document, path, value)}"
    if kind in _LISTS:
        if isinstance(value, str) and value.startswith("-"):
            return "should be a list: write a space after each dash, or put the list in brackets."
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            parts = listed_parts(str(value), on_lines=tuple(path) in document.folded)
            return f"should be a list in brackets: [{', '.join(parts)}]."
        if isinstance(value, dict) and path[-1] in (
            "record",
            "base_rates",
            "claims",
            "correlations",
        ):
            return "should be a list: begin each entry with a dash and a space."
        return f"should be a list in brackets{_but(document, path, value)}"
    if kind in _NUMBERS:
        hint = explain_number(value) if isinstance(value, str) else ""
        said = f", not '{value}'" if isinstance(value, str) else ""
        return f"should be a number{said}.{hint}"
    if kind in _TRUTHS:
        if path[-1] == "chance" and isinstance(value, list):
            return "should be true; the values of the node stand under `domain`."
        return "should be true."
    if kind == "string_type":
        return _not_text(value)
    return ""


def listed_parts(text: str, *, on_lines: bool = False) -> list[str]:
    """Split a text that stands for a list.

    >>> listed_parts("(offer, pressed)"), listed_parts("frees / refuses")
    (['offer', 'pressed'], ['frees', 'refuses'])
    """
    inner = text.strip().strip("()[]")
    parts = (
        re.split(r"[,;|/]", inner) if re.search(r"[,;|/]", inner) or not on_lines else inner.split()
    )
    return [part.strip() for part in parts if part.strip()]


def _but(document: Document, path: Sequence[Any], value: Any) -> str:
    if value is None:
        hash_hint = _AFTER_HASH if document.line_has_comment(tuple(path)) else ""
        return f"; it is empty.{hash_hint}"
    kinds = {str: "a text", bool: "true or false", int: "a number", float: "a number"}
    kinds |= {list: "a list", dict: "keys in braces"}
    return f", not {kinds[type(value)]}." if type(value) in kinds else "."


def _not_text(value: Any) -> str:
    if isinstance(value, list):
        one = f": {value[0]}" if len(value) == 1 and isinstance(value[0], str) else ""
        return f"should be one text, not a list. Remove the brackets{one}."
    if isinstance(value, dict):
        return "should be one text, not keys in braces. A text with a colon needs quotes."
    return "should be text."


def value_at(data: Any, path: Sequence[Any]) -> Any:
    """Return the value at a path; `None` if there is none."""
    for part in path:
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def is_other_branch(data: Any, path: Sequence[Any]) -> bool:
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


def _names_a_branch(part: Any) -> bool:
    """Say whether a part of a path is a branch of a choice, as pydantic names it."""
    return (
        part in BRANCHES
        or _is_scalar_branch(part)
        or (isinstance(part, str) and bool(_BRANCH.match(part)))
    )


def without_branches(data: Any, path: Sequence[Any]) -> tuple[Any, ...]:
    """Drop the names of branches that pydantic adds to a path."""
    kept: list[Any] = []
    here = data
    for i, part in enumerate(path):
        last = i == len(path) - 1
        is_branch = _names_a_branch(part) and not (isinstance(here, dict) and part in here)
        if isinstance(here, dict) and (part in here or last) and not is_branch:
            kept.append(part)
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            kept.append(part)
            here = here[part]
    return tuple(kept)
