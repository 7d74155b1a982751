"""The promises of a package, one after the other: how often each can be kept, and is kept where it can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.diagram.deals import Together
from backchannel.language.names import NodeName, PlayerName
from backchannel.questions.deals.draw_summary import mean_by_row, summarise
from backchannel.questions.deals.packages import Packages


@dataclass(frozen=True)
class PromiseOutcome:
    """One promise of a package, and whether it would be kept."""

    node: NodeName
    player: PlayerName
    value: str | int | float
    able: float
    """P(it can be kept at all | the earlier ones are, record). Promises that are kept at the same time are
    not earlier than each other."""
    chance: float
    """P(it is kept | it can be, and the earlier ones are, record)."""
    low: float
    high: float
    best_reply: float
    """P(keeping it is a best reply | it can be kept, and the earlier ones are, record)."""
    together: Together | None = None
    """How it is kept at the same time as others of its step, if it is."""
    step_chance: float | None = None
    """P(all promises of its step are kept | the earlier ones are, record), if they are kept together."""


def promise_outcomes(
    solved: Packages, package: int, weights: Float[np.ndarray, " draw"]
) -> list[PromiseOutcome]:
    """For each promise that a package has: P(kept | it can be, and the earlier ones are).

    Args:
        solved: The packages of the deal.
        package: The position of the package among them.
        weights: Of the draws; 0 where a draw is not used.
    """
    outcomes: list[PromiseOutcome] = []
    terms = solved.packages[package].terms
    before, reached, last_joint = 1.0, 1.0, None
    for k, commitment in enumerate(solved.deal.commitments):
        if commitment.node not in terms:
            continue
        together = solved.deal.together.get(commitment.step)
        if together is None or commitment.step != last_joint:
            before = reached
        last_joint = commitment.step if together else None
        reached = float(mean_by_row(solved.through[package, k][None], weights)[0])
        kept_by_draw, able, best = (
            table[package, k] for table in (solved.kept, solved.able, solved.best)
        )
        with np.errstate(invalid="ignore", divide="ignore"):
            chance_by_draw = np.where(able > 0, kept_by_draw / able, np.nan)
        kept, can, is_best = mean_by_row(np.stack([kept_by_draw, able, best]), weights)
        over_draws = summarise(chance_by_draw, weights)
        outcomes.append(
            PromiseOutcome(
                node=commitment.node,
                player=commitment.player,
                value=terms[commitment.node],
                able=_over(can, before),
                chance=_over(kept, can),
                low=over_draws.low,
                high=over_draws.high,
                best_reply=_over(is_best, can),
                together=together,
                step_chance=_over(reached, before) if together else None,
            )
        )
    return outcomes


def _over(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
