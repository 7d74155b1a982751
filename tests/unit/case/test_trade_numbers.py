"""Numbers of goods that are priors: their words, units, reasons, and their place in the file."""

from __future__ import annotations

import pytest

from backchannel.case.edit.priors import write_priors
from backchannel.case.lower.lower import lower
from backchannel.case.lower.origin import origin_of
from backchannel.case.lower.shifted import shifted
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CaseError
from backchannel.wording.words import Wording

FILE = """\
case: Pipes
utility_unit: all at stake
as_of: 2031-01-01
sources: {desk: {title: Desk notes, grade: B2}}
players:
  aria: {name: Aria, precision: 1, why: {judgement: desk}}
trade:
  sour_gas:
    unit: barrels a day
    demand:
      city:
        size: {between: [50, 150]}
        elasticity: {between: [0.2, 1]}
        about: the capital
        why: {judgement: how it pays}
    supply:
      well: {capacity: {between: [80, 200]}, why: {judgement: how it flows}}
    routes:
      north:
        from: well
        to: city
        cost: {uniform: [0, 1]}
        capacity: {between: [20, 60]}
        why: {source: desk, says: it is long}
      south: {from: well, to: city, cost: "2 * (act == 'shut')", why: {judgement: short}}
    sensitivity: {between: [2, 8]}
    why: {judgement: as elsewhere}
nodes:
  act: {player: aria, domain: [shut, open], at: 2031-02-01}
interests:
  gas: {player: aria, worth: "delivered('sour_gas', 'city') / 100"}
"""
EXPECTED = {
    "trade.sour_gas.north.cost": ("cost of north", "mark-up in logarithms", "it is long"),
    "trade.sour_gas.north.capacity": ("capacity of north", "barrels a day", "it is long"),
    "trade.sour_gas.well.capacity": ("capacity of well", "barrels a day", "how it flows"),
    "trade.sour_gas.city.size": ("demand of the capital", "barrels a day", "how it pays"),
    "trade.sour_gas.city.elasticity": (
        "elasticity of the demand of the capital",
        "percent per percent",
        "how it pays",
    ),
    "trade.sour_gas.sensitivity": (
        "how strongly the routes of sour gas answer to cost",
        "percent per percent",
        "as elsewhere",
    ),
}


def read(text=FILE):
    return lower(*read_case_text(text))


def test_each_number_of_a_good_is_named_in_words_with_its_own_unit_and_reasons():
    """Not as a word in a mechanism that rests on nothing."""
    lowered = read()
    wording = Wording(lowered)
    assert {name for name in lowered.priors if name.startswith("trade.")} == set(EXPECTED)
    for name, (label, unit, reason) in EXPECTED.items():
        kind, own_unit, _, reasons = origin_of(lowered, name)
        assert (kind, wording.parameter(name), own_unit) == ("parameter", label, unit)
        assert [entry.says or entry.judgement for entry in reasons] == [reason]


def test_a_slider_moves_the_prior_of_a_route_in_the_file():
    """It used to be refused as a word in a mechanism."""
    lowered = read()
    for name in EXPECTED:
        made = write_priors(FILE, lowered, {name: 1.0})
        assert not made.left_out
        again = read(made.text).priors
        moved = shifted(lowered, {name: 1.0}).priors[name]
        assert again[name].at(0.5) == pytest.approx(moved.at(0.5), rel=0.01)
        assert again[name].at(0.5) > lowered.priors[name].at(0.5)
        assert {key for key in again if again[key] != lowered.priors[key]} == {name}
        assert "set with a slider" in made.text


def test_a_cause_may_replace_a_number_of_a_good():
    """By its full name, as a slider names it; a misspelt one is told with the nearest."""
    cause = "causes: {dry: {title: the well had run dry, parameters: {%s: 10}}}\n"
    lowered = read(FILE + cause % "trade.sour_gas.well.capacity")
    assert lowered.causes["dry"].parameters == {"trade.sour_gas.well.capacity": 10.0}
    with pytest.raises(CaseError, match=r"Did you mean 'trade\.sour_gas\.well\.capacity'"):
        read(FILE + cause % "trade.sour_gas.wel.capacity")
