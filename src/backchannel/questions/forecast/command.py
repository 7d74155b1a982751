"""The command `forecast`."""

from __future__ import annotations

import click

from backchannel.console.command import cluster_option, example, solver_options, studying
from backchannel.language.names import round_number


@click.command(epilog=example("backchannel forecast belarus-2025 later_release us_return"))
@solver_options
@cluster_option
@click.argument("nodes", nargs=-1)
def forecast(case: str, draws: int, seed: int, nodes: tuple[str, ...]) -> None:
    """Forecast NODES given the record; without NODES, all nodes that are still open.

    A repeated node is shown in one round (release@3) or in all rounds (release).
    """
    with studying(case, draws, seed) as study:
        repeated = list(study.case.rounds.nodes) if study.case.rounds else []
        once = [node for node in nodes if node not in repeated]
        if not nodes:
            once = [node for node in study.lowered.ahead if round_number(node) is None]
        for node in once:
            study.check_node(node)
        forecasts = [study.forecast(node).document() for node in once]
        over_time = study.rounds([node for node in nodes if node in repeated]) if repeated else None
        fans = (
            over_time.document() if over_time and (not nodes or set(nodes) & set(repeated)) else []
        )
    from backchannel.console.safe_console import console
    from backchannel.questions.forecast.terminal import show_forecasts
    from backchannel.questions.rounds.terminal import show_rounds

    show_forecasts(forecasts, console())
    show_rounds(fans, console())
