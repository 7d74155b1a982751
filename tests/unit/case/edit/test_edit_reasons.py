"""Reasons of a moved prior: they become the analyst's, and those of other numbers stay."""

from __future__ import annotations

import pytest

from backchannel.case.edit.priors import write_priors
from tests.unit.case.edit.slider_file import FILE, read

SHARED = (
    FILE.replace("why: {judgement: desk}", "why: {source: desk, at: p. 3}")
    .replace(
        "{p_open: {between: [0.2, 0.6]}}",
        "{p_open: {between: [0.2, 0.6]}, gain: {uniform: [0, 2]}}",
    )
    .replace("# too gloomy", "\n    why: [{source: desk}]")
)


def reasons(text: str, *path: str):
    from backchannel.case.read.document import parse_document

    data = parse_document(text).data
    for part in path:
        data = data[part]
    return data["why"]


def test_a_moved_number_is_the_analysts_and_no_sources():
    """The source was given for another number; what it was given for is told, also if it is moved again."""
    made = write_priors(FILE, read(FILE), {"gain": 1.0, "p_open": -1.0})
    (gain,) = read(made.text).case.parameters["gain"].why
    assert gain.source == ""
    assert gain.judgement.startswith("set with a slider")
    assert gain.judgement.endswith("before, it was {uniform: [0, 1]} (desk)")
    assert "it was likely (desk)" in reasons(made.text, "parameters", "p_open")["judgement"]
    again = write_priors(made.text, read(made.text), {"gain": -1.0})
    assert reasons(again.text, "parameters", "gain") == {"judgement": gain.judgement}


@pytest.mark.parametrize(
    "why",
    [
        "why: {source: desk, at: p. 3, says: it is so}",
        "why:\n      source: desk\n      at: p. 3\n      says: it is so",
        "why:\n      - source: desk\n        at: p. 3\n        says: it is so",
        "why: [{source: desk, at: p. 3, says: it is so}]",
    ],
)
def test_reasons_are_replaced_however_they_are_written(why):
    text = FILE.replace(
        "    unit: probability\n    why: {source: desk}", f"    unit: probability\n    {why}"
    )
    made = write_priors(text, read(text), {"p_open": 1.0})
    assert not made.left_out
    said = reasons(made.text, "parameters", "p_open")
    assert said["judgement"].endswith("it was likely (desk, p. 3: it is so)")
    assert read(made.text).case.parameters["p_open"].unit == "probability"


def test_numbers_that_share_their_reasons_keep_those_of_the_others():
    """A player's, and those of a belief."""
    lowered = read(SHARED)
    made = write_priors(SHARED, lowered, {"aria.precision": 1.0, "aria.p_open": 0.5})
    # A player's only number has its reasons for itself, so the source goes with the old number.
    moved = reasons(made.text, "players", "aria")
    assert moved["judgement"].startswith("precision set with a slider")
    assert moved["judgement"].endswith("(desk, p. 3)")
    cited, moved = reasons(made.text, "beliefs", "aria")
    assert cited == {"source": "desk"}
    assert moved["judgement"].startswith("p_open set with a slider")
    both = write_priors(SHARED, lowered, {"aria.gain": 1.0, "aria.p_open": 0.5})
    assert len(reasons(both.text, "beliefs", "aria")) == 3
    again = write_priors(both.text, read(both.text), {"aria.gain": -1.0})
    assert len(reasons(again.text, "beliefs", "aria")) == 3


def test_reasons_with_comments_inside_are_left_to_their_author():
    text = FILE.replace(
        "why: {source: desk}}  # argued", "why: {source: desk # really\n    }}  # argued"
    )
    made = write_priors(text, read(text), {"gain": 1.0})
    assert made.text == text
    assert "comments" in made.left_out["gain"]
