"""Repeated rounds against a recursion written by hand, and against games without rounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backchannel.equilibrium.certificate.certify import certify
from backchannel.study import Study
from tests.helpers import TOL
from tests.oracles import quarry

CASES = Path(__file__).parent.parent / "cases"
QUARRY = CASES / "quarry.yaml"
DRAWS = 16


@pytest.fixture(scope="module")
def study() -> Study:
    """The quarry, four rounds."""
    return Study.load(QUARRY, draws=DRAWS)


def _by_hand(study: Study, draw: int):
    numbers = {name: float(values[draw]) for name, values in study.ensemble.numbers.items()}
    rules = quarry.solve(
        4,
        rent=numbers["rent"],
        refill=numbers["refill"],
        p_slide=numbers["p_slide"],
        owner=numbers["owner.precision"],
        mason=numbers["mason.precision"],
        owner_discount=numbers["owner.discount"],
        mason_discount=numbers["mason.discount"],
    )
    return rules, quarry.stocks(rules, 70, numbers["refill"], numbers["p_slide"])


def test_every_rule_of_every_round_equals_backward_recursion(study):
    """Precision multiplies worths of the present, the future is discounted to it."""
    play = study.ensemble.play.policies
    for draw in range(DRAWS):
        rules, _ = _by_hand(study, draw)
        for t, rule in enumerate(rules, start=1):
            dig = play[f"dig@{t}"][draw]
            np.testing.assert_allclose(dig, rule["dig"], **TOL, err_msg=f"dig@{t}")
            # The owner also sees what was dug before, which tells it nothing more.
            fee = np.moveaxis(play[f"fee@{t}"][draw], _axis(study, t), 0)
            for seen in fee:
                np.testing.assert_allclose(seen, rule["fee"], **TOL, err_msg=f"fee@{t}")


def _axis(study: Study, t: int) -> int:
    return study.lowered.diagram.parents(f"fee@{t}").index(f"dig@{t - 1}")


def test_the_stock_of_every_round_equals_the_chain_by_hand(study):
    """A number off the grid is split so that its mean is kept; the start as well."""
    forecasts = [study.forecast(f"stock@{t}") for t in range(1, 5)]
    for draw in range(DRAWS):
        _, stocks = _by_hand(study, draw)
        for t, stock in enumerate(stocks):
            np.testing.assert_allclose(forecasts[t].per_draw[draw], stock, **TOL)


def test_discounts_of_1_are_plain_addition():
    """The same case without discounts and with discounts of 1 plays alike."""
    text = QUARRY.read_text()
    ones = text.replace("discount: {between: [0.6, 0.95]}", "discount: 1").replace(
        "discount: 0.8", "discount: 1"
    )
    none = ones.replace(", discount: 1", "")
    assert "discount" not in none
    one = Study.load(ones, draws=DRAWS).ensemble.play.policies
    other = Study.load(none, draws=DRAWS).ensemble.play.policies
    for name, rule in one.items():
        np.testing.assert_allclose(other[name], rule, **TOL, err_msg=name)


def test_two_rounds_equal_the_case_written_by_hand():
    """By hand, the second week has players of its own, who count from then."""
    rounds = Study.load(CASES / "two_rounds.yaml", draws=2).ensemble.play.policies
    hand = Study.load(CASES / "two_rounds_by_hand.yaml", draws=2).ensemble.play.policies
    first = 2  # trust@0 is 1, the last value of its grid
    np.testing.assert_allclose(rounds["ask@1"][:, first], hand["ask1"], **TOL)
    np.testing.assert_allclose(rounds["give@1"][:, first], hand["give1"], **TOL)
    # After one week trust is 0 or 1.
    np.testing.assert_allclose(rounds["ask@2"][:, 1:], hand["ask2"][:, 1:], **TOL)
    np.testing.assert_allclose(rounds["give@2"][:, 1:], hand["give2"][:, 1:], **TOL)


def test_the_certificate_looks_from_the_deciding_round_too(study):
    """Worked out by its own path, it finds nothing wrong; with unscaled decisions it would."""
    game = study.ensemble.play.models.truth.game
    rules = study.ensemble.play.policies
    free = frozenset(rules)
    assert certify(game, rules, free=free).residual.max() < 1e-9
    unscaled = replace(game, scale={name: np.ones(game.n_draws) for name in game.scale})
    assert certify(unscaled, rules, free=free).residual.max() > 1e-2
