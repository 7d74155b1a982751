"""The JSON Schema of the case file, for completion in editors."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from backchannel.case.schema.case import Case

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> dict[str, Any]:
    """Return the schema with which an editor completes and checks case files."""
    schema = Case.model_json_schema(mode="validation", by_alias=True)
    minor = ".".join(version("backchannel").split(".")[:2])
    return {
        "$schema": SCHEMA_ID,
        "$id": f"urn:backchannel:case:{minor}",
        **schema,
        "title": "Backchannel case",
    }
