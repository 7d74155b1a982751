"""Rounds whose length follows from an action: the same case by hand, laws, and what the record means."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel import Study
from backchannel.case.schema.json_schema import case_schema
from backchannel.language.errors import RecordError
from tests.helpers import CANAL, TOL

LONG = CANAL.with_name("long_rounds.yaml")
TEXT = LONG.read_text()
BY_HAND = LONG.with_name("long_rounds_by_hand.yaml")


def chances(study: Study, node: str) -> np.ndarray:
    """The probability of each value of a node."""
    return study.forecast(node).per_draw[0]


@pytest.mark.slow
def test_rounds_of_one_or_two_weeks_equal_the_case_written_by_hand():
    """By hand every week has players of its own, who count from then, and what waits is told by `when`."""
    rounds, hand = Study.load(LONG, draws=2), Study.load(BY_HAND, draws=2)
    for t in (1, 2, 3):
        for name in ("pace", "give", "trust"):
            mine, expected = chances(rounds, f"{name}@{t}"), chances(hand, f"{name}{t}")
            np.testing.assert_allclose(
                mine[: len(expected)], expected, **TOL, err_msg=f"{name}@{t}"
            )
            np.testing.assert_allclose(mine[len(expected) :], 0.0, **TOL)
    waits = chances(hand, "third")[1]
    assert chances(rounds, "periods_left@2")[1] == pytest.approx(waits, abs=1e-9)
    assert 0.01 < waits < 0.99


@pytest.mark.slow
def test_a_length_of_one_period_for_every_value_changes_nothing():
    """Then a round begins in every period, as without a `length`."""
    ones = Study.load(TEXT.replace("{slow: 2}", "{slow: 1, fast: 1}"), draws=2)
    plain = Study.load(TEXT.replace("  length: {pace: {slow: 2}}\n", ""), draws=2)
    for name in ("pace@1", "give@2", "pace@3", "trust@3"):
        expected = chances(plain, name)
        np.testing.assert_allclose(chances(ones, name)[: len(expected)], expected, **TOL)


def test_while_a_round_goes_on_nothing_is_decided_and_what_is_counted_stays():
    """After a slow first week that is on record, the second week has no moves, and the third begins anew."""
    record = "record: [{node: pace@1, value: slow, date: 2031-01-01, source: news}]\n"
    text = TEXT.replace("2030-12-31", "2031-01-01").replace(
        "sources: {}", "sources: {news: {title: News, date: 2031-01-01}}"
    )
    study = Study.load(
        text.replace("every: week", "every: week\n  from: 2031-01-01") + record, draws=2
    )
    np.testing.assert_allclose(chances(study, "pace@2"), [0, 0, 1], **TOL)
    np.testing.assert_allclose(chances(study, "trust@2"), chances(study, "trust@1"), **TOL)
    assert chances(study, "pace@3")[2] == pytest.approx(0.0, abs=1e-9)
    assert study.lowered.diagram.dates["pace@3"].isoformat() == "2031-01-15"


def test_a_record_of_a_move_in_a_round_that_goes_on_is_a_contradiction():
    """What was not decided cannot have happened."""
    record = (
        "record:\n  - {node: pace@1, value: slow, date: 2031-01-01, source: news}\n"
        "  - {node: pace@2, value: fast, date: 2031-01-08, source: news}\n"
    )
    text = TEXT.replace("2030-12-31", "2031-01-10").replace(
        "sources: {}", "sources: {news: {title: News, date: 2031-01-10}}"
    )
    with pytest.raises(RecordError, match=r"pace@2 = fast .* cannot happen"):
        Study.load(
            text.replace("every: week", "every: week\n  from: 2031-01-01") + record, draws=2
        ).forecast("pace@3")


def test_everybody_sees_when_the_next_round_begins():
    """Listed or public, a decision knows whether a round goes on."""
    listed = Study.load(TEXT, draws=2).lowered.diagram
    assert "periods_left@1" in listed.parents("pace@2")
    public = TEXT.replace("case:", "information: public\ncase:").replace("sees: [trust@prev], ", "")
    assert "periods_left@1" in Study.load(public, draws=2).lowered.diagram.parents("pace@2")


def test_the_schema_for_editors_has_the_length():
    """A node, its values, and whole numbers of periods."""
    length = case_schema()["$defs"]["RoundsEntry"]["properties"]["length"]
    assert length["maxProperties"] == 1
    assert length["additionalProperties"]["additionalProperties"]["minimum"] == 1
