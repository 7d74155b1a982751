"""The report from the command line and from Python, and in a browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from backchannel import interface
from backchannel.answers.page import report
from backchannel.answers.page.report import compose_report
from backchannel.cli import main
from backchannel.study import Study
from tests.helpers import CANAL
from tests.house.test_house import ROOT

CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).parent.parent.parent / "interface" / "node_modules" / "axe-core" / "axe.min.js"


def _run(*arguments: str):
    return CliRunner().invoke(main, ["run", "sanctions-threat", "--draws", "16", *arguments])


def test_the_command_writes_the_report_and_says_so(tmp_path):
    """Beside the answers document, and beside what it prints."""
    page, document = tmp_path / "r.html", tmp_path / "a.json"
    done = _run("--report", str(page), "--json", str(document))
    assert done.exit_code == 0, done.output
    assert f"Wrote {page}." in done.output
    assert f"Wrote {document}." in done.output
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "r.html"]


def test_without_the_interactive_pages_it_is_static_and_says_what_is_missing(tmp_path, monkeypatch):
    """In one line, with what to do."""
    monkeypatch.setattr(interface, "bundle", lambda: None)
    monkeypatch.setattr(report, "bundle", lambda: None)
    done = _run("--report", str(tmp_path / "r.html"))
    assert done.exit_code == 0
    told = [line for line in done.output.splitlines() if "npm" in line]
    assert told == [report.STATIC]
    assert 'id="what-if"' in (tmp_path / "r.html").read_text("utf-8")


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_solved(tmp_path, monkeypatch):
    """Half an hour of solving is not to end in this."""
    monkeypatch.setattr(Study, "load", lambda *_, **__: pytest.fail("it was solved"))
    done = _run("--report", str(tmp_path / "no" / "r.html"))
    assert done.exit_code == 2
    assert "cannot be written" in done.output


def test_one_file_is_not_both(tmp_path):
    """The second would overwrite the first."""
    one = str(tmp_path / "x")
    done = _run("--report", one, "--json", one)
    assert done.exit_code == 2
    assert "Use a different file for each" in done.output
    assert not list(tmp_path.iterdir())


def test_a_study_writes_its_report(tmp_path):
    """And says where."""
    written = Study.load("sanctions-threat", draws=16).report(tmp_path / "r.html")
    assert written == tmp_path / "r.html"
    assert written.stat().st_size > 50_000


@pytest.fixture(scope="module")
def browser():
    """Chromium, headless."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as one:
        opened = one.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory) -> Path:
    return Study.load(CANAL, draws=64).report(tmp_path_factory.mktemp("report") / "r.html")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_without_scripts_on_any_screen(browser, page_file, width, scheme):
    """Nothing sticks out sideways, every table and the diagram are seen."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=False, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for section in page.locator("details.section > summary").all():
        section.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for one in [*page.locator("figure").all(), *page.locator("article").all()]:
        box = one.bounding_box()
        assert box, one.inner_html()[:80]
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert page.locator("section").count() >= 13
    assert page.locator("svg.whole .box").first.is_visible()
    context.close()


def test_with_scripts_the_interactive_pages_take_its_place(browser, page_file):
    """Under the page's own policy, without a request and without an error; on paper it is all there."""
    if interface.bundle() is None:
        pytest.skip("the interactive pages are not built")
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    page = context.new_page()
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(page_file.as_uri())
    page.locator("nav.tabs a").first.wait_for()
    assert page.locator(".static").count() == 0
    assert wrong == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".paper .static section").count() >= 13
    assert page.locator("#backchannel").is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".static").count() == 0
    assert page.locator("nav.tabs").is_visible()
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_static_page_is_accessible(browser, page_file, width):
    """WCAG AA, as far as axe can tell, light and dark."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: `npm ci` in interface/")
    scripted = page_file.read_text("utf-8").replace("<script>", "<script type='text/plain'>")
    quiet = page_file.with_name("quiet.html")
    quiet.write_text(scripted, "utf-8")
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
        )
        page = context.new_page()
        page.goto(quiet.as_uri())
        for section in page.locator("details.section > summary").all():
            section.click()
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})")
        assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
        context.close()


@pytest.mark.slow
@pytest.mark.usefixtures("optimized")
def test_the_flagship_answers_as_the_readme_shows_and_its_report_stays_small():
    """Word for word, and the numbers up to what differs between processors; two megabytes can be sent by mail."""
    answers = Study.load("belarus-2025").answers()
    assert len(compose_report(answers).encode()) <= 2_500_000
    (shown,) = re.findall(r"```text\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    said = {f"{line.sentence} {line.because}" for line in answers.bottom_lines}
    told = {without_numbers(one): numbers_in(one) for one in said}
    blocks = [block.split("\n", 1) for block in shown.strip().split("\n\n")]
    assert len(blocks) == 2
    for _, printed in blocks:
        sentence = " ".join(printed.split())
        assert without_numbers(sentence) in told
        assert numbers_in(sentence) == pytest.approx(told[without_numbers(sentence)], abs=2)


def without_numbers(sentence: str) -> str:
    return re.sub(r"\d+", "0", sentence)


def numbers_in(sentence: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", sentence)]
