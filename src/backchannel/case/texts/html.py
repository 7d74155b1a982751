"""Read HTML: the blocks of text that a reader sees, without markup, scripts and styles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from backchannel.case.texts.source_text import SourceText, from_blocks

_NOT_READ = """
script style template noscript head nav footer aside form button select svg math iframe object audio video canvas
"""
SKIPPED = frozenset(_NOT_READ.split())
"""Elements whose text is none of the page's own."""
_OWN_LINES = """
address article blockquote body caption dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hr
html li main ol p pre section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = frozenset(_OWN_LINES.split())
"""Elements that begin a paragraph and end one."""


def read_html(data: bytes) -> SourceText:
    """Read the blocks of a page; where it has a single `article` or `main`, only those in it.

    >>> read_html(b"<p>One <b>word</b>.<script>x()</script><p>Two.").paragraphs
    ('One word.', 'Two.')
    """
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, encoding=_encoding(data)
    )
    root = etree.fromstring(data, parser)
    if root is None:
        return SourceText(())
    for name in ("article", "main"):
        parts = root.findall(f".//{name}")
        if len(parts) == 1:
            root = parts[0]
            break
    return from_blocks(_blocks(root))


def _encoding(data: bytes) -> str | None:
    """UTF-8, or what the page itself says."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _blocks(root: Any) -> Iterator[str]:
    """Yield the text between the borders of blocks, by walking the tree without recursion."""
    block: list[str] = []
    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_skipped = element.tag in SKIPPED
        if event == "start":
            if element.tag in BLOCKS:
                yield "".join(block)
                block.clear()
            if element.tag == "br":
                block.append("\n")
            skipped += is_skipped
            if not skipped:
                block.append(element.text or "")
        else:
            skipped -= is_skipped
            if element.tag in BLOCKS:
                yield "".join(block)
                block.clear()
            if not skipped and element is not root:
                block.append(element.tail or "")
    yield "".join(block)
