"""A source beside its case, in a real window: its paragraphs, what rests on them, a sentence that is put to use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backchannel.case.read.case_file import read_case
from tests.browser.pages import AXE, DESKTOP, PHONE, SCREENSHOTS
from tests.browser.test_case_text import Server, opened_at, says
from tests.browser.test_views import RULES
from tests.helpers import CANAL
from tests.journeys.test_serve import served

pytestmark = pytest.mark.slow

ARTICLE = """The Canal

Fighting closed the canal for weeks, and nobody paid a toll. <script>document.title = "stolen"</script>

Aria overreached because it took Borland for weak. Aria may lower the toll if Borland sends envoys.

Norway has offered to mediate. Norway warned Aria in March 2031.
"""
SOURCE = "inquiry: {title: Blockade inquiry"
SAYS = "says: fighting closed the canal for weeks"


@pytest.fixture
def server(chromium, tmp_path) -> Iterator[Server]:
    """The canal case, with a text behind its inquiry that two of its entries cite."""
    case = tmp_path / "canal.yaml"
    text = CANAL.read_text("utf-8").replace(
        SOURCE, "inquiry: {file: article.txt, title: Blockade inquiry"
    )
    text = text.replace(f"at: p. 14, {SAYS}", "at: ¶ 2, quotes: closed the canal for weeks")
    text = text.replace("at: p. 20", "at: ¶ 3")
    case.write_text(text, "utf-8")
    (tmp_path / "article.txt").write_text(ARTICLE, "utf-8")
    made = Server(case)
    made.start()
    yield made
    made.kill()


def _clean(opened) -> None:
    """No fault that axe-core knows, nothing wider than the window, no error, nothing from elsewhere."""
    page = opened.page
    if page.evaluate("() => !window.axe"):
        page.evaluate(AXE.read_text("utf-8"))
    faults = page.evaluate(
        "rules => axe.run(document, { runOnly: { type: 'tag', values: rules } })", RULES
    )["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []
    assert opened.overflow() is None
    assert opened.errors == []
    assert opened.strangers == []
    assert page.title() != "stolen"


def _case(server) -> str:
    return server.case.read_text("utf-8")


@pytest.mark.parametrize(
    "size", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.long)], ids=["phone", "desktop"]
)
def test_what_rests_on_each_paragraph_stands_beside_it_and_leads_there_and_back(
    window, server, size
):
    opened = opened_at(window, server, "source", size=size)
    page = opened.page
    says(page, "2 of 4 paragraphs are used.")
    second, third = page.locator("#paragraph-2"), page.locator("#paragraph-3")
    assert second.locator("mark").inner_text() == "closed the canal for weeks"
    assert "<script>" in second.inner_text()
    assert "Aria overreached because it took Borland for weak" in third.locator("ul").inner_text()
    says(page, "Nothing uses it.")
    _clean(opened)
    page.screenshot(path=SCREENSHOTS / f"source-{size[0]}.png", full_page=True)
    # From the paragraph to the number, and from the number back to the paragraph.
    second.locator("ul a").first.click()
    page.wait_for_selector('nav.tabs a[href="#assumptions"][aria-current="page"]')
    page.locator("#view").get_by_role("link", name="¶ 2 of Blockade inquiry").first.click()
    page.wait_for_selector("#paragraph-2.chosen")
    page.get_by_label("Only paragraphs that nothing uses").check()
    assert page.locator("ol.rows > li").count() == 2


def test_a_sentence_becomes_a_reason_by_the_keyboard_alone_and_can_be_undone(window, server):
    opened = opened_at(window, server, "source")
    page = opened.page
    says(page, "2 of 4 paragraphs are used.")
    page.locator("#paragraph-3").get_by_role("button", name="Use paragraph 3").focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("region", name="Use paragraph 3")
    form.wait_for()
    page.keyboard.type("a reason of a number")  # The list of what it can become has the focus.
    form.get_by_label("What it says, in your own words").focus()
    page.keyboard.type("its cabinet misjudged the other side")
    _clean(opened)
    page.keyboard.press("Enter")
    says(page, "its cabinet misjudged the other side")
    row = page.locator("#paragraph-3 ul")
    assert "number" in row.inner_text()
    page.evaluate("() => document.activeElement.blur()")
    opened.go("text")
    text = page.locator(".cm-content")
    text.wait_for()
    opened.go("source")
    assert "its cabinet misjudged" not in _case(server), "saved by hand only"


def test_marked_words_become_a_claim_with_its_quotation(window, server):
    opened = opened_at(window, server, "source")
    page = opened.page
    says(page, "2 of 4 paragraphs are used.")
    # A double click marks the first word.
    page.locator("#paragraph-4 .text p").dblclick(position={"x": 12, "y": 10})
    page.locator("#paragraph-4").get_by_role("button", name="Use paragraph 4").click()
    form = page.get_by_role("region", name="Use paragraph 4")
    says(page, "“Norway”")
    form.get_by_label("Quote the marked words").check()
    form.get_by_label("Outcome: node").select_option("reply")
    form.get_by_label("On what condition").select_option(label="if it were made so that")
    form.get_by_label("What the source says, if in other words").fill("Borland will pay in the end")
    form.get_by_role("button", name="Add the claim").click()
    says(page, "3 of 4 paragraphs are used.")
    fourth = page.locator("#paragraph-4")
    assert fourth.locator("mark").inner_text() == "Norway"
    assert "Borland will pay in the end" in fourth.locator("ul").inner_text()
    assert fourth.locator("q").inner_text() == "Norway"


@pytest.mark.parametrize(
    "size", [DESKTOP, pytest.param(PHONE, marks=pytest.mark.long)], ids=["desktop", "phone"]
)
def test_candidates_are_taken_up_and_dropped_one_by_one(window, server, size):
    opened = opened_at(window, server, "source", size=size)
    page = opened.page
    page.get_by_role("button", name="Suggest players, decisions and claims").click()
    says(page, "in the case, 0 dropped.")
    panel = page.get_by_role("region", name="Candidates in the text")
    _clean(opened)
    page.screenshot(path=SCREENSHOTS / f"candidates-{size[0]}.png", full_page=True)
    assert panel.get_by_role("button", name="Add Norway: warn Aria").is_disabled()
    panel.get_by_role("button", name="Add Norway", exact=True).click()
    add = panel.get_by_role("button", name="Add Norway: warn Aria")
    page.wait_for_timeout(100)
    add.click(timeout=20_000)
    says(page, "Added: Norway: warn Aria")
    says(page, "3 of 4 paragraphs are used.")
    panel.get_by_role("button", name="Drop Aria: lower the toll").click()
    says(page, "1 dropped.")
    panel.get_by_role("button", name="Make a claim from: Aria may lower the toll").click()
    form = page.get_by_role("region", name="Use paragraph 3")
    assert "Aria may lower the toll if Borland sends envoys." in form.inner_text()
    assert opened.errors == []


def test_a_number_opens_its_grounds_down_to_the_paragraph(window, server):
    opened = opened_at(window, server, "next")
    page = opened.page
    page.locator("#view button[title^='What this is made of']").first.click()
    dialog = page.get_by_role("dialog", name="What the number is made of")
    dialog.wait_for()
    _clean(opened)
    page.screenshot(path=SCREENSHOTS / "grounds.png")
    dialog.get_by_role("button", name="The reply").or_(
        dialog.get_by_role("button", name="reply")
    ).first.click()
    dialog.get_by_role("button", name="war cost").first.click()
    says(page, "As the case writes it")
    dialog.get_by_role("link", name="¶ 2 of Blockade inquiry").first.click()
    page.wait_for_selector("#paragraph-2.chosen")
    assert not dialog.is_visible()
    assert opened.errors == []


def test_a_report_has_no_text_of_a_source(window, server, tmp_path):
    """What rests on the paragraphs is in the report, and the words of the text are not, but what the case quotes."""
    from tests.browser.pages import report_of, solved_answers

    answers = solved_answers(server.case, draws=64)
    for part in ("nobody paid a toll", "Norway", "article.txt", str(tmp_path)):
        assert part not in answers
    report = report_of(answers, tmp_path / "report.html")
    assert "nobody paid a toll" not in report.read_text("utf-8")
    opened = window.open(report)
    opened.go("source")
    assert "The text of this source is not part of this page" in opened.page.inner_text("#view")
    assert opened.page.locator("#paragraph-2 ul").count() == 1
    assert opened.errors == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "There is no file article.txt"),
        (bytes(range(256)), "is binary, or not UTF-8 text"),
        (b"x" * 2_100_000, "is too large"),
    ],
    ids=["missing", "binary", "huge"],
)
def test_a_text_that_cannot_be_shown_says_why_and_everything_else_works(
    window, server, content, told
):
    path = Path(server.case).with_name("article.txt")
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    opened = opened_at(window, server, "source")
    says(opened.page, told)
    says(opened.page, "What rests on it")
    assert opened.page.locator("#paragraph-2 ul").count() == 1
    assert opened.errors == []


def test_a_case_is_built_from_a_text_without_a_word_of_yaml(chromium, window, tmp_path):
    """From the start page: a source, a player, a decision that was taken, a number, and a question."""
    elsewhere, folder = tmp_path / "texts", tmp_path / "work"
    elsewhere.mkdir()
    folder.mkdir()
    (elsewhere / "article.txt").write_text(ARTICLE, "utf-8")
    with served(None, tmp_path / "state", folder=folder) as bench:
        opened = window.open(bench.link)
        page = opened.page
        page.get_by_label("From a text").check(timeout=60_000)
        page.get_by_label("Text (.txt").fill(str(elsewhere / "article.txt"))
        page.get_by_label("The last day that the case knows about").fill("2031-04-02")
        page.get_by_role("button", name="Write article.yaml and open it").click()
        paragraph = page.locator("#paragraph-3")
        paragraph.wait_for(timeout=60_000)
        _clean(opened)

        def use(kind: str):
            paragraph.get_by_role("button", name="Use paragraph 3").click()
            form = paragraph.get_by_role("region", name="Use paragraph 3")
            form.get_by_label("Make of it").select_option(kind)
            return form

        def added(form, button: str) -> None:
            form.get_by_role("button", name=button).click()
            form.wait_for(state="detached", timeout=60_000)
            assert page.evaluate("() => document.activeElement.textContent").startswith("Use")

        form = use("player")
        form.get_by_label("Name of the player").fill("Borland")
        added(form, "Add it")
        form = use("decision")
        form.get_by_label("Title of the decision").fill("The envoys")
        form.get_by_role("combobox", name="Player").select_option(label="Borland")
        form.get_by_label("Actions, with commas").fill("sends them, waits and sees")
        form.get_by_role("combobox", name="What came about").select_option(label="sends them")
        form.get_by_label("Day or month").fill("2031-03-20")
        added(form, "Add it")
        form = use("number")
        form.get_by_label("What the number is").fill("worth of a lower toll")
        form.get_by_label("Unit:").fill("tolls")
        form.get_by_label("How large it is").fill("0.1 to 0.3")
        form.get_by_label("What the source says, in your own words").fill("it may be lowered")
        added(form, "Add the assumption")
        opened.go("answers")
        page.get_by_role("button", name="Add a question …", exact=True).click()
        page.get_by_role("combobox", name="Node", exact=True).select_option(label="The envoys")
        page.get_by_role("button", name="Add the question").click()
        page.get_by_role("button", name="Title, day, unit …").click()
        page.get_by_label("The question behind it").fill("Will the canal open?")
        page.get_by_role("button", name="Enter it").click()
        page.locator("header").get_by_text("Will the canal open?").wait_for(timeout=60_000)
        _clean(opened)
        page.keyboard.press("Control+s")
        dialog = page.locator("dialog[open]")
        dialog.get_by_role("button", name="Save", exact=True).click(timeout=60_000)
        dialog.get_by_role("button", name="Close").click(timeout=60_000)
        case, _ = read_case(folder / "article.yaml")
        assert case.question == "Will the canal open?"
        assert case.nodes["envoys"].domain == ["sends_them", "waits_and_sees"]
        assert [(entry.node, entry.value, entry.at) for entry in case.record] == [
            ("envoys", "sends_them", "¶ 3")
        ]
        assert case.parameters["worth_lower_toll"].unit == "tolls"
        assert case.questions["envoys"].forecast == "envoys"
        assert (folder / "article.txt").read_text("utf-8") == ARTICLE
