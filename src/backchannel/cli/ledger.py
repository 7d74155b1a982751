"""Commands that fill the ledger and show it: `log`, `resolve`, `ledger`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from backchannel.cli.group import main
from backchannel.console.command import DATE, example, ledger_option, solver_options, studying
from backchannel.console.number_options import WholeOption
from backchannel.console.say import say
from backchannel.console.writing import (
    force_option,
    plan_outputs,
)
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import NUMBER_FROM_1, RIVAL_COUNT


@main.command(epilog=example("backchannel log talks.yaml --ledger team.ledger --by desk"))
@solver_options
@ledger_option
@click.option(
    "--by", default="", metavar="NAME", help="Name of the person or team that logs the run."
)
@click.option("--rivals", type=WholeOption(RIVAL_COUNT), default=None, metavar="N",
              help="Also enter the forecast over the case and N rivals; default: those of the file.")  # fmt: skip
def log(case: str, draws: int, seed: int, book: str, by: str, rivals: int | None) -> None:
    """Enter the forecasts of all open nodes in the ledger. They cannot be changed later."""
    from backchannel.language.days import day
    from backchannel.ledger.ledger import Ledger
    from backchannel.wording.nouns import several

    with studying(case, draws, seed) as study:
        # Open the ledger before the case is solved, but after it is known to be valid.
        ledger = Ledger(book)
        number = study.log(ledger, by=by, rivals=rivals)
        name, as_of = study.name, study.case.as_of
    runs = {run["id"]: run for run in ledger.runs()}
    this = runs[number]
    say(
        f"Logged {several(this['forecasts'], 'forecast')} of {name}, as of {day(as_of)}: run {number} in {book}."
    )
    if as_of > date.today():
        say(
            f"Note: the case is written as if everything up to {day(as_of)} were known (`as_of`), which is still to "
            "come. Only outcomes after that day will count for these forecasts."
        )
    others = {run["case_title"] for run in runs.values() if run["case_name"] == name}
    if len(others) > 1:
        say(
            f"Note: runs with different titles are logged as {name} ({'; '.join(sorted(others))}). If these "
            "are different cases, rename the file and withdraw this run: outcomes are entered by name."
        )


@main.command(
    epilog=example(
        "backchannel resolve talks",
        "backchannel resolve talks later_release=some --on 2025-10-30 --source 'Viasna, list'",
    )
)
@click.argument("name", metavar="CASE")
@click.argument("settings", nargs=-1, metavar="[NODE=VALUE]...")
@click.option("--on", "day", type=DATE, metavar="DATE", help="Date of the outcome.")
@click.option("--source", metavar="TEXT", help="Source of the outcome.")
@click.option("--correct", is_flag=True, help="Correct an earlier entry; the ledger keeps both.")
@click.option("--why", default="", metavar="TEXT", help="Reason for the correction.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@ledger_option
def resolve(
    name: str,
    settings: tuple[str, ...],
    day: Any,
    source: str | None,
    correct: bool,
    why: str,
    yes: bool,
    book: str,
) -> None:
    """Enter the outcomes of forecasts, by the tests stated under `resolves`.

    CASE is the name of a case in the ledger, or its file. Without NODE=VALUE, the command lists the
    nodes that can be resolved, with their tests.
    """
    from backchannel.case.catalog import case_in_ledger
    from backchannel.language.days import day as in_words
    from backchannel.ledger.ledger import Ledger
    from backchannel.ledger.remarks import outcome_remarks

    ledger = Ledger.existing(book)
    case = case_in_ledger(name)
    if not settings:
        from backchannel.console.safe_console import console
        from backchannel.ledger.terminal import show_open

        show_open(case, ledger.forecasted(case), console())
        return
    missing = [option for option, value in {"--on": day, "--source": source}.items() if not value]
    if missing:
        raise CommandError(
            f"Give the date and the source of the outcome: {', '.join(missing)} is missing."
        )
    values = _pairs(settings)
    given: dict[str, Any] = {
        "on": day.date(),
        "source": source or "",
        "correct": correct,
        "why": why,
    }
    ledger.check(case, values, correct=correct, why=why)
    nodes = {logged.node: logged for logged in ledger.forecasted(case)}
    for node, value in values.items():
        test = nodes[node].resolves or "the case states no test"
        say(
            f"{case}: `{node}`, “{nodes[node].title}”, was “{value}” on {in_words(given['on'])} ({source})."
        )
        say(f"  By its test: {test}")
    for remark in outcome_remarks(ledger, case, day.date()):
        say(remark)
    if (
        yes
        or not sys.stdin.isatty()
        or click.confirm("Enter this in the ledger? It cannot be removed.", err=True)
    ):
        ledger.resolve(case, values, **given)
        say(f"Entered in {book}.", err=True)
    else:
        say("Nothing was written.", err=True)


@main.command(epilog=example("backchannel ledger", "backchannel ledger --export forecasts.parquet"))
@ledger_option
@click.option("--export", "target", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write all logged probabilities to a .csv, .parquet or .jsonl file.")  # fmt: skip
@click.option("--import", "source", type=click.Path(dir_okay=False), metavar="FILE.csv",
              help="Enter the forecasts and outcomes of an older record.")  # fmt: skip
@click.option(
    "--withdraw",
    type=WholeOption(NUMBER_FROM_1),
    metavar="RUN",
    help="Withdraw a run; the ledger keeps it, but does not count it.",
)
@click.option("--why", default="", metavar="TEXT", help="Reason for the withdrawal.")
@force_option
def ledger(
    book: str,
    target: str | None,
    source: str | None,
    withdraw: int | None,
    why: str,
    force: bool,
) -> None:
    """List logged runs and outcomes, export them, import an older record, or withdraw a run."""
    if source is not None:
        from backchannel.ledger.imported import import_csv, import_text

        say(import_text(import_csv(book, source), book))
        return
    from backchannel.ledger.ledger import Ledger

    opened = Ledger.existing(book)
    if withdraw is not None:
        opened.withdraw(withdraw, why=why)
        say(f"Run {withdraw} is withdrawn: the ledger keeps it, but no longer counts it.")
        return
    if target:
        from backchannel.ledger.export import export_ledger, export_output

        outputs = plan_outputs(
            [export_output(Path(target))], force=force, reads={"the ledger": book}
        )
        n_rows = export_ledger(opened, target, outputs=outputs)
        say(f"Wrote {n_rows:,} rows to {target}.")
        return
    from backchannel.console.safe_console import console
    from backchannel.ledger.terminal import show_ledger

    show_ledger(opened, console())


def _pairs(settings: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in settings:
        node, sign, value = (part.strip() for part in text.partition("="))
        if not sign:
            raise CommandError(f"'{text}' sets no node; write NODE=VALUE.")
        if values.get(node, value) != value:
            raise CommandError(f"{node} is given twice: {values[node]} and {value}.")
        values[node] = value
    return values
