"""The command `watch`."""

from __future__ import annotations

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.writing import document, force_option, plan_files


@click.command(epilog=example("backchannel watch belarus-2025 --about still_imprisoned"))
@solver_options
@click.option("--about", metavar="NODE", help="The question; that of the first forecast asked for.")
@click.option("--all", "everything", is_flag=True, help="Show every event, not the first dozen.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False), metavar="FILE",
              help="Write the indicators as a document as well.")  # fmt: skip
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
    """List what can still be seen, when, and what each event would do to the forecast."""
    files = plan_files(
        ("--json", json_file, document("questions.watch.document", "Watch")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        found = study.watch(about).document()
    from backchannel.console.safe_console import console
    from backchannel.questions.watch.terminal import show_watch

    files.write(json_file, lambda: found.model_dump_json(indent=1) + "\n")
    show_watch(found, console(), everything=everything)
