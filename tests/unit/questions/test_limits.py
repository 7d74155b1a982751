"""What a run will ask is checked for size before anything is solved."""

from __future__ import annotations

import pytest

from backchannel.case.catalog import find_case
from backchannel.case.lower.lower import lower
from backchannel.case.open import open_case
from backchannel.language.errors import TooLargeError
from backchannel.machine.memory import limited
from backchannel.questions.registry import limits
from backchannel.questions.why.why_question import RUN_WORLDS
from backchannel.study import Study
from tests.random_cases import random_case

SMALL = 3_000_000
"""Bytes: too few for the sets of causes of the larger cases of the catalog."""


@pytest.fixture(scope="module")
def lowered():
    """A case with a question of why, what-ifs of the past and claims about it."""
    return lower(*open_case("machine-tools-2022")[:2])


def test_a_case_that_fits_has_no_limits(lowered):
    """With the memory that there is."""
    assert limits(lowered) == []


def test_sets_of_causes_and_worlds_are_sized_from_the_graph_alone(lowered):
    """Each question that is too large is named, with the reason and what to do; the others are not."""
    with limited(SMALL):
        told = limits(lowered)
    assert [limit.split(":")[0] for limit in told] == [
        "questions.turkey_stopped",
        "The claim warning_worked",
        "The claim lists_saved_trade",
    ]
    assert "16 sets of causes" in told[0]
    assert "Ask about fewer causes" in told[0]
    for limit in told[1:]:
        assert "Drawing worlds in which the record happened" in limit
        assert "chinese_supply" in limit


def test_what_is_refused_before_is_refused_by_the_question(monkeypatch):
    """By the same check, so that no limit is told that a run would not meet."""
    study = Study.load(random_case(1), draws=16)
    study.ensemble  # noqa: B018 (solved before the memory is taken away)
    monkeypatch.setattr("backchannel.machine.memory.allowed", lambda: 10_000)
    (told, *_) = limits(study.lowered)
    with pytest.raises(TooLargeError) as refused:
        study.why("blame", worlds=RUN_WORLDS)
    assert told.removeprefix("questions.blame: ").split(" would ")[0] in str(refused.value)


def test_scenarios_of_the_past_and_written_rivals_are_sized_too(lowered):
    """A scenario with changes is as large as a what-if; a rival has tables of its own."""
    text = find_case("machine-tools-2022").read_text("utf-8")
    text += (
        "\nscenarios:\n  quiet: {do: {warning: stays_quiet}}\n  later: {sliders: {gain_tur: 0.5}}\n"
    )
    text += f"\nrivals:\n  other: {{drop_interest: {next(iter(lowered.case.interests))}}}\n"
    more = Study.load(text).lowered
    assert limits(more) == []
    with limited(SMALL):
        told = {
            place: reason for place, _, reason in (limit.partition(": ") for limit in limits(more))
        }
    assert {"scenarios.quiet", "rivals.other"} <= told.keys()
    assert "scenarios.later" not in told
    assert "Drawing worlds in which the record happened" in told["scenarios.quiet"]
    assert "The tables of the case in 256 draws" in told["rivals.other"]
