"""Print the answers document in a terminal: a sentence for each question, and on request all the rest."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from backchannel.answers.bottom_lines_document import BottomLine, Hinge
from backchannel.answers.confidence import RULE
from backchannel.answers.document import Answers, CaseHead
from backchannel.answers.hinges import HINGES_NOTE, MOST_HINGES
from backchannel.case.catalog import catalog
from backchannel.console.paragraphs import print_paragraphs
from backchannel.console.plain_table import plain_table
from backchannel.questions.registry import questions
from backchannel.wording.chance import NONE_STANDS_OUT
from backchannel.wording.percents import percent

HINGES = "What the answers hinge on"
ANSWERED = "Answered is what the case asks under `questions`, in its order."
"""Why a run shows these answers and no others."""
NOTHING_ASKED = "The case asks nothing under `questions`, so one outcome is forecast."


def show(answers: Answers, out: Console) -> None:
    """Print the whole document: what `run --full` prints."""
    show_head(answers.case, out)
    for number, line in enumerate(answers.bottom_lines, start=1):
        show_line(line, number, out)
    show_end(answers, out, is_all=True)
    show_rest(answers, out)


def show_head(case: CaseHead, out: Console) -> None:
    """Print the title and question of the case."""
    out.print(Text(case.title, style="bold"))
    if case.question:
        out.print(case.question)
    out.print()


def show_line(line: BottomLine, number: int, out: Console) -> None:
    """Print a bottom line under its question."""
    out.print(Text(f"{number}. {line.title}", style="bold"))
    print_paragraphs([f"{line.sentence} {line.because}".rstrip()], out)
    out.print()


def show_end(answers: Answers, out: Console, *, is_all: bool) -> None:
    """Print what the bottom lines hinge on, warnings, and the certificate in one line.

    Args:
        answers: The answers document.
        out: The terminal.
        is_all: Whether everything else follows; otherwise a last line says how to get it.
    """
    show_hinges(answers.hinges, answers.bottom_lines, out)
    if answers.run.moved:
        print_paragraphs([answers.run.moved], out)
        out.print()
    if answers.certificate.warning:
        out.print(Text(f"WARNING: {answers.certificate.warning}", style="bold"))
    out.print(Text(f"Certificate. {answers.certificate.short}", style="dim"))
    count = len(answers.warnings)
    name = answers.case.name
    checked = name if name in catalog() else f"{name}.yaml"
    about = (
        f"{count} warning{'s' if count > 1 else ''} about the case: `backchannel check {checked}`. "
    )
    asked = ANSWERED if any(line.name for line in answers.bottom_lines) else NOTHING_ASKED
    more = "" if is_all else f"{asked} All sentences, tables and the rule for confidence: `--full`."
    if count or more:
        out.print(Text(f"{about if count else ''}{more}".rstrip(), style="dim"))


def show_hinges(hinges: list[Hinge], lines: list[BottomLine], out: Console) -> None:
    """Print the assumptions on which bottom lines hinge, and which of them each moves."""
    if not hinges:
        if any(line.chance_level is not None for line in lines):
            out.print(Text(f"{HINGES}: {NONE_STANDS_OUT}"))
            out.print()
        return
    moved = "moves answer"
    table = plain_table("assumption", "rests on", moved, title=HINGES)
    for hinge in hinges[:MOST_HINGES]:
        moves = ", ".join(f"{move.line} ({percent(move.share)})" for move in hinge.moves)
        table.add_row(hinge.label, hinge.rests_on, moves)
    out.print(table)
    hidden = len(hinges) - MOST_HINGES
    more = f" {hidden} more are in the answers document (--json)." if hidden > 0 else ""
    out.print(Text(HINGES_NOTE + more, style="dim"))
    out.print()


def show_rest(answers: Answers, out: Console) -> None:
    """Print everything else: the answers in sentences, the part of each question, and how to read them."""
    out.print()
    show_answers(answers, out)
    for question in questions():
        if question.terminal is not None:
            question.part(question.terminal)(answers, out)
    for missing in answers.unanswered:
        out.print(Text(f"Not answered: {missing.title}. {missing.reason}"))
    out.print(Text("How confidence is judged", style="bold"))
    print_paragraphs(RULE, out)
    out.print()
    out.print(Text(f"Certificate: {answers.certificate.line}", style="dim"))


def show_answers(answers: Answers, out: Console) -> None:
    """Print the answer to each question in sentences."""
    for answer in answers.answers:
        out.print(Text(answer.asks, style="bold"))
        print_paragraphs(answer.sentences, out)
        out.print()
