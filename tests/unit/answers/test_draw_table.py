"""The draws as a table and as an xarray dataset: what other programs get is what was solved."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from backchannel import CommandError, Study
from backchannel.answers.draw_table import DrawTable
from backchannel.cli import main
from backchannel.files.table_file import table_mark
from tests.helpers import CANAL


@pytest.fixture(scope="module")
def table(canal: Study) -> DrawTable:
    return canal.draw_table()


def test_the_weighted_mean_of_a_column_is_the_forecast(canal, table):
    """A reader who adds up the file gets the numbers of the run."""
    frame = table.to_frame()
    assert len(frame) == canal.ensemble.n_draws
    assert frame["weight"].sum() == pytest.approx(1)
    for node in canal.lowered.ahead:
        view = canal.forecast(node)
        for value in view.domain:
            mean = np.average(frame[f"P({node}={value})"], weights=frame["weight"])
            assert mean == pytest.approx(view.probability(value), abs=1e-12)


def test_every_number_of_the_case_has_a_column(canal, table):
    """Fixed ones too: whoever has the file needs nothing else."""
    frame = table.to_frame()
    for name in canal.lowered.priors:
        assert np.array_equal(frame[name], canal.ensemble.numbers[name])


def test_a_dataset_names_its_units_and_values(canal, table):
    """Other tools label their axes with these."""
    data = table.to_xarray()
    node = canal.lowered.ahead[0]
    assert data[node].dims == ("draw", f"{node}_value")
    assert list(data[f"{node}_value"].values) == [str(v) for v in canal.forecast(node).domain]
    assert data[node].attrs["role"] == "forecast"
    assert data[node].attrs["units"] == "probability"
    named = next(iter(canal.case.parameters))
    assert data[named].attrs["units"] == canal.case.parameters[named].unit
    assert data[node].sum(f"{node}_value").values == pytest.approx(1)
    mean = data[node].weighted(data["weight"].fillna(0)).mean("draw")
    assert mean.values == pytest.approx(canal.forecast(node).mean)


def test_run_writes_the_draws_with_their_words(tmp_path):
    """Parquet keeps titles and units; the file may be replaced by the next run."""
    file = tmp_path / "draws.parquet"
    command = ["run", "sanctions-threat", "--draws", "64", "--draws-out", str(file)]
    for _ in range(2):
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.output
    frame = pd.read_parquet(file)
    assert len(frame) == 64
    notes = frame.attrs
    assert notes["columns"]["pain"]["unit"] == "worth of the policy"
    assert json.dumps(notes)


def test_another_ending_is_refused_before_anything_is_solved(tmp_path):
    """With the endings that exist."""
    with pytest.raises(CommandError, match=r"\.csv, \.parquet"):
        table_mark("draws.xlsx")
    done = CliRunner().invoke(
        main, ["run", "sanctions-threat", "--draws-out", str(tmp_path / "x.txt")]
    )
    assert done.exit_code == 2
    assert "must end in" in done.output


def test_the_document_says_what_each_column_is(canal, table):
    """In the words of the case, with the forecasts of the run."""
    document = table.document()
    assert document.draws == canal.ensemble.n_draws
    assert [column.column for column in document.columns] == list(table.to_frame().columns[3:])
    columns = {column.column: column for column in document.columns}
    for node in canal.lowered.ahead:
        view = canal.forecast(node)
        for i, value in enumerate(view.domain):
            described = columns[f"P({node}={value})"]
            assert described.role == "forecast"
            assert described.mean == pytest.approx(view.mean[i])
            assert described.low == pytest.approx(view.low[i])
            assert described.high == pytest.approx(view.high[i])
    assert columns["war_cost"].title == "war cost"
    assert columns["aria.precision"].title == "Aria's precision"
    assert columns["war_cost"].unit == canal.case.parameters["war_cost"].unit


def test_a_notebook_shows_the_columns_and_not_every_draw(canal, table):
    """A million rows would end the browser."""
    shown = table._repr_html_()
    assert shown.count("<tr") == 1 + len(table.document().columns)
    assert "war_cost" in shown


def test_a_number_may_be_called_like_a_column_of_the_table():
    """No column takes the place of another, in the table or in the dataset."""
    for name in ("weight", "converged", "draw", "parley_value"):
        named = Study.load(CANAL.read_text().replace("war_cost", name), draws=32)
        table = named.draw_table()
        column = name if name == "parley_value" else f"number {name}"
        assert np.array_equal(table.to_frame()[column], named.ensemble.numbers[name])
        assert table.to_frame()["weight"].sum() == pytest.approx(1)
        data = table.to_xarray()
        assert np.array_equal(data[column].values, named.ensemble.numbers[name])
        assert data["parley"].dims[0] == "draw"
        assert data["weight"].values.sum() == pytest.approx(1)


def test_arviz_takes_draws_that_were_chosen_by_weight(canal, table):
    """As the page on Python says."""
    arviz = pytest.importorskip("arviz")
    data = table.to_xarray()
    chosen = np.random.default_rng(0).choice(data["draw"], size=1024, p=data["weight"])
    data = data.sel(draw=chosen).assign_coords(draw=np.arange(1024)).expand_dims("chain")
    node = canal.lowered.ahead[0]
    summary = arviz.summary(data[[node]], kind="stats")["mean"]
    assert summary.to_numpy() == pytest.approx(canal.forecast(node).mean, abs=0.02)
