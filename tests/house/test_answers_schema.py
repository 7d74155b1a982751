"""The front end's types are made from a committed schema, which may not fall behind."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path

from backchannel.answers.document import ANSWERS_VERSION, answers_schema
from backchannel.case.schema.json_schema import case_schema

SCHEMA = Path(__file__).parent.parent.parent / "interface" / "answers.schema.json"
CITATION = Path(__file__).parent.parent.parent / "CITATION.cff"


def test_the_committed_schema_is_that_of_the_answers_document():
    """Written anew by: backchannel schema --answers > interface/answers.schema.json"""
    advice = "Run: backchannel schema --answers > interface/answers.schema.json"
    assert json.loads(SCHEMA.read_text()) == answers_schema(), advice


def test_a_schema_says_which_version_it_describes():
    """A program that keeps a schema can tell whether it is still the right one."""
    assert answers_schema()["$id"] == f"urn:backchannel:answers:{ANSWERS_VERSION}"
    release = ".".join(version("backchannel").split(".")[:2])
    assert case_schema()["$id"] == f"urn:backchannel:case:{release}"


def test_the_citation_names_the_version_that_is_installed():
    """CITATION.cff is read by people who never open the package."""
    cited = re.search(r"^version: (.+)$", CITATION.read_text(), re.MULTILINE)
    assert cited is not None
    assert cited[1] == version("backchannel")
