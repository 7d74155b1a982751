"""Write the report: answers, pictures and scripts in one file that loads no other file."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files

from markupsafe import Markup

from backchannel.answers.document import Answers
from backchannel.answers.page.environment import environment
from backchannel.answers.page.picture import hexagon, path, pointed, strips
from backchannel.answers.page.sections import sections
from backchannel.interface import MISSING, Bundle, bundle, theme

PAGE_FILES = files("backchannel.answers.page")
STATIC = f"The report is static, with every table and the diagram. {MISSING}"
"""The message about a report that was written without the interactive pages."""


def compose_report(answers: Answers, front_end: Bundle | None = None) -> str:
    """Compose the report as HTML.

    Without scripts it shows every table and the diagram. If scripts run, the interactive pages replace
    the tables on the screen; on paper, the tables are back.

    Args:
        answers: The answers document.
        front_end: The interactive pages; default: those that are built. Without them the report is static.
    """
    built = front_end or bundle()
    scripts = {}
    if built:
        scripts = {
            "start": _script("start.js"),
            "keep": _script("keep.js"),
            "bundle": safe_script(built.script),
        }
    return (
        environment()
        .get_template("page.html")
        .render(
            answers=answers,
            sections=sections(answers),
            style=page_style(),
            bundle_style=Markup(safe_style(built.style)) if built else None,
            scripts={name: Markup(text) for name, text in scripts.items()},
            policy=policy(list(scripts.values())),
            data=Markup(as_data(answers.model_dump_json())),
            path=path,
            hexagon=hexagon,
            pointed=pointed,
            strips=strips,
        )
    )


def page_style(more: str = "") -> Markup:
    """The style of pages without scripts, on screen and on paper.

    Args:
        more: Rules of our own that one page adds.
    """
    static = (PAGE_FILES / "static.css").read_text("utf-8")
    return Markup(safe_style(theme() + static + printed(theme()) + more))


def plot_style() -> str:
    """The rules of pages with plots."""
    return (PAGE_FILES / "plots.css").read_text("utf-8")


def as_data(json: str) -> str:
    """Escape JSON for a script element, so that no tag or comment can begin in it."""
    escapes = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    return re.sub("[<\u2028\u2029]", lambda match: escapes[match[0]], json)


def safe_script(text: str) -> str:
    """Escape a script so that it neither ends its element nor opens a comment."""
    text = re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)
    text = re.sub(r"<(script)", r"\\x3c\1", text, flags=re.IGNORECASE)
    return text.replace("<!--", "\\x3c!--")


def safe_style(text: str) -> str:
    """Escape a style sheet so that it does not end its element."""
    return re.sub(r"</(style)", r"<\\/\1", text, flags=re.IGNORECASE)


def policy(scripts: list[str]) -> str:
    """The security policy: only the page's own scripts, identified by hash, and its own styles."""
    digests = (hashlib.sha256(text.encode("utf-8")).digest() for text in scripts)
    allowed = [f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests]
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(allowed) or chr(39) + 'none' + chr(39)}",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def printed(theme: str) -> str:
    """The theme's light colours for paper, whichever colours the screen shows."""
    light = theme[theme.index("{") + 1 : theme.index("}")].replace("light dark", "light")
    return f"@media print {{ :root:root:root {{{light}}} }}\n"


def _script(name: str) -> str:
    return safe_script((PAGE_FILES / name).read_text("utf-8"))
