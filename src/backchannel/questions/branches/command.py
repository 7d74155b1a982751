"""Commands about equilibria: `branch` and `equilibria`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.number_options import RealOption, WholeOption
from backchannel.console.say import say
from backchannel.console.writing import Files, document, force_option, json_option, plan_files
from backchannel.files.marks import is_branch_table, is_table
from backchannel.files.spreadsheet import guarded_csv
from backchannel.language.number_ranges import DRAW_FROM_0, MULTIPLE_RANGE, START_COUNT

EQUILIBRIA_COLUMNS = [
    "draw", "equilibrium", "principal", "method", "decision", "context", "action", "probability",
]  # fmt: skip
"""The columns of the table of equilibria."""


def _file_options(command: Any) -> Any:
    for option in (
        click.option("--csv", "csv_file", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Also write the whole table to a CSV file."),
        json_option("the result, with everything that its pictures need,"),
        force_option,
    ):  # fmt: skip
        command = option(command)
    return command


@click.command(
    epilog=example(
        "backchannel branch reiley-2008-poker --until 10",
        "backchannel branch signalling --draw 3 --node answer --csv branch.csv",
    )
)
@solver_options
@click.option("--draw", type=WholeOption(DRAW_FROM_0), default=0, show_default=True,
              help="Number of the draw, counted from 0.")  # fmt: skip
@click.option("--node", "nodes", multiple=True, metavar="NODE",
              help="Show only this decision; may be given several times.")  # fmt: skip
@click.option("--until", type=RealOption(MULTIPLE_RANGE), default=1.0, show_default=True,
              help="Where to stop, as a multiple of every player's own precision.")  # fmt: skip
@_file_options
def branch(
    case: str,
    draws: int,
    seed: int,
    draw: int,
    nodes: tuple[str, ...],
    until: float,
    csv_file: str | None,
    json_file: str | None,
    force: bool,
) -> None:
    """Follow the principal branch of one draw: all decision rules as precision rises from 0."""
    files = plan_files(
        ("--csv", csv_file, is_branch_table),
        ("--json", json_file, document("questions.branches.document", "BranchView")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        followed = study.branch(draw=draw, until=until, nodes=nodes)
        view = followed.document()
    from backchannel.console.safe_console import console
    from backchannel.questions.branches.terminal import show_branch

    show_branch(followed, view, console())
    _write(files, csv_file, lambda: guarded_csv(followed.to_frame()))
    _write(files, json_file, lambda: view.model_dump_json(indent=1) + "\n")


@click.command(
    epilog=example(
        "backchannel equilibria signalling --all --draws 64",
        "backchannel equilibria belarus-2025",
    )
)
@solver_options
@click.option("--all", "several", is_flag=True,
              help="Also search for other logit equilibria.")  # fmt: skip
@click.option("--starts", type=WholeOption(START_COUNT), default=24, show_default=True,
              help="Number of starts of the search in each draw.")  # fmt: skip
@_file_options
def equilibria(
    case: str,
    draws: int,
    seed: int,
    several: bool,
    starts: int,
    csv_file: str | None,
    json_file: str | None,
    force: bool,
) -> None:
    """Show how the principal equilibrium was found in every draw; with --all, search for others."""
    files = plan_files(
        ("--csv", csv_file, lambda data: is_table(data, EQUILIBRIA_COLUMNS)),
        ("--json", json_file, document("questions.branches.document", "EquilibriaView")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        results = study.equilibria(all=several, starts=starts)
        from backchannel.wording.words import Wording

        view, wording = results.document(), Wording(study.lowered)
    from backchannel.console.safe_console import console
    from backchannel.questions.branches.terminal import show_equilibria

    show_equilibria(results, view, wording, console())
    _write(files, csv_file, lambda: guarded_csv(results.to_frame()))
    _write(files, json_file, lambda: view.model_dump_json(indent=1) + "\n")


def _write(files: Files, file: str | None, text: Callable[[], str]) -> None:
    files.write(file, text)
    if file:
        say(f"Wrote {file}.", err=True)
