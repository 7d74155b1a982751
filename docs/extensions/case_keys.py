"""The page that lists every key of the case file, made from its schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generated import write_page
from schema_words import headline, kind_of, rest_of

INTRODUCTION = """# Keys of the case file

This page is made from the schema that `backchannel schema` prints and `check` enforces, so it is never out of date.
[The case file](../cases.md) explains the same keys with their meaning and examples.

"""


def case_keys_page() -> str:
    """Write the page."""
    from backchannel.case.schema.json_schema import case_schema

    schema = case_schema()
    entries = schema["$defs"]
    parts = [INTRODUCTION, "## The file\n\n", _table(schema)]
    for name in sorted(entries, key=lambda entry: headline(entry).lower()):
        entry = entries[name]
        if not entry.get("properties"):
            continue
        parts.append(
            f"\n({name.lower()})=\n## {headline(name)}\n\n{entry.get('description', '')}\n\n"
        )
        parts.append(_table(entry))
    return "".join(parts)


def _table(entry: dict[str, Any]) -> str:
    required = set(entry.get("required", ()))
    rows = ["| key | holds | meaning |\n|---|---|---|\n"]
    for key, value in entry["properties"].items():
        needed = " (needed)" if key in required else ""
        rows.append(f"| `{key}`{needed} | {kind_of(value)} | {rest_of(value)} |\n")
    return "".join(rows)


def _write(app: Any) -> None:
    write_page(Path(app.srcdir) / "reference" / "case-keys.md", case_keys_page())


def setup(app: Any) -> dict[str, bool]:
    """Join Sphinx."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}
