"""The pages of the gallery as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

GALLERY_TITLE = "Gallery"
FLAGSHIP = "belarus-2025"
WIDEST_SCALED = 1000
"""A wider diagram keeps its size and scrolls; scaled to the page, its words would be too small to read."""


@dataclass
class Entry:
    """What a page says of a case."""

    name: str
    title: str
    question: str
    about: str
    kind: Literal["case", "game", "fit"]
    """A case of bargaining; a game from the literature; a model whose numbers a table of plays gives."""
    sources: list[dict[str, str]]
    diagram: str = ""
    diagram_width: int = 0
    """In pixels."""
    caption: str = ""
    lines: list[dict[str, str]] = field(default_factory=list)
    hinges: list[dict[str, Any]] = field(default_factory=list)
    certificate: str = ""


def case_page(entry: Entry) -> str:
    """Write the page of one case."""
    parts = [f"# {plain(entry.title)}\n\n"]
    if entry.question:
        parts.append(f"*{plain(entry.question)}*\n\n")
    if entry.about:
        parts.append(f"{plain(entry.about)}\n\n")
    if entry.diagram:
        caption = f"<figcaption>{escaped(entry.caption)}</figcaption>" if entry.caption else ""
        figure = (
            f'<figure class="gallery-diagram" tabindex="0">\n{entry.diagram}\n{caption}\n</figure>'
        )
        parts.append(f"```{{raw}} html\n{figure}\n```\n\n")
    if entry.lines:
        parts.append("## Answers\n\n")
        parts += [
            f"{number}. **{plain(line['title'])}** {plain(line['text'])}\n"
            for number, line in enumerate(entry.lines, start=1)
        ]
        parts.append("\n")
    if entry.hinges:
        parts.append(
            "## What the answers hinge on\n\n| assumption | rests on | moves answer |\n|---|---|---|\n"
        )
        parts += [
            f"| {cell(hinge['label'])} | {cell(hinge['rests_on'])} | {', '.join(map(str, hinge['moves']))} |\n"
            for hinge in entry.hinges
        ]
        parts.append("\n")
    if entry.kind == "fit":
        parts.append(
            "The numbers of this case come from a table of plays ([fit](../fit.md), [evaluate](../evaluate.md)); "
            "without one it has no answers.\n\n"
        )
    if entry.sources:
        parts.append("## Sources\n\n")
        parts += [f"- {_source(source)}\n" for source in entry.sources]
        parts.append("\n")
    parts.append(f"## See for yourself\n\n```sh\nbackchannel serve {entry.name}\n```\n")
    if entry.certificate:
        parts.append(f"\nCertificate of these answers: {plain(entry.certificate)}\n")
    return "".join(parts)


def index_page(entries: Sequence[Entry]) -> str:
    """Write the first page of the gallery."""
    ordered = sorted(entries, key=lambda entry: (entry.name != FLAGSHIP, entry.name))
    parts = [
        f"# {GALLERY_TITLE}\n\nThe cases that come with Backchannel, each with its diagram, its answers, what "
        "they hinge on and its sources. Every case was run when this page was made.\n\n## Bargaining\n\n"
    ]
    for entry in ordered:
        if entry.kind == "case":
            first = f"\n\n{plain(entry.lines[0]['text'])}" if entry.lines else ""
            parts.append(
                f"### [{plain(entry.title)}]({entry.name}.md)\n\n*{plain(entry.question)}*{first}\n\n"
            )
    for kind, title in (
        ("game", "Games from the literature, by citation"),
        ("fit", "Models that a table of plays gives numbers to"),
    ):
        parts.append(f"## {title}\n\n| case | question |\n|---|---|\n")
        parts += [
            f"| [{cell(entry.name)}]({entry.name}.md) | {cell(entry.title)}. {cell(entry.question)} |\n"
            for entry in ordered if entry.kind == kind
        ]  # fmt: skip
        parts.append("\n")
    pages = "\n".join(entry.name for entry in ordered)
    parts.append(f"```{{toctree}}\n:hidden:\n\n{pages}\n```\n")
    return "".join(parts)


def plain(text: str) -> str:
    """Text of a case in Markdown: nothing in it is markup.

    >>> plain("50 * 2_a <b> [x](y)")
    '50 \\\\* 2\\\\_a \\\\<b> \\\\[x\\\\](y)'
    """
    for mark in "\\`*_[]<$#|{":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def cell(text: str) -> str:
    """Text in a table."""
    return plain(text)


def escaped(text: str) -> str:
    """Text in HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _source(source: dict[str, str]) -> str:
    title = plain(source["title"])
    if source["url"].startswith(("https://", "http://")):
        title = f"[{title}](<{source['url']}>)"
    rest = [plain(source[key]) for key in ("author", "date") if source[key]]
    grade = f" Grade {source['grade']}." if source["grade"] else ""
    return f"{title}{', ' if rest else ''}{', '.join(rest)}.{grade}"
