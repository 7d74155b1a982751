"""The commands `trade fit` and `trade forecast`: what monthly flows say about a good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from backchannel.cli.group import main
from backchannel.console.command import example
from backchannel.console.number_options import WholeOption
from backchannel.console.say import say
from backchannel.console.writing import Files, force_option, json_option, plan_files
from backchannel.files.marks import is_document, is_table
from backchannel.files.spreadsheet import guarded_csv
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import MONTH_COUNT

if TYPE_CHECKING:
    from backchannel.estimation.trade.fitted import FlowFit

KEYS = ("months", "partners", "estimates", "error", "windows")
"""Of what `trade fit --json` writes."""
FORECAST_KEYS = ("months", "partners", "forecasts", "reappearing")
"""Of what `trade forecast --json` writes."""
_FILE = click.Path(dir_okay=False)
_good = click.option(
    "--good", metavar="NAME", help="The good in `trade`; needed only if the case has several."
)


@main.group(epilog=example("backchannel trade fit machines.yaml flows.csv"))
def trade() -> None:
    """Estimate a good's routes from monthly flows, and forecast the flows."""


@trade.command("fit", epilog=example("backchannel trade fit machines.yaml flows.csv --windows"))
@click.argument("case")
@click.argument("data", type=_FILE)
@_good
@click.option("--windows", "with_windows", is_flag=True,
              help="Forecast from every window inside the data, beside three baselines.")  # fmt: skip
@click.option("--nested", is_flag=True,
              help="Like --windows, but every window chooses its half-life on earlier windows.")  # fmt: skip
@click.option("--json", "json_file", type=_FILE, metavar="FILE",
              help="Write all results to a JSON file.")  # fmt: skip
@force_option
def fit_flows(
    case: str,
    data: str,
    good: str | None,
    with_windows: bool,
    nested: bool,
    json_file: str | None,
    force: bool,
) -> None:
    """Estimate θ, elasticity, the sanction's grip, and the capacity through each partner."""
    files = plan_files(
        ("--json", json_file, lambda read: is_document(read, KEYS)),
        force=force,
        reads={"the case": case, "the table of flows": data},
    )
    fit = _fitted(case, data, good, files)
    from backchannel.estimation.trade.backtest import backtest
    from backchannel.estimation.trade.compose import compose_flow_fit
    from backchannel.estimation.trade.nested import nested_backtest
    from backchannel.estimation.trade.report import describe_fit, describe_windows

    half_lives: list[float] = []
    if nested:
        chosen = nested_backtest(fit)
        half_lives, windows = [life for life, _ in chosen], [window for _, window in chosen]
    else:
        windows = backtest(fit) if with_windows else []
    told = describe_windows(windows, half_lives) if nested or with_windows else []
    for line in describe_fit(fit) + told:
        say(line)
    if json_file:
        view = compose_flow_fit(fit, windows, half_lives)
        files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
        say(f"Wrote {json_file}.", err=True)


@trade.command(
    "forecast", epilog=example("backchannel trade forecast machines.yaml flows.csv --out ahead.csv")
)
@click.argument("case")
@click.argument("data", type=_FILE)
@_good
@click.option("--months", type=WholeOption(MONTH_COUNT), default=4, show_default=True,
              help="Number of months ahead.")  # fmt: skip
@click.option("--out", "target", type=_FILE, metavar="FILE",
              help="Write the forecasts to a CSV file.")  # fmt: skip
@json_option("the forecasts and the share that reappears")
@force_option
def forecast_flows(
    case: str,
    data: str,
    good: str | None,
    months: int,
    target: str | None,
    json_file: str | None,
    force: bool,
) -> None:
    """Forecast the flows to every partner, with 90% ranges."""
    columns = ("month", "partner", "eur", "low", "high")
    files = plan_files(
        ("--out", target, lambda read: is_table(read, columns)),
        ("--json", json_file, lambda read: is_document(read, FORECAST_KEYS)),
        force=force,
        reads={"the case": case, "the table of flows": data},
    )
    fit = _fitted(case, data, good, files)
    from backchannel.estimation.trade.compose import compose_flow_forecast
    from backchannel.estimation.trade.report import describe_forecast

    ahead = fit.forecast(months)
    table = ahead.to_frame()
    width = max(len(partner) for partner in fit.data.partners)
    for month, partner, middle, low, high in table.itertuples(index=False):
        say(f"{month}  {partner:<{width}}  {middle:>16,}  ({low:,} to {high:,})")
    for line in describe_forecast(ahead):
        say(line)
    if target:
        files.write(target, lambda: guarded_csv(table))
        say(f"Wrote {target}.", err=True)
    if json_file:
        view = compose_flow_forecast(ahead)
        files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
        say(f"Wrote {json_file}.", err=True)


def _fitted(case: str, data: str, good: str | None, files: Files) -> FlowFit:
    from backchannel.case.catalog import find_case
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case, reads_of
    from backchannel.machine.compile_cache import keep_compiled

    lowered = lower(*read_case(find_case(case)))
    files.protect(reads_of(lowered.case))
    if not lowered.case.trade:
        raise CommandError(f"{Path(case).name} has no `trade`, so there is nothing to fit.")
    from backchannel.estimation.trade.ask import fit_good

    keep_compiled()
    return fit_good(lowered, data, name=Path(case).name, good=good)
