"""A number of a player is an assumption as any other: `check` says where it has no reason."""

from __future__ import annotations

import pytest

from backchannel import Study

CASE = """
case: A dispute
question: Will it end?
utility_unit: worth of an end
as_of: 2030-01-01
players:
  home: {{name: the home side, {player}}}
nodes:
  end:
    {{title: The end, chance: true, domain: [early, late], probability: {{early: likely, late: rest}}, at: 2030-03}}
  move: {{title: The move, player: home, domain: [a, b], sees: [end], at: 2030-04-01}}
interests:
  home: {{player: home, worth: "(move == 'a') * (end == 'early')"}}
"""
NO_REASON = "players.home: it has no `why`. Cite a source, or say whose judgement it is."


@pytest.mark.parametrize(
    ("player", "is_told"),
    [
        ("precision: {between: [4, 16]}", True),
        ("precision: 5", True),
        ("precision: 5, why: {judgement: mine}", False),
        ("about: the one at home", False),
    ],
)
def test_a_player_whose_numbers_have_no_reason_is_named(player: str, is_told: bool):
    """A player without any number has the precision of Backchannel, which another warning names."""
    warnings = [str(warning) for warning in Study.load(CASE.format(player=player)).warnings]
    assert any(NO_REASON in warning for warning in warnings) == is_told
