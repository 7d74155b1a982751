"""The `deals` command, end to end."""

from __future__ import annotations

from backchannel.questions.deals.document import DealView
from tests.commands import run
from tests.helpers import CANAL

RANSOM = CANAL.with_name("ransom.yaml")


def test_a_deal_is_asked_about_and_written(tmp_path):
    """What is printed is what is written; the same seed writes the same."""
    files = [tmp_path / name for name in ("one.json", "two.json")]
    for file in files:
        done = run("deals", RANSOM, "exchange", "--package", "3", "--draws", "32", "--json", file)
    view = DealView.model_validate_json(files[0].read_text())
    assert view.chosen == 3
    assert view.sentences[0].split(":")[0] in " ".join(done.stdout.split())
    assert files[0].read_text() == files[1].read_text()


def test_a_wrong_deal_is_met_in_words():
    """And nothing is solved for it."""
    done = run("deals", RANSOM, "exchnge", "--draws", "32", check=2)
    assert "Did you mean 'exchange'?" in done.stderr
    assert "This case has no deals" in run("deals", CANAL, check=2).stderr
