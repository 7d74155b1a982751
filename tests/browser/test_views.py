"""Every view, clicked through: nothing fails, nothing sticks out, everybody can read it."""

from __future__ import annotations

import pytest

from tests.browser.pages import AXE, DESKTOP, PHONE, SCREENSHOTS

LOOKS = [
    pytest.param(size, scheme, id=f"{size[0]}x{size[1]}-{scheme}")
    for size in (DESKTOP, PHONE)
    for scheme in ("light", "dark")
]
ACROSS = [
    LOOKS[0],
    *(pytest.param(*look.values, id=look.id, marks=pytest.mark.long) for look in LOOKS[1:3]),
    LOOKS[3],
]
"""Both sizes and both schemes; the other two pairs are left to the long run."""
CASES = [
    "small",
    *(pytest.param(case, marks=pytest.mark.slow) for case in ("flagship", "rounds", "many_rounds")),
]
MOST = 15
"""Controls of a kind and view that are used; more of them are rows of one table."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.mark.parametrize(("size", "scheme"), ACROSS)
@pytest.mark.parametrize("case", CASES)
def test_every_view_shows_without_error_or_overflow(window, request, case, size, scheme):
    opened = window.open(request.getfixturevalue(case), size=size, scheme=scheme)
    views = opened.views()
    assert {"answers", "share"} <= set(views)
    wide = {}
    for view in views:
        opened.go(view)
        folder = SCREENSHOTS / case
        opened.page.screenshot(
            path=folder / f"{view}-{size[0]}x{size[1]}-{scheme}.png", full_page=True
        )
        if sticks_out := opened.overflow():
            wide[view] = sticks_out
        assert opened.page.locator("#view").inner_text().strip(), f"{view} is empty"
    assert not wide
    assert not opened.errors
    assert not opened.strangers, "a report asks for nothing but itself"


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scheme"), ACROSS)
@pytest.mark.parametrize("case", ["small", "flagship"])
def test_no_view_breaks_the_rules_of_accessibility(window, request, case, size, scheme):
    """WCAG 2.2, A and AA, as far as axe-core can tell; folded tables are opened first."""
    opened = window.open(request.getfixturevalue(case), size=size, scheme=scheme)
    # Evaluated from outside: the page itself lets no script in but its own.
    opened.page.evaluate(AXE.read_text("utf-8"))
    found = []
    for view in opened.views():
        opened.go(view)
        opened.page.evaluate(
            "document.querySelectorAll('#view details:not(.save)').forEach(one => { one.open = true; })"
        )
        opened.settle()
        result = opened.page.evaluate(
            "rules => axe.run(document, { runOnly: { type: 'tag', values: rules } })", RULES
        )
        found += [
            f"{view}: {rule['id']}: {node['html'][:160]} :: {node['failureSummary']}"
            for rule in result["violations"]
            for node in rule["nodes"][:3]
        ]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_every_control_can_be_used(window, flagship):
    """Buttons, folds, choices and sliders of each view, once each: nothing fails, whatever they do."""
    opened = window.open(flagship)
    page = opened.page
    used = 0
    for view in opened.views():
        opened.go(view)
        for kind in ("summary", "button", "select", "input"):
            controls = page.locator(f"#view {kind}:visible")
            for i in range(min(controls.count(), MOST)):
                control = page.locator(f"#view {kind}:visible").nth(i)
                if control.count() == 0 or not control.is_enabled():
                    continue
                used += 1
                use(control, kind)
                # What a number is made of is told over the page, until it is closed.
                page.keyboard.press("Escape")
        opened.settle()
        assert not opened.errors, (view, opened.errors)
    assert used > 20
    assert not opened.strangers


def use(control, kind: str) -> None:
    """What a hand would do with it."""
    if kind == "select":
        control.select_option(index=control.locator("option").count() - 1)
    elif kind == "input" and control.get_attribute("type") == "range":
        control.focus()
        control.press("ArrowRight")
    elif kind == "input" and control.get_attribute("type") in ("checkbox", "radio"):
        control.click(force=True)
    elif kind == "input":
        control.fill("1" if control.get_attribute("type") == "number" else "a")
        control.fill("")
    else:
        control.click(timeout=3000, force=True)


@pytest.mark.slow
def test_every_view_is_reached_and_named_by_its_address(window, flagship):
    """A link to a view can be sent on; back goes back."""
    opened = window.open(flagship)
    first, *_, last = opened.views()
    for view in (last, first):
        opened.go(view)
        assert opened.page.evaluate("location.hash") == f"#{view}"
    opened.page.go_back()
    opened.page.wait_for_selector(f'nav.tabs a[href="#{last}"][aria-current="page"]')
    opened.page.reload()
    opened.page.wait_for_selector(f'nav.tabs a[href="#{last}"][aria-current="page"]')


def test_the_views_are_reached_by_keyboard(window, small):
    """Skip link, tabs, then the view: no trap, and focus can be seen."""
    opened = window.open(small)
    page = opened.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "view"
    tab = page.locator("nav.tabs a").nth(1)
    tab.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("nav.tabs a:nth-child(2)[aria-current=page]")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
