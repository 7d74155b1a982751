"""The command `merge`."""

from __future__ import annotations

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files


@click.command(
    epilog=example(
        "backchannel merge talks-ann.yaml talks-ben.yaml",
        "backchannel merge talks-ann.yaml talks-ben.yaml --base talks.yaml --out merged.yaml",
    )
)
@click.argument("first", metavar="A")
@solver_options
@click.option("--base", metavar="C", help="The version from which both began.")
@click.option(
    "--outcome", metavar="NODE", help="The outcome; default: that of the first question of A."
)
@json_option("the merge report")
@force_option
def merge(
    first: str,
    case: str,
    draws: int,
    seed: int,
    base: str | None,
    outcome: str | None,
    json_file: str | None,
    force: bool,
) -> None:
    """Compare two analysts' versions of one case, A and CASE: where they differ, and what moves the answer."""
    reads = {"the first version": first, "the second version": case}
    files = plan_files(
        ("--json", json_file, document("questions.merge.document", "MergeView")),
        force=force,
        reads=reads | ({"the base": base} if base else {}),
    )
    with studying(first, draws, seed, files) as ours, studying(case, draws, seed, files) as theirs:
        common = None
        if base:
            with studying(base, draws, seed, files) as common:
                pass
        view = ours.merge(theirs, base=common, outcome=outcome).document()
    from backchannel.console.safe_console import console
    from backchannel.questions.merge.terminal import show_merge

    show_merge(view, console())
    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    if json_file:
        say(f"Wrote {json_file}.", err=True)
