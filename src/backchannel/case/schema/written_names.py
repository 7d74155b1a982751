"""Names as the file writes them: of players, numbers and nodes, and of a node in some rounds."""

from __future__ import annotations

import keyword
import re
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ValidationInfo

from backchannel.case.schema.parts import Words
from backchannel.language.calls import FUNCTIONS
from backchannel.language.lookalikes import explain_lookalikes
from backchannel.language.names import ROUND_SIGN

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

_ROUND = re.compile(r"[0-9]{1,4}(\.\.([0-9]{1,4})?)?|prev")

ANY_NAME = "any name"
"""Key of a validation context in which names may be of any form, so that the rest can be checked."""


def _name(value: str, info: ValidationInfo) -> str:
    if info.context and info.context.get(ANY_NAME):
        return value
    if not _NAME.fullmatch(value):
        raise ValueError(
            f"'{value}' is not a valid name: use the letters a to z, digits and _, and begin with a letter."
            + (explain_lookalikes(value) or _name_like(value))
        )
    if (
        keyword.iskeyword(value)
        or value in FUNCTIONS
        or value in {"P", "E", "best", "rest", "table"}
    ):
        raise ValueError(
            f"'{value}' has a meaning of its own in expressions and cannot be a name. Write {value}_1, for "
            "example."
        )
    return value


def _name_like(value: str) -> str:
    plain = re.sub(r"\W+", "_", value, flags=re.ASCII).strip("_")
    return f" Write {plain}, for example." if _NAME.fullmatch(plain) else ""


def _node_ref(value: str, info: ValidationInfo) -> str:
    base, sign, number = value.partition(ROUND_SIGN)
    _name(base, info)
    if sign and not _ROUND.fullmatch(number):
        raise ValueError(
            f"'{value}' is not a valid round: write {base}@3, {base}@3..6 or {base}@3.."
        )
    return value


Name: TypeAlias = Annotated[Words, AfterValidator(_name)]
NodeRef: TypeAlias = Annotated[Words, AfterValidator(_node_ref)]
"""A node; a node that repeats may name one round or several."""
