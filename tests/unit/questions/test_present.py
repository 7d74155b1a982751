"""Presenting: sentences, words and bars, from a document made by hand."""

from __future__ import annotations

import io
from datetime import date

from rich.console import Console

from backchannel.questions.forecast.document import NodeForecast, ValueForecast
from backchannel.questions.forecast.sentences import forecast_sentences
from backchannel.questions.forecast.terminal import show_forecasts
from backchannel.questions.what_if.document import OutcomeChange, ValueChange, WhatIf
from backchannel.questions.what_if.sentences import what_if_sentences
from backchannel.wording.percents import estimative_word, percent, points


def _value(value: str, mean: float, bounds=None) -> ValueForecast:
    return ValueForecast(
        value=value, label=value, probability=mean, low=mean / 2, high=(1 + mean) / 2,
        bounds=bounds or (mean, mean), word=estimative_word(mean), prior=0.5,
        quantiles=[], histogram=[],
    )  # fmt: skip


def _forecast(bounds=None) -> NodeForecast:
    return NodeForecast(
        node="n", title="The talks", date=date(2030, 2, 1), observed=False, resolves="by treaty",
        values=[_value("fail", 0.25), _value("succeed", 0.75, bounds)], assumptions=[],
    )  # fmt: skip


def test_a_forecast_is_told_likeliest_first_with_word_range_and_test():
    """What a reader quotes."""
    told = forecast_sentences(_forecast(), date(2030, 1, 1))
    assert told[0].startswith(
        "Given the record up to 1 January 2030, the most likely value of “The talks”"
    )
    assert "is “succeed”, with 75% (likely; 38–88% over draws)." in told[0]
    assert told[1] == "Other value: “fail” 25% (12–62%)."
    assert told[2] == "The outcome will be known by treaty."


def _what_if(difference: float) -> WhatIf:
    change = ValueChange(
        value="succeed", label="succeed", before=0.5, after=0.5 + difference,
        difference=difference, low=difference - 0.1, high=difference + 0.1,
    )  # fmt: skip
    return WhatIf(
        name="x", title="they meet", who_knows="known to everyone", record="both sides know it",
        record_before=None, left_out=0,
        outcomes=[OutcomeChange(node="n", title="The talks", values=[change])],
    )  # fmt: skip


def test_a_change_is_told_with_its_direction_words_and_range():
    """More, less, or hardly."""
    asked = [("n", "succeed")]
    more = what_if_sentences(asked, _what_if(0.2))[0]
    assert more == (
        "If they meet, “The talks: succeed” is more likely: 70% instead of 50% (10 to 30 points higher over draws)."
    )
    less = what_if_sentences(asked, _what_if(-0.2))[0]
    assert "is less likely: 30% instead of 50% (10 to 30 points lower over draws)" in less
    assert "is about as likely: 51% instead of 50%" in what_if_sentences(asked, _what_if(0.01))[0]


def test_a_view_from_before_and_the_other_extreme_are_told_as_such():
    """Nothing but the forecast given the whole record is "as it is"."""
    then = _what_if(0.2).model_copy(update={"before_label": "as it looked on 13 June 2025"})
    told = what_if_sentences([("n", "succeed")], then)[0]
    assert "As it looked on 13 June 2025, if " in told
    assert "70% instead of 50% (" in told
    assert "as it is" not in told
    [outcome] = _what_if(0.2).outcomes
    [change] = outcome.values
    for independent, sentences in ((0.4, 3), (0.69, 2)):
        other = change.model_copy(update={"after_independent": independent})
        outcomes = [outcome.model_copy(update={"values": [other]})]
        told = what_if_sentences([("n", "succeed")], then.model_copy(update={"outcomes": outcomes}))
        assert len(told) == sentences
    assert not any("extreme" in sentence for sentence in told)


def test_a_headline_names_a_value_that_arises():
    """That something does not arise changes most where all values change in one direction, and says least."""
    from types import SimpleNamespace

    from backchannel.wording.words import most_changed

    values = [
        SimpleNamespace(value=value, change=change)
        for value, change in (("yes", -0.1), ("no", -0.2), ("n/a", 0.3))
    ]
    assert most_changed(values, lambda one: one.change).value == "no"
    assert most_changed(values[2:], lambda one: one.change).value == "n/a"


def test_percentages_never_round_to_a_false_certainty():
    """A small chance is not none."""
    assert [percent(p) for p in (0, 0.001, 0.42, 0.999, 1)] == ["0%", "<1%", "42%", ">99%", "100%"]
    assert [points(d) for d in (-0.084, 0.084, 0.001)] == ["−8", "+8", "0"]
    assert estimative_word(0.999) == "almost certain"


def _shown(forecast: NodeForecast, encoding: str) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    show_forecasts([forecast], Console(file=stream, width=110, no_color=True))
    stream.seek(0)
    return stream.read()


def test_bars_are_drawn_in_any_encoding():
    """Blocks where there are blocks, plain signs elsewhere."""
    assert "███████████████░░░" in _shown(_forecast(), "utf-8")
    assert "left-out" not in _shown(_forecast(), "utf-8")


def test_bounds_are_shown_when_draws_are_left_out():
    """Loudly, beside the range over draws."""
    assert "70–80%" in _shown(_forecast(bounds=(0.7, 0.8)), "utf-8")


def test_most_likely_and_unlikely_never_meet():
    """A value that leads with less than a half is not called the most likely and unlikely at once."""
    values = [_value("all", 0.42), _value("some", 0.38), _value("none", 0.2)]
    asked = _forecast().model_copy(update={"values": values, "resolves": None})
    assert forecast_sentences(asked, date(2030, 1, 1))[0] == (
        "Given the record up to 1 January 2030, no value of “The talks” is more likely than not; "
        "“all” leads with 42% (21–71% over draws)."
    )
