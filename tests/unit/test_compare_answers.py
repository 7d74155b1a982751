"""The comparison of answers documents finds every number that changed, and no wording."""

from __future__ import annotations

import base64
import json
import sys
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from tests import compare_answers

DOCUMENT: dict[str, Any] = {
    "version": "1",
    "run": {"seconds": 1.0, "versions": {"jax": "1"}, "draws": 64},
    "answers": [{"name": "next", "sentences": ["It is 60%."]}],
    "forecasts": [{"node": "reply", "values": [{"value": "yes", "probability": 0.6}]}],
    "matter_most": [
        {"parameter": "first", "share": 0.5, "direction": 0.1},
        {"parameter": "second", "share": 0.2, "direction": 0.3},
        {"parameter": "third", "share": 0.2, "direction": -0.2},
    ],
    "rules": [{"decision": "reply", "probabilities": [[0.6, 0.4]]}],
    "draws": {"scores": base64.b64encode(np.array([1, 700], "<u2").tobytes()).decode()},
}


def found(after: dict[str, Any]) -> list[str]:
    comparison = compare_answers.Comparison()
    comparison.compare(DOCUMENT, after)
    return comparison.differences


@pytest.fixture
def after() -> dict[str, Any]:
    return deepcopy(DOCUMENT)


def test_equal_documents_do_not_differ(after):
    """Seconds and versions do not count, nor does the last digit, nor the wording."""
    after["run"] |= {"seconds": 9.0, "versions": {}}
    after["version"] = "2"
    after["forecasts"][0]["values"][0]["probability"] += 1e-12
    after["answers"][0]["sentences"] = ["That is 60%.", "And more."]
    assert found(after) == []


def test_a_changed_number_is_named_with_its_path(after):
    """One part in a hundred million is a change."""
    after["rules"][0]["probabilities"][0][1] += 1e-8
    (difference,) = found(after)
    assert difference.startswith("/rules/reply/probabilities[0][1]: 0.4 → 0.4000000")


def test_a_number_of_a_drawn_column_counts_too(after):
    """Its last step is rounding; two steps are not."""
    column = np.array([1, 701], "<u2")
    after["draws"]["scores"] = base64.b64encode(column.tobytes()).decode()
    assert found(after) == []
    after["draws"]["scores"] = base64.b64encode((column + 1).tobytes()).decode()
    assert len(found(after)) == 1


def test_entries_that_tie_may_change_places_and_others_may_not(after):
    """Second and third have the same share, by which the list is ranked."""
    first, second, third = after["matter_most"]
    after["matter_most"] = [first, third, second]
    assert found(after) == []
    after["matter_most"] = [second, first, third]
    (difference,) = found(after)
    assert difference.startswith("/matter_most: the order")


@pytest.mark.parametrize("change", ["entry", "field", "null", "length"])
def test_what_is_missing_is_a_difference(after, change):
    """An entry, a field, a number that became null, and a list that became shorter."""
    if change == "entry":
        del after["matter_most"][1]
    elif change == "field":
        del after["matter_most"][1]["share"]
    elif change == "null":
        after["matter_most"][1]["share"] = None
    else:
        after["rules"][0]["probabilities"][0].pop()
    assert len(found(after)) == 1


def test_the_command_fails_where_a_folder_differs(after, tmp_path, monkeypatch, capsys):
    """And says which documents are in one folder only."""
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "case.json").write_text(json.dumps(DOCUMENT))
    monkeypatch.setattr(sys, "argv", ["compare", str(tmp_path / "before"), str(tmp_path / "after")])
    with pytest.raises(SystemExit) as same:
        compare_answers.main()
    assert same.value.code == 0
    after["run"]["draws"] = 63
    (tmp_path / "after" / "case.json").write_text(json.dumps(after))
    (tmp_path / "after" / "other.json").write_text("{}")
    with pytest.raises(SystemExit) as differs:
        compare_answers.main()
    assert differs.value.code == 1
    out = capsys.readouterr().out
    assert "case.json/run/draws: 64 → 63" in out
    assert "other.json: only in" in out
