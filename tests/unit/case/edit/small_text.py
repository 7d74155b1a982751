"""A small case file with comments, and what operations make of it."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from backchannel.case.edit.operation_models import Operation
from backchannel.case.edit.operations import apply_operations

OPERATIONS = TypeAdapter(list[Operation])
SMALL = """\
# A case with comments
case: Talks   # the title
as_of: 2030-01-01

players:
  # Those who decide
  us: {name: Us, precision: 2}     # the first
  them:
    name: Them   # the second
    precision: {between: [1, 4]}

nodes:
  reply: {player: them, domain: [pay, fight], at: 2030-02-01}
  # A reply to the reply
  answer:
    player: us
    domain:
      - talk   # first
      - wait
    sees: [reply]
    at: 2030-03-01

record: []
claims:
  - says: They pay
    test: >-
      P(reply == 'pay')
      > 0.5
  # the last
  - {says: They fight, test: "P(reply == 'fight') > 0.5"}
"""


def changed(text: str, *operations: dict[str, Any]) -> str:
    return apply_operations(text, OPERATIONS.validate_python(list(operations)))


def lines(before: str, after: str) -> list[str]:
    """The lines that go, with a minus, and those that come, with a plus."""
    from difflib import ndiff

    found = ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line[:1] in "+-"]
