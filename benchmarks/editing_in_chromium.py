"""Editing in a real window: from the key that enters an edit to the painted diagram, and to what the check says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.editing import sixty_nodes
from benchmarks.registry import Figure, PeerAbsent

ABOUT = "a case of 60 nodes edited in Chromium: from the key to the painted frame, elapsed"
RUNS = 9
NODE = "n30"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PATIENCE = 600_000

# The clock starts with the key and stops in the first frame in which the page shows what is waited for.
ARM = """([selector, text, isThere]) => {
  let began = 0;
  const start = (event) => { if (event.key === 'Enter') began = performance.now(); };
  addEventListener('keydown', start, { capture: true, once: true });
  const said = (one) => one.textContent.replace(/\\s+/g, ' ');
  const holds = () => [...document.querySelectorAll(selector)].some((one) => said(one).includes(text)) === isThere;
  window.found = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (began && holds()) {
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - began));
      }
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}"""


def measure() -> Iterator[Figure]:
    """Edit a title and a condition several times, where decisions list what they see and where all is public."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None or find_spec("playwright") is None:
        raise PeerAbsent("Chromium or playwright")
    listed = sixty_nodes()
    public = "information: public\n" + re.sub(r" sees: \[[^\]]*\],", "", listed)
    for kind, text in (("", listed), (", all public", public)):
        with _edited(text, browser) as page:
            drawn = median(_title(page, i) for i in range(RUNS))
            checked = median(wait for _ in range(RUNS) for wait in _condition(page))
        yield Figure(f"an edit to the redrawn diagram{kind}", drawn / 1000, "s", "at most 0.1")
        yield Figure(f"an edit to the new check{kind}", checked / 1000, "s", "at most 0.3")


@contextmanager
def _edited(text: str, browser: str) -> Iterator[Any]:
    """A window in which the panel of a node is open."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        case = Path(folder) / "sixty.yaml"
        case.write_text(text, "utf-8")
        command = [sys.executable, "-m", "backchannel", "serve", str(case), "--no-open"]
        process = subprocess.Popen(
            [*command, "--port", "0", "--draws", "16"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            link = re.search(r"http://\S+", process.stdout.readline())
            if link is None:
                raise PeerAbsent("the interface")
            opened = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            page = opened.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(PATIENCE)
            page.goto(link[0])
            page.click('nav.tabs a[href="#diagram"]')
            page.get_by_label("Find a node by name").fill(NODE)
            page.keyboard.press("Enter")
            page.locator(".window g.node.selected").wait_for()
            page.get_by_role("button", name="Edit", exact=True).click()
            page.get_by_text("Up to date.").wait_for()
            yield page
            opened.close()
        finally:
            process.terminate()
            process.wait()


def _title(page: Any, i: int) -> float:
    """Milliseconds from Enter in the field of the title to the frame that shows it in the diagram."""
    title = f"Moved {i}"
    return _entered(page, "Title", title, ('.window g.node[data-name="n30"]', title, True))


def _condition(page: Any) -> Iterator[float]:
    """Milliseconds from Enter to the frame that shows a new problem, and to the one that no longer does."""
    wrong = ".beside .field", "n2x"
    yield _entered(page, "Arises only when", "n2x == 'a'", (*wrong, True))
    yield _entered(page, "Arises only when", "", (*wrong, False))


def _entered(page: Any, label: str, text: str, awaited: tuple[str, str, bool]) -> float:
    field = page.locator(".beside").get_by_label(label, exact=True)
    field.fill(text)
    page.evaluate(ARM, list(awaited))
    field.press("Enter")
    took = page.evaluate("() => window.found")
    # The next edit begins when this one is over: solving it goes on in another process.
    page.wait_for_timeout(1000)
    return took
