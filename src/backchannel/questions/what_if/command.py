"""The command `what-if`."""

from __future__ import annotations

from typing import Any

import click

from backchannel.console.command import cluster_option, example, solver_options, studying
from backchannel.language.errors import CommandError
from backchannel.language.names import RecordView


@click.command(
    "what-if",
    epilog=example(
        "backchannel what-if belarus-2025 --do later_release=all --outcome eu_answer",
        "backchannel what-if belarus-2025 --cause diversion --outcome us_relief",
        "backchannel what-if belarus-2025 --cause diversion --outcome us_relief --view before",
    ),
)
@solver_options
@cluster_option
@click.option(
    "--do",
    "settings",
    multiple=True,
    metavar="NODE=VALUE",
    help="Set a node to a value; may be given several times.",
)
@click.option(
    "--cause", metavar="NAME", help="Make the intervention of this cause or question of the case."
)
@click.option("--outcome", "outcomes", multiple=True, required=True, metavar="NODE",
              help="Node to compare; may be given several times.")  # fmt: skip
@click.option("--announced", default="true", show_default=True, metavar="WHEN",
              help="When players learn of it: true (when it happens), a date, start, or false (never).")  # fmt: skip
@click.option("--view", type=click.Choice(["record", "before"]), default="record", show_default=True,
              help="record: given the whole record; before: as it looked before the change.")  # fmt: skip
@click.option(
    "--told",
    multiple=True,
    metavar="PLAYER",
    help="A player who is told; default: everyone. May be given several times.",
)
def what_if(
    case: str,
    draws: int,
    seed: int,
    settings: tuple[str, ...],
    cause: str | None,
    outcomes: tuple[str, ...],
    announced: str,
    view: RecordView,
    told: tuple[str, ...],
) -> None:
    """Compare outcomes with and without an intervention, on the same draws."""
    if bool(settings) == bool(cause):
        raise CommandError("Say what is changed: --do NODE=VALUE, or --cause NAME.")
    if cause and (told or announced != "true"):
        raise CommandError(
            "The case says who learns of a cause; --announced and --told go with --do."
        )
    with studying(case, draws, seed) as study:
        from backchannel.questions.composing import composing
        from backchannel.questions.what_if.ask import compare_every_round
        from backchannel.questions.what_if.compose import compose_what_if

        if cause:
            made = study.intervention(cause)
        else:
            when = {"true": True, "false": False}.get(announced, announced)
            changes: dict[str, Any] = {"do": study.settings(settings), "announced": when}
            made = study.intervention(**changes, **({"told": list(told)} if told else {}))
        what_if_view = compose_what_if(
            composing(study), cause or "", compare_every_round(study, made, outcomes, view=view)
        )
    from backchannel.console.safe_console import console
    from backchannel.questions.what_if.terminal import show_what_ifs
    from backchannel.wording.prose import sentence_case

    out = console()
    show_what_ifs([what_if_view], out)
    out.print(f"{sentence_case(what_if_view.record)}; {what_if_view.who_knows}.")
