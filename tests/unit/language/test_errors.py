"""Messages of many problems list the first hundred and count the rest."""

from __future__ import annotations

import pytest

from backchannel.language.errors import MOST_PROBLEMS, CommandError
from backchannel.language.formulas.read import parse_formula


@pytest.mark.parametrize("n", [1, 2, 99, 100, 101, 250, 130_000])
def test_a_message_lists_a_hundred_problems(n):
    said = str(CommandError("\n".join(f"problem {i}" for i in range(n)))).splitlines()
    if n <= MOST_PROBLEMS:
        assert said == [f"problem {i}" for i in range(n)]
    else:
        assert said[:-1] == [f"problem {i}" for i in range(MOST_PROBLEMS)]
        assert said[-1] == f"{n:,} problems; 100 are listed."


def test_a_formula_of_wrong_characters_takes_a_hundred_lines():
    """One line of a case file could fill the terminal."""
    with pytest.raises(CommandError) as refused:
        parse_formula("$ " * 2_000)
    assert len(str(refused.value).splitlines()) <= MOST_PROBLEMS + 1
