"""What a comparison of views says, and the weight that a ledger supports, for terminal and workbench."""

from __future__ import annotations

import math

from backchannel.ledger.views import FEWEST_LEARNT, LearntWeight, ViewComparison
from backchannel.wording.nouns import and_list
from backchannel.wording.prose import sentence_case


def comparison_title(compared: ViewComparison) -> str:
    """Which views are compared, on how many nodes."""
    counted = "1 node" if compared.nodes == 1 else f"{compared.nodes:,} nodes"
    views = [score.view for score in compared.scores]
    return f"{sentence_case(and_list(views))} compared: {counted}"


def difference_sentences(compared: ViewComparison) -> list[str]:
    """By how much one view was better than another, for each pair."""
    sentences = []
    for gap in compared.differences:
        text = f"{gap.better} is better than {gap.than} by {bits_text(-gap.log)} bits a node"
        if not math.isnan(gap.interval[0]):
            low, high = -gap.interval[1], -gap.interval[0]
            text += f" (90% of resampled nodes: {low:.3f} to {high:.3f})"
        sentences.append(f"{text}.")
    return sentences


def weight_text(learnt: LearntWeight) -> str:
    """Say which weight of the case the ledger supports."""
    if learnt.best is None:
        return (
            f"Weight of the case against base rates: resolved nodes with a base rate: {learnt.nodes:,}, fewer than "
            f"{FEWEST_LEARNT}, so nothing is learned: a case without a weight of its own uses 0.5."
        )
    return (
        f"Weight of the case against base rates: {learnt.weight:.2f}. On {learnt.nodes:,} resolved nodes the best "
        f"log score has weight {learnt.best:.2f}; it is pulled towards 0.5 as few nodes are resolved. To use it for "
        f"all base rates of a case that give no `weight`, write this line into the case:\n"
        f"base_rate_weight: {learnt.weight:.2f}"
    )


def bits_text(number: float) -> str:
    """A score in bits."""
    return "infinite" if math.isinf(number) else f"{number:.3f}"
