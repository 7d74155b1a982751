"""Tables of monthly flows: what is read, and what is wrong with one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from backchannel.estimation.trade.backtest import backtest, naive_forecasts
from backchannel.estimation.trade.estimate import estimate_flows
from backchannel.estimation.trade.flows import read_flows
from backchannel.estimation.trade.priors import log_priors_of
from backchannel.language.errors import CommandError
from tests.unit.estimation.trade.flow_tables import NAMES, flat, good, table_of


def test_every_problem_of_a_table_is_told_at_once(tmp_path):
    """A wrong month, a negative amount, an unknown partner and a row that stands twice."""
    file = tmp_path / "flows.csv"
    file.write_text(
        "month,partner,eur\n2020-01-01,Armenia,1\n2020-01-01,Armenia,2\nMay,Georgia,3\n"
        "2020-02-01,Georgia,-4\n2020-02-01,Kazakstan,5\n"
    )
    with pytest.raises(CommandError) as caught:
        read_flows("exports", good(), file)
    told = str(caught.value)
    for part in (
        "row 4: 'May' is not a month",
        "row 5: '-4' is not an amount above 0",
        "no row has the partner 'Kazakhstan'",
        "2020-01 and Armenia stand in two rows",
    ):
        assert part in told


def test_cells_that_say_nothing_or_too_much_are_told(tmp_path):
    """An empty month, a row without partner, an empty amount and one without end."""
    rows = flat(pd.date_range("2021-01-01", periods=18, freq="MS"))
    rows[0] = (None, *rows[0][1:])
    rows[1] = (rows[1][0], None, 5.0)
    rows[2] = (*rows[2][:2], None)
    rows[3] = (*rows[3][:2], "1e400")
    with pytest.raises(CommandError) as caught:
        read_flows("exports", good(), table_of(tmp_path, rows))
    told = str(caught.value).splitlines()
    assert told[1:] == [
        "row 2: an empty cell is not a month; write 2022-03-01.",
        "row 3: it has no partner.",
        "row 4: an empty cell is not an amount above 0.",
        "row 5: 'inf' is not an amount above 0.",
    ]


@pytest.mark.parametrize("known", [slice(0, 3), slice(15, 18)])
def test_a_partner_without_flows_before_the_sanctions_is_told(tmp_path, known):
    """One who stopped long before, and one who began afterwards: their usual trade cannot be judged."""
    months = pd.date_range("2020-12-01", periods=18, freq="MS")
    rows = flat(months, NAMES[:-1]) + flat(months[known], NAMES[-1:])
    file = table_of(tmp_path, rows)
    told = "'Uzbekistan' has no flow in the last 12 months before 2022-03-01"
    with pytest.raises(CommandError, match=told):
        read_flows("exports", good(), file)


@pytest.mark.slow
def test_a_window_in_which_a_partner_was_not_seen_yet_is_left_out(tmp_path):
    """Its trade begins after seventeen months: windows begin then, and a trend needs two of its months."""
    rng = np.random.default_rng(3)
    months = pd.date_range("2020-01-01", periods=20, freq="MS")
    rows = flat(months, NAMES[:-1]) + flat(months[17:], NAMES[-1:])
    rows = [(month, name, 5 * np.exp(0.1 * rng.standard_normal())) for month, name, _ in rows]
    sensitivity, elasticity = log_priors_of("exports", good())
    data = read_flows("exports", good(), pd.DataFrame(rows, columns=["month", "partner", "eur"]))
    windows = backtest(estimate_flows(data, sensitivity=sensitivity, elasticity=elasticity))
    assert [window.seen for window in windows] == [18, 19]
    assert all(np.isfinite(list(window.errors.values())).all() for window in windows)
    assert np.isnan(naive_forecasts(data.until(18), 2)["trend"][:, -1]).all()
    assert np.isnan(naive_forecasts(data.until(17), 2)["three months"][:, -1]).all()


def test_a_good_without_partners_cannot_be_fitted(tmp_path):
    """What it lacks is listed."""
    entry = good()
    routes = {n: r.model_copy(update={"partner": ""}) for n, r in entry.routes.items()}
    with pytest.raises(CommandError, match="needs a `partner`") as caught:
        read_flows("x", entry.model_copy(update={"routes": routes, "since": None}), tmp_path / "f")
    assert "it needs `since`" in str(caught.value)
