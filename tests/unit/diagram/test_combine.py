"""Two interventions made at once: what the result holds, and which pairs contradict each other."""

from __future__ import annotations

from datetime import date

import pytest

from backchannel.diagram.combine import check_compatible, combine_interventions
from backchannel.diagram.surgery import Intervention, ReasoningChange
from backchannel.language.errors import CommandError


def test_both_changes_are_in_the_combination():
    """What both remove or show is there once."""
    first = Intervention(
        name="calm", do={"storm": "no"}, remove={"pay": ("all",)}, sees_added={"pay": ("storm",)},
        corrects=("owner",),
    )  # fmt: skip
    second = Intervention(
        name="rich", parameters={"p": 0.5}, remove={"pay": ("all", "half"), "sail": ("go",)},
        sees_added={"pay": ("sail", "storm")}, corrects=("captain", "owner"),
    )  # fmt: skip
    both = combine_interventions(first, second)
    assert both.name == "calm and rich"
    assert both.do == {"storm": "no"}
    assert both.parameters == {"p": 0.5}
    assert both.remove == {"pay": ("all", "half"), "sail": ("go",)}
    assert both.sees_added == {"pay": ("storm", "sail")}
    assert both.corrects == ("owner", "captain")


def test_where_two_disagree_on_who_is_told_when_everyone_is_told_when_it_happens():
    """Where they agree, the announcement stays."""
    early = Intervention(announced="start", told=("owner",))
    late = Intervention(announced=date(2030, 5, 1), told=("captain",))
    both = combine_interventions(early, late)
    assert (both.announced, both.told) == ("when it happens", None)
    same = combine_interventions(early, Intervention(announced="start", told=("owner",)))
    assert (same.announced, same.told) == ("start", ("owner",))


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ({"do": {"pay": "all"}}, {"do": {"pay": "half"}}, "“a” and “b” change what is set at pay"),
        ({"parameters": {"p": 0.1}}, {"parameters": {"p": 0.2}}, "change the number p in"),
        (
            {"reasoning": {"owner": ReasoningChange(level=1)}},
            {"reasoning": {"owner": ReasoningChange(further=1)}},
            "change the reasoning of owner in different ways",
        ),
        ({"do": {"pay": "all"}}, {"remove": {"pay": ("half",)}}, "one sets pay, and the other"),
        (
            {"sees_removed": {"pay": ("storm",)}},
            {"sees_added": {"pay": ("storm",)}},
            "one lets pay see storm, the other hides it",
        ),
        (
            {"told": ("owner",)},
            {"announced": "never"},
            "not announced alike (when it happens to owner, and never)",
        ),
        ({"told": ()}, {}, "(when it happens to nobody, and when it happens)"),
    ],
)
def test_what_contradicts_is_refused_in_either_order_of_the_pair(first, second, message):
    """And by name, so that the analyst knows which two."""
    pair = Intervention(name="a", **first), Intervention(name="b", **second)
    with pytest.raises(CommandError) as refusal:
        check_compatible(pair)
    assert message in str(refusal.value)
    with pytest.raises(CommandError):
        check_compatible(pair[::-1])


def test_changes_that_agree_or_do_not_touch_each_other_are_compatible():
    """Also three of them."""
    check_compatible(
        [
            Intervention(do={"pay": "all"}),
            Intervention(do={"pay": "all"}, parameters={"p": 0.1}),
            Intervention(remove={"sail": ("go",)}, sees_added={"sail": ("storm",)}),
        ]
    )
