"""The tables that packages are solved with: slices of the views' tables at what is promised.

The promised decisions have no axis while a deal is in force, so each table of a package is a slice
of the case's table, and packages that promise the same share their slices.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, TypeAlias

import jax.numpy as jnp
import numpy as np
from jaxtyping import Num

from backchannel.equilibrium.deals.disagreement import Disagreement
from backchannel.equilibrium.deals.future import Future, View
from backchannel.equilibrium.deals.program import DealProgram
from backchannel.language.names import NodeName
from backchannel.tensors.evaluator import TableKey, inputs
from backchannel.tensors.interpreter import draws_last
from backchannel.tensors.plan import Scope

SLICE_BYTES = 200_000_000
"""Slices of tables are kept up to this size in each thread, the longest unused dropped first."""
BY_DECISION = ("start", "menu", "conceivable", "precision")
"""Kinds of tables that the program takes for each decision, beside those that its plan takes."""
FOLDS = {"start": np.add, "menu": np.maximum, "conceivable": np.maximum}
"""For each kind of table over actions, how the actions that are not promised are joined in escrow."""

FullTable: TypeAlias = tuple[np.ndarray, Scope, NodeName | None]
"""A table with its full scope, and the promised decision that it is about."""


class PackageTables:
    """The tables of every view of some draws, sliced for one package after the other.

    Args:
        future: What lies ahead.
        views: The models of the case.
        program: What takes the tables.
        disagreement: By view, what a broken deal is worth.
    """

    def __init__(
        self,
        future: Future,
        views: Mapping[str, View],
        program: DealProgram,
        disagreement: Mapping[str, Disagreement],
    ) -> None:
        self.future = future
        self.views = views
        self.program = program
        self.disagreement = disagreement
        self.full = {name: self._full(name) for name in views}
        self.varies = {
            key: any(len(self.full[name][key][0]) > 1 for name in views)
            for key in next(iter(self.full.values()))
        }
        self._slices: OrderedDict[TableKey, Any] = OrderedDict()
        self._bytes = 0

    def of(self, name: str, promised: Mapping[NodeName, int]) -> dict[TableKey, Any]:
        """The tables of one view for a package.

        Args:
            name: The view.
            promised: For each promised decision the position of the promised action.

        Returns:
            What the program's plan takes of the case, and for each decision d `("start", d)` (its rule without
            a deal), `("menu", d)`, `("conceivable", d)` and `("precision", d)`. The draw is the last axis.
        """
        return {key: self._slice(name, key, promised) for key in self.full[name]}

    def _full(self, name: str) -> dict[TableKey, FullTable]:
        """Every table of a view."""
        view, future = self.views[name], self.future
        game = view.game
        tables: dict[TableKey, FullTable] = {}
        for key in inputs(self.program.plan.plan):
            kind = key[0]
            if kind in ("prior", "posterior"):
                tables[key] = (getattr(view, kind), future.interface, None)
            elif kind in ("factor", "belief"):
                table = (game.factors if kind == "factor" else game.beliefs)[key[1]]
                tables[key] = (table, future.scope(key[1]), None)
            elif kind == "term":
                tables[key] = (game.terms[key[1]].worth, future.terms[key[1]][1], None)
            elif kind == "broken":
                _, d, player, j = key
                table = self.program.broken.at[d][player][j]
                scope = self.program.broken.plan.scopes[table]
                tables[key] = (self.disagreement[name].at[d, player, j], scope, d)
        for decision in future.decisions:
            d = decision.name
            tables["start", d] = (view.rules[d], future.scope(d), d)
            tables["menu", d] = (game.menus[d] * 1.0, future.scope(d), d)
            tables["conceivable", d] = (game.conceivable[d] * 1.0, future.scope(d), d)
            tables["precision", d] = (game.precision_at(d), (), None)
        return {
            key: (*future.axes_in_order(table, scope), own)
            for key, (table, scope, own) in tables.items()
        }

    def _slice(self, name: str, key: TableKey, promised: Mapping[NodeName, int]) -> Any:
        table, scope, own = self.full[name][key]
        open_nodes = self.future.step_of(own) if own else ()
        fixed = [(n, promised[n]) for n in scope if n in promised and n not in open_nodes]
        agrees = promised[own] if own and key[0] in FOLDS and self._is_agreement(own) else None
        cached = (name, *key, *fixed, agrees)
        if cached in self._slices:
            self._slices.move_to_end(cached)
            return self._slices[cached]
        at = dict(fixed)
        index = (slice(None), *(at.get(n, slice(None)) for n in scope))
        n_draws = next(iter(self.views.values())).game.n_draws
        rows = n_draws if self.varies[key] else 1
        cut = table[index]
        if agrees is not None:
            cut = to_agreement(cut, agrees, FOLDS[key[0]])
        made = jnp.asarray(draws_last(np.broadcast_to(cut, (rows, *cut.shape[1:]))))
        self._slices[cached] = made
        self._bytes += made.nbytes
        while self._bytes > SLICE_BYTES and len(self._slices) > 1:
            _, dropped = self._slices.popitem(last=False)
            self._bytes -= dropped.nbytes
        return made

    def _is_agreement(self, decision: NodeName) -> bool:
        return self.future.is_in_escrow(decision)


def to_agreement(
    table: Num[np.ndarray, "*axes action"], promised: int, join: np.ufunc
) -> Num[np.ndarray, "*axes action"]:
    """Turn a table over the actions of a decision into one over agreeing to an escrow or not.

    All actions that are not promised become one, at the position of the first of them: a player who does not agree
    has not acted yet, so they do not differ.

    >>> to_agreement(np.array([[0.25, 0.5, 0.25]]), 1, np.add).tolist()
    [[0.5, 0.5, 0.0]]
    """
    others = [i for i in range(table.shape[-1]) if i != promised]
    if not others:
        return table
    agreement = np.zeros_like(table)
    agreement[..., promised] = table[..., promised]
    agreement[..., others[0]] = join.reduce(table[..., others], axis=-1)
    return agreement
