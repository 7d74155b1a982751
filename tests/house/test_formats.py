"""The page formats reweighted numbers itself; a committed file of examples ties its formats to those of Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from backchannel.answers.vocabulary_compose import compose_vocabulary
from backchannel.wording.left_out import is_bounded
from backchannel.wording.percents import change_in_points, estimative_word, percent, points

EXAMPLES = Path(__file__).parent.parent.parent / "interface" / "src" / "testing" / "formats.json"
SHARES = [0, 0.001, 0.0049, 0.005, 0.0051, 0.05, 0.125, 0.2, 0.375, 0.417, 0.45, 0.55, 0.625, 0.8]
SHARES += [0.845, 0.855, 0.875, 0.95, 0.97, 0.994, 0.995, 0.996, 0.9999, 1]
DIFFERENCES = [-1, -0.125, -0.084, -0.015, -0.005, -0.001, 0, 0.001, 0.005, 0.015, 0.125, 0.375, 1]
CHANGES = [
    (0.306, 0.734),
    (0.314, 0.726),
    (0.001, 0.416),
    (0.416, 0.424),
    (0.125, 0.135),
    (0.999, 0.96),
]
BOUNDS = [(0.3, 0.3), (0.3, 0.309), (0.3, 0.311), (0.0, 0.5)]


def examples() -> dict[str, Any]:
    """Numbers, and how Python writes them."""
    return {
        "vocabulary": compose_vocabulary().model_dump(),
        "percent": {str(share): percent(share) for share in SHARES},
        "points": {str(number): points(number) for number in DIFFERENCES},
        "changes": [
            {"before": before, "after": after, "text": change_in_points(before, after)}
            for before, after in CHANGES
        ],
        "estimative": {str(share): estimative_word(share) for share in SHARES},
        "bounded": [{"bounds": list(ends), "is_bounded": is_bounded(ends)} for ends in BOUNDS],
    }


def test_the_committed_examples_are_those_of_python():
    """`python -m tests.house.test_formats` writes it again."""
    assert json.loads(EXAMPLES.read_text("utf-8")) == examples(), (
        "Run: python -m tests.house.test_formats"
    )


if __name__ == "__main__":
    EXAMPLES.write_text(json.dumps(examples(), indent=1, ensure_ascii=False) + "\n", "utf-8")
