"""The sections of the page below the bottom lines: the questions of the registry, and the background."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.answers.document import Answers
from backchannel.questions.question import Question
from backchannel.questions.registry import questions

VIEWS = {
    "forecast": "next",
    "rounds": "next",
    "what_if": "what-if",
    "why": "why",
    "deals": "deals",
    "claims": "claims",
    "review": "review",
    "rivals": "rivals",
    "surprise": "surprise",
    "sensitivity": "assumptions",
    "watch": "next",
    "assumptions": "assumptions",
    "players": "diagram",
    "diagram": "diagram",
    "rules": "diagram",
}
"""The view of the interactive pages that shows the same as a section."""


@dataclass(frozen=True)
class Section:
    """A section of the page, below the bottom lines: folded until a reader opens it."""

    id: str
    title: str
    template: str
    view: str = ""
    """The view of the interactive pages that shows the same."""


def sections(answers: Answers) -> list[Section]:
    """The sections for which this document has content, in order."""
    asked = [
        Section(
            question.name.replace("_", "-"),
            question.title,
            f"{question.name}/section.html",
            VIEWS.get(question.name, ""),
        )
        for question in questions()
        if question.section and _has_content(question, answers)
    ]
    background = [
        _background(name)
        for name in (
            "assumptions",
            "timeline",
            "players",
            "diagram",
            "rules",
            "sources",
            "warnings",
            "unanswered",
        )
        if getattr(answers, "nodes" if name == "diagram" else name)
    ]
    parts = [*asked, *background]
    if answers.case.about:
        parts.append(Section("about", "About the case", "about.html"))
    if answers.vocabulary and answers.vocabulary.confidence:
        parts.append(Section("confidence", "How confidence is judged", "confidence.html"))
    return [*parts, Section("certificate", "Certificate", "certificate.html")]


def _background(name: str) -> Section:
    title = "Not answered" if name == "unanswered" else name.capitalize()
    return Section(name, title, f"{name}.html", VIEWS.get(name, ""))


def _has_content(question: Question, answers: Answers) -> bool:
    if question.document is None:
        return False
    fields = question.part(question.document).model_fields
    return any(getattr(answers, name) for name in fields)
