"""Hindsight is named: sources that nobody could know on the case's day, and reports older than the event."""

from __future__ import annotations

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from tests.helpers import CANAL

TEXT = CANAL.read_text("utf-8")
LATER = "date: 2029-11-02, grade: B2"
"""The inquiry, on which a parameter and a claim rest."""


def _warnings(text: str) -> list[str]:
    return [str(warning) for warning in lower(*read_case_text(text)).warnings]


def test_a_case_that_knows_only_what_was_known_has_no_such_warning():
    assert _warnings(TEXT) == []


@pytest.mark.parametrize(
    ("instead", "key", "day"),
    [
        ("date: 2031-04-03, grade: B2", "date", "2031-04-03"),
        ("date: 2029-11-02, reported: 2031-06-01, grade: B2", "reported", "2031-06-01"),
    ],
)
def test_a_source_that_became_known_after_the_cases_day_is_named_with_what_rests_on_it(
    instead, key, day
):
    (told,) = _warnings(TEXT.replace(LATER, instead))
    assert f"sources.inquiry.{key}: {day} is after the case's day (as_of: 2031-04-02)" in told
    assert "What rests on it is hindsight: claims[1], parameters.war_cost." in told


def test_a_source_that_became_known_on_the_cases_day_is_fine():
    """What was written later and reported earlier was known earlier; the day itself counts as known."""
    assert _warnings(TEXT.replace(LATER, "date: 2031-04-02, grade: B2")) == []


def test_a_report_older_than_what_it_reports_is_named():
    """Aria named its toll on 10 March, so a text of February cannot report it."""
    text = TEXT.replace("source: gazette}\n  - {node: reply", "source: rumour}\n  - {node: reply")
    text = text.replace("players:", "  rumour: {title: R, date: 2031-02-01}\n\nplayers:", 1)
    (told,) = _warnings(text)
    assert "record[1].source: 'rumour' is of 2031-02-01, older than what it is to report" in told
    assert "demand came about on 2031-03-10" in told


def test_a_base_rate_from_a_later_source_is_hindsight():
    later = "  sequel: {title: S, date: 2032-01-01}\n\nplayers:"
    rate = "base_rates:\n  - {node: parley, counts: {talk: 9, wait: 3}, of: x, why: {source: sequel}}\n"
    (told,) = _warnings(TEXT.replace("players:", later, 1) + rate)
    assert "What rests on it is hindsight: base_rates[1]." in told


def test_a_base_rate_of_a_node_on_record_is_told_that_it_has_no_say():
    rate = "base_rates:\n  - {node: reply, counts: {pay: 9, fight: 3}, of: x, why: {source: gazette}}\n"
    (told,) = _warnings(TEXT + rate)
    assert "base_rates[1]: reply is on record, so its base rate has no say." in told


def test_a_base_rate_of_a_decision_is_fine_and_one_without_a_source_is_told():
    counts = "{node: parley, counts: {talk: 9, wait: 3}, of: x, why: "
    assert _warnings(TEXT + f"base_rates:\n  - {counts}{{source: gazette}}}}\n") == []
    (told,) = _warnings(TEXT + f"base_rates:\n  - {counts}{{judgement: mine}}}}\n")
    assert "nobody else can check these counts" in told
