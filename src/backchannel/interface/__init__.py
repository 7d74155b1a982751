"""The front end that draws an answers document: where it lies once it is built.

Source in `interface/` of the repository, written in TypeScript and Svelte, built by Vite. The report, the
workbench and the notebook widget all show this one bundle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
BUNDLE = HERE / "bundle"
MISSING = (
    "The interactive pages are not built: install Node 20 or newer, then "
    "`npm ci && npm run build` in the folder interface/ of a checkout. Everything else works."
)


@dataclass(frozen=True)
class Bundle:
    """The built front end: one script and one style sheet, neither of which asks for anything else."""

    script: str
    style: str
    editor: str = ""
    """The editor of the case text: a second script, which the workbench's page fetches when it is opened."""


@cache
def theme() -> str:
    """Colours and type that every page shares, as CSS custom properties; never missing."""
    return (HERE / "theme.css").read_text("utf-8")


def bundle() -> Bundle | None:
    """The built front end, or None where it was not built; `MISSING` says what to do then."""
    try:
        return Bundle(
            (BUNDLE / "interface.js").read_text("utf-8"),
            (BUNDLE / "interface.css").read_text("utf-8"),
            (BUNDLE / "editor.js").read_text("utf-8"),
        )
    except FileNotFoundError:
        return None
