"""Files that a page writes open in the programs they are meant for."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.browser.pages import until

pytestmark = pytest.mark.slow

SVG = "{http://www.w3.org/2000/svg}"


def fetched(opened, click) -> Path:
    """The file that a click offers, under the name that it has."""
    with opened.page.expect_download(timeout=60_000) as waiting:
        click()
    folder = Path(waiting.value.path()).parent
    kept = folder / "named" / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    return kept


def offered(opened, label: str) -> Path:
    """A file of the Share view."""
    return fetched(opened, opened.page.get_by_role("button", name=label, exact=True).click)


def saved_as(opened, menu, kind: str) -> Path:
    """A file out of a menu beside a figure or table."""
    menu.locator("summary").click()
    return fetched(opened, menu.get_by_role("button", name=kind, exact=True).click)


def test_the_workbook_holds_every_table_with_numbers_as_numbers(window, flagship):
    opened = window.open(flagship)
    opened.go("share")
    path = offered(opened, "All tables (Excel)")
    assert path.name == "belarus-2025_tables_2025-07-15.xlsx"
    book = openpyxl.load_workbook(path)
    names = opened.page.locator(".tables .name").all_inner_texts()
    assert book.sheetnames == names
    head, *rows = book["Forecasts"].iter_rows(values_only=True)
    chance = head.index("chance")
    assert rows
    assert all(isinstance(row[chance], int | float) for row in rows)
    for sheet in book:
        for line in sheet.iter_rows():
            assert not any(cell.data_type == "f" for cell in line), "no cell is a formula"


def test_tables_as_text_say_the_same(window, flagship):
    opened = window.open(flagship)
    opened.go("share")
    with zipfile.ZipFile(offered(opened, "All tables (CSV)")) as files:
        assert len(files.namelist()) == opened.page.locator(".tables .name").count()
        text = files.read("forecasts.csv").decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(text[1:].splitlines()))
    document = json.loads(offered(opened, "Answers document (JSON)").read_text("utf-8"))
    expected = [value["probability"] for node in document["forecasts"] for value in node["values"]]
    assert [float(row["chance"]) for row in rows] == expected


def test_the_answers_document_comes_back_whole(window, flagship):
    from backchannel.answers.document import Answers

    opened = window.open(flagship)
    opened.go("share")
    path = offered(opened, "Answers document (JSON)")
    assert path.name == "belarus-2025_answers_2025-07-15.json"
    kept = opened.page.locator("#answers").text_content()
    assert json.loads(path.read_text("utf-8")) == json.loads(kept)
    assert Answers.model_validate_json(path.read_text("utf-8")).case.name == "belarus-2025"


def test_a_report_saves_itself_as_it_was(window, flagship):
    """Also after it has been used: what it saves shows the same, with and without scripts."""
    opened = window.open(flagship)
    for view in opened.views():
        opened.go(view)
    path = offered(opened, "Report (HTML)")
    assert path.name == "belarus-2025_report_2025-07-15.html"
    again = window.open(path)
    assert again.views() == opened.views()
    assert not again.errors
    for scripts in (True, False):
        texts = [
            window.open(page, scripts=scripts).page.locator("body").inner_text()
            for page in (flagship, path)
        ]
        assert texts[0] == texts[1]


def test_every_figure_is_a_picture_that_stands_alone(window, flagship, tmp_path):
    opened = window.open(flagship, scheme="dark")
    opened.go("share")
    with zipfile.ZipFile(offered(opened, "All figures (SVG and PNG)")) as files:
        names = files.namelist()
        drawings = [name for name in names if name.endswith(".svg")]
        assert drawings
        assert len(names) == 2 * len(drawings)
        for name in drawings:
            check_drawing(files.read(name))
            check_painting(files.read(name.replace(".svg", ".png")))
        files.extractall(tmp_path)
    # Alone, without the page and its styles, it shows.
    alone = window.open(tmp_path / drawings[0])
    assert alone.page.locator("svg text").count() > 0
    assert not alone.errors


def check_drawing(data: bytes) -> None:
    """An SVG that any program reads: drawing and text, on white, with nothing that runs or is fetched."""
    root = ElementTree.fromstring(data)
    assert root.tag == f"{SVG}svg"
    assert root.find(f"{SVG}title").text
    paper = root.find(f"{SVG}rect")
    assert paper.get("fill") == "#ffffff"
    for one in root.iter():
        assert one.tag.startswith(SVG), one.tag
        assert one.tag.removeprefix(SVG) not in {"script", "foreignObject", "image", "a", "style"}
        for key, value in one.attrib.items():
            assert not key.startswith("on")
            assert "var(" not in value, (one.tag, key, value)
            assert "http" not in value
            if "url(" in value:
                assert value.strip().startswith(("url(#", 'url("#')), value


def check_painting(data: bytes) -> None:
    """A PNG, twice as fine as the page."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(data[16:20], "big") > 600


def test_menus_beside_figures_and_tables_save_what_they_stand_by(window, flagship):
    """One figure and one table of each view that has them, by pointer; the names say where from."""
    opened = window.open(flagship)
    figures = tables = 0
    for view in opened.views():
        if view == "share":
            continue
        opened.go(view)
        page = opened.page
        page.evaluate(
            "document.querySelectorAll('#view details:not(.save)').forEach(one => { one.open = true; })"
        )
        menu = page.locator("figure .tools details.save:visible").first
        if menu.count():
            figures += 1
            drawing = saved_as(opened, menu, "SVG")
            assert drawing.name.startswith(f"belarus-2025_{view}_")
            check_drawing(drawing.read_bytes())
            check_painting(saved_as(opened, menu, "PNG").read_bytes())
        menu = page.locator(".below details.save:visible").first
        if menu.count():
            tables += 1
            text = saved_as(opened, menu, "CSV").read_bytes()
            assert text.startswith(b"\xef\xbb\xbf")
            rows = list(csv.reader(text.decode("utf-8-sig").splitlines()))
            sheet = openpyxl.load_workbook(saved_as(opened, menu, "Excel")).active
            assert [sheet.max_row, sheet.max_column] == [len(rows), len(rows[0])]
    assert not opened.errors
    assert figures > 0
    assert tables > 0


def test_a_menu_is_used_by_keyboard_and_closes_again(window, flagship):
    opened = window.open(flagship)
    opened.go("share")
    page = opened.page
    menu = page.locator("details.save").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "CSV"
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.localName") == "summary"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    file = fetched(opened, lambda: page.keyboard.press("Enter"))
    assert file.suffix == ".csv"
    until(page, lambda: menu.get_attribute("open") is None)
