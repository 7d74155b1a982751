"""Text from a case is shown as text: it runs nothing, hides nothing and breaks no page."""

from __future__ import annotations

import csv

import openpyxl
import pytest

from tests.browser.pages import DESKTOP, PHONE
from tests.browser.test_downloads import check_drawing, offered, saved_as

pytestmark = pytest.mark.slow

PLANTED = """() => [...document.querySelectorAll(`
    #backchannel :is(script, iframe, img, marquee, object, embed, style, u, b[onmouseover]),
    #backchannel :is([onload], [onerror], [onclick]), #backchannel a[href^="javascript" i]
  `)].map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_hostile_text_is_shown_and_runs_nothing(window, hostile, size):
    opened = window.open(hostile, size=size)
    assert opened.page.locator("h1").inner_text() == "<script>window.harmed = 'title'</script>"
    wide = {}
    for view in opened.views():
        opened.go(view)
        opened.page.evaluate(
            "document.querySelectorAll('#view details:not(.save)').forEach(one => { one.open = true; })"
        )
        opened.settle()
        if sticks_out := opened.overflow():
            wide[view] = sticks_out
        planted = opened.page.evaluate(PLANTED)
        assert not planted, (view, planted)
        assert opened.page.evaluate("window.harmed") is None, view
    assert not wide
    assert not opened.dialogs
    assert not opened.errors
    assert not opened.strangers


def test_hostile_text_runs_nothing_without_the_interface_either(window, hostile):
    """The static part of the report is made by other code."""
    opened = window.open(hostile, scripts=False)
    assert "<script>window.harmed = 'title'</script>" in opened.page.locator("body").inner_text()
    assert opened.page.locator("img, iframe, marquee").count() == 0
    assert not opened.strangers


def test_hostile_text_is_harmless_in_files(window, hostile):
    """No formula in a spreadsheet, no script in a drawing, no path in a file name."""
    opened = window.open(hostile)
    opened.go("share")
    page = opened.page
    menu = page.locator(".tables li", has_text="Sources").locator("details.save")
    path = saved_as(opened, menu, "CSV")
    assert "/" not in path.name
    (row,) = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    assert row["author"].startswith("'=HYPERLINK")
    book = openpyxl.load_workbook(offered(opened, "All tables (Excel)"))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)
    for view in opened.views():
        opened.go(view)
        menu = page.locator("figure .tools details.save:visible").first
        if menu.count():
            check_drawing(saved_as(opened, menu, "SVG").read_bytes())
    assert page.evaluate("window.harmed") is None
