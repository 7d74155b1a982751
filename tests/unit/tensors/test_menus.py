"""Menus without actions that are not available."""

from __future__ import annotations

import numpy as np

from backchannel.tensors.menus import narrowed_menu


def test_what_is_not_available_leaves_the_menu_unless_nothing_would_be_left():
    """By hand: a context that keeps one action, and one that would lose all."""
    menu = np.array([[True, True, False], [True, False, False]])
    available = np.array([False, True, True])
    expected = [[False, True, False], [True, False, False]]
    np.testing.assert_array_equal(narrowed_menu(menu, available), expected)


def test_each_draw_may_have_its_own_available_actions():
    """What is available has draws, which the menu has not."""
    menu = np.ones((1, 2))
    available = np.array([[1.0, 0.0], [0.0, 0.0]])
    np.testing.assert_array_equal(narrowed_menu(menu, available), [[1, 0], [1, 1]])
