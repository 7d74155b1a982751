"""Parts of a case that are far too large are refused in words, within seconds."""

from __future__ import annotations

import time

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CaseError

_HEAD = """case: Too large
utility_unit: share of the budget
as_of: 2030-02-01
players:
  west: {name: West, precision: 3}
"""


def _problems(text: str) -> tuple[list[str], float]:
    began = time.monotonic()
    with pytest.raises(CaseError) as caught:
        lower(*read_case_text(text))
    return [str(problem) for problem in caught.value.problems], time.monotonic() - began


def test_an_order_with_very_many_uncertain_steps_is_refused():
    """Each rank names all steps below it, so 3,000 ranks would be 4.5 million operations."""
    values = ", ".join(f"v{i}" for i in range(3_000))
    text = f"""{_HEAD}nodes:
  rain: {{player: west, domain: [{values}], at: 2030-02-01}}
interests:
  one: {{player: west, worth: {{of: rain, spacing: uncertain, ranks: [{values}]}}}}
"""
    problems, seconds = _problems(text)
    assert any("at most 100 ranks, not 3,000" in problem for problem in problems)
    assert seconds < 30


def test_a_good_with_very_many_routes_is_refused():
    """A thousand routes would take minutes to settle."""
    why = "why: {judgement: test}"
    routes = "\n".join(f"      r{i}: {{from: eu, to: rus, cost: 0.4, {why}}}" for i in range(1_000))
    text = f"""{_HEAD}trade:
  oil:
    unit: barrels
    demand: {{rus: {{size: 100, elasticity: 0.5, {why}}}}}
    supply: {{eu: {{}}}}
    routes:
{routes}
    sensitivity: 3
    {why}
nodes:
  ban: {{player: west, domain: ['yes', 'no'], at: 2030-02-01}}
interests:
  one: {{player: west, worth: "delivered('oil', 'rus') * (ban == 'yes')"}}
"""
    problems, seconds = _problems(text)
    assert problems == [problems[0]]
    assert "a good has at most 200 routes, not 1,000" in problems[0]
    assert seconds < 30
