"""A small case whose text tests break, and the problems that it then has."""

from __future__ import annotations

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CaseError

CASE = """\
case: A swap
utility_unit: u
as_of: 2030-03-15
sources:
  wire: {title: Wire, date: 2030-03-11, grade: B2}
players:
  home: {name: Home, precision: 4, why: {judgement: me}}
  away: {name: Away, precision: {between: [4, 16]}, why: {judgement: me}}
parameters:
  p: {prior: likely, unit: probability, why: {source: wire}}
  cost: {prior: {between: [0.2, 0.6]}, unit: u, why: {judgement: me}}
nodes:
  pressed: {chance: true, domain: ["yes", "no"], probability: {"yes": p, "no": rest}, at: 2030-03-01}
  offer: {player: home, domain: [full, token], at: 2030-03-10}
  reply: {player: away, domain: [frees, refuses], sees: [offer, pressed], at: 2030-04-01}
interests:
  gain: {player: home, worth: "(reply == 'frees') - cost * (offer == 'full')"}
  relief: {player: away, worth: "(reply == 'frees') * (offer == 'full') - 0.3 * (pressed == 'no')"}
record:
  - {node: offer, value: token, date: 2030-03-10, source: wire}
causes:
  full: {title: t, do: {offer: full}}
questions:
  next: {asks: Will they, forecast: reply}
  blame: {asks: Why, why: {offer: token}, causes: [free]}
  if_full: {asks: What if, what_if: full, outcome: reply}
claims:
  - {says: s, source: wire, test: "P(reply == 'frees', do={'offer': 'full'}) > 0.9"}
"""
CASE = CASE.replace("causes: [free]", "causes: [cheap]").replace(
    "causes:\n", "causes:\n  cheap: {title: t, parameters: {cost: 0}}\n"
)
FORMS = {
    "a word as precision": ("precision: 4", "precision: high", "number of at least 0, not 'high'"),
    "no unit": ("unit: probability, ", "", "parameters.p has no `unit`"),
    "an unknown key": ("grade: B2", "grad: B2", "has no key 'grad'. Did you mean 'grade'?"),
    "a key that is none": ("grade: B2", "colour: red", "has no key 'colour'. There are: title"),
    "a date of another form": ("at: 2030-04-01", "at: 01.04.2030", "Write 2030-04-01"),
    "no day at all": (", at: 2030-04-01", "", "needs its day"),
    "two kinds of node": ("{player: away, d", "{chance: true, player: away, d", "exactly one of"),
    "a text as why": ("why: {source: wire}", "why: my view", "{judgement: my view}"),
    "no domain": ("domain: [frees, refuses], ", "", "nodes.reply has no `domain`"),
    "a text as domain": (
        "domain: [frees, refuses]",
        "domain: frees",
        "a list in brackets: [frees]",
    ),
    "a name with a meaning of its own": ("reply", "min", "'min' has a meaning of its own"),
    "a name that is an operator": ("reply", "if", "'if' has a meaning of its own"),
    "a name with a hyphen": ("reply", "the-reply", "Write the_reply, for example"),
    "a Cyrillic name": ("reply", "ответ", "It is written in Cyrillic letters"),
    "a list for a text": ("title: Wire", "title: [Wire]", "should be one text, not a list"),
    "no title of the unit": ("utility_unit: u\n", "", "The case has no `utility_unit`"),
    "no day of the case": ("as_of: 2030-03-15\n", "", "The case has no `as_of`"),
    "a wrong day of the case": ("as_of: 2030-03-15", "as_of: March", "as_of should be a day"),
    "a whole entry that is text": (
        "{title: t, do: {offer: full}}",
        "x",
        "causes.full should hold keys",
    ),
    "a question of two kinds": ("forecast: reply", "forecast: reply, deal: x", "exactly one of"),
    "a key twice": ("  wire: {", "  wire: {title: x}\n  wire: {", "is repeated"),
    "a tab": ("  offer: {player", "\toffer: {player", "A tab stands"),
    "a colon": ("case: A swap", "case: A swap: two", "holds a colon"),
    "a bracket": ("[frees, refuses]", "[frees, refuses", "The bracket [ is not closed"),
}


def problems(text: str) -> list[str]:
    with pytest.raises(CaseError) as caught:
        lower(*read_case_text(text))
    return [str(problem) for problem in caught.value.problems]
