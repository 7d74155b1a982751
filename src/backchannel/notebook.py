"""The report in a notebook: a widget that shows it in a frame of its own.

In a frame the page is what it is as a file: it has its own width, styles, links and downloads, and touches
nothing of the notebook around it.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from backchannel.answers.document import Answers
from backchannel.answers.page.report import compose_report

NEEDS = (
    "Showing the report in a notebook needs one more package: pip install 'backchannel[notebook]'."
)

try:
    import anywidget
    import traitlets
except ModuleNotFoundError:
    raise ModuleNotFoundError(NEEDS) from None

HEIGHT = 720
"""Pixels, unless the user says otherwise."""


class ReportWidget(anywidget.AnyWidget):
    """Answers as an interactive report; another document can be put in its place (`widget.answers = …`)."""

    _esm = (files("backchannel") / "notebook.js").read_text("utf-8")

    answers = traitlets.Instance(Answers)
    page = traitlets.Unicode().tag(sync=True)
    """The report, as it is written to a file."""
    height = traitlets.Int(HEIGHT, min=120).tag(sync=True)
    """Of the frame, in pixels."""

    def __init__(self, answers: Answers, *, height: int = HEIGHT, **options: Any) -> None:
        super().__init__(answers=answers, page=compose_report(answers), height=height, **options)

    @traitlets.observe("answers")
    def _show(self, change: Any) -> None:
        self.page = compose_report(change["new"])

    def __repr__(self) -> str:
        """What is shown where there are no widgets."""
        return (
            f"The report on “{self.answers.case.title}”; `Study.report(PATH)` writes it to a file."
        )
