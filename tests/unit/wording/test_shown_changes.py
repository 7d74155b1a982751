"""Where a before, an after and their difference stand side by side, the difference is that of what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from backchannel import Study
from backchannel.questions.what_if.sentences import what_if_sentences
from backchannel.questions.what_if.terminal import show_what_ifs
from backchannel.wording.percents import change_in_points, percent

CASE = """
case: A dispute
question: Will it end?
utility_unit: worth of an end
as_of: 2030-01-01
players:
  home: {name: the home side, precision: 5, why: {judgement: mine}}
nodes:
  weather:
    {title: Weather, chance: true, domain: [good, bad], probability: {good: 0.00001, bad: rest}, at: 2030-02-01}
  end:
    title: The end
    chance: true
    domain: [early, late]
    probability: {early: "0.734 if weather == 'good' else 0.306", late: rest}
    at: 2030-03-01
  move: {title: The move, player: home, domain: [a, b], sees: [end], at: 2030-04-01}
interests:
  home: {player: home, worth: "(move == 'a') * (end == 'early')"}
causes:
  sun: {title: the weather is good, do: {weather: good}}
questions:
  sun: {asks: What if it is good?, what_if: sun, outcome: end}
"""


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [(0.306, 0.734, "+42"), (0.734, 0.306, "−42"), (0.416, 0.424, "0"), (0.001, 0.416, "+42")],
)
def test_a_reader_who_subtracts_finds_the_difference(before: float, after: float, shown: str):
    """But from a limit (<1%) nobody can subtract: there the change itself is rounded."""
    assert change_in_points(before, after) == shown
    if "<" not in percent(before):
        assert int(shown.replace("−", "-")) == int(percent(after)[:-1]) - int(percent(before)[:-1])


def test_a_what_if_says_the_same_difference_in_its_table_page_and_sentence(tmp_path: Path):
    """31% to 73% is +42, though 30.6% to 73.4% is 42.8 points; the range over equal draws is the same number."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE, "utf-8")
    study = Study.load(path, draws=2)
    answers = study.answers()
    with (out := Console(width=140)).capture() as captured:
        show_what_ifs(answers.what_ifs, out)
    row = next(line for line in captured.get().splitlines() if "The end: early" in line)
    assert "31%" in row
    assert "73%" in row
    assert row.split()[-2:] == ["+42", "+42"]
    sentence = what_if_sentences([("end", "early")], answers.what_ifs[0])[0]
    assert "73% instead of 31% (42 points higher over draws)" in sentence
    assert all("42 points higher" in line.sentence for line in answers.bottom_lines)
