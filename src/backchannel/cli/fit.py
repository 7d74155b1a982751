"""The command `fit`: estimate numbers from plays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backchannel.cli.fit_pool import fit_games
from backchannel.cli.group import main
from backchannel.cli.opened_case import opened_case
from backchannel.cli.plays_options import FILE, csv_option, fix_option, weights_option
from backchannel.console.command import cluster_option, example, memory_option
from backchannel.console.number_options import NamedNumbers, WholeOption, merge_numbers
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, plan_files
from backchannel.files.marks import csv_header, is_samples, is_signed, is_table
from backchannel.files.spreadsheet import guarded_csv
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import (
    CHAIN_COUNT,
    SAMPLE_COUNT,
    SEED_RANGE,
)

if TYPE_CHECKING:
    from backchannel.case.lowered import Lowered


@main.command(
    epilog=example(
        "backchannel fit disputes.yaml plays.csv --effects war",
        "backchannel fit disputes.yaml plays.csv --test 'quiet[revis1]=0' --latex table.tex",
    )
)
@click.argument("case", required=False)
@click.argument("data", type=FILE, required=False)
@click.option("--pool", type=click.Path(file_okay=False), metavar="FOLDER",
              help="Instead of CASE and DATA: many games, as tables NAME.csv of cases NAME.")  # fmt: skip
@click.option(
    "--by",
    metavar="COLUMN",
    help="With --pool: the column whose groups are held out; default: games.",
)
@weights_option
@click.option("--cluster", metavar="COLUMN", help="Column with the cluster of each play.")
@click.option("--errors", type=click.Choice(["hessian", "sandwich", "clustered"]),
              help="Kind of standard errors; default: hessian, or clustered with --cluster.")  # fmt: skip
@fix_option
@click.option("--only", multiple=True, metavar="NAME,NAME",
              help="Estimate these numbers only; the others stay at their medians.")  # fmt: skip
@click.option(
    "--same", multiple=True, metavar="A,B", help="Keep these numbers, or these coefficients, equal."
)
@click.option(
    "--map", "use_priors", is_flag=True, help="Find the mode of the posterior, using the priors."
)
@click.option("--ridge", metavar="marginal|folds|NUMBER",
              help="Shrink coefficients of covariates towards 0; the strength is chosen or given.")  # fmt: skip
@click.option(
    "--predict",
    "new_file",
    type=FILE,
    metavar="NEW.csv",
    help="Predict the rows of another table.",
)
@click.option("--predictions", "predictions_file", type=FILE, metavar="FILE",
              help="Write what --predict gives to a CSV file.")  # fmt: skip
@click.option("--test", "tests", multiple=True, type=NamedNumbers(), metavar="NAME=VALUE",
              help="Likelihood-ratio test; numbers separated by commas are tested jointly.")  # fmt: skip
@click.option("--effects", metavar="NODE",
              help="Mean probabilities of a node's values, and average effects of the covariates.")  # fmt: skip
@click.option("--compare", is_flag=True,
              help="Compare quantal response with near-Nash and uniform play, on held-out plays.")  # fmt: skip
@click.option("--posterior", "posterior_file", type=FILE, metavar="FILE",
              help="Sample the posterior and write it to a netCDF file, which a case can use as priors.")  # fmt: skip
@click.option("--chains", type=WholeOption(CHAIN_COUNT), default=4, show_default=True,
              help="Number of chains.")  # fmt: skip
@click.option("--samples", type=WholeOption(SAMPLE_COUNT), default=1000, show_default=True,
              help="Number of samples kept from each chain.")  # fmt: skip
@click.option("--seed", type=WholeOption(SEED_RANGE), default=0, show_default=True,
              help="Seed of the chains; the same seed gives the same samples.")  # fmt: skip
@click.option(
    "--json", "json_file", type=FILE, metavar="FILE", help="Write all results to a JSON file."
)
@memory_option
@partial(cluster_option, name="--on-cluster")  # `--cluster` names a column.
@click.option(
    "--latex", "latex_file", type=FILE, metavar="FILE", help="Write the table to a LaTeX file."
)
@csv_option("the table")
@force_option
def fit(
    case: str | None,
    data: str | None,
    pool: str | None,
    by: str | None,
    weights: str | None,
    cluster: str | None,
    errors: str | None,
    fix: tuple[dict[str, float], ...],
    only: tuple[str, ...],
    same: tuple[str, ...],
    use_priors: bool,
    ridge: str | None,
    new_file: str | None,
    predictions_file: str | None,
    tests: tuple[dict[str, float], ...],
    effects: str | None,
    compare: bool,
    posterior_file: str | None,
    chains: int,
    samples: int,
    seed: int,
    json_file: str | None,
    latex_file: str | None,
    csv_file: str | None,
    force: bool,
) -> None:
    """Find the maximum-likelihood estimates of a case's numbers from a table of plays."""
    from backchannel.estimation.tables import COLUMNS, COMMENT, as_csv, as_latex

    if pool is not None:
        fit_games(pool, by, weights, json_file, extra=bool(case or data), force=force)
        return
    if by is not None:
        raise CommandError("--by belongs to --pool, or to `backchannel evaluate`.")
    if case is None or data is None:
        raise CommandError("Give a case and a table of plays, or --pool FOLDER.")
    files = plan_files(
        ("--json", json_file, document("estimation.document", "FitView")),
        ("--latex", latex_file, lambda data: is_signed(data, COMMENT)),
        ("--csv", csv_file, lambda data: is_table(data, COLUMNS)),
        ("--posterior", posterior_file, is_samples),
        ("--predictions", predictions_file, lambda data: csv_header(data)[:1] == ["row"]),
        force=force,
        reads={"the case": case, "the table of plays": data, "the new rows": new_file},
    )
    if predictions_file and not new_file:
        raise CommandError("--predictions writes what --predict NEW.csv gives, which is missing.")
    if posterior_file:
        _check_posterior(posterior_file)
    asked = {_in_text(values): values for values in tests}
    fixed = merge_numbers(fix, "--fix")
    kind = errors or ("clustered" if cluster else "hessian")
    if kind == "clustered" and not cluster:
        raise CommandError("Name the column of the clusters (--cluster COLUMN).")
    with opened_case(case, "fitting", files) as (lowered, bar):
        from backchannel.estimation.compare import compare_ways
        from backchannel.estimation.compose import compose_fit
        from backchannel.estimation.effects import averages
        from backchannel.estimation.fit import fit as fitted
        from backchannel.estimation.fit_options import FitOptions

        groups = tuple(tuple(name.strip() for name in text.split(",")) for text in same)
        estimated = tuple(name.strip() for text in only for name in text.split(","))
        options = FitOptions(fixed, estimated, groups, weights, cluster, use_priors, ridge)  # type: ignore[arg-type]
        if effects:
            _check_node(lowered, effects)
        result = fitted(lowered, data, options)
        ratios = {text: result.against(values) for text, values in asked.items()}
        effects_of_node = averages(result, effects, errors=kind) if effects else ()
        ways = compare_ways(lowered, result.plays, result.options) if compare else ()
        predicted = result.predict(new_file) if new_file else None
        sampled = None
        if posterior_file:
            # Last, and written at once, so that nothing that fails can lose the samples.
            sampled = result.posterior(chains=chains, samples=samples, seed=seed, progress=bar)
            files.write(posterior_file, sampled.to_bytes)
        view = compose_fit(
            result,
            case=case,
            data=Path(data).name,
            errors=kind,
            tests=ratios,
            averages=effects_of_node,
            ways=ways,
            posterior=sampled,
        )
    from backchannel.console.safe_console import console
    from backchannel.estimation.terminal import show_fit, show_prediction

    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    files.write(latex_file, lambda: as_latex(view))
    files.write(csv_file, lambda: as_csv(view))
    if sampled:
        files.write(posterior_file, sampled.to_bytes)
    if predicted:
        files.write(predictions_file, lambda: guarded_csv(predicted.table))
    show_fit(view, console())
    if predicted:
        show_prediction(predicted, console())
    for file in (json_file, latex_file, csv_file, posterior_file, predictions_file):
        if file:
            say(f"Wrote {file}.", err=True)
    if posterior_file and any(not coefficient.covariate for coefficient in view.coefficients):
        say(f"To forecast with it, write into a case: priors: {{from: {posterior_file}}}")


def _check_posterior(file: str) -> None:
    from backchannel.estimation.posterior import check_installed

    if not file.lower().endswith(".nc"):
        raise CommandError(f"Samples are written as netCDF; give {file} a name that ends in .nc.")
    check_installed()


def _check_node(lowered: Lowered, node: str) -> None:
    from backchannel.case.lower.named import check_node

    check_node(lowered.case, lowered.diagram, node)


def _in_text(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name}={value:.12g}" for name, value in values.items())
