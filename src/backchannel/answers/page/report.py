"""Write the report: answers, pictures and program in one file that asks nothing of any other."""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files

from markupsafe import Markup

from backchannel.answers.document import Answers
from backchannel.answers.page.environment import environment
from backchannel.answers.page.picture import hexagon, path, strips
from backchannel.answers.page.sections import sections
from backchannel.interface import MISSING, Bundle, bundle, theme

HERE = files("backchannel.answers.page")
STATIC = f"The report is static, with every table and the diagram. {MISSING}"
"""What to say of a report that was written without the interactive pages."""


def compose_report(answers: Answers, front_end: Bundle | None = None) -> str:
    """The report as HTML.

    Without a script it shows every table and the diagram; a script, where it runs, puts the interactive
    pages in their place and brings the tables back to print them.

    Args:
        answers: What it says.
        front_end: The interactive pages; those that are built, if left out; without them the report is
            static.
    """
    built = front_end or bundle()
    scripts = {}
    if built:
        scripts = {
            "start": _script("start.js"),
            "keep": _script("keep.js"),
            "bundle": safe_script(built.script),
        }
    style = theme() + (HERE / "static.css").read_text("utf-8")
    return (
        environment()
        .get_template("page.html")
        .render(
            answers=answers,
            sections=sections(answers),
            style=Markup(safe_style(style)),
            bundle_style=Markup(safe_style(built.style)) if built else None,
            scripts={name: Markup(text) for name, text in scripts.items()},
            policy=policy(list(scripts.values())),
            data=Markup(as_data(answers.model_dump_json())),
            path=path,
            hexagon=hexagon,
            strips=strips,
        )
    )


def as_data(json: str) -> str:
    """JSON that can stand in a script element whatever it holds: no tag or comment can begin in it."""
    swapped = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    return re.sub("[<\u2028\u2029]", lambda found: swapped[found[0]], json)


def safe_script(text: str) -> str:
    """A script that neither ends its element nor opens a comment in it, and means the same."""
    text = re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)
    text = re.sub(r"<(script)", r"\\x3c\1", text, flags=re.IGNORECASE)
    return text.replace("<!--", "\\x3c!--")


def safe_style(text: str) -> str:
    """A style sheet that does not end its element."""
    return re.sub(r"</(style)", r"<\\/\1", text, flags=re.IGNORECASE)


def policy(scripts: list[str]) -> str:
    """Forbid everything but the page's own scripts, each known by its hash, and its own styles."""
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


def _script(name: str) -> str:
    return safe_script((HERE / name).read_text("utf-8"))
