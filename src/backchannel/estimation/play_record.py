"""What was seen of plays, row by row, and its probability given everyone's rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import jax.numpy as jnp
import numpy as np
from jaxtyping import Int

from backchannel.language.names import NodeName
from backchannel.tensors.game import Game
from backchannel.tensors.interpreter import draws_last
from backchannel.tensors.logs import carry_out_logs, safe_log
from backchannel.tensors.plan import Plan


class PlayRecord:
    """What was seen, row by row, and its probability given everyone's rules.

    Tables are read at nodes whose values every row knows; the others are summed out.
    """

    def __init__(self, game: Game, evidence: Mapping[NodeName, np.ndarray]) -> None:
        import networkx as nx

        diagram = game.diagram
        self.known = {
            name: table.argmax(axis=1)
            for name, table in evidence.items()
            if ((table == 1).sum(axis=1) == 1).all() and ((table == 0) | (table == 1)).all()
        }
        self.evidence = {name: t for name, t in evidence.items() if name not in self.known}
        relevant = set(evidence).union(*(nx.ancestors(diagram.graph, name) for name in evidence))
        self.scopes = {
            name: (*diagram.parents(name), name) for name in diagram.order if name in relevant
        }
        self.plan = Plan({name: len(diagram.domains[name]) for name in diagram.order})
        tables = [
            self.plan.take(("table", name), [n for n in scope if n not in self.known], varying=True)
            for name, scope in self.scopes.items()
        ]
        tables += [self.plan.take(("seen", name), (name,), varying=True) for name in self.evidence]
        self.out = self.plan.eliminate(tables, ())

    def log(self, tables: Mapping[NodeName, Any], lot: Int[np.ndarray, " row"]) -> Any:
        """Log probability of what each row saw.

        Args:
            tables: Mechanisms and rules.
            lot: For each row of what was seen the row of the tables that it belongs to.
        """
        given = {}
        for (kind, name), table in cast("Any", self.plan.inputs).items():
            seen = self.evidence[name] if kind == "seen" else self._read(tables[name], name, lot)
            # On logarithms: the product over many rounds that were seen is too small a number.
            given[table] = safe_log(draws_last(jnp.asarray(seen)), jnp)
        made = carry_out_logs(self.plan, self.plan.steps, given, jnp)
        return jnp.broadcast_to(made[self.out], lot.shape)

    def _read(self, table: Any, name: NodeName, lot: np.ndarray) -> Any:
        scope = self.scopes[name]
        if len(table) == 1 and not self.known.keys() & set(scope):
            return table
        row = np.zeros_like(lot) if len(table) == 1 else lot
        at = [self.known.get(n, slice(None)) for n in scope]
        return jnp.asarray(table)[(row, *at)]
