"""Rivals before a reader: what the record says of each structure, what it forecasts, and what was left out."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from backchannel import Study
from backchannel.answers.page.report import compose_report
from backchannel.questions.rivals.document import RivalsView, RivalView, StructureForecast
from backchannel.questions.rivals.terminal import show_rivals
from tests.helpers import CANAL

TEXT = CANAL.read_text("utf-8")
RIVALS = """
rivals:
  cheap: {title: war were cheap, parameters: {war_cost: 0.1}}
  never: {title: nobody could ask for 30, remove: {demand: [30]}}
"""


@pytest.fixture(scope="module")
def view() -> RivalsView:
    """The case and a rival, with numbers of our own: Bayes factor e^-2.5 ≈ 1/12, error 0.2."""
    found = Study.load(TEXT + RIVALS, draws=16).rivals(written=True).document()
    own, rival = found.structures
    chances = [
        StructureForecast(value=v, label=v, probability=p, low=p, high=p)
        for v, p in (("talk", 0.4), ("wait", 0.6))
    ]
    changed = {
        "log_marginal": -3.456,
        "log_marginal_error": 0.123,
        "bayes_factor": 0.0821,
        "bayes_range": (0.055, 0.1225),
        "evidence": "positive evidence against it",
        "weight": 0.25,
    }
    own = own.model_copy(
        update={"log_marginal": -0.956, "log_marginal_error": 0.05, "weight": 0.75}
    )
    structures: list[RivalView] = [own, rival.model_copy(update=changed | {"values": chances})]
    return found.model_copy(update={"structures": structures, "not_tried": 12})


def _terminal(view: RivalsView, width: int = 120) -> list[str]:
    out = io.StringIO()
    show_rivals(view, Console(file=out, width=width, no_color=True))
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_the_terminal_shows_what_the_record_says_of_each_structure(view):
    lines = _terminal(view)
    assert "the case as it is written −0.96 ± 0.05 1 75%" in lines
    assert "war were cheap −3.46 ± 0.12 1/12 1/18 to 0.1 25% positive evidence against it" in lines


def test_the_terminal_ends_with_all_structures_and_with_what_is_left_out(view):
    lines = _terminal(view)
    assert any(line.startswith("all structures, weighted ") for line in lines)
    text = " ".join(lines)
    assert (
        "Left out: if nobody could ask for 30. record[1]: demand = 30 (2031-03-10) cannot" in text
    )
    assert "12 more rivals were not tried (--most)." in lines


def test_a_narrow_terminal_keeps_every_likelihood_with_its_error(view):
    """Numbers of a likelihood and its error stand on one line each."""
    lines = _terminal(view, width=72)
    assert any("−3.46 ± 0.12" in line for line in lines)


def test_the_page_shows_the_same(view):
    answers = Study.load(TEXT, draws=16).answers()
    page = " ".join(compose_report(answers.model_copy(update={"rivals": view})).split())
    assert '<td class="num">−3.46 ± 0.12</td>' in page
    assert '1/12 <span class="soft">1/18 to 0.1</span>' in page
    assert "positive evidence against it" in page
    assert "all structures, weighted" in page
    assert "12 more rivals were not tried (--most)." in page
