"""Commands that ask a solved case: `run`, `forecast`, `what-if`, `claims`."""

from __future__ import annotations

from typing import Any

import click

from backchannel.cli.group import example, main, solving, studying
from backchannel.cli.writing import document, forced, planned
from backchannel.console.say import say
from backchannel.files.marks import is_page
from backchannel.language.errors import CommandError


@main.command(
    epilog=example("backchannel run belarus-2025 --json answers.json --report report.html")
)
@solving
@click.option("--json", "json_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write the answers document as well.")  # fmt: skip
@click.option("--report", "report_file", type=click.Path(dir_okay=False), metavar="FILE.html",
              help="Write the report as well: one page, interactive, that needs no network.")  # fmt: skip
@forced
def run(
    case: str, draws: int, seed: int, json_file: str | None, report_file: str | None, force: bool
) -> None:
    """Answer all of a case's questions. CASE is a file, or a name that `cases` lists."""
    files = planned(
        ("--json", json_file, document("document", "Answers")),
        ("--report", report_file, is_page),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        answers = study.answers()
    from backchannel.answers.page.report import STATIC, compose_report
    from backchannel.answers.terminal import console, show
    from backchannel.interface import bundle

    files.write(json_file, lambda: answers.model_dump_json(indent=1) + "\n")
    files.write(report_file, lambda: compose_report(answers))
    show(answers, console())
    for written in filter(None, (json_file, report_file)):
        say(f"Wrote {written}.", err=True)
    if report_file and not bundle():
        say(STATIC, err=True)


@main.command(epilog=example("backchannel forecast belarus-2025 later_release us_return"))
@solving
@click.argument("nodes", nargs=-1)
def forecast(case: str, draws: int, seed: int, nodes: tuple[str, ...]) -> None:
    """Forecast NODES given the record; without NODES, all that lies ahead.

    A node that repeats is shown in one round (release@3), or in all of them (release).
    """
    with studying(case, draws, seed) as study:
        from backchannel.answers.worded import worded_forecasts

        repeated = list(study.case.rounds.nodes) if study.case.rounds else []
        once = [node for node in nodes if node not in repeated]
        found = worded_forecasts(study, once) if once or not nodes else []
        often = [node for node in nodes if node in repeated] if nodes else repeated
        over_time = study.rounds(often) if often else []
    from backchannel.answers.terminal import console, show_forecasts
    from backchannel.questions.rounds.terminal import show_rounds

    show_forecasts(found, console())
    show_rounds(over_time, console())


@main.command(
    "what-if",
    epilog=example(
        "backchannel what-if belarus-2025 --do later_release=all --outcome eu_answer",
        "backchannel what-if belarus-2025 --cause diversion --outcome us_relief",
    ),
)
@solving
@click.option("--do", "settings", multiple=True, metavar="NODE=VALUE", help="Set a node by hand.")
@click.option("--cause", metavar="NAME", help="A cause or question that the case names.")
@click.option("--outcome", "outcomes", multiple=True, required=True, metavar="NODE",
              help="Node to look at; may be given several times.")  # fmt: skip
@click.option("--announced", default="true", show_default=True, metavar="WHEN",
              help="true (when it happens), a day, start, or false (nobody is told).")  # fmt: skip
@click.option("--told", multiple=True, metavar="PLAYER", help="Who is told; everyone, if left out.")
def what_if(
    case: str,
    draws: int,
    seed: int,
    settings: tuple[str, ...],
    cause: str | None,
    outcomes: tuple[str, ...],
    announced: str,
    told: tuple[str, ...],
) -> None:
    """Compare outcomes with and without an intervention, on the same draws."""
    if bool(settings) == bool(cause):
        raise CommandError("Say what is changed: --do NODE=VALUE, or --cause NAME.")
    if cause and (told or announced != "true"):
        raise CommandError(
            "A cause says itself who learns of it; use --do with --announced, --told."
        )
    with studying(case, draws, seed) as study:
        from backchannel.answers.worded import worded_what_if

        if cause:
            made = study.intervention(cause)
        else:
            when = {"true": True, "false": False}.get(announced, announced)
            changes: dict[str, Any] = {"do": study.settings(settings), "announced": when}
            made = study.intervention(**changes, **({"told": list(told)} if told else {}))
        found = worded_what_if(study, cause or "", made, outcomes)
    from backchannel.answers.terminal import console, show_what_ifs

    out = console()
    show_what_ifs([found], out)
    out.print(f"{found.record.capitalize()}; {found.who_knows}.")


@main.command(epilog=example("backchannel claims belarus-2025"))
@solving
def claims(case: str, draws: int, seed: int) -> None:
    """Test the case's claims: which stand up, and on what they hinge."""
    with studying(case, draws, seed) as study:
        from backchannel.answers.worded import worded_claims

        found = worded_claims(study)
    from backchannel.answers.terminal import console, show_claims

    if not found:
        say("This case makes no claims.")
    show_claims(found, console())
