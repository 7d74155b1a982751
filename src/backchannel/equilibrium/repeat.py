"""One loop, written once, that NumPy carries out at once and JAX traces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from jax import lax

State = TypeVar("State")


def repeat_while(
    goes_on: Callable[[State], Any], step: Callable[[State], State], state: State, xp: Any
) -> State:
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
