"""The brief says what would change our mind: events that can be seen, and tipping points."""

from __future__ import annotations

import numpy as np
import pytest

from backchannel import Study
from backchannel.answers.brief import compose_brief
from backchannel.answers.brief_figure import INSIDE, OUTSIDE, draw, pyplot
from backchannel.questions.sensitivity.document import TippingView
from tests.helpers import CANAL


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
        "Tipping point: if “cost of war”, now 0.2, rises above 0.3 (0.25 to 0.35), “talks begin” becomes the most "
        "likely value."
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


RATED = (
    CANAL.read_text("utf-8")
    + "\nbase_rates:\n  - {node: parley, counts: {talk: 9, wait: 3}, of: x, why: {source: gazette}}\n"
)


def test_the_figure_marks_the_case_alone_and_the_base_rate_alone(monkeypatch):
    """The bars are the pool, the rings inside and the diamonds outside, in the order of the rows."""
    brief = Study.load(RATED, draws=32).brief()
    plt = pyplot()
    monkeypatch.setattr(plt, "close", lambda figure: None)
    draw(brief.figure)
    (axes,) = plt.gcf().axes
    shown = brief.figure.values[::-1]
    bars = [bar.get_width() / 100 for bar in axes.patches]
    assert bars == pytest.approx([value.probability for value in shown])
    marks = {line.get_label(): np.array(line.get_xydata()) for line in axes.lines}
    inside, outside = marks[INSIDE], marks[OUTSIDE]
    assert inside[:, 0] / 100 == pytest.approx([value.inside for value in shown])
    # Counts say nothing about whether the node arises, so that row has no diamond.
    rated = [(i, value.outside) for i, value in enumerate(shown) if value.outside is not None]
    assert outside[:, 1] == pytest.approx([i for i, _ in rated])
    assert outside[:, 0] / 100 == pytest.approx([chance for _, chance in rated])
    assert "diamonds: by the base rate alone (outside)" in brief.caption


def test_the_figure_of_a_case_without_base_rates_has_bars_and_ranges_only(monkeypatch):
    brief = Study.load(CANAL.read_text("utf-8"), draws=16).brief()
    plt = pyplot()
    monkeypatch.setattr(plt, "close", lambda figure: None)
    draw(brief.figure)
    assert plt.gcf().axes[0].get_legend() is None
    assert "Rings" not in brief.caption
