"""The command that answers everything: `run`."""

from __future__ import annotations

import click

from backchannel.cli.group import main
from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.files.marks import is_page


@main.command(
    epilog=example("backchannel run belarus-2025 --json answers.json --report report.html")
)
@solver_options
@json_option("the answers document")
@click.option("--report", "report_file", type=click.Path(dir_okay=False), metavar="FILE.html",
              help="Also write the report: one interactive page that needs no network.")  # fmt: skip
@force_option
def run(
    case: str, draws: int, seed: int, json_file: str | None, report_file: str | None, force: bool
) -> None:
    """Answer all questions of a case. CASE is a file, or a name listed by `cases`."""
    files = plan_files(
        ("--json", json_file, document("answers.document", "Answers")),
        ("--report", report_file, is_page),
        force=force,
        reads={"the case": case},
    )
    from backchannel.questions.registry import limits

    with studying(case, draws, seed, files, warns=False) as study:
        for limit in limits(study.lowered):
            say(f"{limit} This question is left out (warning)", err=True)
        answers = study.answers()
    from backchannel.answers.page.report import STATIC, compose_report
    from backchannel.answers.terminal import show
    from backchannel.console.safe_console import console
    from backchannel.interface import bundle

    files.write(json_file, lambda: answers.model_dump_json(indent=1) + "\n")
    files.write(report_file, lambda: compose_report(answers))
    show(answers, console())
    for written in filter(None, (json_file, report_file)):
        say(f"Wrote {written}.", err=True)
    if report_file and not bundle():
        say(STATIC, err=True)
