"""The command `deals`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from backchannel.console.command import cluster_option, example, solver_options, studying
from backchannel.console.number_options import RealOption, WholeOption
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.language.number_ranges import NUMBER_FROM_1, STRICT_PROBABILITY_RANGE

if TYPE_CHECKING:
    from backchannel.questions.deals.enforcing import Standard


@click.command(
    epilog=example(
        "backchannel deals belarus-2025",
        "backchannel deals belarus-2025 exchange --package 3 --threshold 0.8",
    )
)
@solver_options
@cluster_option
@click.argument("name", required=False)
@click.option("--package", type=WholeOption(NUMBER_FROM_1), metavar="K",
              help="Examine this package; if left out, the one most likely to be kept.")  # fmt: skip
@click.option("--threshold", type=RealOption(STRICT_PROBABILITY_RANGE), default=0.9,
              show_default=True, help="The probability that every promise must reach.")  # fmt: skip
@click.option("--standard", type=click.Choice(["chance", "best reply"]), default="chance",
              show_default=True,
              help="Which probability: that it is kept, or that keeping it is a best reply.")  # fmt: skip
@json_option("the deal's part of the answers document")
@force_option
def deals(
    case: str,
    draws: int,
    seed: int,
    name: str | None,
    package: int | None,
    threshold: float,
    standard: Standard,
    json_file: str | None,
    force: bool,
) -> None:
    """Find which packages of a deal would be agreed and kept, and what would make one hold.

    NAME is a deal of the case; leave it out if there is only one.
    """
    files = plan_files(
        ("--json", json_file, document("questions.deals.document", "DealView")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        view = study.deals(name, package=package, threshold=threshold, standard=standard).document()
    from backchannel.console.safe_console import console
    from backchannel.questions.deals.terminal import show_deal

    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    show_deal(view, console())
    if json_file:
        say(f"Wrote {json_file}.", err=True)
