"""The page's types of requests and messages are made from a committed schema, which may not fall behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backchannel.answers.document import Answers
from backchannel.web.message_schema import message_schema

SCHEMA = Path(__file__).parent.parent.parent / "interface" / "messages.schema.json"


def test_the_committed_schema_is_that_of_the_messages():
    """`python -m tests.house.test_message_schema` writes it again."""
    advice = "Run: python -m tests.house.test_message_schema"
    assert json.loads(SCHEMA.read_text()) == message_schema(), advice


def test_parts_of_the_answers_have_names_that_the_answers_document_knows():
    """The messages refer to the document's types by name, so that reading a request imports none of them."""
    known = {"Answers", *Answers.model_json_schema()["$defs"]}
    named = set(types_in(message_schema()))
    assert named
    assert named <= known


def types_in(part: Any) -> list[str]:
    """The names in every `tsType` of a schema."""
    if isinstance(part, list):
        return [name for item in part for name in types_in(item)]
    if not isinstance(part, dict):
        return []
    own = [part["tsType"].removesuffix("[]")] if isinstance(part.get("tsType"), str) else []
    return own + [name for item in part.values() for name in types_in(item)]


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(message_schema(), indent=1, ensure_ascii=False) + "\n", "utf-8")
