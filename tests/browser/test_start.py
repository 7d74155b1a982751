"""From an empty start page to a case with an answer, an order, a prior and a claim of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backchannel.case.catalog import catalog
from backchannel.case.read.case_file import read_case
from tests.browser.pages import DESKTOP, PHONE, SCREENSHOTS, Opened, accessibility_faults, until
from tests.journeys.test_serve import CASE, Served, served

pytestmark = pytest.mark.slow

PATIENCE = 90_000


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def bench(chromium, folder, tmp_path) -> Iterator[Served]:
    with served(None, tmp_path / "state", folder=folder) as bench:
        yield bench


def start_page(window, bench: Served, size: tuple[int, int] = DESKTOP, **look: str) -> Opened:
    opened = window.open(bench.link, size=size, **look)
    opened.page.wait_for_selector(f"text=of {len(catalog())} cases", timeout=PATIENCE)
    assert opened.page.url == f"http://127.0.0.1:{bench.port}/", "the token is not left behind"
    return opened


def check(opened: Opened, name: str) -> None:
    """Take a picture; nothing sticks out, and axe-core finds nothing."""
    # What scrolls away below the tabs would count as too small to be touched.
    opened.page.evaluate("scrollTo(0, 0)")
    opened.settle()
    opened.page.screenshot(
        path=SCREENSHOTS / f"start_{name}_{opened.page.viewport_size['width']}.png", full_page=True
    )
    assert opened.overflow() is None
    assert accessibility_faults(opened.page) == []
    assert opened.errors == []
    assert opened.strangers == []


def answered(opened: Opened) -> None:
    """Wait until a case is solved."""
    opened.page.get_by_text("Up to date.").wait_for(timeout=PATIENCE)


def entered(opened: Opened, label: str) -> None:
    """Enter a change that an editor shows, once the server has said what it does."""
    opened.page.get_by_text("In the file", exact=True).wait_for(timeout=PATIENCE)
    opened.page.get_by_role("button", name=label).click()
    opened.page.get_by_text("In the file", exact=True).wait_for(state="detached", timeout=PATIENCE)


def saved(opened: Opened) -> None:
    """Go to the cases, and save what is asked about on the way."""
    opened.page.get_by_role("link", name="Cases").click()
    opened.page.get_by_role("button", name="Look at the changes and save").click()
    opened.page.get_by_role("button", name="Save", exact=True).click()
    opened.page.get_by_role("button", name="Close").click()
    opened.page.wait_for_selector(f"text=of {len(catalog())} cases", timeout=PATIENCE)


def test_from_an_empty_start_page_to_a_case_of_ones_own_by_mouse(window, bench, folder):
    """Patterns, an answer, cards in an order, a prior, a claim; and all of it in the file."""
    opened = start_page(window, bench)
    page = opened.page
    assert page.get_by_text("None yet.").is_visible()
    check(opened, "empty")
    page.get_by_label("Title").fill("A swap")
    page.get_by_label("Ransom or exchange").check()
    page.get_by_label("A spoiler").check()
    page.get_by_label("Who holds the prisoners?").fill("Minsk")
    page.get_by_label("Who must make the deal").fill("Minsk")
    page.get_by_label("Which outcome would").select_option(label="The prisoners: freed")
    page.get_by_text("What the case holds (8").wait_for()
    check(opened, "patterns")
    page.get_by_role("button", name="Write a-swap.yaml and open it").click()
    answered(opened)
    assert page.get_by_role("heading", name="Will they be freed?").is_visible()

    opened.go("worth")
    page.get_by_label("An order").check()
    page.get_by_role("checkbox", name="The prisoners").uncheck()
    cards = page.locator("[data-card]")
    last, first = cards.last.bounding_box(), cards.first.bounding_box()
    assert last
    assert first
    dragged = cards.last.get_attribute("data-card")
    page.mouse.move(last["x"] + 40, last["y"] + 12)
    page.mouse.down()
    page.mouse.move(first["x"] + 40, first["y"] + 2, steps=6)
    page.mouse.up()
    assert cards.first.get_attribute("data-card") == dragged
    check(opened, "order")
    entered(opened, "Enter the worth")

    opened.go("assumptions")
    page.get_by_role("button", name=re.compile("Type a prior")).first.click()
    editor = page.locator(".editor")
    editor.get_by_role("textbox").first.fill("0.1 to 0.3")
    assert editor.get_by_role("button", name="Enter the prior").is_disabled()
    editor.get_by_label("Whose judgement").fill("the desk's own")
    upper = editor.get_by_role("slider", name="Upper end").bounding_box()
    assert upper
    page.mouse.move(upper["x"] + 12, upper["y"] + 12)
    page.mouse.down()
    page.mouse.move(upper["x"] + 60, upper["y"] + 12, steps=4)
    page.mouse.up()
    typed = editor.get_by_role("textbox").first.input_value()
    assert re.fullmatch(r"0\.1\d* to 0\.3\d+", typed)
    check(opened, "prior")
    entered(opened, "Enter the prior")

    opened.go("claims")
    page.get_by_role("button", name="Add a claim").click()
    page.get_by_label("Outcome: node").select_option(label="The prisoners")
    page.get_by_label("Condition: node").select_option(label="The payment")
    page.get_by_label("Source", exact=True).select_option(label="a new source …")
    page.get_by_label("Title of the source").fill("Wire report")
    check(opened, "claim")
    entered(opened, "Add the claim")
    page.get_by_text("is more likely if “The payment: paid” than otherwise").first.wait_for(
        timeout=PATIENCE
    )

    saved(opened)
    assert page.get_by_role("button", name="A swap", exact=True).is_visible()
    case, _ = read_case(folder / "a-swap.yaml")
    low, high = (float(end) for end in typed.split(" to "))
    priors = [parameter.prior for parameter in case.parameters.values()]
    priors += [player.precision for player in case.players.values()]
    assert {"between": [low, high]} in priors
    assert len(case.interests["ransom"].worth["ranks"]) == len(
        set(map(str, case.interests["ransom"].worth["ranks"]))
    )
    (claim,) = case.claims
    assert (
        claim.test
        == "P(release == 'frees', given=payment == 'pays') > P(release == 'frees', given=payment != 'pays')"
    )
    assert case.sources[claim.source].title == "Wire report"


def test_the_same_by_keyboard_on_a_phone(window, bench, folder):
    """Every control is reached by Tab and used by keys alone."""
    opened = start_page(window, bench, PHONE, scheme="dark")
    page = opened.page

    def reach(role: str, name: str | re.Pattern[str]) -> None:
        sought = page.get_by_role(role, name=name).first
        for _ in range(300):
            if sought.evaluate("one => one === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{role} {name} is not reached by Tab")

    check(opened, "empty")
    reach("textbox", "Title")
    page.keyboard.type("Threats")
    reach("checkbox", re.compile("Threat and compliance"))
    page.keyboard.press("Space")
    page.get_by_text("What the case holds").wait_for()
    check(opened, "patterns")
    reach("button", re.compile("Write threats.yaml"))
    page.keyboard.press("Enter")
    answered(opened)
    opened.go("worth")
    reach("radio", re.compile("An expression"))
    page.keyboard.press("ArrowLeft")
    first = page.locator("[data-card]").first
    reach("button", first.get_attribute("aria-label") or "")
    moved = first.get_attribute("data-card")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("=")
    joined = page.locator("[data-rank] .card").nth(2)
    assert page.evaluate("document.activeElement.dataset.card") == moved
    assert joined.locator("[data-card]").get_attribute("data-card") == moved
    check(opened, "order")
    entered(opened, "Enter the worth")
    opened.go("claims")
    page.get_by_role("button", name="Add a claim").press("Enter")
    check(opened, "claim")
    answered(opened)


def test_paths_that_lead_nowhere_are_told_and_nothing_is_lost(window, bench, folder):
    """What was typed stays, and an existing file stays as it is."""
    (folder / "kept.yaml").write_text("mine")
    (folder / "folder.yaml").mkdir()
    opened = start_page(window, bench)
    page = opened.page
    page.get_by_label("Path of a case file").fill("folder.yaml")
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_text("is a folder").wait_for()
    page.get_by_label("Path of a case file").fill("a\u202e<b>.yaml")
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_text("cannot contain control characters").wait_for()
    page.get_by_label("An empty case").check()
    page.get_by_label("Title").fill("<img src=x onerror=alert(1)>")
    page.get_by_label("File", exact=True).fill("kept.yaml")
    page.get_by_role("button", name="Write kept.yaml").click()
    page.get_by_text("exists already").wait_for()
    assert (folder / "kept.yaml").read_text() == "mine"
    assert page.get_by_label("Title").input_value().startswith("<img")
    page.get_by_label("File", exact=True).fill("new.yaml")
    page.get_by_role("button", name="Write new.yaml").click()
    answered(opened)
    assert page.get_by_role("heading", name="<img src=x onerror=alert(1)>").is_visible()
    page.get_by_role("link", name="Cases").click()
    (folder / "broken.yaml").write_text("case: <b>Broken</b>\nplayers: [")
    page.get_by_label("Path of a case file").fill("broken.yaml")
    page.get_by_role("button", name="Open", exact=True).click()
    page.get_by_text("The case is solved as soon as the text has none").wait_for(timeout=PATIENCE)
    check(opened, "broken")
    page.get_by_role("link", name="Cases").click()
    until(page, lambda: page.get_by_role("button", name="off the list").count() == 2)
    assert opened.dialogs == []


def test_a_case_of_which_the_file_is_gone_is_shown_as_missing_and_can_be_dropped(
    window, bench, folder
):
    path = folder / "gone.yaml"
    path.write_text(CASE.read_text())
    opened = start_page(window, bench)
    page = opened.page
    page.get_by_label("Path of a case file").fill("gone.yaml")
    page.keyboard.press("Enter")
    answered(opened)
    bench.stop()
    path.unlink()
    with served(None, folder.parent / "state", port=bench.port, folder=folder) as again:
        opened = start_page(window, again)
        assert opened.page.get_by_text("missing").is_visible()
        check(opened, "missing")
        opened.page.get_by_role("button", name="off the list").click()
        opened.page.get_by_text("None yet.").wait_for()
