"""The command `surprise`: what each player expects, beside what the forecast says."""

from __future__ import annotations

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files


@click.command(
    epilog=example(
        "backchannel surprise belarus-2025",
        "backchannel surprise belarus-2025 --all --json surprise.json",
    )
)
@solver_options
@click.option("--all", "everything", is_flag=True, help="Show narrow gaps as well.")
@json_option("the result, with everything that its pictures need,")
@force_option
def surprise(
    case: str, draws: int, seed: int, everything: bool, json_file: str | None, force: bool
) -> None:
    """Compare what each player expects with what the forecast says, and with the record."""
    files = plan_files(
        ("--json", json_file, document("questions.surprise.document", "SurpriseView")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        view = study.surprise().document()
    from backchannel.console.safe_console import console
    from backchannel.questions.surprise.terminal import show_surprise

    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    show_surprise(view, console(), everything=everything)
    if json_file:
        say(f"Wrote {json_file}.", err=True)
