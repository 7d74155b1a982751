"""Disagreement: what everyone can expect when there is no deal, or no longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from backchannel.equilibrium.deals.future import View
from backchannel.equilibrium.deals.plan import BrokenPlan
from backchannel.language.names import NodeName, PlayerName
from backchannel.tensors.evaluator import inputs
from backchannel.tensors.interpreter import carry_out, draws_first, draws_last


@dataclass(frozen=True)
class Disagreement:
    """A broken deal and no deal in numbers, as one view sees them; axis 0 is the draw."""

    at: Mapping[tuple[NodeName, PlayerName, int], Float[np.ndarray, "draw ..."]]
    """By promised decision, player and part, what it and all that follows are worth once the deal is
    broken, by what is known then; the parts add up."""
    start: Mapping[PlayerName, Float[np.ndarray, " draw"]]
    """Expected worth of what lies ahead without a deal, given the record."""


def disagreement(broken: BrokenPlan, view: View) -> Disagreement:
    """Work out what a broken deal is worth to everyone in one view, and what no deal is."""
    plan, game = broken.plan, view.game
    given: dict[int, np.ndarray] = {}
    for (kind, name), number in inputs(plan).items():
        if kind == "term":
            table, scope = game.terms[name].worth, view.future.terms[name][1]
        else:
            table = game.factors[name] if kind == "factor" else view.rules[name]
            scope = view.future.scope(name)
        given[number] = draws_last(view.future.axes_in_order(table, scope)[0])
    made = {
        number: draws_first(table) for number, table in carry_out(plan, plan.steps, given).items()
    }
    at = {
        (name, player, j): made[table]
        for name, tables_of in broken.at.items()
        for player, tables in tables_of.items()
        for j, table in enumerate(tables)
    }
    start = {}
    for player, tables in broken.start.items():
        total = np.zeros(game.n_draws)
        for table in tables:
            scope = plan.scopes[table]
            axes = [i + 1 for i, n in enumerate(view.future.interface) if n not in scope]
            about = view.posterior.sum(axis=tuple(axes), keepdims=True)
            lengths = dict(zip(scope, made[table].shape[1:], strict=True))
            shape = [lengths.get(n, 1) for n in view.future.interface]
            laid = made[table].reshape(len(made[table]), *shape)
            total = total + (about * laid).reshape(len(about), -1).sum(axis=1)
        start[player] = total
    return Disagreement(at, start)
