"""The sections of the page: the answers, the questions of the registry, and the background."""

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
    """The sections for which this document has content, in order."""
    asked = [
        Section(question.name.replace("_", "-"), question.title, f"{question.name}/section.html")
        for question in questions()
        if question.section and _has_content(question, answers)
    ]
    background = [
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
        *background,
        Section("certificate", "Certificate", "certificate.html"),
    ]


def _has_content(question: Question, answers: Answers) -> bool:
    if question.document is None:
        return False
    fields = question.part(question.document).model_fields
    return any(getattr(answers, name) for name in fields)
