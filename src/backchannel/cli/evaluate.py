"""The command `evaluate`: how well a case predicts rows that it has not seen."""

from __future__ import annotations

from pathlib import Path

import click

from backchannel.cli.group import main
from backchannel.cli.opened_case import opened_case
from backchannel.cli.plays_options import FILE, csv_option, fix_option, weights_option
from backchannel.console.command import cluster_option, example, memory_option
from backchannel.console.number_options import WholeOption, merge_numbers
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.files.marks import csv_header, is_page, is_table
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import FOLD_COUNT, SEED_RANGE

_LOSSES = ["row", "part", "seen", "the case", "base rate"]


@main.command(
    "evaluate",
    epilog=example(
        "backchannel evaluate disputes.yaml plays.csv --by dyad --page evaluation.html",
        "backchannel evaluate threats.yaml plays.csv --forward startyear --from 1989",
    ),
)
@click.argument("case")
@click.argument("data", type=FILE)
@click.option(
    "--by", metavar="COLUMN", help="Hold out whole groups: rows with one value of this column."
)
@click.option("--forward", metavar="COLUMN",
              help="Go forward in time along this column of numbers or dates.")  # fmt: skip
@click.option("--from", "begin", metavar="VALUE",
              help="With --forward: predict the rows from this value on, from all earlier rows.")  # fmt: skip
@click.option("--folds", type=WholeOption(FOLD_COUNT), default=10, show_default=True,
              help="Number of folds; with --forward, of consecutive parts.")  # fmt: skip
@click.option("--ridge", default="folds", show_default=True, metavar="folds|marginal|NUMBER|none",
              help="How strongly coefficients of covariates are shrunk towards 0; chosen in each part.")  # fmt: skip
@click.option("--candidate", "candidates", multiple=True, metavar="CASE",
              help="One more case of the same plays; the best is chosen in each part.")  # fmt: skip
@click.option("--leave-out", multiple=True, metavar="COLUMN,COLUMN",
              help="Columns that no baseline sees, such as those that tell the outcome.")  # fmt: skip
@weights_option
@fix_option
@click.option("--no-baselines", is_flag=True, help="Compare with the base rate only.")
@click.option("--seed", type=WholeOption(SEED_RANGE), default=0, show_default=True,
              help="Seed of the folds; the same seed gives the same folds.")  # fmt: skip
@json_option("the evaluation")
@csv_option("the scores")
@click.option(
    "--losses",
    "losses_file",
    type=FILE,
    metavar="FILE",
    help="Write each row's loss to a CSV file.",
)
@click.option("--page", "page_file", type=FILE, metavar="FILE.html",
              help="Write a page with the plots of PRL and calibration.")  # fmt: skip
@force_option
@memory_option
@cluster_option
def evaluate_command(
    case: str,
    data: str,
    by: str | None,
    forward: str | None,
    begin: str | None,
    folds: int,
    ridge: str,
    candidates: tuple[str, ...],
    leave_out: tuple[str, ...],
    weights: str | None,
    fix: tuple[dict[str, float], ...],
    no_baselines: bool,
    seed: int,
    json_file: str | None,
    csv_file: str | None,
    losses_file: str | None,
    page_file: str | None,
    force: bool,
) -> None:
    """Score a case on rows that it has not seen, beside the base rate, logit and boosting.

    All choices for a part use its training rows only.
    """
    from backchannel.estimation.evaluate.tables import SCORE_COLUMNS, losses_csv, scores_csv

    files = plan_files(
        ("--json", json_file, document("estimation.evaluate.document", "EvaluationView")),
        ("--csv", csv_file, lambda data: is_table(data, SCORE_COLUMNS)),
        ("--losses", losses_file, lambda data: csv_header(data)[: len(_LOSSES)] == _LOSSES),
        ("--page", page_file, is_page),
        force=force,
        reads={
            "the case": case,
            "the table of plays": data,
            **{f"the case {i + 2}": name for i, name in enumerate(candidates)},
        },
    )
    if (by is None) == (forward is None):
        raise CommandError(
            "Say how rows are held out: --by COLUMN keeps groups whole, --forward COLUMN goes forward in "
            "time. One of them."
        )
    with opened_case(case, "evaluating", files) as (lowered, bar):
        from backchannel.case.catalog import find_case
        from backchannel.case.lower.lower import lower
        from backchannel.case.read.case_file import read_case
        from backchannel.estimation.evaluate.ask import evaluate_case
        from backchannel.estimation.evaluate.compose import compose_evaluation
        from backchannel.estimation.evaluate.evaluation import EvaluateOptions
        from backchannel.estimation.fit_options import FitOptions

        evaluation = evaluate_case(
            lowered,
            data,
            EvaluateOptions(
                by=by,
                forward=forward,
                begin=begin,
                folds=folds,
                fit=FitOptions(
                    fixed=merge_numbers(fix, "--fix"),
                    weights=weights,
                    ridge=None if ridge == "none" else ridge,  # type: ignore[arg-type]
                ),
                candidates={name: lower(*read_case(find_case(name))) for name in candidates},
                leave_out=tuple(n.strip() for text in leave_out for n in text.split(",")),
                with_baselines=not no_baselines,
                seed=seed,
            ),
            bar,
        )
        view = compose_evaluation(evaluation, lowered, case=case, data=Path(data).name)
    from backchannel.answers.page.evaluation_page import compose_evaluation_page
    from backchannel.console.safe_console import console
    from backchannel.estimation.evaluate.terminal import show_evaluation

    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    files.write(csv_file, lambda: scores_csv(evaluation))
    files.write(losses_file, lambda: losses_csv(evaluation))
    files.write(page_file, lambda: compose_evaluation_page(view))
    show_evaluation(view, console())
    for file in (json_file, csv_file, losses_file, page_file):
        if file:
            say(f"Wrote {file}.", err=True)
