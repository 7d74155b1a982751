"""The command `scenarios`."""

from __future__ import annotations

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.language.errors import CommandError


@click.command(
    epilog=example(
        "backchannel scenarios talks.yaml",
        "backchannel scenarios talks.yaml hard_winter --outcome later_release --json scenarios.json",
    )
)
@solver_options
@click.argument("names", nargs=-1, metavar="[SCENARIO]...")
@click.option("--outcome", "outcomes", multiple=True, metavar="NODE",
              help="Compare this node; may be given several times. Default: all that are still open.")  # fmt: skip
@json_option("the scenarios")
@force_option
def scenarios(
    case: str,
    names: tuple[str, ...],
    draws: int,
    seed: int,
    outcomes: tuple[str, ...],
    json_file: str | None,
    force: bool,
) -> None:
    """Compare the scenarios of a case over all outcomes, on the same draws.

    Without a SCENARIO, all scenarios under `scenarios` in the case file are compared.
    """
    files = plan_files(
        ("--json", json_file, document("questions.scenarios.document", "ScenariosView")),
        force=force,
        reads={"the case": case},
    )
    with studying(case, draws, seed, files) as study:
        compared = study.scenarios(*names, outcomes=outcomes)
        if not compared.solved:
            raise CommandError("\n".join(f"{m.name}: {m.reason}" for m in compared.unanswered))
        view = compared.document()
    from backchannel.console.safe_console import console
    from backchannel.questions.scenarios.terminal import show_scenarios

    show_scenarios(view, console())
    for missing in compared.unanswered:
        say(f"{missing.name} could not be solved: {missing.reason}", err=True)
    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
