"""A case file whose priors sliders move, for tests."""

from __future__ import annotations

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text

FILE = """\
# What the desk thinks of talks.
case: Talks
utility_unit: worth of the talks
as_of: 2031-01-01
sources: {desk: {title: Desk notes, grade: B2}}
players:
  aria:
    name: Aria
    precision:
      between: [2, 8]   # per unit, as ever
    why: {judgement: desk}
parameters:
  gain: {prior: {uniform: [0, 1]}, unit: worth, why: {source: desk}}  # argued about for weeks
  p_open:
    prior: likely   # a word, for now
    unit: probability
    why: {source: desk}
nodes:
  mood: {chance: true, domain: [good, bad], odds: {good: likely, bad: unlikely}, at: 2031-01-02}
  open: {chance: true, domain: ["yes", "no"], probability: {"yes": p_open, "no": rest}, at: 2031-01-02}
  talk: {player: aria, sees: [open, mood], domain: [talks, waits], at: 2031-02-01}
interests:
  win: {player: aria, worth: "gain * (talk == 'talks') * (open == 'yes') - 0.2 * (talk == 'talks')"}
beliefs:
  aria:
    parameters: {p_open: {between: [0.2, 0.6]}}   # too gloomy
questions:
  next: {forecast: talk}
"""


def read(text: str):
    return lower(*read_case_text(text))
