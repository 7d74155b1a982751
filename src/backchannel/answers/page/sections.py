"""The sections of the page: the questions of the registry, between the answers and what stands behind them."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.answers.document import Answers
from backchannel.questions.question import Question
from backchannel.questions.registry import questions


@dataclass(frozen=True)
class Section:
    """A section of the page."""

    id: str
    title: str
    template: str


def sections(answers: Answers) -> list[Section]:
    """The sections that this document has something for, in order."""
    asked = [
        Section(question.name.replace("_", "-"), question.title, f"{question.name}/section.html")
        for question in questions()
        if question.section and _has_something(question, answers)
    ]
    behind = [
        Section(name, name.capitalize(), f"{name}.html")
        for name in (
            "assumptions",
            "timeline",
            "players",
            "diagram",
            "rules",
            "sources",
            "warnings",
        )
        if getattr(answers, "nodes" if name == "diagram" else name)
    ]
    return [
        Section("questions", "Questions and answers", "questions.html"),
        *asked,
        *behind,
        Section("certificate", "Certificate", "certificate.html"),
    ]


def _has_something(question: Question, answers: Answers) -> bool:
    if question.document is None:
        return False
    fields = question.part(question.document).model_fields
    return any(getattr(answers, name) for name in fields)
