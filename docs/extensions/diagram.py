"""The diagram of a case as one SVG picture, for pages that are not the report."""

from __future__ import annotations

from backchannel.answers.document import Answers
from backchannel.answers.page.environment import environment
from backchannel.answers.page.picture import hexagon, path, pointed


def diagram_svg(answers: Answers) -> str:
    """Draw the diagram; the page around it brings the colours (`interface/theme.css`) and the style of shapes.

    Args:
        answers: The answers document.

    Returns:
        An `svg` element; empty for a case without nodes.
    """
    if answers.layout is None:
        return ""
    template = environment().get_template("drawing.svg")
    return template.render(answers=answers, path=path, hexagon=hexagon, pointed=pointed).strip()
