"""The page that lists every field of the answers document, made from its schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generated import write_page
from schema_words import headline, kind_of, rest_of

INTRODUCTION = """# Fields of the answers document

This page is made from the schema that `backchannel schema --answers` prints. [The answers document](../answers.md)
explains what the fields mean together. A program that reads the document should ignore fields that it does not know.

"""


def answers_fields_page() -> str:
    """Write the page."""
    from backchannel.answers.document import answers_schema

    schema = answers_schema()
    parts = [INTRODUCTION, "## The document\n\n", _table(schema)]
    for name, entry in sorted(schema["$defs"].items()):
        if entry.get("properties"):
            parts.append(
                f"\n({name.lower()})=\n## {headline(name)}\n\n{entry.get('description', '')}\n\n"
            )
            parts.append(_table(entry))
    return "".join(parts)


def _table(entry: dict[str, Any]) -> str:
    rows = ["| field | holds | meaning |\n|---|---|---|\n"]
    for key, value in entry["properties"].items():
        rows.append(f"| `{key}` | {kind_of(value)} | {rest_of(value)} |\n")
    return "".join(rows)


def _write(app: Any) -> None:
    write_page(Path(app.srcdir) / "reference" / "answers-fields.md", answers_fields_page())


def setup(app: Any) -> dict[str, bool]:
    """Join Sphinx."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}
