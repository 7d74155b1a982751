"""The command `claims`."""

from __future__ import annotations

import click

from backchannel.console.command import example, solver_options, studying
from backchannel.console.say import say


@click.command(epilog=example("backchannel claims belarus-2025"))
@solver_options
@click.option("--code", is_flag=True, help="Show each test as the case writes it, not in words.")
def claims(case: str, draws: int, seed: int, code: bool) -> None:
    """Test the case's claims: which hold, and on which assumption each depends most."""
    with studying(case, draws, seed) as study:
        tested = study.claims().document()
    from backchannel.console.safe_console import console
    from backchannel.questions.claims.terminal import show_claims, show_tests

    if not tested:
        say("This case makes no claims.")
    out = console()
    show_claims(tested, out)
    show_tests(tested, out, code=code)
