"""The library, end to end."""

from __future__ import annotations

import inspect
import subprocess
import sys

import numpy as np
import pytest

import backchannel
from backchannel import Study
from backchannel.asking import Asking
from backchannel.case.read.document import read_document
from backchannel.estimating import Estimating
from backchannel.language.errors import CommandError
from backchannel.publishing import Publishing
from tests.helpers import CANAL


def test_a_case_is_loaded_from_a_path_a_text_a_mapping_or_a_case():
    """Generous at the door."""
    mapping = read_document(CANAL).data
    case = Study.load(CANAL).case
    for given in (str(CANAL), CANAL.read_text(), mapping, case):
        assert Study.load(given).case == case


def test_results_are_tables_for_pandas_and_notebooks(canal):
    """One row a value; one row a claim."""
    forecast = canal.forecast("parley")
    assert list(forecast.to_frame().columns) == [
        "node", "value", "probability", "low", "high", "at least", "at most",
    ]  # fmt: skip
    assert forecast.to_frame()["probability"].sum() == pytest.approx(1)
    compared = canal.what_if("greed", outcome="reply")
    assert compared.to_frame()["difference"].sum() == pytest.approx(0, abs=1e-12)
    claims = canal.claims()
    assert list(claims.to_frame()["claim"]) == ["claim_1"]
    for shown in (forecast, compared, claims):
        assert "<table" in shown._repr_html_()


def test_every_result_of_a_study_is_a_table_a_document_and_a_display():
    """By the types that its methods promise; what is no answer is listed. `Answers` is the document itself."""
    no_answers = {
        "Explainer",
        "GameTree",
        "ReportWidget",
        "ShardedDraws",
        "Study",
        "Path",
        "int",
        "Any",
    }
    promised = {
        str(inspect.signature(method).return_annotation)
        for kind in (Study, Publishing, Estimating, Asking)
        for name, method in vars(kind).items()
        if not name.startswith("_") and inspect.isfunction(method)
    }
    assert {"Fit", "Brief", "Audit", "Answers", "Forecast"} <= promised
    for name in sorted(promised - no_answers):
        result = getattr(backchannel, name)
        for offered in ("to_frame", "document", "_repr_html_"):
            has_it = hasattr(result, offered) or offered in getattr(result, "model_fields", ())
            assert has_it, f"{name} has no {offered}"


def test_a_what_if_takes_a_name_a_mapping_or_keys(canal):
    """Three ways to say the same."""
    ways = [
        canal.what_if("greed", outcome="reply"),
        canal.what_if({"do": {"demand": 10}}, outcome="reply"),
        canal.what_if(do={"demand": 10}, outcome="reply"),
    ]
    for way in ways:
        np.testing.assert_array_equal(way.after.per_draw, ways[0].after.per_draw)


def test_an_unknown_name_is_met_with_the_nearest(canal):
    """In the user's words."""
    with pytest.raises(CommandError, match="Did you mean 'parley'"):
        canal.forecast("parly")
    with pytest.raises(CommandError, match=r"no node is called 'demnd'\. Did you mean 'demand'"):
        canal.what_if(do={"demnd": 10}, outcome="reply")
    with pytest.raises(CommandError, match="Extra inputs"):
        canal.what_if(doo={"demand": 10}, outcome="reply")


def test_more_is_drawn_when_the_record_leaves_too_few_draws():
    """A sharp and surprising record; the run says that it drew more."""
    text = CANAL.read_text().replace("prior: {beta: [2, 8]}", "prior: {uniform: [0, 400]}")
    text = text.replace(
        "value: fight, date: 2031-04-01, source: gazette, reliability: 0.95",
        "value: pay, date: 2031-04-01, source: gazette",
    )
    text = text.replace("why: {reply: fight}", "why: {reply: pay}")
    text = text.replace("war_cost * (reply == 'fight')", "(400 - war_cost) * (reply == 'pay')")
    study = Study.load(text, draws=128)
    assert study.ensemble.n_draws == 1024
    assert "draws were taken instead of 128" in study.answers().certificate.line


@pytest.mark.slow
def test_importing_and_solving_leave_the_callers_jax_as_it_was():
    """32-bit stays 32-bit; and reading a case does not even import jax."""
    script = (
        "import sys\n"
        "from backchannel.case.read.case_file import read_case\n"
        "from backchannel.case.lower.lower import lower\n"
        f"from pathlib import Path\nlower(*read_case(Path({str(CANAL)!r})))\n"
        "assert 'jax' not in sys.modules and 'pandas' not in sys.modules\n"
        "import jax, jax.numpy as jnp\n"
        "from backchannel import Study\n"
        f"Study.load({str(CANAL)!r}, draws=16).forecast('parley')\n"
        "assert jnp.ones(1).dtype == jnp.float32, jnp.ones(1).dtype\n"
        "assert jax.config.jax_compilation_cache_dir is None\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_left_out_draws_bound_the_forecast(canal):
    """Counted as 0 and as 1, they say how wrong leaving them out can be."""
    from dataclasses import replace

    forecast = replace(canal.forecast("parley"), left_out=0.25)
    low, high = forecast.bounds
    np.testing.assert_allclose(low, 0.75 * forecast.mean)
    np.testing.assert_allclose(high, 0.75 * forecast.mean + 0.25)
