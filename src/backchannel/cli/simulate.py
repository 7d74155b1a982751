"""The command `simulate`: simulate plays from numbers."""

from __future__ import annotations

import click

from backchannel.cli.group import main
from backchannel.cli.opened_case import opened_case
from backchannel.cli.plays_options import FILE
from backchannel.console.command import example, memory_option
from backchannel.console.number_options import NamedNumbers, WholeOption, merge_numbers
from backchannel.console.say import say
from backchannel.console.writing import force_option, plan_files
from backchannel.files.marks import no_mark
from backchannel.files.spreadsheet import guarded_csv
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import (
    PLAY_COUNT,
    SEED_RANGE,
)


@main.command(
    epilog=example(
        "backchannel simulate poker.yaml -n 5000 --out plays.csv --set fred.precision=0.8"
    )
)
@click.argument("case")
@click.option("-n", "count", type=WholeOption(PLAY_COUNT), default=1000, show_default=True,
              help="Number of plays.")  # fmt: skip
@click.option("--seed", type=WholeOption(SEED_RANGE), default=0, show_default=True,
              help="Seed of the plays; the same seed gives the same plays.")  # fmt: skip
@click.option(
    "--out", "target", type=FILE, required=True, metavar="FILE", help="The CSV file to write."
)
@click.option("--set", "settings", multiple=True, type=NamedNumbers(infinite=True), metavar="NAME=VALUE",
              help="Value of a number or coefficient; default: the median, or 0 for a coefficient.")  # fmt: skip
@click.option("--covariates", type=FILE, metavar="FILE",
              help="Table of covariates; play i takes row i, starting again at the end of the table.")  # fmt: skip
@force_option
@memory_option
def simulate(
    case: str,
    count: int,
    seed: int,
    target: str,
    settings: tuple[dict[str, float], ...],
    covariates: str | None,
    force: bool,
) -> None:
    """Simulate plays of a case, to check whether `fit` recovers the numbers that made them.

    Simulated plays look like observed plays, so --out does not replace an existing table without
    asking.
    """
    files = plan_files(
        ("--out", target, no_mark),
        force=force,
        reads={"the case": case, "the table of covariates": covariates},
    )
    if not target.lower().endswith(".csv"):
        raise CommandError(f"Plays are written as CSV; give {target} a name that ends in .csv.")
    numbers = merge_numbers(settings, "--set")
    with opened_case(case, "playing", files) as (lowered, _):
        from backchannel.estimation.plays import read_table
        from backchannel.estimation.simulate import simulate as simulated
        from backchannel.language.formulas import level_columns

        words = {*lowered.diagram.order, *level_columns(lowered.linear.values())}
        table = read_table(covariates, words=words) if covariates else None
        plays, truth = simulated(lowered, count, seed=seed, numbers=numbers, covariates=table)
        files.write(target, lambda: guarded_csv(plays))
    made = ", ".join(f"{name} = {value:.4g}" for name, value in truth.items())
    say(f"Wrote {count:,} plays to {target}" + (f", made with {made}." if made else "."))
    if lowered.linear or not all(prior.is_fixed for prior in lowered.priors.values()):
        say(f"Try: backchannel fit {case} {target}")
