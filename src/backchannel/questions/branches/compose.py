"""Put a branch, or the equilibria of a case, into the document's words."""

from __future__ import annotations

import numpy as np

from backchannel.equilibrium.types import Method
from backchannel.language.names import NodeName
from backchannel.questions.branches.document import (
    BranchLine,
    BranchView,
    EquilibriaView,
    EquilibriumView,
)
from backchannel.questions.branches.results import Branch, Equilibria
from backchannel.wording.nouns import several
from backchannel.wording.words import Wording, and_list

CROSSED = (
    "The game has an exact symmetry: other branches cross this one; the symmetric one is shown."
)


def view_branch(branch: Branch, wording: Wording, nodes: tuple[NodeName, ...] = ()) -> BranchView:
    """Put a branch into words and numbers.

    Args:
        branch: The branch.
        wording: The case's words.
        nodes: Decisions to show; default: all.
    """
    lines = [
        BranchLine(
            decision=name,
            title=wording.node(name),
            context=dict(context),
            where=", ".join(wording.value(node, value) for node, value in dict(context).items()),
            action=action,
            label=wording.value(name, action),
            values=np.round(values, 9).tolist(),
        )
        for name, context, action, values in branch.series()
        if (not nodes or name in nodes) and not _is_constant_zero(values)
    ]
    folds = len(branch.folds)
    fold_text = {0: "it has no fold", 1: "it has one fold"}.get(folds, f"it has {folds} folds")
    caption = (
        f"The principal branch of draw {branch.draw}: how play changes as every player's precision "
        f"rises from 0 to {branch.t[-1]:.3g} times its own value; {fold_text}. Other draws have other payoffs "
        "and precisions."
    )
    if branch.kept:
        who = and_list([wording.player(player) for player in sorted(branch.kept)])
        caption += (
            f" What {who} would do stays the same: it is planned at a level, or in a belief model."
        )
    if branch.crossed:
        caption += f" {CROSSED}"
    if branch.stand_in:
        who = ", ".join(sorted(branch.stand_in))
        caption += f" The infinite precision of {who} is replaced by {_largest(branch):.4g}."
    return BranchView(
        caption=caption,
        draw=branch.draw,
        t=branch.t.tolist(),
        precision={player: values.tolist() for player, values in branch.precision.items()},
        folds=list(branch.folds),
        crossed=branch.crossed,
        status=branch.status.name.lower(),
        lines=lines,
    )


def view_equilibria(equilibria: Equilibria, wording: Wording) -> EquilibriaView:
    """Put the equilibria of a case into words and numbers."""
    counts = equilibria.counts
    n, with_more = len(equilibria.draws), equilibria.several
    methods = [int(equilibria.principal.method[draw]) for draw in equilibria.draws.tolist()]
    followed = {Method(m).name.lower(): methods.count(m) for m in sorted(set(methods))}
    folds = int((equilibria.principal.folds[equilibria.draws] > 0).sum())
    if equilibria.searched:
        how = (
            "sweeps, Newton's method and the branches through what they found"
            if equilibria.search.by_newton
            else "sweeps alone"
        )
        caption = (
            f"Logit equilibria of {several(n, 'draw')}, by {how} from {several(equilibria.starts, 'start')} each. "
            f"More than one was found in {with_more:,} of them. A search may miss some."
        )
    else:
        caption = f"The principal logit equilibrium of {several(n, 'draw')}. No search for others was made."
    if thinkers := equilibria.diagram.thinking.of_player:
        who = and_list([wording.player(player) for player in thinkers])
        one = len(thinkers) == 1
        caption += (
            f" Where {who} {'has' if one else 'have'} a level of reasoning, {'it keeps' if one else 'they keep'} the "
            "rules of that level."
        )
    crossed = int(equilibria.crossed.sum())
    if crossed:
        caption += f" In {several(crossed, 'draw')} other branches cross this one; the symmetric one is shown."
    return EquilibriaView(
        caption=caption,
        draws=n,
        several=with_more,
        counts={int(k): int((counts == k).sum()) for k in np.unique(counts)},
        methods=followed,
        folds=folds,
        crossed=crossed,
        starts=equilibria.starts if equilibria.searched else 0,
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
            for draw, plays in zip(equilibria.draws.tolist(), equilibria.search.plays, strict=True)
            for number, play in enumerate(plays, start=1)
        ],
    )


def _largest(branch: Branch) -> float:
    return max(float(branch.precision[player].max()) for player in branch.stand_in)


def _is_constant_zero(values: np.ndarray) -> bool:
    # The action is off the menu in this context.
    return bool((values == 0).all())
