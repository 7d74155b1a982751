"""The command `watch`."""

from __future__ import annotations

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.writing import document, force_option, json_option, plan_files


@click.command(epilog=example("backchannel watch belarus-2025 --about still_imprisoned"))
@solver_options
@click.option(
    "--about", metavar="NODE", help="The outcome; default: that of the case's first question."
)
@click.option("--all", "everything", is_flag=True, help="Show all events, not only the first 12.")
@json_option("the indicators")
@force_option
def watch(
    case: str,
    draws: int,
    seed: int,
    about: str | None,
    everything: bool,
    json_file: str | None,
    force: bool,
) -> None:
    """List open events with their dates, and the forecast of an outcome after each of them."""
    files = plan_files(
        ("--json", json_file, document("questions.watch.document", "Watch")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        view = study.watch(about).document()
    from backchannel.console.safe_console import console
    from backchannel.questions.watch.terminal import show_watch

    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    show_watch(view, console(), everything=everything)
