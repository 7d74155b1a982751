"""The command `why`, which explains what happened."""

from __future__ import annotations

import click

from backchannel.console.command import cluster_option, example, solver_options, studying
from backchannel.console.number_options import WholeOption
from backchannel.language.errors import CommandError
from backchannel.language.number_ranges import WORLD_COUNT


@click.command(
    epilog=example(
        "backchannel why belarus-2025",
        "backchannel why belarus-2025 --outcome us_relief=none --cause diversion --cause inattention",
        "backchannel why belarus-2025 --apart outspokenness",
    )
)
@solver_options
@cluster_option
@click.option(
    "--question", metavar="NAME", help="A `why` question of the case; if left out, its first."
)
@click.option("--outcome", metavar="NODE=VALUE", help="What happened, instead of a question.")
@click.option("--cause", "causes", multiple=True, metavar="NAME",
              help="A cause of the case to undo; may be given up to 12 times.")  # fmt: skip
@click.option("--apart", multiple=True, metavar="CAUSE",
              help="Decompose this cause's effect: through which players it reached the outcome.")  # fmt: skip
@click.option("--worlds", type=WholeOption(WORLD_COUNT), default=64, show_default=True,
              help="Worlds drawn in each draw, given the record.")  # fmt: skip
def why(
    case: str,
    draws: int,
    seed: int,
    question: str | None,
    outcome: str | None,
    causes: tuple[str, ...],
    apart: tuple[str, ...],
    worlds: int,
) -> None:
    """Explain an outcome: would it have happened otherwise, and what is each cause's share?"""
    if question and outcome:
        raise CommandError(
            "Give either a --question of the case or an --outcome of your own, not both."
        )
    if bool(outcome) != bool(causes):
        raise CommandError(
            "An outcome of your own needs both: --outcome NODE=VALUE and at least one --cause NAME."
        )
    with studying(case, draws, seed) as study:
        asked = study.settings([outcome]) if outcome else question or ""
        view = study.why(asked, causes=causes, decomposed=apart or None, worlds=worlds).document()
    from backchannel.console.safe_console import console
    from backchannel.questions.why.terminal import show_why

    show_why(view, console())
