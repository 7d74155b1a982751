"""A market as a function of its numbers, which expressions of a case call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from types import ModuleType

import numpy as np

from backchannel.trade.market import Array, Flows, Market, MarketNumbers, rerouted, stack
from backchannel.trade.settle import settle_market

TOGETHER = 50_000
"""Networks whose numbers are laid out at once."""


@dataclass(frozen=True)
class MarketFunction:
    """From costs, capacities, supplies, sizes, elasticities and θ, in this order, to the market's outcomes."""

    market: Market

    def outcome(self, function: str, subject: str) -> int:
        """Position of an outcome in what `settle` returns.

        Args:
            function: `flow`, `price`, `delivered` or `rerouted`.
            subject: The route or demander; not used for `rerouted`.
        """
        routes, demanders = len(self.market.route_names), len(self.market.demanders)
        match function:
            case "flow":
                return self.market.route_names.index(subject)
            case "price":
                return routes + self.market.demanders.index(subject)
            case "delivered":
                return routes + demanders + self.market.demanders.index(subject)
            case _:
                return routes + 2 * demanders

    def settle(self, arguments: Sequence[Array], xp: ModuleType) -> tuple[Array, ...]:
        """Settle the market wherever its numbers differ; each outcome has the joint shape of the numbers."""
        shape = np.broadcast_shapes(*(np.shape(part) for part in arguments))
        total = prod(shape)
        if xp is not np:
            flat = [xp.broadcast_to(xp.asarray(part), shape).reshape(-1) for part in arguments]
            return tuple(column.reshape(shape) for column in self._columns(flat, xp))
        wide = [np.broadcast_to(np.asarray(part, float), shape) for part in arguments]
        out = np.empty((len(self.market.routes) + 2 * len(self.market.demanders) + 1, total))
        for start in range(0, total, TOGETHER):
            some = slice(start, start + TOGETHER)
            out[:, some] = self._columns([part.flat[some] for part in wide], np)
        return tuple(out.reshape(-1, *shape))

    def _columns(self, flat: Sequence[Array], xp: ModuleType) -> list[Array]:
        numbers = self._numbers(flat, xp)
        settled: Flows = settle_market(self.market, numbers, xp)
        columns = [settled.flow[:, i] for i in range(settled.flow.shape[-1])]
        columns += [settled.price[:, i] for i in range(settled.price.shape[-1])]
        columns += [settled.delivered[:, i] for i in range(settled.delivered.shape[-1])]
        return [*columns, rerouted(self.market, settled.flow)]

    def _numbers(self, flat: Sequence[Array], xp: ModuleType) -> MarketNumbers:
        routes, demanders = len(self.market.routes), len(self.market.demanders)
        lengths = [routes, routes, len(self.market.limited), demanders, demanders]
        parts, start = [], 0
        for length in lengths:
            columns = flat[start : start + length]
            # A market without limited suppliers has no column for them.
            empty = xp.zeros((*flat[0].shape, 0), dtype=flat[0].dtype)
            parts.append(stack(columns, xp) if columns else empty)
            start += length
        return MarketNumbers(*parts, sensitivity=flat[start])
