"""The case file beside the figures, in a real window: checked, solved, kept, saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.pages import AXE, DESKTOP, PHONE, SCREENSHOTS, go
from tests.browser.test_views import RULES
from tests.helpers import CANAL
from tests.journeys.test_serve import served

pytestmark = pytest.mark.slow


class Server:
    """`backchannel serve` on a case of the user's own, that can be killed and started again."""

    def __init__(self, case: Path) -> None:
        self.case = case
        self.link = ""
        self._port = 0
        self._running = ExitStack()

    def start(self) -> None:
        """Start it; again on the same port."""
        running = served(self.case, self.case.parent / "state", port=self._port)
        bench = self._running.enter_context(running)
        self._port = bench.port
        self.link = bench.link

    def kill(self) -> None:
        """End it, as a crash would."""
        self._running.close()


@pytest.fixture
def server(chromium, tmp_path) -> Iterator[Server]:
    case = tmp_path / "canal.yaml"
    case.write_text(CANAL.read_text("utf-8"), "utf-8")
    made = Server(case)
    made.start()
    yield made
    made.kill()


def opened_at(window, server, view: str, **looks):
    """A window on the workbench, once it has its first answers."""
    opened = window.open(server.link, **looks)
    opened.page.wait_for_selector("nav.tabs", timeout=90_000)
    opened.go(view)
    return opened


def typed(page, before: str, after: str) -> None:
    """Replace a text in the editor as a hand would: find it, select it, type."""
    page.wait_for_selector(".cm-content")
    page.click(".cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+f")
    page.locator(".cm-search input[name=search]").press_sequentially(before)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.type(after)


def says(page, text: str) -> None:
    """Wait until the view says so."""
    page.get_by_text(text).first.wait_for(timeout=60_000)


def test_invalid_text_keeps_the_answers_and_valid_text_is_solved_and_saved(window, server):
    opened = opened_at(window, server, "text")
    page = opened.page
    says(page, "The figures show this text.")
    title = page.locator("h1")
    assert title.inner_text() == "Canal tolls"
    typed(page, "case: Canal tolls", "case: Other tolls\nquestio: none")
    says(page, "the figures keep the last answers")
    # Half of a word is another problem than the whole of it.
    problem = page.locator("#view li.error", has_text="Did you mean 'question'").first
    problem.wait_for(timeout=60_000)
    assert title.inner_text() == "Canal tolls"
    problem.locator("button").click()
    assert page.locator(".cm-activeLine").inner_text().startswith("questio")
    page.locator(".cm-lint-marker-error").first.wait_for()
    typed(page, "questio: none", "# nothing")
    page.locator("h1", has_text="Other tolls").wait_for(timeout=60_000)
    says(page, "No problems; not saved yet.")
    assert "Other tolls" not in server.case.read_text("utf-8")
    page.get_by_role("button", name="Save …").click()
    dialog = page.locator("dialog")
    dialog.locator("code.added", has_text="case: Other tolls").wait_for(timeout=60_000)
    assert "Other tolls" not in server.case.read_text("utf-8"), "shown before it is saved"
    dialog.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("button", name="Close").click(timeout=60_000)
    expected = CANAL.read_text("utf-8").replace(
        "case: Canal tolls", "case: Other tolls\n# nothing", 1
    )
    assert server.case.read_text("utf-8") == expected
    assert not opened.errors
    assert not opened.strangers


def test_typed_text_survives_a_reload_and_a_server_that_was_killed(window, server):
    opened = opened_at(window, server, "text")
    page = opened.page
    says(page, "The figures show this text.")
    typed(page, "case: Canal tolls", "case: Typed by hand")
    says(page, "No problems; not saved yet.")
    page.reload()
    page.wait_for_selector(".cm-content", timeout=60_000)
    assert "Typed by hand" in page.locator(".cm-content").inner_text()
    server.kill()
    says(page, "The workbench does not answer.")
    server.start()
    page.wait_for_selector("text=The workbench does not answer.", state="detached", timeout=60_000)
    says(page, "No problems; not saved yet.")
    # Killed while no window was open: nothing is known but what the browser has kept, which it offers.
    server.kill()
    address = page.url
    page.goto("about:blank")
    server.start()
    page.goto(address)
    says(page, "that you typed here earlier and did not save")
    assert "Typed by hand" not in page.locator(".cm-content").inner_text(timeout=60_000)
    page.get_by_role("button", name="Continue with it").click()
    page.locator("h1", has_text="Typed by hand").wait_for(timeout=60_000)
    assert "Typed by hand" not in server.case.read_text("utf-8")


def test_undo_after_going_back_to_the_file_brings_back_what_was_typed(window, server):
    """And undone to the end, the file is there, letter for letter; outside the editor the text is offered."""
    page = opened_at(window, server, "text").page
    says(page, "The figures show this text.")
    file = CANAL.read_text("utf-8")
    page.click(".cm-content")
    page.keyboard.press("Control+Home")
    page.keyboard.type("# can a line at the top be undone?")
    page.keyboard.press("Enter")
    says(page, "not saved yet")
    page.get_by_role("button", name="Back to the file").click()
    says(page, "that you typed here earlier and did not save")
    assert page.locator(".cm-line").first.inner_text() == file.splitlines()[0]
    page.click(".cm-content")
    page.keyboard.press("Control+z")
    says(page, "not saved yet")
    assert page.locator(".cm-line").first.inner_text().startswith("# can a line")
    for _ in range(5):
        page.keyboard.press("Control+z")
    says(page, "No problems. The figures show this text.")
    with page.expect_download() as waiting:
        go(page, "share")
        page.locator(".files .button", has_text="Case file (YAML)").click()
    assert Path(waiting.value.path()).read_text("utf-8") == file


def test_answers_solved_with_a_slider_never_pass_as_the_cases_own(window, server, tmp_path):
    """Put back, the case gets its own answers again; until then every view and the report say what they hold."""
    opened = opened_at(window, server, "why")
    page = opened.page
    own = page.locator("#view").inner_text()
    assert "slider" not in own
    opened.go("assumptions")
    page.locator("#view input[type=range]").first.fill("200")
    opened.go("why")
    says(page, "1 slider is moved")
    page.get_by_role("button", name="Solve everything for this").click()
    says(page, "Everything else was solved with it, too.")
    says(page, "Up to date.")
    assert "Solved with 1 slider moved" in page.locator("#view figcaption").first.inner_text()
    page.screenshot(path=SCREENSHOTS / "workbench" / "why-solved-with-a-slider.png", full_page=True)
    opened.go("share")
    page.screenshot(
        path=SCREENSHOTS / "workbench" / "share-solved-with-a-slider.png", full_page=True
    )
    with page.expect_download(timeout=60_000) as waiting:
        page.locator(".files .button", has_text="Report (HTML)").click()
    assert "sliders-moved" in waiting.value.suggested_filename
    assert "Solved with 1 slider moved" in Path(waiting.value.path()).read_text("utf-8")
    page.get_by_role("button", name="Reset all sliders").click()
    opened.go("why")
    page.locator("p[role=status]", has_text="slider").first.wait_for(
        state="detached", timeout=60_000
    )
    says(page, "Up to date.")
    assert page.locator("#view").inner_text() == own
    page.reload()
    page.wait_for_selector("nav.tabs")
    says(page, "Up to date.")
    assert page.locator("#view").inner_text() == own
    assert not opened.errors


def test_a_text_with_problems_is_not_up_to_date(window, server):
    page = opened_at(window, server, "text").page
    says(page, "Up to date.")
    typed(page, "case: Canal tolls", "questio: none")
    says(page, "The text has problems. These are the answers to an earlier text.")
    assert not page.get_by_text("Up to date.").count()
    page.screenshot(path=SCREENSHOTS / "workbench" / "text-with-problems.png")


def test_a_file_that_changes_on_disk_is_read_or_asked_about(window, server):
    page = opened_at(window, server, "text").page
    says(page, "The figures show this text.")
    changed = CANAL.read_text("utf-8").replace("Canal tolls", "Changed on disk", 1)
    server.case.write_text(changed, "utf-8")
    page.locator("h1", has_text="Changed on disk").wait_for(timeout=60_000)
    assert "Changed on disk" in page.locator(".cm-content").inner_text()


def test_the_workbench_gives_its_report_and_answers(window, server, tmp_path):
    opened = opened_at(window, server, "share")
    page = opened.page
    for name, start in (
        ("Report (HTML)", "<!doctype html>"),
        ("Case file (YAML)", "case: Canal tolls"),
    ):
        with page.expect_download(timeout=60_000) as waiting:
            page.locator(".files .button", has_text=name).click()
        waiting.value.save_as(tmp_path / "file")
        assert (tmp_path / "file").read_text("utf-8").startswith(start)
    assert not opened.errors


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(DESKTOP, "dark"), (PHONE, "light")],
)
def test_every_view_of_the_workbench_is_whole_and_accessible(window, server, size, scheme):
    opened = opened_at(window, server, "answers", size=size, scheme=scheme)
    opened.page.evaluate(AXE.read_text("utf-8"))
    found, wide = [], {}
    for view in opened.views():
        opened.go(view)
        if view == "text":
            opened.page.wait_for_selector(".cm-content")
        opened.page.screenshot(
            path=SCREENSHOTS / "workbench" / f"{view}-{size[0]}x{size[1]}-{scheme}.png",
            full_page=True,
        )
        if sticks_out := opened.overflow():
            wide[view] = sticks_out
        result = opened.page.evaluate(
            "rules => axe.run(document, { runOnly: { type: 'tag', values: rules } })", RULES
        )
        found += [
            f"{view}: {rule['id']}: {node['html'][:160]} :: {node['failureSummary']}"
            for rule in result["violations"]
            for node in rule["nodes"][:3]
        ]
    assert not wide
    assert not found, "\n".join(found)
    assert not opened.errors
    assert not opened.strangers
