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
from backchannel.language.names import name_hint
from backchannel.language.number_ranges import MONTH_COUNT

if TYPE_CHECKING:
    from backchannel.estimation.trade.estimate import FlowFit

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
    """Estimate θ, elasticity, the sanction's grip and how fast capacities grow."""
    files = plan_files(
        ("--json", json_file, lambda read: is_document(read, KEYS)),
        force=force,
        reads={"the case": case, "the table of flows": data},
    )
    fit = _fitted(case, data, good, files)
    from backchannel.estimation.trade.backtest import backtest
    from backchannel.estimation.trade.nested import nested_backtest
    from backchannel.estimation.trade.report import describe_fit, describe_windows, fit_as_json

    half_lives: list[float] = []
    if nested:
        half_lives, windows = map(list, zip(*nested_backtest(fit), strict=True))
    else:
        windows = backtest(fit) if with_windows else []
    for line in describe_fit(fit) + (describe_windows(windows, half_lives) if windows else []):
        say(line)
    if json_file:
        files.write(json_file, lambda: fit_as_json(fit, windows, half_lives))
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
    from backchannel.estimation.trade.report import (
        describe_forecast,
        forecast_as_json,
        forecast_table,
    )

    ahead = fit.forecast(months)
    table = forecast_table(fit, ahead)
    width = max(len(partner) for partner in fit.data.partners)
    for month, partner, middle, low, high in table.itertuples(index=False):
        say(f"{month}  {partner:<{width}}  {middle:>16,}  ({low:,} to {high:,})")
    for line in describe_forecast(ahead):
        say(line)
    if target:
        files.write(target, lambda: guarded_csv(table))
        say(f"Wrote {target}.", err=True)
    if json_file:
        files.write(json_file, lambda: forecast_as_json(fit, ahead))
        say(f"Wrote {json_file}.", err=True)


def _fitted(case: str, data: str, good: str | None, files: Files) -> FlowFit:
    from backchannel.case.catalog import find_case
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case, reads_of
    from backchannel.machine.compile_cache import keep_compiled

    lowered = lower(*read_case(find_case(case)))
    files.protect(reads_of(lowered.case))
    goods = lowered.case.trade
    if not goods:
        raise CommandError(f"{Path(case).name} has no `trade`, so there is nothing to fit.")
    if good is None and len(goods) > 1:
        raise CommandError(f"The case has several goods. Name one with --good: {', '.join(goods)}.")
    name = good or next(iter(goods))
    if name not in goods:
        raise CommandError(f"No good is called '{name}'.{name_hint(name, list(goods))}")
    from backchannel.estimation.trade.estimate import estimate_flows
    from backchannel.estimation.trade.flows import read_flows
    from backchannel.estimation.trade.priors import log_priors_of

    keep_compiled()
    flows = read_flows(name, goods[name], data)
    sensitivity, elasticity = log_priors_of(name, goods[name])
    return estimate_flows(flows, sensitivity=sensitivity, elasticity=elasticity)
