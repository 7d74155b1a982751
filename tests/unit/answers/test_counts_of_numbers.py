"""`check` and the brief count the uncertain numbers of a case alike, and base rates beside them."""

from __future__ import annotations

from click.testing import CliRunner

from backchannel import Study
from backchannel.answers.audit import audit
from backchannel.cli import main


def test_the_brief_counts_as_check_does():
    """A base rate is no uncertain number: it has counts, and no prior."""
    checked = CliRunner().invoke(main, ["check", "belarus-2025"]).output
    counted = audit(Study.load("belarus-2025").lowered).counted
    assert counted == "83 uncertain numbers and 2 base rates"
    assert "83 uncertain numbers, 2 base rates, " in checked
