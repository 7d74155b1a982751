"""What the solving process does with the ledger: read it, and enter what a user has seen and confirmed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from backchannel.answers.ledger_entries import compose_log
from backchannel.language.days import day
from backchannel.language.errors import CommandError
from backchannel.ledger.compose import compose_ledger
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.remarks import outcome_remarks
from backchannel.study import Study
from backchannel.web.ledger_messages import (
    LedgerEnteredMessage,
    LedgerMessage,
    LedgerPreviewMessage,
    PreviewRow,
)
from backchannel.web.message_json import to_json
from backchannel.web.tasks import TaskInput
from backchannel.wording.words import Wording


def read_ledger(task: TaskInput) -> list[str]:
    """Read the ledger, and score its forecasts."""
    head = task.head
    view = compose_ledger(
        Path(head["path"]), head["case"], for_all=head["for_all"], hindcasts=head["hindcasts"]
    )
    return [to_json(LedgerMessage(ledger=view))]


def log_forecasts(task: TaskInput) -> list[str]:
    """Show the forecasts that would be logged; or enter them, once they were seen."""
    path = Path(task.head["path"])
    run, forecasts = _entries(task)
    if not forecasts:
        raise CommandError("The case has no open node, so there is no forecast to enter.")
    n_forecasts = f"{len(forecasts):,} forecast{'s' * (len(forecasts) > 1)}"
    if task.head["ticket"]:
        return _show(
            task,
            title=f"Log {n_forecasts} of {run.case_name}",
            sentences=[
                f"As of {day(run.as_of)}, over {run.draws:,} draws (effective sample size "
                f"{run.effective_draws:,.0f}). They cannot be changed later.",
                *_other_titles(path, run),
            ],
            rows=[_row(task, logged) for logged in forecasts],
        )
    number = Ledger(path).log(run, forecasts)
    return _entered(f"Logged {n_forecasts} of {run.case_name}: run {number}.")


def _entries(task: TaskInput) -> tuple[RunEntry, list[Logged]]:
    """The entries that `backchannel log` would make of the same answers."""
    solved, head = task.solved, task.head
    study = Study(solved.lowered, name=head["case"], draws=head["draws"], seed=head["seed"])
    study.adopt(solved.ensemble)
    forecasts = {node: study.forecast(node) for node in study.lowered.ahead}
    return compose_log(study, study.ensemble, forecasts, by=head["by"])


def _row(task: TaskInput, logged: Logged) -> PreviewRow:
    chances = zip(logged.values, logged.probabilities, strict=True)
    value, chance = max(chances, key=lambda pair: pair[1])
    label = Wording(task.solved.lowered).value(logged.node, value)
    return PreviewRow(
        title=logged.title,
        due=logged.due,
        says=label,
        probability=chance,
        test=logged.resolves or "no test is stated",
    )


def _other_titles(path: Path, run: RunEntry) -> list[str]:
    """Warn where the ledger holds runs of another case under this name."""
    if not path.exists():
        return [f"The file {path} does not exist yet; it is made."]
    runs = [other for other in Ledger(path).runs() if other["case_name"] == run.case_name]
    others = {other["case_title"] for other in runs} - {run.case_title}
    if not others:
        return []
    return [
        f"Runs with other titles are logged as {run.case_name} ({'; '.join(sorted(others))}). If these are "
        "different cases, rename the file first: outcomes are entered by name."
    ]


def resolve_forecasts(task: TaskInput) -> list[str]:
    """Show the outcomes that would be entered, with the tests that they must pass; or enter them."""
    head = task.head
    ledger, case = _opened(head["path"]), head["case"]
    values, on = head["values"], _day(head["on"])
    if not head["source"].strip():
        raise CommandError("Say where the outcome is reported: the source is missing.")
    given: dict[str, Any] = {"correct": head["correct"], "why": head["why"]}
    ledger.check(case, values, **given)
    if not head["ticket"]:
        ledger.resolve(case, values, on=on, source=head["source"], **given)
        return _entered(f"Entered: {_listed(values)}.")
    nodes = {node.node: node for node in ledger.forecasted(case)}
    return _show(
        task,
        title="Enter the outcome" if len(values) == 1 else "Enter the outcomes",
        sentences=[
            "An entry cannot be removed; it can be corrected by another one.",
            *outcome_remarks(ledger, case, on),
        ],
        rows=[
            PreviewRow(
                title=nodes[node].title,
                due=on,
                says=str(value),
                probability=None,
                test=nodes[node].resolves or "the case states no test",
            )
            for node, value in values.items()
        ],
    )


def withdraw_run(task: TaskInput) -> list[str]:
    """Show which run would be withdrawn; or withdraw it."""
    head = task.head
    ledger = _opened(head["path"])
    run = next((run for run in ledger.runs() if run["id"] == head["run"]), None)
    if run is None or run["case_name"] != head["case"]:
        raise CommandError(f"{head['case']} has no run {head['run']} in this ledger.")
    if run["withdrawn"]:
        raise CommandError(f"Run {head['run']} is already withdrawn.")
    if not head["why"].strip():
        raise CommandError("Say why the run is withdrawn.")
    if not head["ticket"]:
        ledger.withdraw(head["run"], why=head["why"])
        return _entered(f"Run {head['run']} is withdrawn.")
    return _show(
        task,
        title=f"Withdraw run {head['run']}",
        sentences=[
            f"Its {run['forecasts']:,} forecasts as of {run['as_of']} stay in the ledger, and do not count any more. "
            "This cannot be undone."
        ],
        rows=[],
    )


def _opened(path: str) -> Ledger:
    if not Path(path).exists():
        raise CommandError(f"There is no ledger {path} yet. Log the current forecasts first.")
    return Ledger(path)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError("The day of the outcome is missing, or no day (YYYY-MM-DD).") from None


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{node} = {value}" for node, value in values.items())


def _show(
    task: TaskInput, *, title: str, sentences: list[str], rows: list[PreviewRow]
) -> list[str]:
    message = LedgerPreviewMessage(
        title=title,
        sentences=sentences,
        rows=rows,
        path=task.head["path"],
        ticket=task.head["ticket"],
    )
    return [to_json(message)]


def _entered(note: str) -> list[str]:
    return [to_json(LedgerEnteredMessage(note=note))]
