"""Narrow a solved case to some of its draws, so that further work on it takes less time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Int

from backchannel.diagram.diagram import Diagram
from backchannel.ensemble.ensemble import Ensemble


def some_draws(ensemble: Ensemble, draws: Int[np.ndarray, " some"]) -> Ensemble:
    """Narrow a solved case to some of its draws, in the order given.

    Tables that are shared stay shared: other code compares tables by identity to see what changed.
    """
    narrow = _Narrower(ensemble.n_draws, draws)
    return replace(
        ensemble,
        numbers=narrow(ensemble.numbers),
        play=narrow(ensemble.play),
        world=replace(
            ensemble.world, n_draws=len(draws), tables=narrow(dict(ensemble.world.tables))
        ),
        log_likelihood=ensemble.log_likelihood[draws],
        outside=narrow(ensemble.outside),
        soft=narrow(dict(ensemble.soft)),
        cache={},
        samples={},
    )


class _Narrower:
    """Takes some draws of every array whose first axis runs over all draws."""

    def __init__(self, n_draws: int, draws: np.ndarray) -> None:
        self.n_draws = n_draws
        self.draws = draws
        self.done: dict[int, tuple[Any, Any]] = {}

    def __call__(self, thing: Any) -> Any:
        if id(thing) not in self.done:
            # Keep the thing itself as well: otherwise Python could give its id to another object.
            self.done[id(thing)] = (thing, self._narrowed(thing))
        return self.done[id(thing)][1]

    def _narrowed(self, thing: Any) -> Any:
        if isinstance(thing, np.ndarray):
            # A table that is the same in every draw has length 1 along this axis.
            is_full = thing.ndim > 0 and len(thing) == self.n_draws and self.n_draws > 1
            return thing[self.draws] if is_full else thing
        if isinstance(thing, Mapping):
            return {key: self(value) for key, value in thing.items()}
        if isinstance(thing, tuple):
            return tuple(self(value) for value in thing)
        if is_dataclass(thing) and not isinstance(thing, Diagram | type):
            changed = {f.name: self(getattr(thing, f.name)) for f in fields(thing) if f.init}
            if isinstance(changed.get("n_draws"), int):
                changed["n_draws"] = len(self.draws)
            return replace(thing, **changed)
        return thing
