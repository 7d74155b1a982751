"""Put a branch, or the equilibria of a case, into the document's words."""

from __future__ import annotations

import numpy as np

from backchannel.equilibrium.types import Method
from backchannel.language.names import NodeName
from backchannel.questions.branches.ask import Branch, Equilibria
from backchannel.questions.branches.document import (
    BranchLine,
    BranchView,
    EquilibriaView,
    EquilibriumView,
)
from backchannel.wording.words import Wording


def view_branch(branch: Branch, wording: Wording, nodes: tuple[NodeName, ...] = ()) -> BranchView:
    """Put a branch into words and plain numbers.

    Args:
        branch: The branch.
        wording: The case's words.
        nodes: Decisions to show; all, if left out.
    """
    lines = [
        BranchLine(
            decision=name,
            title=wording.node(name),
            context=dict(context),
            action=action,
            label=wording.value(name, action),
            values=np.round(values, 9).tolist(),
        )
        for name, context, action, values in branch.series()
        if (not nodes or name in nodes) and not _is_constant_zero(values)
    ]
    folds = len(branch.folds)
    turned = {0: "it does not fold", 1: "it folds once"}.get(folds, f"it folds {folds} times")
    caption = (
        f"The principal branch of draw {branch.draw}: how play changes as every player's precision "
        f"rises from 0 to {branch.t[-1]:.3g} times its own; {turned}. Other draws differ by their "
        "payoffs and precisions."
    )
    if branch.stand_in:
        who = ", ".join(sorted(branch.stand_in))
        caption += f" For the infinite precision of {who} stands {_largest(branch):.4g}."
    return BranchView(
        caption=caption,
        draw=branch.draw,
        t=branch.t.tolist(),
        precision={player: values.tolist() for player, values in branch.precision.items()},
        folds=list(branch.folds),
        status=branch.status.name.lower(),
        lines=lines,
    )


def view_equilibria(found: Equilibria) -> EquilibriaView:
    """Put what a search found into words and plain numbers."""
    counts = found.counts
    n, several = len(found.draws), found.several
    methods = [int(found.principal.method[draw]) for draw in found.draws.tolist()]
    followed = {Method(m).name.lower(): methods.count(m) for m in sorted(set(methods))}
    folds = int((found.principal.folds[found.draws] > 0).sum())
    if found.sought:
        how = "sweeps and Newton's method" if found.found.by_newton else "sweeps alone"
        caption = (
            f"Logit equilibria of {n:,} draws, by {how} from {found.starts} random starts each: "
            f"{several:,} of them have more than one. No search is sure to find all."
        )
    else:
        caption = f"The principal logit equilibrium of {n:,} draws. Others were not looked for."
    return EquilibriaView(
        caption=caption,
        draws=n,
        several=several,
        counts={int(k): int((counts == k).sum()) for k in np.unique(counts)},
        methods=followed,
        folds=folds,
        starts=found.starts if found.sought else 0,
        equilibria=[
            EquilibriumView(
                draw=draw,
                number=number,
                principal=number == 1,
                rules={
                    name: np.round(rule.reshape(-1, rule.shape[-1]), 9).tolist()
                    for name, rule in play.items()
                },
            )
            for draw, plays in zip(found.draws.tolist(), found.found.plays, strict=True)
            for number, play in enumerate(plays, start=1)
        ],
    )


def _largest(branch: Branch) -> float:
    return max(float(branch.precision[player].max()) for player in branch.stand_in)


def _is_constant_zero(values: np.ndarray) -> bool:
    # Off the menu in this context.
    return bool((values == 0).all())
