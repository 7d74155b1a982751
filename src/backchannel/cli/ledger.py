"""Commands of the ledger: `log`, `resolve`, `score`, `ledger`."""

from __future__ import annotations

import os
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backchannel.cli.group import main
from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import force_option, plan_files, plan_outputs
from backchannel.files.marks import is_document
from backchannel.language.errors import CommandError

if TYPE_CHECKING:
    from backchannel.ledger.ledger import Ledger

DAY = click.DateTime(["%Y-%m-%d"])

_ledger = click.option(
    "--ledger", "book", type=click.Path(dir_okay=False), envvar="BACKCHANNEL_LEDGER",
    default="backchannel.ledger", show_default=True, metavar="FILE",
    help="The ledger's file; BACKCHANNEL_LEDGER names it too.",
)  # fmt: skip


@main.command(epilog=example("backchannel log talks.yaml --ledger team.ledger --by desk"))
@solver_options
@_ledger
@click.option("--by", default="", metavar="NAME", help="Who logs it.")
def log(case: str, draws: int, seed: int, book: str, by: str) -> None:
    """Enter the forecasts of all that lies ahead in the ledger, where they are never changed."""
    from backchannel.ledger.ledger import Ledger

    with studying(case, draws, seed) as study:
        # Before the case is solved, and not before it is known to be one.
        ledger = Ledger(book)
        number = study.log(ledger, by=by)
        name, as_of = study.name, study.case.as_of
    runs = {run["id"]: run for run in ledger.runs()}
    this = runs[number]
    say(f"Logged {this['forecasts']} forecasts of {name}, as of {as_of}: run {number} in {book}.")
    others = {run["case_title"] for run in runs.values() if run["case_name"] == name}
    if len(others) > 1:
        say(
            f"Note: runs of several titles are logged as {name} ({'; '.join(sorted(others))}). If these "
            f"are different cases, rename the file and withdraw this run: outcomes go by that name."
        )


@main.command(
    epilog=example(
        "backchannel resolve talks",
        "backchannel resolve talks later_release=some --on 2025-10-30 --source 'Viasna, list'",
    )
)
@click.argument("name", metavar="CASE")
@click.argument("settings", nargs=-1, metavar="[NODE=VALUE]...")
@click.option("--on", "day", type=DAY, metavar="DATE", help="When it came about.")
@click.option("--source", metavar="TEXT", help="Who says so.")
@click.option("--correct", is_flag=True, help="Correct what was entered before; that stays.")
@click.option("--why", default="", metavar="TEXT", help="Why it is corrected.")
@click.option("--yes", is_flag=True, help="Do not ask before writing.")
@_ledger
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
    """Enter what came of forecasts, by the test that the node's `resolves` states.

    CASE is a case's name in the ledger, or its file. Without NODE=VALUE, what can be resolved is
    listed with its test.
    """
    ledger = _opened(book)
    case = _name(name)
    if not settings:
        from backchannel.console.safe_console import console
        from backchannel.ledger.terminal import show_open

        show_open(case, ledger.forecasted(case), console())
        return
    missing = [option for option, value in {"--on": day, "--source": source}.items() if not value]
    if missing:
        raise CommandError(
            f"Say when it came about and who says so: {', '.join(missing)} is missing."
        )
    values = _pairs(settings)
    given: dict[str, Any] = {
        "on": day.date(),
        "source": source or "",
        "correct": correct,
        "why": why,
    }
    ledger.check(case, values, correct=correct, why=why)
    nodes = {one.node: one for one in ledger.forecasted(case)}
    for node, value in values.items():
        test = nodes[node].resolves or "the case states no test"
        say(f"{case}: {node}, “{nodes[node].title}”, was {value} on {given['on']} ({source}).")
        say(f"  By its test: {test}")
    for remark in _remarks(ledger, case, day.date()):
        say(remark)
    if yes or not sys.stdin.isatty() or click.confirm("Enter this for good?", err=True):
        ledger.resolve(case, values, **given)
        say(f"Entered in {book}.", err=True)
    else:
        say("Nothing was written.", err=True)


@main.command(epilog=example("backchannel score", "backchannel score --case talks --hindcasts"))
@_ledger
@click.option("--case", "name", metavar="CASE", help="Only this case.")
@click.option("--hindcasts", is_flag=True,
              help="Count forecasts that were logged after the outcome, by their case's day.")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write the scores as JSON as well.")  # fmt: skip
@force_option
def score(book: str, name: str | None, hindcasts: bool, json_file: str | None, force: bool) -> None:
    """Say how good the forecasts were: Brier and log scores, skill, calibration."""
    from backchannel.console.safe_console import console
    from backchannel.ledger.scores import Report, as_json
    from backchannel.ledger.scores import score as scored
    from backchannel.ledger.terminal import show_scores

    keys = [field.name for field in fields(Report)]
    files = plan_files(
        ("--json", json_file, lambda data: is_document(data, keys)),
        force=force,
        reads={"the ledger": book},
    )
    case = _name(name) if name else None
    report = scored(_opened(book), case_name=case, hindcasts=hindcasts)
    files.write(json_file, lambda: as_json(report) + "\n")
    show_scores(report, console())


@main.command(epilog=example("backchannel ledger", "backchannel ledger --export forecasts.parquet"))
@_ledger
@click.option("--export", "target", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write every logged chance to a .csv, .parquet or .jsonl file.")  # fmt: skip
@click.option("--withdraw", type=int, metavar="RUN", help="Withdraw a run; it stays, uncounted.")
@click.option("--why", default="", metavar="TEXT", help="Why it is withdrawn.")
@force_option
def ledger(book: str, target: str | None, withdraw: int | None, why: str, force: bool) -> None:
    """List what was logged and what came of it; export it; withdraw a run."""
    opened = _opened(book)
    if withdraw is not None:
        opened.withdraw(withdraw, why=why)
        say(f"Run {withdraw} is withdrawn: it stays in the ledger and no longer counts.")
        return
    if target:
        from backchannel.ledger.export import export, export_output

        outputs = plan_outputs(
            [export_output(Path(target))], force=force, reads={"the ledger": book}
        )
        n_rows = export(opened, target, outputs=outputs)
        say(f"Wrote {n_rows:,} rows to {target}.")
        return
    from backchannel.console.safe_console import console
    from backchannel.ledger.terminal import show_ledger

    show_ledger(opened, console())


def _opened(book: str) -> Ledger:
    from backchannel.ledger.ledger import Ledger

    if not os.path.exists(book):
        raise CommandError(
            f"There is no ledger {book}. `backchannel log CASE --ledger {book}` begins one."
        )
    return Ledger(book)


def _name(case: str) -> str:
    """A case's name in the ledger: that of its file, without folder and ending."""
    path = Path(case)
    if path.name == "case.yaml":
        return path.resolve().parent.name
    return path.stem if path.suffix in (".yaml", ".yml") else case


def _remarks(ledger: Ledger, case: str, on: date) -> list[str]:
    remarks = []
    if on > date.today():
        remarks.append(f"Note: {on} has not come yet.")
    first = min(run["as_of"] for run in ledger.runs() if run["case_name"] == case)
    if on.isoformat() <= first:
        remarks.append(
            f"Note: the first forecast of {case} knew all up to {first}, so none counts in scores."
        )
    return remarks


def _pairs(settings: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in settings:
        node, sign, value = (part.strip() for part in text.partition("="))
        if not sign:
            raise CommandError(f"'{text}' says nothing of a node; write NODE=VALUE.")
        if found.get(node, value) != value:
            raise CommandError(f"{node} is given twice: {found[node]} and {value}.")
        found[node] = value
    return found
