"""Sentences keep the rules of grammar at the ends of every scale: 0%, under 1%, over 99%, ties, one and many."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from backchannel.questions.forecast.document import NodeForecast, ValueForecast
from backchannel.questions.forecast.sentences import forecast_sentences
from backchannel.questions.what_if.document import OutcomeChange, ValueChange, WhatIf
from backchannel.questions.what_if.sentences import what_if_sentences
from backchannel.questions.why.document import CausePart, Reading, Through
from backchannel.questions.why.sentences import decomposition_sentence, why_sentences
from backchannel.wording.left_out import counted
from backchannel.wording.percents import estimative_word
from tests.grammar import faults

ENDS = (0.0, 0.002, 0.01, 0.3, 0.5, 0.52, 0.9, 0.998, 1.0)
CHANGES = (-1.0, -0.4, -0.01, -0.001, 0.0, 0.001, 0.012, 0.3, 1.0)


def _check(sentences: list[str]) -> None:
    wrong = [(found, text) for text in sentences if (found := faults(text, is_sentence=True))]
    assert not wrong, wrong


def _reading(mean: float, independent: float, wide: bool) -> Reading:
    low, high = (max(mean - 0.2, -1), min(mean + 0.2, 1)) if wide else (mean, mean)
    return Reading(
        mean=mean, low=low, high=high, error=0.01, independent=independent, independent_low=independent,
        independent_high=independent, bounds=(low, high) if wide else (mean, mean),
    )  # fmt: skip


def _cause(
    share: float, necessity: float, sufficiency: float, *, named: bool, wide: bool
) -> CausePart:
    return CausePart(
        cause="c", title="the envoy had stayed", happened="the envoy left" if named else "",
        share=_reading(share, -share, wide), necessity=_reading(necessity, 1 - necessity, wide),
        sufficiency=_reading(sufficiency, sufficiency, wide), bounds=(0.0, necessity) if wide else None,
    )  # fmt: skip


@pytest.mark.parametrize("total", ENDS)
def test_why_is_written_well_at_the_ends(total):
    """One cause or several, with one name or two, for and against, with bounds or none."""
    for share, named, wide in product(
        (-0.4, -0.001, 0.01, 0.2, 0.73, 0.8), (True, False), (True, False)
    ):
        causes = [
            _cause(share, total, 1 - total / 2, named=named, wide=wide),
            *(_cause(share / k - 0.1, 0.0, 0.0, named=named, wide=wide) for k in range(1, 9)),
        ]
        for several in (causes[:1], causes[:2], causes):
            _check(
                why_sentences(
                    "The reply: no", _reading(total, 1 - total, wide), several, 0.3 * wide
                )
            )
    parts = [Through(through=w, label=w or "direct effect", effect=_reading(x, x, True))
             for w, x in (("", 0.01), ("ann", -0.3), ("chance", total))]  # fmt: skip
    _check([decomposition_sentence("it rains", "The reply: no", _reading(total, 0.0, True), parts)])


def test_a_share_is_never_larger_than_the_whole_that_it_is_of():
    """80 of 73 points would be a riddle: another cause worked the other way."""
    causes = [_cause(share, 0.9, 1.0, named=True, wide=False) for share in (0.8, -0.07)]
    told = why_sentences("The reply: no", _reading(0.73, 0.73, False), causes, 0.0)
    assert told[1] == "What counts most is that the envoy left: a share of 80 points."
    assert told[3] == "This cause made it less likely: the envoy left (7 points)."


def test_one_point_is_one_point():
    """Singular and plural."""
    causes = [
        _cause(0.02, 0.9, 1.0, named=True, wide=False),
        _cause(-0.01, 0.0, 0.0, named=True, wide=False),
    ]
    told = why_sentences("The reply: no", _reading(0.0101, 0.2, False), causes, 0.0)
    assert "the causes together account for 20 points, not 1." in told[-1]


@pytest.mark.parametrize("before", ENDS)
def test_what_if_is_written_well_at_the_ends(before):
    """Every direction, with and without another extreme, in every view."""
    for change, wide, past in product(CHANGES, (0.0, 0.2), (True, False)):
        after = min(max(before + change, 0.0), 1.0)
        value = ValueChange(
            value="no", label="no", before=before, after=after, difference=after - before,
            low=max(after - before - wide, -1), high=min(after - before + wide, 1),
            after_independent=1 - after if past else None, bounds=(-wide, wide),
        )  # fmt: skip
        told = WhatIf(
            name="x", title="they meet", who_knows="everyone learns of the change when it happens",
            record="both numbers use the whole record", record_before=None, left_out=0.0, is_counterfactual=past,
            outcomes=[OutcomeChange(node="n", title="The reply", values=[value])],
            before_label="as it is" if wide else "as it looked on 13 June 2025",
        )  # fmt: skip
        _check(what_if_sentences([("n", "no")], told))


@pytest.mark.parametrize(
    "chances",
    [
        (1.0,), (0.0, 1.0), (0.5, 0.5), (0.002, 0.998), (1 / 3, 1 / 3, 1 / 3), (0.42, 0.38, 0.2), (0.42, 0.42, 0.16),
        (0.6, 0.4), tuple([0.1] * 10), (0.496, 0.504), tuple([0.02] * 50),
    ],
)  # fmt: skip
@pytest.mark.parametrize("last", ["value", "n/a"])
@pytest.mark.parametrize("wide", [0.0, 0.1])
def test_forecasts_are_written_well_at_the_ends(chances, last, wide):
    """Certain, tied, spread over many values, or most likely of nothing at all."""
    names = [f"v{i}" for i in range(len(chances))]
    if last == "n/a":
        names[-1] = "n/a"
    values = [
        ValueForecast(
            value=name, label="does not arise" if name == "n/a" else f"option {i}", probability=p, prior=p,
            low=max(p - wide, 0), high=min(p + wide, 1), bounds=(max(p - wide, 0), min(p + wide, 1)),
            word=estimative_word(p), quantiles=[], histogram=[],
        )
        for i, (name, p) in enumerate(zip(names, chances, strict=True))
    ]  # fmt: skip
    forecast = NodeForecast(
        node="n",
        title="The reply",
        date=None,
        observed=False,
        resolves="by treaty",
        values=values,
        assumptions=[],
    )
    told = forecast_sentences(forecast, date(2030, 1, 31))
    _check(told)
    assert not any("likely" in text and "unlikely" in text for text in told)


def test_one_draw_is_one_draw():
    """Not 1 draws."""
    assert [counted(n, n) for n in (1, 2)] == ["one draw", "2 draws (effective sample size 2)"]
