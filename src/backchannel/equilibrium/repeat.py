"""One loop, written once, that NumPy carries out at once and JAX traces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from jax import lax

LoopState = TypeVar("LoopState")


def repeat_while(
    goes_on: Callable[[LoopState], Any],
    step: Callable[[LoopState], LoopState],
    state: LoopState,
    xp: Any,
) -> LoopState:
    """Take steps while the state asks for them.

    Args:
        goes_on: Whether another step is taken.
        step: Gives the next state; in compiled code, of the same form.
        state: The state to start from.
        xp: `numpy` or `jax.numpy`.
    """
    if xp is not np:
        return lax.while_loop(goes_on, step, state)
    while goes_on(state):
        state = step(state)
    return state
