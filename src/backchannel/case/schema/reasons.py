"""Reasons: why a number is what it is, by a source or by somebody's judgement."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from backchannel.case.schema.parts import CaseEntry, Words

LONGEST_SHOWN = 60
"""Characters of a text that a remedy repeats."""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _reasons(value: Any) -> Any:
    """Take one reason as a list of one; a text is no reason, as it says neither source nor judgement."""
    entries = value if isinstance(value, list) else [value]
    for entry in entries:
        if isinstance(entry, str | int | float) and not isinstance(entry, bool):
            raise ValueError(
                "should say whose judgement it is, or cite a source. Write "
                f"{{judgement: {_as_text(entry)}}}, or {{source: NAME, says: {_as_text(entry)}}} with a name "
                "from `sources`."
            )
    if value is None:
        raise ValueError(
            "is empty. Write {judgement: my estimate}, or {source: NAME} with a name from `sources`."
        )
    return _listed(value)


def _as_text(value: Any) -> str:
    text = str(value)
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]} ..."
    return json.dumps(text, ensure_ascii=False) if re.search(r"[,:#{}\[\]\"']", text) else text


QuotationText: TypeAlias = Annotated[
    Words,
    Field(
        description="Words of the source itself, checked against its `file`; `...` stands for words left out."
    ),
]


class ReasonEntry(CaseEntry):
    """A reason: a place in a source, or somebody's judgement."""

    source: Words = ""
    at: Words = Field("", description="Place in the source: a page or paragraph.")
    says: Words = Field("", description="What the source says there, in your own words.")
    quotes: QuotationText = ""
    judgement: Words = Field("", description="Whose judgement it is, and on what grounds.")

    @model_validator(mode="after")
    def _is_one_kind(self) -> ReasonEntry:
        if bool(self.source) == bool(self.judgement):
            raise ValueError("needs exactly one of `source` and `judgement`.")
        if self.quotes and not self.source:
            raise ValueError("has `quotes`, which only a reason with a `source` can have.")
        return self


Reasons: TypeAlias = Annotated[
    list[ReasonEntry],
    BeforeValidator(_reasons, json_schema_input_type=ReasonEntry | list[ReasonEntry]),
]
