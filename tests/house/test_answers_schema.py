"""The front end's types are made from a committed schema, which may not fall behind."""

from __future__ import annotations

import json
from pathlib import Path

from backchannel.answers.document import Answers

SCHEMA = Path(__file__).parent.parent.parent / "interface" / "answers.schema.json"


def test_the_committed_schema_is_that_of_the_answers_document():
    """Written anew by: backchannel schema --answers > interface/answers.schema.json"""
    advice = "Run: backchannel schema --answers > interface/answers.schema.json"
    assert json.loads(SCHEMA.read_text()) == Answers.model_json_schema(), advice
