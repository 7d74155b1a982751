"""The outside view in a real window: a weight entered from its slider, and a report that has all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from backchannel import Ledger, Study
from backchannel.answers.page.report import compose_report
from tests.browser.pages import Opened, accessibility_faults, until, write_at_once
from tests.browser.test_canvas import saved
from tests.helpers import CANAL
from tests.journeys.test_serve import served

pytestmark = pytest.mark.slow

PATIENCE = 60_000
PARLEY = "  parley: {player: aria"
# The truce hangs on the parley alone, so its chance can be worked out by hand.
TRUCE = """\
  truce: {chance: true, domain: [holds, breaks], at: 2031-06-01, why: {judgement: a guess},
          odds: {holds: "0.2 + 0.6 * (parley == 'talk')", breaks: "0.8 - 0.6 * (parley == 'talk')"}}
"""
RATES = """
base_rates:
  # Counted in the Gazette, one line a blockade.
  - node: parley   # what Aria did next
    counts: {talk: 9, wait: 3}
    of: blockades since 2001
    weight: 0.5   # even, until more is counted
    why: {source: gazette}
"""
RIVALS = """
rivals:
  selfless: {title: Aria does not care about its income, drop_interest: income}
  blind: {sees: {reply: {drop: [resolve]}}}
"""
TEXT = CANAL.read_text("utf-8").replace(PARLEY, TRUCE + PARLEY) + RATES


@pytest.fixture
def case(chromium, tmp_path) -> Iterator[tuple[Path, str]]:
    """A case with a base rate in a workbench, and the link to it."""
    path = tmp_path / "canal.yaml"
    path.write_text(TEXT, "utf-8")
    with served(path, tmp_path / "state") as bench:
        yield path, bench.link


def solved(page) -> None:
    page.locator(".bar", has_text="Up to date").wait_for(timeout=PATIENCE)


def chance(page, node: str) -> int:
    """The first value's chance in a node's forecast, in percent."""
    words = page.locator(f"#forecast-{node} li strong").first.inner_text()
    return int(re.fullmatch(r"(\d+)%", words)[1])


def preview(page) -> str:
    """What the slider says of the chances at its weight."""
    return page.locator("#forecast-parley details p[aria-live]").inner_text()


def clean(opened: Opened) -> None:
    """No fault that axe-core knows, nothing wider than the window, no error, nothing from elsewhere."""
    assert accessibility_faults(opened.page) == []
    assert opened.overflow() is None
    assert opened.errors == []
    assert opened.strangers == []


def test_a_weight_is_entered_by_keyboard_what_depends_on_it_moves_and_undo_brings_it_back(
    window, case
):
    """And the text differs by the weight alone, with its comments kept."""
    path, link = case
    opened = window.open(link)
    page = opened.page
    page.wait_for_selector("nav.tabs", timeout=PATIENCE)
    opened.go("next")
    solved(page)
    parley, truce = chance(page, "parley"), chance(page, "truce")
    assert abs(truce - (20 + 0.6 * parley)) <= 1
    page.locator("#forecast-parley summary", has_text="Another weight of the case").press("Enter")
    slider = page.get_by_label("Weight of the case for parley")
    button = page.get_by_role("button", name="Enter this weight")
    assert button.count() == 0, "the case has this weight"
    for _ in range(3):
        slider.press("ArrowLeft")
    until(page, lambda: button.count() == 1 and button.is_enabled())
    promised = int(re.search(r"Weight 0\.2: talk (\d+)%", preview(page))[1])
    assert promised != parley
    page.locator("#forecast-parley summary", has_text="In the file").press("Enter")
    added = page.locator("#forecast-parley code.added").inner_text()
    assert "weight: 0.2   # even, until more is counted" in added
    clean(opened)
    button.press("Enter")
    button.wait_for(state="detached", timeout=PATIENCE)
    until(page, lambda: chance(page, "truce") != truce)
    solved(page)
    assert chance(page, "parley") == promised, "what the slider showed is what is solved"
    assert abs(chance(page, "truce") - (20 + 0.6 * promised)) <= 1
    clean(opened)
    # Without a click: the keyboard is on the slider still.
    page.keyboard.press("Control+z")
    until(page, lambda: chance(page, "truce") == truce)
    assert slider.input_value() == "5"
    assert button.count() == 0
    page.keyboard.press("Control+Shift+z")
    until(page, lambda: chance(page, "parley") == promised)
    assert saved(page, path) == TEXT.replace("weight: 0.5", "weight: 0.2")
    assert opened.errors == []


def test_rivals_are_solved_when_asked_for_and_stand_in_the_next_report(window, case):
    """The case writes none; the view offers those that the engine makes, and a report then has them."""
    opened = window.open(case[1])
    page = opened.page
    page.wait_for_selector("nav.tabs", timeout=PATIENCE)
    opened.go("rivals")
    page.get_by_text("The case file writes no rivals.").wait_for()
    solved(page)
    clean(opened)
    page.get_by_label("Rivals, at most").select_option("10")
    page.get_by_role("button", name="Solve rivals").press("Enter")
    page.get_by_text("all structures, weighted").first.wait_for(timeout=PATIENCE)
    assert page.get_by_text("Aria had true beliefs").count() > 0
    page.screenshot(path="build/screenshots/rivals_asked.png", full_page=True)
    clean(opened)
    report = page.request.get(re.sub(r"[#?].*", "", page.url).rstrip("/") + "/report.html")
    assert "Aria had true beliefs" in report.text()


@pytest.fixture(scope="module")
def report(chromium, tmp_path_factory) -> Path:
    """A report with base rates, with rivals, and with a review of what came about."""
    folder = tmp_path_factory.mktemp("outside")
    study = Study.load(TEXT + RIVALS, draws=64)
    study.log(folder / "team.ledger")
    day = study.case.as_of + timedelta(days=40)
    Ledger(folder / "team.ledger").resolve(study.name, {"parley": "wait"}, on=day, source="gazette")
    study.read_outcomes(folder / "team.ledger")
    path = folder / "outside.html"
    write_at_once(path, compose_report(study.answers()))
    return path


def test_a_report_shows_inside_outside_and_pooled_rivals_and_the_review(window, report):
    """Each without error, and readable by everybody."""
    opened = window.open(report)
    page = opened.page
    opened.go("next")
    rows = page.locator("#forecast-parley li").first
    said = rows.inner_text()
    assert re.search(r"inside \d+%, outside \d+%", said), said
    assert rows.locator("circle.inside").count() == rows.locator("svg.outside").count() == 1
    page.locator("#forecast-parley summary", has_text="Another weight of the case").click()
    page.get_by_label("Weight of the case for parley").press("ArrowLeft")
    page.get_by_text("This shows one node only.").wait_for()
    assert page.get_by_role("button", name="Enter this weight").count() == 0
    clean(opened)
    opened.go("rivals")
    page.get_by_text("Aria does not care about its income").first.wait_for()
    clean(opened)
    opened.go("review")
    view = page.locator("#view").inner_text()
    assert "parley: wait" in view
    assert re.search(r"case alone \d+%; base rate \d+%", view), view
    assert "What each outcome teaches" in view
    clean(opened)
