"""Menus: which actions a decision has in each context."""

from __future__ import annotations

from typing import Any

import numpy as np


def narrowed_menu(menu: np.ndarray, available: Any) -> np.ndarray:
    """A menu without the actions that are not available.

    Where no action would be left, the menu stays as it is: a player always does something.

    Args:
        menu: Whether each action is on the menu; the last axis has the actions.
        available: The same of what is available; it broadcasts against the menu.
    """
    narrowed = menu * np.asarray(available)
    return np.where(narrowed.any(axis=-1, keepdims=True), narrowed, menu)
