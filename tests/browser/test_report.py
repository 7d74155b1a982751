"""The report as a file: alone, without scripts, on paper."""

from __future__ import annotations

import pytest

from tests.browser.pages import with_answers

MOST_BYTES = 2_000_000
PAPER = "getComputedStyle(document.body).backgroundColor"


def test_the_report_is_small_enough_to_send(flagship):
    assert flagship.stat().st_size < MOST_BYTES


def test_without_scripts_it_shows_every_table_and_the_diagram(window, flagship):
    """What the interface would draw is in the page, as plain tables and one drawing."""
    opened = window.open(flagship, scripts=False)
    page = opened.page
    assert page.locator("svg").count() >= 1
    assert page.locator("table").count() >= 5
    text = page.locator("body").inner_text()
    for heading in ("Forecast", "What if", "Why", "Claims", "Assumptions"):
        assert heading.lower() in text.lower(), heading
    assert not opened.overflow()
    assert not opened.strangers


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
