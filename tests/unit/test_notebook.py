"""The widget: the report in a frame, and a clear word where the packages for it are missing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from backchannel.answers.page.report import compose_report
from backchannel.study import Study

pytest.importorskip("anywidget")
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load("sanctions-threat", draws=16)


@pytest.fixture(scope="module")
def widget(study):
    return study.widget(height=300)


def test_it_shows_the_report(widget):
    """The very page that is written to a file; and where there are no widgets, what it would be."""
    assert widget.page == compose_report(widget.answers)
    assert widget.height == 300
    shown = widget._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"].startswith("The report on “A threat of sanctions”")


def test_other_answers_take_its_place(study):
    """And the page follows."""
    shown = study.widget()
    other = study.answers()
    other.case.title = "Another case"
    shown.answers = other
    assert "<h1>Another case</h1>" in shown.page


def test_without_the_extra_it_says_what_to_install():
    """As one sentence that a user can act on."""
    code = """
import sys
sys.modules["anywidget"] = None
from backchannel import Study
from backchannel.language.errors import CommandError
try:
    Study.load("sanctions-threat", draws=2).widget()
except CommandError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip().endswith(
        "pip install 'backchannel[notebook]' (in a checkout: pip install -e '.[notebook]')."
    )


HARNESS = """
const handlers = {};
const values = JSON.parse(document.getElementById("values").textContent);
const model = {
  get: (name) => values[name],
  on: (name, then) => { handlers[name] = then; },
  off: (name) => { delete handlers[name]; },
};
const made = await import(URL.createObjectURL(new Blob([values.esm], { type: "text/javascript" })));
const stop = made.default.render({ model, el: document.getElementById("cell") });
window.change = (name, value) => { values[name] = value; handlers[`change:${name}`](); };
window.stop = () => { stop(); return Object.keys(handlers).length; };
"""


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_in_a_browser_the_frame_shows_changes_and_goes(widget, tmp_path):
    """Light or dark as the notebook is."""
    playwright = pytest.importorskip("playwright.sync_api")
    values = json.dumps({"esm": widget._esm, "page": widget.page, "height": 300})
    notebook = tmp_path / "notebook.html"
    notebook.write_text(
        f"<!doctype html><body data-jp-theme-light='false'><div id=cell></div>"
        f"<script type=application/json id=values>{values.replace('<', chr(92) + 'u003c')}</script>"
        f"<script type=module>{HARNESS}</script>"
    )
    with playwright.sync_playwright() as one:
        browser = one.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 800})
        page.goto(notebook.as_uri())
        inside = page.frame_locator("iframe")
        inside.locator("h1", has_text="A threat of sanctions").wait_for()
        assert inside.locator("html").get_attribute("data-theme") == "dark"
        assert page.locator("iframe").bounding_box()["height"] == 300
        page.evaluate("change('height', 500)")
        assert page.locator("iframe").bounding_box()["height"] == 500
        page.evaluate("change('page', '<!doctype html><html><h1>$& Another</h1>')")
        inside.locator("h1", has_text="$& Another").wait_for()
        assert page.evaluate("stop()") == 0
        assert page.locator("iframe").count() == 0
        browser.close()
