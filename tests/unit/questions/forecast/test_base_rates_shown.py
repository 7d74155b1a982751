"""What a reader sees of a base rate: its counts among the sources, three columns, and why they differ."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from backchannel import Study
from backchannel.cli import main
from backchannel.wording.percents import percent
from tests.helpers import CANAL

NODE = "resolve"
DRAWS = 32
OUTSIDE = {"high": 2.5 / 11, "low": 8.5 / 11}
"""The mean of the Dirichlet distribution of 2 and 8 with Jeffreys' prior, by hand."""


def rated(low: float, high: float) -> str:
    """The canal with one base rate."""
    counts = f"counts: {{high: {high}, low: {low}}}"
    rate = f"  - {{node: {NODE}, {counts}, of: earlier canals, weight: 0.2, why: {{source: gazette}}}}\n"
    return CANAL.read_text("utf-8") + "\nbase_rates:\n" + rate


@pytest.fixture(scope="module")
def alone() -> dict[str, float]:
    """The forecast of the case without a base rate."""
    forecast = Study.load(CANAL.read_text("utf-8"), draws=DRAWS).forecast(NODE)
    return dict(zip(forecast.domain, forecast.mean, strict=True))


def test_the_sources_of_a_case_list_the_counts_of_a_base_rate():
    """With what the counts rest on, as for every number."""
    audited = {entry.number: entry for entry in Study.load(rated(8, 2), draws=2).sources().numbers}
    entry = audited[f"base_rates.{NODE}"]
    assert entry.label.endswith(": earlier canals")
    assert entry.prior == {"high": 2, "low": 8}
    assert [basis.source for basis in entry.rests_on] == ["gazette"]


def test_a_forecast_shows_inside_outside_and_pooled_in_the_terminal(alone, tmp_path):
    """The case alone is the case without the base rate."""
    file = tmp_path / "canal.yaml"
    file.write_text(rated(8, 2), "utf-8")
    done = CliRunner().invoke(main, ["forecast", str(file), NODE, "--draws", str(DRAWS)])
    assert done.exit_code == 0, done.output
    printed = done.output
    assert all(column in printed for column in ("inside", "outside", "pooled"))
    shown = percent(alone["low"]), percent(OUTSIDE["low"])
    (row,) = [line for line in printed.splitlines() if all(number in line for number in shown)]
    pooled = Study.load(rated(8, 2), draws=DRAWS).forecast(NODE)
    assert percent(dict(zip(pooled.domain, pooled.mean, strict=True))["low"]) in row


def test_a_sentence_says_why_case_and_base_rate_differ(alone):
    """With the numbers of both and of the pool, for the value on which they differ most."""
    view = Study.load(rated(8, 2), draws=DRAWS).forecast(NODE)
    told = view.document().pooling
    pooled = dict(zip(view.domain, view.mean, strict=True))
    value = max(alone, key=lambda name: abs(alone[name] - OUTSIDE[name]))
    assert f"the case alone gives {percent(alone[value])}" in told
    assert f"the base rate {percent(OUTSIDE[value])}" in told
    assert f"With weight 0.2 on the case, the two together give {percent(pooled[value])}." in told


def test_a_sentence_says_that_case_and_base_rate_agree(alone):
    """Where the counts are what the case says anyway."""
    counts = [round(1000 * alone[value]) for value in ("low", "high")]
    told = Study.load(rated(*counts), draws=DRAWS).forecast(NODE).document().pooling
    assert "agree within" in told
    assert "earlier canals" in told
