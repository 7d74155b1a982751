"""A throw-away question, whole: each player's regret at every decision, in the utility unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import numpy as np
from pydantic import Field
from rich.console import Console

from backchannel.console.command import solver_options, studying
from backchannel.console.safe_console import console
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.equilibrium.certificate.certify import certify
from backchannel.questions.composing import Composing
from backchannel.questions.question import Question
from backchannel.wording.pieces import Piece

Regrets = Mapping[str, np.ndarray]


class RegretView(Piece):
    """What one decision gives up."""

    decision: str
    title: str
    player: str
    regret: float = Field(description="In the utility unit; mean over the weighted draws.")


class RegretPart(Piece):
    """Regret."""

    regrets: list[RegretView]


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> Regrets:
    """The most that each decision gives up against a best reply, in every draw."""
    del earlier
    game, play = case.ensemble.play.models.truth.game, case.ensemble.play
    return {
        decision.name: certify(game, play.policies, free=frozenset({decision.name})).loss[
            decision.player
        ]
        for decision in game.diagram.decisions
    }


def compose(composing: Composing, regrets: Regrets) -> RegretPart:
    """Put regrets into the document's words."""
    weights = composing.ensemble.weights
    players = {decision.name: decision.player for decision in composing.ensemble.diagram.decisions}
    return RegretPart(
        regrets=[
            RegretView(
                decision=name,
                title=composing.wording.node(name),
                player=composing.wording.player(players[name]),
                regret=float(weights @ regret / weights.sum()),
            )
            for name, regret in regrets.items()
        ]
    )


def show(answers: Any, out: Console) -> None:
    """Print regrets, for a run."""
    for view in answers.regrets:
        out.print(f"Regret of {view.player} at {view.title}: {view.regret:.4f}")


@click.command("regret")
@solver_options
def command(case: str, draws: int, seed: int) -> None:
    """Say what each decision gives up against a best reply."""
    with studying(case, draws, seed) as study:
        worst = {name: float(regret.max()) for name, regret in ask(study, {}).items()}
    console().print(worst)


QUESTION = Question(
    name="regret",
    title="Regret",
    ask=ask,
    document=RegretPart,
    compose=compose,
    terminal=show,
    section=lambda: (
        "{% for one in answers.regrets %}<p>{{ one.title }} gives up {{ one.regret | two }}</p>{% endfor %}"
    ),
    commands=(command,),
)
