"""The command that answers everything: `run`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backchannel.cli.group import main
from backchannel.cli.outcomes import outcomes_option, take_outcomes
from backchannel.console.command import (
    cluster_option,
    example,
    scenario_option,
    solver_options,
    studying,
)
from backchannel.console.number_options import WholeOption
from backchannel.console.say import say
from backchannel.console.writing import (
    document,
    draws_out_option,
    force_option,
    json_option,
    plan_files,
)
from backchannel.files.marks import is_page
from backchannel.files.table_file import table_mark
from backchannel.language.number_ranges import RIVAL_COUNT

if TYPE_CHECKING:
    from backchannel.answers.bottom_lines_document import BottomLine
    from backchannel.study import Study


@main.command(
    epilog=example("backchannel run belarus-2025 --json answers.json --report report.html")
)
@solver_options
@cluster_option
@scenario_option
@json_option("the answers document")
@outcomes_option
@click.option("--rivals", type=WholeOption(RIVAL_COUNT), default=None, metavar="N",
              help="Also weigh N rivals by the record; default: those of the case file.")  # fmt: skip
@click.option("--report", "report_file", type=click.Path(dir_okay=False), metavar="FILE.html",
              help="Also write the report: one interactive page that needs no network.")  # fmt: skip
@draws_out_option
@click.option("--full", is_flag=True, help="Also print all sentences and tables.")
@force_option
def run(
    case: str,
    draws: int,
    seed: int,
    scenario: str | None,
    json_file: str | None,
    book: str | None,
    rivals: int | None,
    report_file: str | None,
    draws_file: str | None,
    full: bool,
    force: bool,
) -> None:
    """Answer all questions of a case, each in a sentence. CASE is a file, or a name listed by `cases`."""
    files = plan_files(
        ("--json", json_file, document("answers.document", "Answers")),
        ("--report", report_file, is_page),
        ("--draws-out", draws_file, table_mark(draws_file)),
        force=force,
        reads={"the case": case} | ({"the ledger": book} if book else {}),
    )
    from backchannel.questions.registry import limits

    opened = studying(case, draws, seed, files, warns=False)
    with opened as study:
        if scenario is not None:
            study = opened.study = study.under(scenario)
        take_outcomes(study, book)
        for limit in limits(study.lowered):
            say(f"{limit} It is left out of this run (warning)", err=True)
        printer = _Printer(study, hide_bar=lambda: opened.bar.close())
        answers = study.answers(tell=printer.line, rivals=rivals)
    from backchannel.answers.draw_table import draw_table_file
    from backchannel.answers.page.report import STATIC, compose_report
    from backchannel.answers.terminal import show_end, show_rest
    from backchannel.interface import bundle

    files.write(json_file, lambda: answers.model_dump_json(indent=1) + "\n")
    files.write(report_file, lambda: compose_report(answers))
    files.write(draws_file, lambda: draw_table_file(study.draw_table(), Path(str(draws_file))))
    show_end(answers, printer.out, is_all=full)
    if full:
        show_rest(answers, printer.out)
    for written in filter(None, (json_file, report_file, draws_file)):
        say(f"Wrote {written}.", err=True)
    if report_file and not bundle():
        say(STATIC, err=True)


class _Printer:
    """Prints bottom lines as they become known."""

    def __init__(self, study: Study, *, hide_bar: Callable[[], None]) -> None:
        """Prepare.

        Args:
            study: The case.
            hide_bar: Removes the progress bar, which the next stage shows again.
        """
        from backchannel.console.safe_console import console

        self.out = console()
        self._study, self._hide_bar = study, hide_bar
        self._printed = 0

    def line(self, line: BottomLine) -> None:
        """Print a bottom line; the case's title comes before the first, once there is an answer."""
        from backchannel.answers.outline import compose_head
        from backchannel.answers.terminal import show_head, show_line

        self._hide_bar()
        if not self._printed:
            show_head(compose_head(self._study.lowered, name=self._study.name), self.out)
        self._printed += 1
        show_line(line, self._printed, self.out)
        # A pipe gets each answer as soon as it is there, too.
        self.out.file.flush()
