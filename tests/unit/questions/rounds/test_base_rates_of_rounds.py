"""Base rates of nodes that repeat: each round has its own, and shows inside, outside and pooled."""

from __future__ import annotations

import numpy as np
import pytest
from rich.console import Console

from backchannel import Study
from backchannel.answers.page.report import compose_report
from backchannel.questions.rounds.terminal import show_rounds
from backchannel.wording.percents import percent
from tests.helpers import CANAL

TEXT = (
    (CANAL.parent / "two_rounds.yaml")
    .read_text("utf-8")
    .replace(
        "sources: {}",
        "sources: {spring: {title: Spring, date: 2030-01-01}, autumn: {title: Autumn, date: 2030-02-01}}",
    )
)
RATES = """
base_rates:
  - {node: give@2, counts: {"yes": 1, "no": 9}, of: second weeks, why: {source: autumn}}
  - {node: give@1, counts: {"yes": 8, "no": 2}, of: first weeks, why: {source: spring}}
"""


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load(TEXT + RATES, draws=32)


def test_every_round_has_the_class_and_the_sources_of_its_own_base_rate(study):
    """The entries stand in another order than the rounds."""
    rates = {node: study.forecast(node).document().base_rate for node in ("give@1", "give@2")}
    assert {node: rate.sources for node, rate in rates.items()} == {
        "give@1": ["spring"],
        "give@2": ["autumn"],
    }
    assert rates["give@2"].of == "second weeks"


def test_a_base_rate_of_all_rounds_or_of_a_range_has_its_source_in_each():
    for name in ("give", "give@1..2"):
        text = TEXT + "".join(RATES.replace("give@2", name).splitlines(keepends=True)[:3])
        study = Study.load(text, draws=4)
        assert study.forecast("give@2").document().base_rate.sources == ["autumn"]


def test_rounds_hold_inside_and_outside_of_each_value(study):
    """They are those of the forecast of the round; a node that only moves along has no outside."""
    fans = {fan.node: fan for fan in study.rounds().document()}
    for number, point in enumerate(fans["give"].points, start=1):
        forecast = study.forecast(f"give@{number}")
        np.testing.assert_allclose(point.inside, forecast.inside.mean, atol=1e-9)
        np.testing.assert_allclose(point.outside, forecast.outside.mean, atol=1e-9)
    assert fans["trust"].points[1].outside is None
    trust = study.forecast("trust@2")
    expected = trust.inside.mean @ np.array(trust.domain)
    assert fans["trust"].points[1].expected_inside == pytest.approx(expected)
    assert fans["trust"].points[1].expected == pytest.approx(trust.mean @ np.array(trust.domain))


def test_a_run_prints_inside_outside_and_pooled_of_rounds(study, capsys):
    fans = study.rounds().document()
    show_rounds(fans, Console(width=120))
    printed = capsys.readouterr().out
    assert "With base rates" in printed
    forecast = study.forecast("give@2")
    row = next(line for line in printed.splitlines() if "round 2" in line and "yes" in line)
    sides = (forecast.inside, forecast.outside, forecast)
    assert row.split()[-3:] == [percent(side.probability("yes")) for side in sides]
    assert "(1 of 10: second weeks)" in " ".join(printed.split())


def test_the_page_shows_them_too(study):
    """Also of a case that asks no question of its own."""
    forecast = study.forecast("give@2")
    page = compose_report(study.answers())
    inside, outside = (
        percent(side.probability("yes")) for side in (forecast.inside, forecast.outside)
    )
    assert f"inside {inside}, outside {outside}" in page


def test_rounds_without_base_rates_say_nothing_of_them(capsys):
    fans = Study.load(TEXT, draws=4).rounds().document()
    show_rounds(fans, Console(width=120))
    assert "base rates" not in capsys.readouterr().out
    assert [fan.pooling for fan in fans] == ["", "", ""]
    assert all(point.inside is None for fan in fans for point in fan.points)
