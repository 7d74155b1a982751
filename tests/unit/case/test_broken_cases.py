"""A folder of broken cases, each with every message that it must bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.language.errors import CaseError

FOLDER = Path(__file__).parent.parent.parent / "broken"
FILES = sorted(FOLDER.glob("*.yaml"))
EXPECT = "# expect: "


def test_there_are_broken_cases():
    """The folder was found."""
    assert len(FILES) >= 25


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_problem_is_told_at_once_with_its_place(file):
    """Line, column, what is wrong, the nearest right spelling; no more and no less."""
    lines = file.read_text().splitlines()
    expected = [line.removeprefix(EXPECT) for line in lines if line.startswith(EXPECT)]
    with pytest.raises(CaseError) as caught:
        lower(*read_case(file))
    told = [str(problem).removeprefix(f"{file.name}:") for problem in caught.value.problems]
    assert told == expected
    assert str(caught.value).endswith("Nothing was run.")
