"""Commands about equilibria: `branch` and `equilibria`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import Files, document, force_option, plan_files
from backchannel.files.marks import is_branch_table, is_table
from backchannel.files.spreadsheet import guarded_csv

COLUMNS = [
    "draw", "equilibrium", "principal", "method", "decision", "context", "action", "probability",
]  # fmt: skip
"""Of the table of equilibria."""


def _files(command: Any) -> Any:
    for option in (
        click.option("--csv", "csv_file", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Write the whole table as well."),
        click.option("--json", "json_file", type=click.Path(dir_okay=False), metavar="FILE",
                     help="Write what was found, with all that a picture needs, as well."),
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
@click.option("--draw", type=click.IntRange(0), default=0, show_default=True,
              help="Which draw of the uncertain numbers.")  # fmt: skip
@click.option("--node", "nodes", multiple=True, metavar="NODE",
              help="Show only this decision; may be given several times.")  # fmt: skip
@click.option("--until", type=float, default=1.0, show_default=True,
              help="Where to stop: the multiple of every player's own precision.")  # fmt: skip
@_files
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
    """Follow the principal branch of one draw: every rule as precision rises from 0."""
    files = plan_files(
        ("--csv", csv_file, is_branch_table),
        ("--json", json_file, document("questions.branches.document", "BranchView")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        found = study.branch(draw=draw, until=until, nodes=nodes)
        view = found.document()
    from backchannel.console.safe_console import console
    from backchannel.questions.branches.terminal import show_branch

    show_branch(found, view, console())
    _write(files, csv_file, lambda: guarded_csv(found.to_frame()))
    _write(files, json_file, lambda: view.model_dump_json(indent=1) + "\n")


@click.command(
    epilog=example(
        "backchannel equilibria signalling --all --draws 64",
        "backchannel equilibria belarus-2025",
    )
)
@solver_options
@click.option("--all", "several", is_flag=True,
              help="Search for other logit equilibria than the principal one.")  # fmt: skip
@click.option("--starts", type=click.IntRange(1, 10000), default=24, show_default=True,
              help="Random starts of the search in each draw.")  # fmt: skip
@_files
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
    """Say how the equilibrium of every draw was found; with --all, how many others there are."""
    files = plan_files(
        ("--csv", csv_file, lambda data: is_table(data, COLUMNS)),
        ("--json", json_file, document("questions.branches.document", "EquilibriaView")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        found = study.equilibria(all=several, starts=starts)
        from backchannel.wording.words import Wording

        view, wording = found.document(), Wording(study.lowered)
    from backchannel.console.safe_console import console
    from backchannel.questions.branches.terminal import show_equilibria

    show_equilibria(found, view, wording, console())
    _write(files, csv_file, lambda: guarded_csv(found.to_frame()))
    _write(files, json_file, lambda: view.model_dump_json(indent=1) + "\n")


def _write(files: Files, file: str | None, text: Callable[[], str]) -> None:
    files.write(file, text)
    if file:
        say(f"Wrote {file}.", err=True)
