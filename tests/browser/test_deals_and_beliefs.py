"""Deals and wrong beliefs built, changed and deleted in the workbench, by mouse and by keyboard, without YAML."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backchannel.case.read.document import parse_document
from tests.browser.pages import DESKTOP, PHONE, SCREENSHOTS, Opened, accessibility_faults
from tests.browser.test_canvas import PATIENCE, saved
from tests.journeys.test_serve import served

pytestmark = pytest.mark.slow

RANSOM = (Path(__file__).parent.parent / "cases" / "ransom.yaml").read_text("utf-8")
BARE = f"{RANSOM[: RANSOM.index('deals:')]}questions:\n  next: {{asks: Will they ship?, forecast: ships}}\n"
"""The case without deals."""
DEAL = """\
deals:
  exchange:
    title: The crew for the cargo
    parties: [port, guild]
    steps:
      # first the crew
      - {do: {frees: all}}   # all of it
      # then the cargo
      - {do: {ships: sends}}
    guarantees:
      - {by: crown, pays: {guild: 0.1}, after: 1}   # in two parts
    why: {judgement: desk estimate}

"""


@pytest.fixture
def case(chromium, tmp_path, request) -> Iterator[tuple[Path, str]]:
    """A case in a workbench, by default the one without deals, and the link to it."""
    path = tmp_path / "crew.yaml"
    path.write_text(getattr(request, "param", BARE), "utf-8")
    with served(path, tmp_path / "state") as bench:
        yield path, bench.link


WITH_DEAL = BARE.replace("questions:", f"{DEAL}questions:")
with_deal = pytest.mark.parametrize("case", [WITH_DEAL], indirect=True)


def at_view(window, link: str, view: str, **looks: Any) -> Opened:
    opened = window.open(link, **looks)
    opened.page.wait_for_selector("nav.tabs", timeout=PATIENCE)
    opened.go(view)
    return opened


def said(text: str) -> Any:
    """What a file says, in plain values."""
    return parse_document(text).data


def give_reason(page, words: str) -> None:
    page.get_by_label("Whose judgement, and on what grounds").fill(words)


def enter(page, button: str) -> None:
    """Enter the form; it closes."""
    page.get_by_role("button", name=button, exact=True).click(timeout=PATIENCE)
    page.get_by_role("button", name=button, exact=True).wait_for(state="detached", timeout=PATIENCE)


def test_a_deal_is_built_by_mouse(window, case):
    """Steps, alternatives, a penalty, a payment and a reason: the file gets exactly them, and keeps the rest."""
    path, link = case
    opened = at_view(window, link, "deals")
    page = opened.page
    page.get_by_role("button", name="Add a deal …").click()
    page.get_by_label("Name of the deal").fill("The crew for the cargo")
    page.get_by_role("button", name="Choose what is promised").click()
    page.get_by_label("half", exact=True).check()
    page.get_by_label("all", exact=True).check()
    page.get_by_role("button", name="Add a step").click()
    page.get_by_role("button", name="Choose what is promised").click()
    page.get_by_label("sends", exact=True).check()
    page.get_by_label("the Port loses").fill("shame")
    page.get_by_label("the Guild loses").fill("0, 0.2")
    page.get_by_role("button", name="Add a payment").click()
    page.get_by_label("Payment or punishment 1: by whom").select_option("crown")
    page.get_by_role("button", name="Whom it pays").click()
    page.get_by_label("Payment or punishment 1: whom").select_option("guild")
    page.get_by_label("Payment or punishment 1: how much for the Guild").fill("0.1")
    give_reason(page, "desk estimate")
    enter(page, "Enter the deal")
    page.get_by_role("button", name="Change … the deal The crew for the cargo").wait_for()
    text = saved(page, path)
    assert said(text)["deals"] == {
        "crew_cargo": {
            "title": "The crew for the cargo",
            "parties": ["port", "guild"],
            "steps": [{"do": {"frees": ["half", "all"]}}, {"do": {"ships": "sends"}}],
            "breach": {"port": "shame", "guild": [0, 0.2]},
            "guarantees": [{"pays": {"guild": 0.1}, "when": "kept", "by": "crown"}],
            "why": {"judgement": "desk estimate"},
        }
    }
    assert said(text)["questions"]["crew_cargo_holds"]["deal"] == "crew_cargo"
    assert set(BARE.splitlines()) <= set(text.splitlines()), "no line of the file was lost"
    assert not opened.errors


@with_deal
def test_steps_are_moved_by_keyboard_and_comments_stay_with_them(window, case):
    """On a phone: an order that is wrong in time is said; undo takes the change back, and the deal can be deleted."""
    path, link = case
    opened = at_view(window, link, "deals", size=PHONE)
    page = opened.page
    page.get_by_role("button", name="Change … the deal").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move step 1 down").focus()
    page.keyboard.press("Enter")
    page.get_by_text("List the steps in order of time").wait_for(timeout=PATIENCE)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move step 2 up"
    page.get_by_role("button", name="Enter the deal anyway").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Enter the deal anyway").wait_for(
        state="detached", timeout=PATIENCE
    )
    assert "Change" in page.evaluate("document.activeElement.textContent")
    moved = WITH_DEAL.replace("after: 1", "after: 2").replace(
        "      # first the crew\n      - {do: {frees: all}}   # all of it\n"
        "      # then the cargo\n      - {do: {ships: sends}}\n",
        "      # then the cargo\n      - {do: {ships: sends}}\n"
        "      # first the crew\n      - {do: {frees: all}}   # all of it\n",
    )
    assert saved(page, path) == moved
    page.keyboard.press("Escape")
    opened.go("deals")
    page.get_by_role("button", name="Undo", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete … the deal").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete it").click(timeout=PATIENCE)
    page.get_by_text("The case has no deal").wait_for(timeout=PATIENCE)
    text = saved(page, path)
    assert "deals:" not in text
    assert "P(" not in text
    assert not opened.errors


def test_what_is_missing_or_wrong_in_a_deal_is_said(window, case):
    """In the words of the form, or of the check where only that knows."""
    _, link = case
    opened = at_view(window, link, "deals")
    page = opened.page
    page.get_by_role("button", name="Add a deal …").click()
    for says, act in (
        ("Name the deal.", lambda: page.get_by_label("Name of the deal").fill("A swap")),
        (
            "choose whose decision",
            lambda: page.get_by_role("button", name="Choose what").click(),
        ),
        ("tick the action", lambda: page.get_by_label("all", exact=True).check()),
        ("Say why", lambda: give_reason(page, "mine")),
    ):
        page.locator(".change").get_by_text(says).wait_for(timeout=PATIENCE)
        act()
    page.get_by_label("the Guild loses").fill("shme")
    page.get_by_text("Did you mean 'shame'?").wait_for(timeout=PATIENCE)
    page.get_by_label("the Guild loses").fill("-1")
    page.get_by_text("it must be a number of at least 0").wait_for(timeout=PATIENCE)
    page.get_by_label("the Guild loses").fill("")
    page.get_by_label("Day of the deal").fill("2031-02-30")
    page.get_by_text("there is no 2031-02-30").wait_for(timeout=PATIENCE)
    assert not opened.errors


def wrong(page) -> Any:
    """The fields of the belief, without those of beliefs inside it."""
    return page.get_by_label("Add what the Port gets wrong")


def test_a_belief_is_built_changed_and_deleted(window, case):
    """A number in another's aims, an action nobody thought of, and what another believes; with a reason."""
    path, link = case
    opened = at_view(window, link, "surprise")
    page = opened.page
    page.get_by_role("button", name="Add a wrong belief …").click()
    page.locator(".change").get_by_text("Add what the Port gets wrong.").wait_for()
    wrong(page).select_option("parameters")
    page.get_by_label("the Port is wrong about the number", exact=True).select_option("crew")
    page.get_by_label("Believed: worth of the crew to the Guild").fill("0.5 to 0.9")
    wrong(page).select_option("actions")
    page.get_by_label("the Port has not thought of these actions at", exact=True).select_option(
        "feast"
    )
    page.get_by_label("cancels", exact=True).check()
    wrong(page).select_option("about")
    page.get_by_label("the Port thinks of the beliefs of", exact=True).select_option("guild")
    page.get_by_label("What the Port thinks that the Guild believes").select_option("own")
    page.get_by_label("Add what the Guild gets wrong").select_option("nodes")
    page.get_by_label("the Guild is wrong about the odds of", exact=True).select_option("feast")
    page.get_by_label("How likely holds").fill("likely")
    page.get_by_label("How likely cancels").fill("0.2")
    page.locator(".change").get_by_text("Say why the Port believes this.").wait_for()
    page.get_by_label("In words").fill("overrates what a crew counts")
    page.get_by_label("Rests on").select_option("books")
    page.get_by_label("Place in the source").fill("p. 4")
    enter(page, "Enter the belief")
    page.get_by_text("overrates what a crew counts").first.wait_for(timeout=PATIENCE)
    text = saved(page, path)
    assert said(text)["beliefs"] == {
        "port": {
            "parameters": {"crew": {"between": [0.5, 0.9]}},
            "unaware": {"actions": {"feast": ["cancels"]}},
            "about": {"guild": {"nodes": {"feast": {"odds": {"holds": "likely", "cancels": 0.2}}}}},
            "in_words": "overrates what a crew counts",
            "why": {"source": "books", "at": "p. 4"},
        }
    }
    assert set(BARE.splitlines()) <= set(text.splitlines()), "no line of the file was lost"
    opened.go("surprise")
    page.get_by_role("button", name="Change … what the Port gets wrong").click()
    page.get_by_role("button", name="Take out: the Port has not thought of").click()
    give_reason(page, "seen since")
    enter(page, "Enter the belief")
    changed = said(saved(page, path))["beliefs"]["port"]
    assert "unaware" not in changed
    assert changed["why"] == [{"source": "books", "at": "p. 4"}, {"judgement": "seen since"}]
    opened.go("surprise")
    page.get_by_role("button", name="Delete … what the Port gets wrong").click()
    enter(page, "Delete it")
    page.get_by_text("Nobody errs in this case").wait_for(timeout=PATIENCE)
    assert saved(page, path) == BARE
    assert not opened.errors


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
@with_deal
def test_forms_of_deals_and_beliefs_break_no_rule_of_accessibility(window, case, size, scheme):
    """WCAG 2.2, A and AA, with every kind of field open."""
    _, link = case
    opened = at_view(window, link, "deals", size=size, scheme=scheme)
    page = opened.page
    found = []

    def look(what: str) -> None:
        opened.settle()
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(
            path=SCREENSHOTS / "deals" / f"{what}-{size[0]}-{scheme}.png", full_page=True
        )
        assert opened.overflow() is None, what
        found.extend(f"{what}: {fault}" for fault in accessibility_faults(page))

    page.get_by_role("button", name="Change … the deal").click()
    page.get_by_role("button", name="Another promise in this step").first.click()
    page.get_by_role("button", name="Add a payment").click()
    look("deal")
    opened.go("surprise")
    page.get_by_role("button", name="Add a wrong belief …").click()
    for part in ("parameters", "nodes", "actions", "unknown", "sees", "reasoning", "about"):
        wrong(page).select_option(part)
    page.get_by_label("What the Port thinks that").select_option("own")
    look("belief")
    assert not found, "\n".join(found)
    assert not opened.errors


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_all_tabs_are_reached_without_scrolling_sideways(window, case, size):
    """By mouse and by keyboard, in the row or in its menu."""
    _, link = case
    opened = at_view(window, link, "deals", size=size)
    page = opened.page
    row = page.locator("nav.tabs")
    wide = "one => one.scrollWidth > one.clientWidth || one.getBoundingClientRect().height > 60"
    assert not row.evaluate(wide)
    assert len(opened.views()) == len(set(opened.views())) > 14
    more = row.get_by_role("button", name="More")
    more.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('nav ul') !== null")
    assert not accessibility_faults(page)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent").startswith("More")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    last = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    chosen = row.locator('> a[aria-current="page"]')
    assert chosen.text_content() == last
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "page"
    assert not row.evaluate(wide)
    more.click()
    page.mouse.click(5, 400)
    assert more.get_attribute("aria-expanded") == "false"
    assert not opened.errors
