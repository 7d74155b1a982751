"""Read Markdown, HTML and PDF in a process of its own, with little memory and little time.

Other people's libraries parse these formats, and a file can be made to occupy them for hours or to fill the memory.
"""

from __future__ import annotations

import json
from subprocess import TimeoutExpired

from backchannel.case.texts.source_text import MOST_CHARACTERS, SourceText, UnreadableSource
from backchannel.language.installing import how_to_install
from backchannel.machine.own_process import start_process

SECONDS = 30.0
MODULE = "backchannel.case.texts.reading_child"
NAMES = {"markdown": "Markdown", "html": "HTML", "pdf": "PDF"}
PROGRAM = {"html": "lxml", "pdf": "pypdf"}
"""Libraries of the optional extra `documents`."""


def read_apart(data: bytes, kind: str, shown: str) -> SourceText:
    """Read the paragraphs of a file in another process.

    Args:
        data: The bytes of the file; the other process never learns its name.
        kind: `markdown`, `html` or `pdf`.
        shown: The name of the file, for messages.

    Raises:
        UnreadableSource: The file is damaged, encrypted, takes too long, or its library is not installed.
    """
    process = start_process(MODULE, kind)
    try:
        written, _ = process.communicate(data, timeout=SECONDS)
    except TimeoutExpired:
        raise UnreadableSource(
            f"{shown} takes more than {SECONDS:.0f} seconds to read. {_AS_TEXT}"
        ) from None
    finally:
        process.kill()
        process.wait()
    try:
        reply = json.loads(written)
        paragraphs, problem = tuple(map(str, reply["paragraphs"])), str(reply["problem"])
    except (ValueError, KeyError, TypeError, RecursionError):
        paragraphs, problem = (), "damaged"
    if problem:
        raise UnreadableSource(_explained(problem, kind, shown))
    return SourceText(paragraphs)


_AS_TEXT = "Save its text as a .txt file, and name that."
_PICTURES = (
    "has no text that can be read: its pages are pictures. Recognize the text with a scanner's program, save it as a "
    ".txt file, and name that."
)


def _explained(problem: str, kind: str, shown: str) -> str:
    name = NAMES[kind]
    return {
        "library": f"{shown}: to read {name}, install {PROGRAM.get(kind, '')}: {how_to_install('documents')}. "
        f"Or: {_AS_TEXT.lower()}",
        "encrypted": f"{shown} is encrypted, so its text cannot be read. {_AS_TEXT}",
        "no text": f"{shown} has no text." if kind != "pdf" else f"{shown} {_PICTURES}",
        "too long": f"{shown} is too large: a source has at most {MOST_CHARACTERS:,} characters. Keep the part that "
        "is cited.",
    }.get(problem, f"{shown} is damaged, or no {name} that can be read. {_AS_TEXT}")
