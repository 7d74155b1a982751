"""The case edited on its diagram, in a real window, by mouse and by keyboard; and a large diagram read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backchannel.answers.outline import compose_outline
from backchannel.case import starter
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from tests.browser.large_case import NODES, large_case
from tests.browser.pages import AXE, BUILD, DESKTOP, PHONE, SCREENSHOTS, Opened, go, report_of
from tests.browser.test_views import RULES
from tests.journeys.test_serve import served

pytestmark = pytest.mark.slow

PATIENCE = 60_000
STARTER = (Path(starter.__file__).parent / "starter.yaml").read_text("utf-8")


@pytest.fixture
def case(chromium, tmp_path) -> Iterator[tuple[Path, str]]:
    """The starter case in a workbench, and the link to it."""
    path = tmp_path / "swap.yaml"
    path.write_text(STARTER, "utf-8")
    with served(path, tmp_path / "state") as bench:
        yield path, bench.link


def at_diagram(window, link: str, **looks) -> Opened:
    opened = window.open(link, **looks)
    opened.page.wait_for_selector("nav.tabs", timeout=PATIENCE)
    opened.go("diagram")
    opened.page.wait_for_selector("g.node", timeout=PATIENCE)
    return opened


def node(page, name: str):
    return page.locator(f'.window g.node[data-name="{name}"]')


def says(page, text: str) -> None:
    """Wait until the bar says what was done, or refused."""
    page.locator("p.notice", has_text=text).first.wait_for(timeout=PATIENCE)


def arrows(page) -> int:
    return page.locator(".window .edge").count()


def drag(page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def middle(locator) -> tuple[float, float]:
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def enter(page, label: str, text: str) -> None:
    """Type into a field of the panel, as one step."""
    field = page.locator(".beside").get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")


def saved(page, path: Path) -> str:
    """Save the text by hand, and read the file."""
    go(page, "text")
    page.get_by_role("button", name="Save …").click(timeout=PATIENCE)
    page.locator("dialog").get_by_role("button", name="Save", exact=True).click(timeout=PATIENCE)
    page.locator("dialog").get_by_role("button", name="Close").click(timeout=PATIENCE)
    return path.read_text("utf-8")


def test_a_case_is_changed_by_mouse_and_the_file_keeps_everything_else(window, case):
    path, link = case
    opened = at_diagram(window, link)
    page = opened.page
    node(page, "reply").click()
    page.get_by_role("button", name="+ decision").click()
    node(page, "decision_1").wait_for(timeout=PATIENCE)
    page.get_by_role("region", name="Edit decision_1").wait_for(timeout=PATIENCE)
    enter(page, "Title", "The answer")
    # What had no name of its own takes one from its title.
    node(page, "answer").wait_for(timeout=PATIENCE)
    page.get_by_label("Who decides").select_option("home")
    says(page, "Let home decide answer")
    enter(page, "Day", "2030-04-20")
    says(page, "Date answer 2030-04-20")
    before = arrows(page)
    node(page, "offer").hover()
    drag(page, middle(node(page, "offer").locator(".handle")), middle(node(page, "answer")))
    says(page, "Show offer to answer")
    page.locator(".window .edge").nth(before).wait_for(state="attached", timeout=PATIENCE)
    x, y = middle(node(page, "reply"))
    drag(page, (x, y), (x - 40, y))
    says(page, "Date reply 2030-0")
    page.get_by_role("button", name="Undo", exact=True).first.click()
    page.get_by_role("button", name="+ player").click()
    page.get_by_role("region", name="Edit player_1").wait_for(timeout=PATIENCE)
    enter(page, "Title", "A mediator")
    says(page, "Call player_1")
    text = saved(page, path)
    assert text.startswith(STARTER[: STARTER.index("  away: {name")]), "comments and layout stay"
    added = sorted(set(text.splitlines()) - set(STARTER.splitlines()))
    assert "  mediator:" in text or "  mediator: {name: A mediator}" in text, added
    assert "at: 2030-04-01" in text, "what was undone is undone"
    assert set(STARTER.splitlines()) <= set(text.splitlines()), "no line of the file was lost"
    assert "sees: [reply, offer]" in text, added
    assert not opened.errors


def test_deleting_asks_first_and_can_be_undone(window, case):
    _, link = case
    opened = at_diagram(window, link)
    page = opened.page
    node(page, "pressed").focus()
    page.keyboard.press("Delete")
    dialog = page.locator("dialog")
    dialog.get_by_text("reply no longer sees pressed").wait_for(timeout=PATIENCE)
    dialog.get_by_role("button", name="Cancel").click()
    assert node(page, "pressed").count() == 1
    page.get_by_role("button", name="+ interest").click()
    page.get_by_role("region", name="Edit interest_1").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Delete …").click()
    dialog.get_by_text("Nothing else names it.").wait_for(timeout=PATIENCE)
    dialog.get_by_role("button", name="Delete", exact=True).click()
    node(page, "interest_1").wait_for(state="detached", timeout=PATIENCE)
    page.get_by_role("button", name="Undo", exact=True).first.click()
    node(page, "interest_1").wait_for(timeout=PATIENCE)
    assert not opened.errors


@pytest.mark.parametrize("hand", ["mouse", "keyboard"])
def test_an_interest_is_added_to_the_player_of_what_is_selected(window, case, hand):
    """It takes its title and its name at once, and its worth is that of an outcome of the node beside it."""
    path, link = case
    opened = at_diagram(window, link, size=DESKTOP if hand == "mouse" else PHONE)
    page = opened.page
    if hand == "mouse":
        node(page, "reply").click()
        page.get_by_role("button", name="+ interest").click()
        page.get_by_role("region", name="Edit interest_1").wait_for(timeout=PATIENCE)
        enter(page, "Title", "Quiet at home")
    else:
        node(page, "reply").focus()
        page.keyboard.press("i")
        page.locator(".beside input:focus").wait_for(timeout=PATIENCE)
        page.keyboard.type("Quiet at home")
        page.keyboard.press("Enter")
    node(page, "quiet_home").wait_for(timeout=PATIENCE)
    assert page.get_by_label("Who wants it").input_value() == "away"
    text = saved(page, path)
    (added,) = set(text.splitlines()) - set(STARTER.splitlines())
    assert added.strip() == (
        "quiet_home: {player: away, worth: \"1 * (reply == 'frees')\", about: Quiet at home}"
    )
    assert not opened.errors


def test_the_keyboard_does_all_that_the_mouse_does(window, case):
    _, link = case
    opened = at_diagram(window, link, size=PHONE)
    page = opened.page
    node(page, "offer").focus()
    page.keyboard.press("c")
    node(page, "event_1").wait_for(timeout=PATIENCE)
    page.locator(".beside input:focus").wait_for(timeout=PATIENCE)
    page.keyboard.type("News")
    page.keyboard.press("Enter")
    node(page, "news").wait_for(timeout=PATIENCE)
    before = arrows(page)
    node(page, "news").focus()
    page.keyboard.press("x")
    page.locator(".mode").wait_for()
    node(page, "reply").focus()
    page.keyboard.press("Enter")
    says(page, "Show news to reply")
    page.locator(".window .edge").nth(before).wait_for(state="attached", timeout=PATIENCE)
    node(page, "news").focus()
    page.keyboard.press("]")
    says(page, "Date news 2030-03-18")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.locator(".window .edge").nth(before).wait_for(state="detached", timeout=PATIENCE)
    node(page, "news").focus()
    page.keyboard.press("a")
    page.get_by_role("menu").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    node(page, "news").focus()
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_text("rename it").wait_for()
    page.keyboard.press("Escape")
    node(page, "news").focus()
    page.keyboard.press("F2")
    page.locator(".beside input:focus").wait_for(timeout=PATIENCE)
    page.keyboard.type("headline")
    page.keyboard.press("Enter")
    node(page, "headline").wait_for(timeout=PATIENCE)
    assert not opened.errors


def test_a_problem_is_shown_at_its_field_and_the_diagram_stays(window, case):
    _, link = case
    opened = at_diagram(window, link)
    page = opened.page
    node(page, "reply").click()
    page.get_by_role("button", name="Edit", exact=True).click()
    enter(page, "Arises only when", "offr == 'full'")
    page.locator(".beside .field", has_text="Did you mean 'offer'?").wait_for(timeout=PATIENCE)
    page.get_by_text("The case has a problem").wait_for(timeout=PATIENCE)
    assert node(page, "reply").count() == 1
    enter(page, "Arises only when", "")
    page.get_by_text("The case has a problem").wait_for(state="detached", timeout=PATIENCE)
    assert not opened.errors


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "dark"), pytest.param(DESKTOP, "light", marks=pytest.mark.long)],
)
def test_editing_breaks_no_rule_of_accessibility(window, case, size, scheme):
    """WCAG 2.2, A and AA: the fields of each kind, the menu, the question and the list of keys."""
    _, link = case
    opened = at_diagram(window, link, size=size, scheme=scheme)
    page = opened.page
    page.evaluate(AXE.read_text("utf-8"))
    found = []

    def look(what: str) -> None:
        opened.settle()
        page.screenshot(path=SCREENSHOTS / "canvas" / f"{what}-{size[0]}-{scheme}.png")
        assert opened.overflow() is None, what
        # What is half behind the row of tabs, because the page is scrolled, is not too small for that.
        page.evaluate("document.querySelector('nav.tabs').style.position = 'static'")
        result = page.evaluate(
            "rules => axe.run(document, { runOnly: { type: 'tag', values: rules } })", RULES
        )
        found.extend(
            f"{what}: {rule['id']}: {rule['nodes'][0]['html'][:160]}"
            for rule in result["violations"]
        )

    node(page, "pressed").click()
    page.get_by_role("button", name="Edit", exact=True).click()
    page.evaluate(
        "document.querySelectorAll('.beside details').forEach(one => { one.open = true; })"
    )
    look("chance")
    for name in ("reply", "deal"):
        node(page, name).focus()
        page.keyboard.press("Enter")
        look(name)
    page.get_by_role("button", name="Edit the player the home side").click()
    page.get_by_role("button", name="Change: Precision").click()
    look("player")
    node(page, "reply").focus()
    page.keyboard.press("a")
    look("menu")
    page.keyboard.press("Escape")
    node(page, "reply").focus()
    page.keyboard.press("Delete")
    page.locator("dialog li").first.wait_for(timeout=PATIENCE)
    look("question")
    page.keyboard.press("Escape")
    node(page, "reply").focus()
    page.keyboard.press("?")
    look("keys")
    assert not found, "\n".join(found)
    assert not opened.errors


@pytest.fixture(scope="module")
def large(chromium) -> Path:
    """A page of a case of 60 nodes, in which nothing is solved."""
    lowered = lower(*read_case_text(large_case(), file="harbour.yaml"))
    document = compose_outline(lowered, name="harbour")
    return report_of(document.model_dump_json(), BUILD / "pages" / "large.html")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_large_diagram_can_be_read(window, large, size):
    """Found, filtered, folded, in rows and in full screen, in the report too."""
    opened = window.open(large, size=size)
    page = opened.page
    opened.go("diagram")
    nodes = page.locator(".window g.node")
    assert nodes.count() == NODES
    page.get_by_label("Find a node by name, title or player").fill("ministry round 3")
    page.get_by_role("button", name="Next").click()
    chosen = page.locator(".window g.node.selected")
    assert "Ministry of Trade" in str(chosen.get_attribute("aria-label"))
    page.get_by_role("button", name="Only what bears on it").click()
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="Filter and fold").click()
    page.get_by_role("checkbox", name="Shipping Lines").uncheck()
    assert "lines_step_5" not in [one.get_attribute("data-name") for one in nodes.all()]
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="All before 30 November 2030").click()
    assert nodes.count() < NODES
    page.get_by_role("button", name="In rows").click()
    page.get_by_role("button", name="Full screen").click()
    page.screenshot(path=SCREENSHOTS / "canvas" / f"large-{size[0]}.png")
    page.get_by_role("button", name="Full screen").click()
    page.get_by_role("button", name="Show all").click()
    assert nodes.count() == NODES
    assert opened.overflow() is None
    assert not opened.errors
