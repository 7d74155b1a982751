"""Browser tests: the built interface in a real headless Chromium, looking at really solved cases.

Where Chromium or the built interface is absent, each test is skipped by name and says what is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from backchannel.interface import bundle
from tests.browser.pages import (
    AXE,
    BUILD,
    PRIVATE,
    Opened,
    Window,
    chromium_path,
    report_of,
    solved_answers,
    write_at_once,
)

HOSTILE = Path(__file__).parent / "hostile.yaml"
QUARRY = Path(__file__).parent.parent / "cases" / "quarry.yaml"


def missing() -> str:
    """What these tests lack on this machine, or nothing."""
    if chromium_path() is None:
        return "no Chromium on this machine (Debian: apt-get install chromium)"
    if find_spec("playwright") is None:
        return "playwright is not installed (pip install playwright)"
    if bundle() is None:
        return "the interface is not built (make interface)"
    if not AXE.exists():
        return "axe-core is not installed (make interface)"
    return ""


@pytest.fixture(scope="package")
def chromium() -> Iterator[object]:
    """One browser for the tests of this folder; closed with them, since the loop that it runs in bars any other."""
    if problem := missing():
        (pytest.fail if os.environ.get("BACKCHANNEL_BROWSER") == "needed" else pytest.skip)(problem)
    found = chromium_path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=found, args=PRIVATE)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium) -> Iterator[Window]:
    """Opens pages; each in a context of its own, closed when the test ends."""
    opened: list[Opened] = []
    yield Window(chromium, opened)
    for one in opened:
        one.close()


@pytest.fixture(scope="package")
def flagship(chromium) -> Path:
    """A report of the flagship in few draws."""
    return report_of(solved_answers("belarus-2025", draws=64), BUILD / "pages" / "flagship.html")


@pytest.fixture(scope="package")
def rounds(chromium) -> Path:
    """A report of a small case that repeats."""
    return report_of(solved_answers(QUARRY, draws=64), BUILD / "pages" / "rounds.html")


@pytest.fixture(scope="package")
def many_rounds(chromium) -> Path:
    """A report of a large case with 18 rounds."""
    return report_of(
        solved_answers("belarus-2025-rounds", draws=64), BUILD / "pages" / "many_rounds.html"
    )


@pytest.fixture(scope="package")
def small(chromium) -> Path:
    """A report of a small case from the catalog."""
    return report_of(solved_answers("sanctions-threat", draws=64), BUILD / "pages" / "small.html")


@pytest.fixture(scope="package")
def hostile(chromium) -> Path:
    """A report of a case whose author means no good, words of 500 letters included."""
    case = BUILD / "pages" / "hostile.yaml"
    write_at_once(case, HOSTILE.read_text("utf-8").replace("LONG", "W" * 500))
    return report_of(solved_answers(case, draws=64), case.with_suffix(".html"))
