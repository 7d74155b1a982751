"""The command `claims`."""

from __future__ import annotations

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say


@click.command(epilog=example("backchannel claims belarus-2025"))
@solver_options
def claims(case: str, draws: int, seed: int) -> None:
    """Test the case's claims: which hold, and on which assumption each depends most."""
    with studying(case, draws, seed) as study:
        tested = study.claims().document()
    from backchannel.console.safe_console import console
    from backchannel.questions.claims.terminal import show_claims

    if not tested:
        say("This case makes no claims.")
    show_claims(tested, console())
