"""Goods on the page: routes before and after a change, rounds, the panel of the diagram, and all files."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from math import exp
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.browser.pages import (
    BUILD,
    DESKTOP,
    PHONE,
    SCREENSHOTS,
    accessibility_faults,
    report_of,
    solved_answers,
)
from tests.browser.test_downloads import check_drawing, check_painting, offered, saved_as

pytestmark = pytest.mark.slow

CASE = Path(__file__).parent.parent / "cases" / "gas_in_rounds.yaml"
ROUTES = {"north": "north", "south": "through Borland", "ship": "ship"}


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    """The answers to a case in three rounds, in which a gate is shut ever more often."""
    return json.loads(solved_answers(CASE, draws=64))


@pytest.fixture(scope="module")
def goods(chromium, solved) -> Path:
    return report_of(json.dumps(solved), BUILD / "pages" / "goods.html")


def pictures(page, figure: str) -> list[str]:
    """What the drawings of a figure say of themselves."""
    drawings = page.locator("figure", has_text=figure).first.locator("svg[role=img]").all()
    return [str(one.get_attribute("aria-label")) for one in drawings]


def choice(page, label: str):
    """The list beside a label above the figure."""
    return page.locator("p.choices label", has_text=re.compile(rf"^\s*{label}\b")).locator("select")


def said(flows: list[dict[str, Any]], key: str) -> list[str]:
    """Routes with what they carry, as a picture names them."""
    return [f"{ROUTES[one['name']]} {one[key]:.1f}" for one in flows]


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_routes_are_drawn_before_and_after_a_change(window, goods, solved, size, scheme):
    """Of the round that the change moves most; another change and another round are chosen from the lists."""
    opened = window.open(goods, size=size, scheme=scheme)
    opened.go("flows")
    page = opened.page
    shut, locked = solved["flows"]
    march = shut["goods"][1]
    title = "Flows of gas, March 2031 if the gate were shut in March"
    before, after = pictures(page, title)
    assert before.startswith("As it is: ")
    assert after.startswith("Changed: ")
    for one in said(march["routes"], "before"):
        assert one in before
    for one, route in zip(said(march["routes"], "after"), march["routes"], strict=True):
        change = f"({'−' if route['difference'] < 0 else '+'}{abs(route['difference']):.1f})"
        assert f"{one} {change}" in after
    # What carries nothing any more is a dashed stub.
    assert page.locator("figure svg .closed").count() == 1
    page.screenshot(path=SCREENSHOTS / "goods" / f"flows-{size[0]}-{scheme}.png", full_page=True)
    assert opened.overflow() is None
    assert not accessibility_faults(page)
    choice(page, "If").select_option(locked["name"])
    choice(page, "In").select_option("1")
    february = locked["goods"][0]
    _, after = pictures(page, "Flows of gas, February 2031 if the lock had been shut")
    for one in said(february["routes"], "after"):
        assert one in after
    choice(page, "If").select_option("")
    (alone,) = pictures(page, "Flows of gas, February 2031")
    for one in said(february["routes"], "before"):
        assert one in alone
    assert "no limit" in page.locator("#view table").first.inner_text()
    assert not opened.errors


def test_what_arrives_and_its_price_are_lines_over_the_rounds(window, goods, solved):
    """With their ranges, and a dashed line with the change; the table has the same numbers."""
    opened = window.open(goods)
    opened.go("flows")
    page = opened.page
    figure = page.locator("figure", has_text="gas over the rounds")
    (good,) = solved["goods"]
    first, *_, last = good["times"]
    # Nothing may reach the port, so that its price has no limit and no line.
    titles = figure.locator(".panels p").all_inner_texts()
    assert titles == ["Arrives: the city", "Price: the city", "Arrives: the port"]
    city, price, port = pictures(page, "gas over the rounds")
    for line, kind, at, shown in (
        (city, "delivered", 0, float),
        (price, "prices", 0, exp),
        (port, "delivered", 1, float),
    ):
        for time in (first, last):
            assert f"{time['label']} {shown(time[kind][at]['expected']):.3g}" in line
        ends = [f"{shown(last[kind][at][end]):.3g}" for end in ("low", "high")]
        assert line.endswith(f"range then {ends[0]} to {ends[1]}")
    assert figure.locator("path.expected").count() == 3
    page.locator("summary", has_text="As a table").last.click()
    table = page.locator("#view table").last
    rows = [row.locator("th, td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert len(rows) == 3 * len(good["times"])
    changed = [one["delivered"][0]["after"] for one in solved["flows"][0]["goods"]]
    for time, after in zip(good["times"], changed, strict=True):
        (row,) = [one for one in rows if one[:2] == [time["label"], "Arrives: the city"]]
        ends = [time["delivered"][0][key] for key in ("expected", "low", "high")]
        assert row[2:] == [f"{number:.3g}" for number in (*ends, after)]
    choice(page, "If").select_option("")
    assert figure.locator("path.expected").count() == 0
    assert not opened.errors


def test_a_good_of_the_diagram_opens_into_its_picture(window, goods, solved):
    """By mouse and by keyboard, in its round; its neighbours and the view of its flows are one step away."""
    opened = window.open(goods)
    opened.go("diagram")
    page = opened.page
    second = solved["goods"][0]["times"][1]
    place = page.locator('.window g.node[data-name="trade.gas@2"]')
    place.click()
    panel = page.get_by_role("region", name="gas", exact=True)
    assert f"good, {second['label']}, in barrels" in panel.inner_text()
    assert "gas from one well and from ships" in panel.inner_text()
    picture = panel.locator("svg[role=img]").get_attribute("aria-label")
    for route, amount in zip(ROUTES.values(), second["routes"], strict=True):
        assert f"{route} {amount['expected']:.1f}" in picture
    page.screenshot(path=SCREENSHOTS / "goods" / "panel.png", full_page=True)
    assert not accessibility_faults(page)
    for heading in ("Depends on", "Bears on"):
        assert heading in panel.inner_text()
    panel.get_by_role("link", name="In Flows").click()
    page.wait_for_selector('nav.tabs a[href="#flows"][aria-current="page"]')
    assert choice(page, "In").input_value() == "2"
    opened.go("diagram")
    page.get_by_role("region", name="gas", exact=True).get_by_role("button", name="Close").click()
    assert page.get_by_role("region", name="gas", exact=True).count() == 0
    place.focus()
    page.keyboard.press("Enter")
    panel.wait_for()
    assert not opened.errors


def test_figures_and_tables_of_goods_are_saved_as_files(window, goods, solved):
    """Both figures as drawing and painting, both tables as text and as a sheet."""
    opened = window.open(goods)
    opened.go("flows")
    page = opened.page
    menus = page.locator("figure .tools details.save:visible")
    assert menus.count() == 2
    for at in range(2):
        drawing = saved_as(opened, menus.nth(at), "SVG")
        assert drawing.name.startswith("gas-in-rounds_flows_")
        check_drawing(drawing.read_bytes())
        check_painting(saved_as(opened, menus.nth(at), "PNG").read_bytes())
    page.locator("summary", has_text="As a table").last.click()
    tables = page.locator(".below details.save:visible")
    assert tables.count() == 2
    march = solved["flows"][0]["goods"][1]
    text = saved_as(opened, tables.nth(0), "CSV").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    amounts = [*march["routes"], *march["delivered"], *march["prices"]]
    for name, key in (("As it is", "before"), ("Changed", "after"), ("Change", "difference")):
        assert [float(row[name]) for row in rows] == [one[key] for one in amounts]
    sheet = openpyxl.load_workbook(saved_as(opened, tables.nth(1), "Excel")).active
    assert len(rows_of(sheet)) == 3 * 3
    opened.go("share")
    with zipfile.ZipFile(offered(opened, "All figures (SVG and PNG)")) as files:
        flows = [name for name in files.namelist() if "flows" in name]
        for name in flows:
            (check_drawing if name.endswith(".svg") else check_painting)(files.read(name))
    assert len(flows) == 4
    assert not opened.errors


def test_the_workbook_has_a_sheet_of_goods_and_one_of_their_changes(window, goods, solved):
    """A row for each route and place, round and change, with the document's numbers; as text, the same."""
    opened = window.open(goods)
    opened.go("share")
    book = openpyxl.load_workbook(offered(opened, "All tables (Excel)"))
    with zipfile.ZipFile(offered(opened, "All tables (CSV)")) as files:
        texts = {name: files.read(name).decode("utf-8-sig") for name in files.namelist()}
    (good,) = solved["goods"]
    expected = [
        (good["unit"] if kind != "prices" else "mark-up in logarithms", time["round"], one)
        for time in good["times"]
        for kind in ("routes", "delivered", "prices")
        for one in time[kind]
    ]
    found = rows_of(book["Goods"])
    assert len(found) == len(expected) == 3 * 7
    for row, (unit, number, one) in zip(found, expected, strict=True):
        assert (row["good"], row["unit"], row["round"]) == ("gas", unit, number)
        ends = (row["expected"], row["5% of draws below"], row["5% of draws above"])
        assert ends == tuple(one[key] for key in ("expected", "low", "high"))
    assert [row["through"] for row in found[:3]] == [None, "Borland", None]
    changes = [
        (view, one)
        for view in solved["flows"]
        for round_ in view["goods"]
        for kind in ("routes", "delivered", "prices")
        for one in round_[kind]
    ]
    found = rows_of(book["Flows"])
    assert len(found) == len(changes)
    for row, (view, one) in zip(found, changes, strict=True):
        assert (row["what if"], row["of"]) == (view["title"], one["title"])
        for name, key in (("before", "before"), ("after", "after"), ("difference", "difference")):
            assert row[name] == one[key]
        assert row["after, independent shocks"] == one["after_independent"]
    for name in ("Goods", "Flows"):
        told = list(csv.DictReader(texts[f"{name.lower()}.csv"].splitlines()))
        kept = rows_of(book[name])
        assert [row["of"] for row in told] == [row["of"] for row in kept]
        assert len(told) == len(kept)


def rows_of(sheet) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_without_scripts_the_report_has_a_table_of_goods_for_every_change(window, goods, solved):
    """In every round, with the amounts of the document."""
    opened = window.open(goods, scripts=False)
    text = opened.page.locator("body").text_content()
    for view in solved["flows"]:
        for good in view["goods"]:
            assert f"Flows of gas, {good['label']} if {view['title']}" in text
    assert f"{solved['flows'][0]['goods'][1]['routes'][0]['after']:.1f}" in text
