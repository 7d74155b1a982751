"""The short run says why it shows these answers, and what a package and its number are."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from rich.console import Console

from backchannel.answers.terminal import show_end
from backchannel.questions.deals.bottom_line import _which


@pytest.mark.parametrize(
    ("name", "says"),
    [("next", "Answered is what the case asks under `questions`"), ("", "The case asks nothing")],
)
def test_a_run_says_why_these_answers_and_how_to_see_all(name: str, says: str):
    """A case without questions has one forecast, whose line has no name."""
    answers = SimpleNamespace(
        hinges=[],
        bottom_lines=[SimpleNamespace(name=name, chance_level=None)],
        run=SimpleNamespace(moved=""),
        certificate=SimpleNamespace(warning="", short="Solved."),
        warnings=[],
        case=SimpleNamespace(name="talks"),
    )
    out = Console(width=200)
    with out.capture() as captured:
        show_end(answers, out, is_all=False)
    assert says in captured.get()
    assert "`--full`" in captured.get()


def test_the_number_of_a_package_says_of_how_many():
    """“Number 4” alone says nothing."""
    package = SimpleNamespace(number=4, label="a, b")
    view = SimpleNamespace(packages=[package] * 24, range=[4])
    assert _which(view, package, 0) == "The best package for all parties, number 4 of 24,"
