"""Commands that compare forecasts with what came about: `score`, `review`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click

from backchannel.cli.group import main
from backchannel.console.command import example, ledger_option, solver_options, studying
from backchannel.console.number_options import WholeOption
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.files.marks import is_document, is_page, is_table
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import RIVAL_COUNT


@main.command(epilog=example("backchannel score", "backchannel score --case talks --hindcasts"))
@ledger_option
@click.option("--case", "name", metavar="CASE", help="Only this case.")
@click.option("--hindcasts", is_flag=True,
              help="Include forecasts logged after the outcome, at the date of their case.")  # fmt: skip
@click.option("--learn-weight", "learns", is_flag=True,
              help="Also learn the weight of the case against base rates.")  # fmt: skip
@json_option("the scores")
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write the calibration, of all forecasts and of each view, to a CSV file.")  # fmt: skip
@click.option("--page", "page_file", type=click.Path(dir_okay=False), metavar="FILE.html",
              help="Write a page with the scores and calibration plots.")  # fmt: skip
@force_option
def score(
    book: str,
    name: str | None,
    hindcasts: bool,
    learns: bool,
    json_file: str | None,
    csv_file: str | None,
    page_file: str | None,
    force: bool,
) -> None:
    """Score the forecasts: Brier and log scores, skill, calibration; and the case against base rates and rivals."""
    from backchannel.case.catalog import case_in_ledger
    from backchannel.console.safe_console import console
    from backchannel.files.spreadsheet import guarded_csv
    from backchannel.ledger.ledger import Ledger
    from backchannel.ledger.score_report import CALIBRATION_COLUMNS, ScoreReport, as_json
    from backchannel.ledger.scores import score as scored
    from backchannel.ledger.terminal import show_scores
    from backchannel.ledger.view_sentences import weight_text

    keys = [field.name for field in fields(ScoreReport)]
    files = plan_files(
        ("--json", json_file, lambda data: is_document(data, keys)),
        ("--csv", csv_file, lambda data: is_table(data, CALIBRATION_COLUMNS)),
        ("--page", page_file, is_page),
        force=force,
        reads={"the ledger": book},
    )
    case = case_in_ledger(name) if name else None
    opened = Ledger.existing(book)
    report = scored(opened, case_name=case, hindcasts=hindcasts, learns=learns)
    files.write(json_file, lambda: as_json(report) + "\n")
    files.write(csv_file, lambda: guarded_csv(report.calibration_frame()))
    if page_file:
        from backchannel.answers.page.scores_page import compose_scores_page

        files.write(page_file, lambda: compose_scores_page(report, ledger=Path(book).name))
    show_scores(report, console())
    if report.learnt_weight:
        console().print(weight_text(report.learnt_weight), markup=False)


@main.command(epilog=example("backchannel review talks.yaml --ledger team.ledger"))
@solver_options
@ledger_option
@click.option("--rivals", type=WholeOption(RIVAL_COUNT), default=None, metavar="N",
              help="Also weigh N rivals by the outcomes; default: those of the case file.")  # fmt: skip
@json_option("the review")
@force_option
def review(
    case: str,
    draws: int,
    seed: int,
    book: str,
    rivals: int | None,
    json_file: str | None,
    force: bool,
) -> None:
    """Say what was right and wrong, once outcomes are entered with `resolve`.

    Use the case as it was when its forecasts were made: do not add the outcomes to its record.
    """
    files = plan_files(
        ("--json", json_file, document("questions.review.document", "ReviewView")),
        force=force,
        reads={"the case": case, "the ledger": book},
    )
    from backchannel.language.days import day
    from backchannel.ledger.ledger import Ledger

    opened = Ledger.existing(book)
    with studying(case, draws, seed, files) as study:
        if not study.read_outcomes(opened) and opened.outcomes(study.name):
            raise CommandError(
                f"{book} holds outcomes of {study.name}, but all of them came about by {day(study.case.as_of)}, "
                "which the case knows about (`as_of`). A review takes outcomes after that day."
            )
        view = study.review(rivals=rivals).document()
    from backchannel.console.safe_console import console
    from backchannel.questions.review.terminal import show_review

    show_review(view, console())
    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
