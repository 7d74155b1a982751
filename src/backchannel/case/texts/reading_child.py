"""The process that reads Markdown, HTML and PDF: bytes come in, paragraphs go out as JSON.

Run as `python -m backchannel.case.texts.reading_child KIND` by `read_apart`.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable
from importlib.util import find_spec

from backchannel.case.texts.source_text import MOST_CHARACTERS, SourceText

MOST_MEMORY = 1_000_000_000
"""Bytes."""
LIBRARIES = {"html": "lxml", "pdf": "pypdf"}


class Unreadable(Exception):
    """The file has no text for us; the text names the reason for `read_apart`."""


def read_paragraphs(data: bytes, kind: str) -> SourceText:
    """Read the paragraphs of a file.

    Raises:
        Unreadable: It has none that can be read.
    """
    if kind in LIBRARIES and find_spec(LIBRARIES[kind]) is None:
        raise Unreadable("library")
    text = _readers()[kind](data)
    if not text:
        raise Unreadable("no text")
    if sum(map(len, text.paragraphs)) > MOST_CHARACTERS:
        raise Unreadable("too long")
    return text


def _readers() -> dict[str, Callable[[bytes], SourceText]]:
    def markdown(data: bytes) -> SourceText:
        from backchannel.case.texts.markdown import read_markdown

        return read_markdown(data.decode())

    def html(data: bytes) -> SourceText:
        from backchannel.case.texts.html import read_html

        return read_html(data)

    def pdf(data: bytes) -> SourceText:
        from backchannel.case.texts.pdf import EncryptedFile, read_pdf

        try:
            return read_pdf(data)
        except EncryptedFile:
            raise Unreadable("encrypted") from None

    return {"markdown": markdown, "html": html, "pdf": pdf}


def bound_process() -> None:
    """Limit the memory of this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = MOST_MEMORY if most == resource.RLIM_INFINITY else min(MOST_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (bound, most))


def read_in_child() -> None:
    """Read the standard input, and write the reply."""
    writing = os.dup(1)
    os.dup2(2, 1)  # Whatever a library prints goes elsewhere.
    logging.disable(logging.CRITICAL)
    bound_process()
    paragraphs: tuple[str, ...] = ()
    problem = ""
    try:
        paragraphs = read_paragraphs(sys.stdin.buffer.read(), sys.argv[1]).paragraphs
    except Unreadable as error:
        problem = str(error)
    except Exception:
        problem = "damaged"
    reply = json.dumps({"paragraphs": paragraphs, "problem": problem}).encode()
    while reply:
        reply = reply[os.write(writing, reply) :]


if __name__ == "__main__":
    read_in_child()
