"""Read Markdown: paragraphs, headings, items of lists and cells of tables, without their markup."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from backchannel.case.texts.source_text import SourceText, from_blocks


def read_markdown(text: str) -> SourceText:
    """Read the blocks of a text in Markdown; what is written in HTML is shown as it stands.

    >>> read_markdown("# Talks\\n\\nA *short* [note](https://example.org).").paragraphs
    ('Talks', 'A short note.')
    """
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(text)
    return from_blocks(_blocks(tokens))


def _blocks(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_text_of(child) for child in token.children or [])
        elif token.type in ("fence", "code_block"):
            yield token.content


def _text_of(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline", "image", "text_special") else ""
