"""The report as a file: alone, without scripts, on paper."""

from __future__ import annotations

import re

import pytest

from tests.browser.pages import with_answers

MOST_BYTES = 2_000_000
COUNT = re.compile(rb"/Count (\d+)")
"""Pages below a node of a PDF's page tree; the last one is the root."""
PAPER = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.slow
def test_the_report_is_small_enough_to_send(flagship):
    assert flagship.stat().st_size < MOST_BYTES


@pytest.mark.slow
def test_without_scripts_it_shows_every_table_and_the_diagram(window, flagship):
    """What the interface would draw is in the page, as plain tables and one drawing."""
    opened = window.open(flagship, scripts=False)
    page = opened.page
    for section in page.locator("details.section > summary").all():
        section.click()
    assert page.locator("svg").count() >= 1
    assert page.locator("table").count() >= 5
    text = page.locator("body").inner_text()
    for heading in ("Forecast", "What if", "Why", "Claims", "Assumptions"):
        assert heading.lower() in text.lower(), heading
    assert not opened.overflow()
    assert not opened.strangers


@pytest.mark.slow
def test_it_prints(window, flagship, tmp_path):
    """Every view becomes a PDF, on white paper and without the tabs, also for those who read in the dark."""
    opened = window.open(flagship, scheme="dark")
    for view in opened.views():
        opened.go(view)
        opened.page.emulate_media(media="print")
        assert not opened.page.locator("nav.tabs").is_visible()
        assert opened.page.evaluate(PAPER) == "rgb(255, 255, 255)"
        printed = opened.page.pdf(path=tmp_path / f"{view}.pdf", format="A4")
        assert printed.startswith(b"%PDF-")
        opened.page.emulate_media(media="screen")
        assert opened.page.evaluate(PAPER) != "rgb(255, 255, 255)"
    assert not opened.errors


def pages(page) -> int:
    """Printed pages, A4."""
    return int(COUNT.findall(page.pdf(format="A4"))[-1])


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False])
def test_one_page_is_printed_and_more_only_of_what_is_open(window, flagship, scripts):
    """The answers, what they hinge on and the certificate; a reader opens more with the keyboard alone."""
    opened = window.open(flagship, scripts=scripts)
    assert pages(opened.page) == 1
    opened.page.locator("article summary").first.focus()
    opened.page.keyboard.press("Enter")
    first = opened.page.locator("article details").first
    assert first.get_attribute("open") is not None
    if scripts:
        opened.go("why")
        assert 1 < pages(opened.page) <= 4
    else:
        why = opened.page.locator("details.section", has=opened.page.locator("#why"))
        why.locator("summary").first.focus()
        opened.page.keyboard.press("Enter")
        assert opened.page.locator("#why table").first.is_visible()
        assert 1 < pages(opened.page) <= 4


@pytest.mark.slow
def test_a_link_to_what_is_folded_opens_it(window, flagship):
    """Without scripts, too."""
    opened = window.open(flagship, scripts=False)
    assert not opened.page.locator("#certificate table").is_visible()
    opened.page.get_by_role("link", name="Details").click()
    assert opened.page.locator("#certificate table").is_visible()


def test_answers_of_a_newer_version_are_refused_with_what_to_do(window, small, tmp_path):
    text = '{"document": "backchannel-answers", "version": "2.0"}'
    page = with_answers(small, text, tmp_path / "new.html")
    opened = window.open(page)
    assert "Use a newer Backchannel" in opened.page.get_by_role("alert").inner_text()
    assert not opened.errors


@pytest.mark.parametrize("text", ['{"document": ', "[]", '"\\u003cscript>"'])
def test_unreadable_answers_are_said_to_be_so(window, small, tmp_path, text):
    opened = window.open(with_answers(small, text, tmp_path / "broken.html"))
    assert opened.page.get_by_role("alert").is_visible()
    assert not opened.errors
