"""What reports say of nodes, by Bayes' rule on paper."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from backchannel import Study
from backchannel.ensemble.evidence import entries_before, evidence_of

CASE = """
case: A report
utility_unit: a point
as_of: 2030-03-01
players: {a: {name: A, precision: 2, why: {judgement: of the author}}}
nodes:
  signal: {chance: true, domain: [loud, soft, none], at: 2030-01-01, why: {judgement: of the author},
           probability: {loud: 0.5, soft: 0.3, none: 0.2}}
  act: {player: a, domain: [stay, leave], at: 2030-04-01, sees: []}
interests:
  gain: {player: a, worth: act == 'stay', why: {judgement: of the author}}
record:
  - {node: signal, value: loud, date: 2030-01-02, reliability: 0.8, source: one}
  - {node: signal, value: soft, date: 2030-02-02, reliability: 0.6, source: two}
sources:
  one: {title: One, date: 2030-01-02}
  two: {title: Two, date: 2030-02-02}
"""


@pytest.fixture(scope="module")
def lowered():
    return Study.load(CASE, draws=8).lowered


def test_a_wrong_report_names_every_other_value_alike(lowered):
    """0.8 for the right value, and 0.1 for each of two others; two reports multiply."""
    evidence = evidence_of(lowered.diagram, lowered.record[:1])
    np.testing.assert_allclose(np.exp(evidence["signal"]), [0.8, 0.1, 0.1])
    both = evidence_of(lowered.diagram, lowered.record)
    np.testing.assert_allclose(np.exp(both["signal"]), [0.8 * 0.2, 0.1 * 0.6, 0.1 * 0.2])


def test_the_forecast_is_bayes_rule():
    """Prior times both likelihoods, divided by their sum."""
    weighed = np.array([0.5, 0.3, 0.2]) * [0.16, 0.06, 0.02]
    found = Study.load(CASE, draws=8).forecast("signal")
    np.testing.assert_allclose(found.mean, weighed / weighed.sum(), atol=1e-12)


def test_only_what_came_before_a_day_is_kept(lowered):
    """The day itself does not count."""
    assert entries_before(lowered.record, None) == tuple(lowered.record)
    assert [e.value for e in entries_before(lowered.record, date(2030, 2, 2))] == ["loud"]
