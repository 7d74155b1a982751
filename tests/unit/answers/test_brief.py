"""The brief says what would change our mind: events that can be seen, and tipping points."""

from __future__ import annotations

import pytest

from backchannel.answers.brief import compose_brief
from backchannel.questions.sensitivity.document import TippingView


@pytest.fixture(scope="module")
def parts(canal):
    answers = canal.answers()
    return answers, canal.watch().document(), answers.sensitivity, canal.sources()


def test_tipping_points_that_stand_out_are_on_the_page(parts):
    """With the number, its range, and what would then be likeliest; others are left out."""
    answers, watch, decided, audit = parts
    point = TippingView(
        parameter="war_cost", label="cost of war", unit="", at=0.3, above=True, before="wait",
        before_label="wait", after="talk", after_label="talks begin", low=0.25, high=0.35,
        found_in=1.0, median=0.2, stands_out=True, solved=False,
    )  # fmt: skip
    noise = point.model_copy(update={"label": "noise", "stands_out": False})
    tips = decided.model_copy(update={"silent": "", "tipping": [point, noise]})
    page = "\n".join(compose_brief(answers, watch, tips, audit).change)
    assert (
        "Tipping point: above 0.3 (0.25 to 0.35) of “cost of war”, now 0.2, talks begin is the most likely value."
    ) in page
    assert "noise" not in page
    none = decided.model_copy(update={"silent": "", "tipping": []})
    page = "\n".join(compose_brief(answers, watch, none, audit).change)
    assert (
        f"No single assumption changes which outcome of “{decided.title}” is the most likely"
        in page
    )


def test_a_brief_about_another_node_says_what_decides_that_one(canal):
    """And not what decides the case's first question."""
    page = canal.brief("resolve")
    assert page.figure.node == "resolve"
    told = [text for text in page.change if "decid" in text]
    assert told
    assert all(page.figure.title in text for text in told)
