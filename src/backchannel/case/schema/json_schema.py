"""The JSON Schema of the case file, for completion in editors."""

from __future__ import annotations

from typing import Any

from backchannel.case.schema.case import Case

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> dict[str, Any]:
    """Return the schema with which an editor completes and checks case files."""
    schema = Case.model_json_schema(mode="validation", by_alias=True)
    return {"$schema": SCHEMA_ID, **schema, "title": "Backchannel case"}
