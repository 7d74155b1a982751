"""Beliefs after a surprise, and records of probability zero."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel import Study
from backchannel.diagram.beliefs import Observation
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived, Interest
from backchannel.ensemble.ensemble import build_ensemble
from backchannel.language.errors import CaseError, RecordError
from backchannel.language.expressions import parse
from tests.helpers import CANAL, day


def _surprising(p: float):
    diagram = Diagram(
        players=("guesser",),
        nodes=(
            Chance("state", ("a", "b"), {"a": parse("p"), "b": parse("1 - p")}),
            Derived("sign", ("x", "y"), parse("'x' if state == 'a' else 'y'")),
            Decision("guess", ("a", "b"), "guesser", day(1), sees=("sign",)),
        ),
        interests=(Interest("hit", "guesser", parse("guess == state")),),
    )
    numbers = {"p": np.array([p]), "guesser.precision": np.array([4.0])}
    return build_ensemble(diagram, (), numbers)


def test_a_sign_that_cannot_come_is_read_by_the_limit_of_beliefs():
    """With p = 1 the sign y has probability 0; being derived, it still can only mean b."""
    rule = _surprising(1.0).play.policies["guess"][0]
    expected = np.exp(4) / (1 + np.exp(4))
    assert rule[0, 0] == pytest.approx(expected, abs=1e-9)
    assert rule[1, 1] == pytest.approx(expected, abs=1e-9)


def test_a_record_that_the_case_rules_out_names_the_entry():
    """The second entry is what cannot be."""
    ensemble = _surprising(1.0)
    record = [
        Observation("state", "a", day(0)),
        Observation("sign", "y", day(0)),
    ]
    with pytest.raises(RecordError, match=r"record\[2\]: sign = y .* cannot happen"):
        build_ensemble(ensemble.diagram, (), ensemble.numbers, record)


def test_a_record_that_contradicts_itself_is_an_error_in_the_file():
    """Two certain and different values of one node."""
    text = CANAL.read_text().replace(
        "record:\n", "record:\n  - {node: demand, value: 10, date: 2031-03-10, source: gazette}\n"
    )
    with pytest.raises(CaseError, match="cannot also be '30'"):
        Study.load(text)


def test_two_unsure_reports_that_differ_are_weighed():
    """A reliability below 1 makes a contradiction a matter of degree."""
    text = CANAL.read_text().replace(
        "record:\n",
        "record:\n  - {node: reply, value: pay, date: 2031-04-01, source: gazette, reliability: 0.6}\n",
    )
    study = Study.load(text, draws=64)
    assert 0 < study.forecast("reply").probability("pay") < 1
