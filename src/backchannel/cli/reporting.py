"""The commands `brief` and `sources`: a page for readers, and what a case's numbers rest on."""

from __future__ import annotations

from pathlib import Path

import click

from backchannel.cli.group import main
from backchannel.cli.outcomes import outcomes_option, take_outcomes
from backchannel.console.command import example, scenario_option, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import force_option, plan_files, plan_outputs
from backchannel.files.marks import is_table
from backchannel.files.spreadsheet import guarded_csv


@main.command(epilog=example("backchannel brief belarus-2025 --out brief.docx"))
@solver_options
@click.option("--out", "target", type=click.Path(dir_okay=False), required=True, metavar="FILE",
              help="The file to write: .docx, or .md with the figure in a second file.")  # fmt: skip
@click.option(
    "--about", metavar="NODE", help="The outcome; default: that of the case's first question."
)
@scenario_option
@outcomes_option
@force_option
def brief(
    case: str,
    draws: int,
    seed: int,
    target: str,
    about: str | None,
    scenario: str | None,
    book: str | None,
    force: bool,
) -> None:
    """Write a page for a reader in a hurry: bottom line, why, what would change our mind."""
    from backchannel.answers.brief_files import brief_outputs, check_kind, write_brief

    check_kind(Path(target))
    reads = {"the case": case} | ({"the ledger": book} if book else {})
    outputs = plan_outputs(brief_outputs(Path(target)), force=force, reads=reads)
    with studying(case, draws, seed, outputs) as study:
        asked = study.under(scenario) if scenario else study
        take_outcomes(asked, book)
        page = asked.brief(about)
    for written in write_brief(page, Path(target), outputs=outputs):
        say(f"Wrote {written}.")


SOURCE_COLUMNS = [
    "number", "label", "weakness", "source", "title", "at", "grade", "grade_in_words", "age_days",
    "copy_of", "judgement",
]  # fmt: skip
"""The columns of the table of sources."""


@main.command(epilog=example("backchannel sources belarus-2025 --weak"))
@click.argument("case")
@click.option(
    "--weak",
    is_flag=True,
    help="List only numbers that rest on judgement alone or on one ungraded source.",
)
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Also write the list to a CSV file.")  # fmt: skip
@force_option
def sources(case: str, weak: bool, csv_file: str | None, force: bool) -> None:
    """List every number of a case with its sources, their grades and ages."""
    files = plan_files(
        ("--csv", csv_file, lambda data: is_table(data, SOURCE_COLUMNS)),
        force=force,
        reads={"the case": case},
    )
    from backchannel.answers.audit import audit
    from backchannel.answers.audit_terminal import show_audit
    from backchannel.case.catalog import find_case
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case, reads_of
    from backchannel.console.safe_console import console

    lowered = lower(*read_case(find_case(case)))
    files.protect(reads_of(lowered.case))
    audited = audit(lowered)
    files.write(csv_file, lambda: guarded_csv(audited.to_frame()))
    show_audit(audited, console(), weak_only=weak)
