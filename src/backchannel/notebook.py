"""The report in a notebook: a widget that shows it in a separate frame.

In a frame the page works as it does in a file, with its own width, styles, links and downloads, and does
not change anything in the notebook.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from backchannel.answers.document import Answers
from backchannel.answers.page.report import compose_report
from backchannel.language.installing import how_to_install

NEEDS_ANYWIDGET = (
    f"Showing the report in a notebook needs one more package: {how_to_install('notebook')}."
)

try:
    import anywidget
    import traitlets
except ModuleNotFoundError:
    raise ModuleNotFoundError(NEEDS_ANYWIDGET) from None

DEFAULT_HEIGHT = 720
"""Default height of the frame, in pixels."""


class ReportWidget(anywidget.AnyWidget):
    """Answers as an interactive report; assign another document to `widget.answers` to replace them."""

    _esm = (files("backchannel") / "notebook.js").read_text("utf-8")

    answers = traitlets.Instance(Answers)
    page = traitlets.Unicode().tag(sync=True)
    """The report as HTML, as it is written to a file."""
    height = traitlets.Int(DEFAULT_HEIGHT, min=120).tag(sync=True)
    """Height of the frame, in pixels."""

    def __init__(self, answers: Answers, *, height: int = DEFAULT_HEIGHT, **options: Any) -> None:
        super().__init__(answers=answers, page=compose_report(answers), height=height, **options)

    @traitlets.observe("answers")
    def _show(self, change: Any) -> None:
        self.page = compose_report(change["new"])

    def __repr__(self) -> str:
        """The text that is shown if the notebook has no widgets."""
        return (
            f"The report on “{self.answers.case.title}”; `Study.report(PATH)` writes it to a file."
        )
