"""Show in a terminal what the record says about how the players reason."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from backchannel.questions.reasoning.document import PlayerTypesView


def show(answers: Any, out: Console) -> None:
    """Print the types that the record moved, for a run."""
    players: list[PlayerTypesView] = answers.reasoning
    sentences = [player.sentence for player in players if player.sentence]
    for sentence in sentences:
        out.print(sentence)
    if sentences:
        out.print()
