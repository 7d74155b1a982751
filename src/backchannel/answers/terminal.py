"""Print the answers document in a terminal: sentences, the part of each question, the certificate."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.text import Text

from backchannel.answers.document import Answers
from backchannel.questions.registry import questions


def show(answers: Answers, out: Console) -> None:
    """Print the whole document."""
    show_head(answers, out)
    show_answers(answers, out)
    for question in questions():
        if question.terminal is not None:
            question.part(question.terminal)(answers, out)
    for missing in answers.unanswered:
        out.print(Text(f"Not answered: {missing.title}. {missing.reason}"))
    if answers.warnings:
        count = len(answers.warnings)
        out.print(
            f"{count} warning{'s' if count > 1 else ''} about the case: see `backchannel check`."
        )
    out.print(Text(f"Certificate: {answers.certificate.line}", style="dim"))


def show_head(answers: Answers, out: Console) -> None:
    """Print the title and question of the case."""
    out.print(Text(answers.case.title, style="bold"))
    if answers.case.question:
        out.print(answers.case.question)
    if answers.run.moved:
        out.print(Text(answers.run.moved, style="bold"))
    out.print()


def show_answers(answers: Answers, out: Console) -> None:
    """Print the answer to each question in sentences."""
    for answer in answers.answers:
        out.print(Text(answer.asks, style="bold"))
        for sentence in answer.sentences:
            for line in textwrap.wrap(sentence, max(40, out.width - 2)):
                out.print(Text(f"  {line}"))
        out.print()
