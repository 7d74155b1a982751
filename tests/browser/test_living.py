"""Following a case in the workbench: news, scenarios, the ledger and the brief, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backchannel.ledger.ledger import Ledger
from tests.browser.pages import AXE, DESKTOP, PHONE, SCREENSHOTS, Opened, Window, until
from tests.helpers import CANAL
from tests.journeys.test_serve import Served, served

pytestmark = pytest.mark.slow

SCENARIOS = """
scenarios:
  cheap_war: {title: a cheap war, sliders: {war_cost: 0.08}}
  talks: {title: talks are certain, do: {parley: talk}, announced: start}
"""
PATIENCE = 90_000
# What every page of the workbench has: a bar above the landmarks, and tabs whose targets are views.
WHOLE_PAGE = ["region", "skip-link"]


@pytest.fixture
def talks(tmp_path) -> Path:
    path = tmp_path / "talks.yaml"
    path.write_text(CANAL.read_text() + SCENARIOS)
    return path


@pytest.fixture
def bench(chromium, talks, tmp_path) -> Iterator[Served]:
    with served(talks, tmp_path / "state", "--ledger", str(tmp_path / "team.ledger")) as bench:
        yield bench


def opened(bench: Served, window: Window, view: str, size: tuple[int, int] = DESKTOP) -> Opened:
    """A view of the workbench, once there are answers."""
    made = window.open(bench.link, size=size)
    made.page.wait_for_selector("nav.tabs", timeout=PATIENCE)
    made.go(view)
    return made


def check(page: Opened, name: str) -> None:
    """Nothing sticks out, axe finds nothing, and the page asked for nothing from elsewhere."""
    assert page.overflow() is None
    page.page.evaluate(f"{AXE.read_text()};0")
    found = page.page.evaluate(
        """async (without) => {
          const rules = Object.fromEntries(without.map((one) => [one, {enabled: false}]));
          const result = await axe.run(document, {resultTypes: ['violations'], rules});
          return result.violations.map((one) => one.id + ': ' + one.nodes.map((n) => n.html).join(' '));
        }""",
        WHOLE_PAGE,
    )
    assert found == []
    assert page.errors == []
    assert page.strangers == []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", [DESKTOP, pytest.param(PHONE, marks=pytest.mark.long)])
def test_news_is_looked_at_dropped_looked_at_again_and_saved(bench, window, talks, size):
    """Nothing is written until it is saved; then the file has it."""
    page = opened(bench, window, "news", size)
    before = talks.read_text()
    form = page.page.locator("form.panel")
    form.locator("select").first.select_option("parley")
    form.locator("input[type=date]").fill("2031-04-20")
    for choice in ("Drop", "Save"):
        page.page.get_by_role("button", name="What does it change?").click()
        page.page.wait_for_selector("text=Forecasts that change", timeout=PATIENCE)
        assert "planned day" in page.page.inner_text("#view")
        assert talks.read_text() == before
        check(page, f"news-{size[0]}")
        page.page.get_by_role("button", name=choice, exact=True).click()
    until(page.page, lambda: talks.read_text() != before)
    assert "at: 2031-04-20" in talks.read_text()
    assert "{node: parley, value: talk, date: 2031-04-20, source: inquiry}" in talks.read_text()


def test_news_can_be_entered_without_a_mouse(bench, window, talks):
    """Tab, letters and Enter."""
    page = opened(bench, window, "news")
    keys = page.page.keyboard
    page.page.locator("form.panel select").first.focus()
    keys.type("parley")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("05022031")
    page.page.wait_for_selector("button:has-text('What does it change?'):enabled", timeout=PATIENCE)
    page.page.get_by_role("button", name="What does it change?").focus()
    keys.press("Enter")
    page.page.wait_for_selector("text=Forecasts that change", timeout=PATIENCE)
    page.page.get_by_role("button", name="Save", exact=True).focus()
    keys.press("Enter")
    until(page.page, lambda: "date: 2031-05-02" in talks.read_text())


@pytest.mark.parametrize("size", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.long)])
def test_sliders_get_a_name_and_come_back_by_it(bench, window, talks, size):
    """A scenario is set, saved under another name, and taken out again by undo."""
    page = opened(bench, window, "scenarios", size)
    check(page, f"scenarios-{size[0]}")
    page.page.get_by_role("button", name=re.compile("Set this slider.*a cheap war")).click()
    page.page.wait_for_selector("text=The slider as it stands: war cost", timeout=PATIENCE)
    page.page.get_by_label("Title").fill("Low costs")
    page.page.get_by_role("button", name="Show the difference").click()
    page.page.wait_for_selector("text=low_costs:", timeout=PATIENCE)
    page.page.get_by_role("button", name="Put it into the case").click()
    page.page.wait_for_selector("text=is in the case text", timeout=PATIENCE)
    page.page.wait_for_selector("h3:has-text('Low costs')", timeout=PATIENCE)
    assert "low_costs" not in talks.read_text(), "it is saved by hand"
    with page.page.expect_download() as saved:
        page.go("share")
        page.page.get_by_role("button", name="Answers document").click()
    assert saved.value.suggested_filename.endswith(".json")


@pytest.mark.parametrize("size", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.long)])
def test_forecasts_are_logged_resolved_and_scored(bench, window, tmp_path, size):
    """Each entry is shown first; the file is the terminal's."""
    book = tmp_path / "team.ledger"
    page = opened(bench, window, "ledger", size)
    page.page.get_by_placeholder("person or team").fill("desk")
    page.page.get_by_role("button", name="Log the current forecasts").click()
    page.page.wait_for_selector("dialog table", timeout=PATIENCE)
    assert not book.exists()
    page.page.get_by_role("button", name="Enter in the ledger").click()
    page.page.wait_for_selector("figure svg", timeout=PATIENCE)
    page.page.locator("form input[type=date]").fill("2031-05-02")
    page.page.get_by_placeholder("where it is reported").fill("Gazette of 3 May")
    page.page.get_by_role("button", name="Enter …").click()
    page.page.wait_for_selector("dialog table", timeout=PATIENCE)
    page.page.get_by_role("button", name="Enter in the ledger").click()
    page.page.wait_for_selector("text=Calibration", timeout=PATIENCE)
    check(page, f"ledger-{size[0]}")
    ledger = Ledger(book)
    assert [run["by"] for run in ledger.runs()] == ["desk"]
    assert [(one.node, one.value) for one in ledger.outcomes("talks")] == [("parley", "talk")]


def test_the_brief_is_downloaded_from_share(bench, window, tmp_path):
    """As Word, and as Markdown with its figure."""
    pytest.importorskip("docx")
    page = opened(bench, window, "share")
    for button, ending, begins in (
        ("Brief (Word)", ".docx", b"PK"),
        ("Brief (Markdown)", ".zip", b"PK"),
    ):
        with page.page.expect_download(timeout=PATIENCE) as saved:
            page.page.get_by_role("button", name=button).click()
        assert saved.value.suggested_filename.endswith(ending)
        target = tmp_path / f"brief{ending}"
        saved.value.save_as(target)
        assert target.read_bytes().startswith(begins)
    check(page, "share-brief")
