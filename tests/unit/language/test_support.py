"""How well a number is supported: by grades, by independent sources, and by judgement last."""

from __future__ import annotations

import pytest

from backchannel.language.sources import Reason, Source
from backchannel.language.support import Support, backing_of

SOURCES = {
    "gazette": Source("gazette", "Gazette", grade="A1"),
    "inquiry": Source("inquiry", "Inquiry", grade="B2"),
    "essay": Source("essay", "Essay", grade="C3"),
    "paper": Source("paper", "Paper", grade="B3"),
    "rumour": Source("rumour", "Rumour", grade="D4"),
    "unknown": Source("unknown", "Unknown", grade="F6"),
    "blog": Source("blog", "Blog"),
    "wire": Source("wire", "Wire"),
    "copy": Source("copy", "Copy of the wire", same_as="wire"),
}
JUDGED = Reason(judgement="desk estimate")


def cited(*names: str) -> list[Reason]:
    return [Reason(source=name) for name in names]


@pytest.mark.parametrize(
    ("reasons", "support", "rests_on"),
    [
        (cited("gazette"), Support.WELL, "a source graded A1"),
        (cited("inquiry"), Support.WELL, "a source graded B2"),
        # The best one counts, whatever stands beside it.
        ([*cited("rumour", "essay", "inquiry"), JUDGED], Support.WELL, "a source graded B2"),
        (cited("essay"), Support.FAIRLY, "a source graded C3"),
        # Reliable, but the information is only possibly true.
        (cited("paper"), Support.FAIRLY, "a source graded B3"),
        (cited("blog", "wire"), Support.FAIRLY, "2 ungraded sources"),
        (cited("blog", "unknown"), Support.FAIRLY, "2 ungraded sources"),
        # A copy adds nothing.
        (cited("wire", "copy"), Support.WEAKLY, "one ungraded source"),
        (cited("blog"), Support.WEAKLY, "one ungraded source"),
        (cited("rumour"), Support.WEAKLY, "a doubtful source, graded D4"),
        ([JUDGED], Support.WEAKLY, "judgement alone"),
        ([], Support.WEAKLY, "no source"),
    ],
)
def test_the_best_that_a_number_rests_on_decides(reasons, support, rests_on):
    """Judgement alone counts lowest, and is named as such."""
    backing = backing_of(reasons, SOURCES)
    assert (backing.support, backing.rests_on) == (support, rests_on)


def test_an_estimate_from_data_is_well_supported():
    """Whatever was judged before the fit."""
    assert backing_of([JUDGED], SOURCES, is_estimated=True).support is Support.WELL
