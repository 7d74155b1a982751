"""The command `sensitivity`: what decides an outcome, and what would have to be true for another."""

from __future__ import annotations

import click

from backchannel.console.command import cluster_option, example, solver_options, studying
from backchannel.console.say import say
from backchannel.console.writing import document, force_option, json_option, plan_files
from backchannel.language.errors import CommandError


@click.command(
    epilog=example(
        "backchannel sensitivity belarus-2025 --of still_imprisoned=all",
        "backchannel sensitivity belarus-2025 --solve",
        "backchannel sensitivity belarus-2025 --inverse later_release=all --likely likely",
    )
)
@solver_options
@cluster_option
@click.option("--of", "outcome", metavar="NODE[=VALUE]",
              help="The outcome; without VALUE, the most likely one; without --of, the first forecast.")  # fmt: skip
@click.option("--solve", is_flag=True,
              help="Also solve the case along each assumption, with the others at their medians.")  # fmt: skip
@click.option("--inverse", "target", metavar="NODE=VALUE",
              help="Ask instead what would have to be true for this outcome to be likely.")  # fmt: skip
@click.option("--likely", metavar="WORD",
              help="With --inverse, how likely: an ICD 203 word or a number; if left out, above 0.5.")  # fmt: skip
@json_option("the result, with everything that its pictures need,")
@force_option
def sensitivity(
    case: str,
    draws: int,
    seed: int,
    outcome: str | None,
    solve: bool,
    target: str | None,
    likely: str | None,
    json_file: str | None,
    force: bool,
) -> None:
    """Find which assumptions decide an outcome, at which values it changes, and what is worth learning."""
    if likely and not target:
        raise CommandError("--likely needs --inverse NODE=VALUE.")
    if outcome and target:
        raise CommandError("Give either --of NODE=VALUE or --inverse NODE=VALUE, not both.")
    if target is not None and "=" not in target:
        raise CommandError(f"'{target}' has no value; write --inverse NODE=VALUE.")
    model = "SensitivityView" if target is None else "InverseView"
    files = plan_files(
        ("--json", json_file, document("questions.sensitivity.document", model)),
        force=force,
        reads={"the case": case},
    )
    node, _, value = (part.strip() for part in (target or outcome or "").partition("="))
    with studying(case, draws, seed, files) as study:
        from backchannel.questions.sensitivity.outcome import check_outcome

        if node:
            check_outcome(study.lowered.diagram, node, value or None, likely)
        if target is not None:
            view = study.inverse(node, value, likely, solve=solve).document()
        else:
            view = study.sensitivity(node or None, value or None, solve=solve).document()
    from backchannel.console.safe_console import console
    from backchannel.questions.sensitivity.document import InverseView
    from backchannel.questions.sensitivity.terminal import show_inverse, show_sensitivity

    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    if isinstance(view, InverseView):
        show_inverse(view, console())
    else:
        show_sensitivity(view, console())
    if json_file:
        say(f"Wrote {json_file}.", err=True)
