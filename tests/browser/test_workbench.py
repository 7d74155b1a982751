"""The workbench in a real browser: two windows, a server that is killed, and nothing from elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.pages import DESKTOP, PHONE, SCREENSHOTS, Opened
from tests.journeys.test_serve import CASE, Served, served

SLIDER = "#view input[type=range]"
PLACE = f"() => Number(document.querySelector('{SLIDER}')?.value)"
STANDS = f"place => ({PLACE})() === place"
PATIENCE = 90_000


@pytest.fixture
def talks(tmp_path) -> Path:
    path = tmp_path / "talks.yaml"
    path.write_text(CASE.read_text())
    return path


@pytest.fixture
def bench(chromium, talks, tmp_path) -> Iterator[Served]:
    with served(talks, tmp_path / "state") as bench:
        yield bench


def ready(opened: Opened) -> Opened:
    """Wait for the pictures, and go to the sliders."""
    opened.page.wait_for_selector("nav.tabs", timeout=PATIENCE)
    opened.go("assumptions")
    opened.page.wait_for_selector(SLIDER, timeout=PATIENCE)
    return opened


def move(opened: Opened, place: int) -> None:
    opened.page.locator(SLIDER).first.fill(str(place))


def until(opened: Opened, holds: str, arg: object = None) -> None:
    """Wait for what a function in the page says; the page's policy forbids Playwright's own way."""
    end = time.monotonic() + PATIENCE / 1000
    while not opened.page.evaluate(holds, arg):
        assert time.monotonic() < end, f"{holds} {arg}: {opened.page.inner_text('body')[:500]}"
        opened.page.wait_for_timeout(50)


def wait_for(opened: Opened, place: int) -> None:
    until(opened, STANDS, place)


@pytest.mark.slow
def test_two_windows_stay_consistent(bench, window):
    """A slider that is moved in one stands there in the other; after a burst from both, they stand alike."""
    one, other = (ready(window.open(bench.link)) for _ in range(2))
    where = re.fullmatch(rf"http://127\.0\.0\.1:{bench.port}/case/\w+/#assumptions", one.page.url)
    assert where, "the case has an address of its own, and the token is not left behind"
    move(one, 60)
    wait_for(other, 60)
    for i in range(1, 21):
        move(one, 100 - i)
        move(other, 100 + i)
    # Which of the two last moves reaches the server last is open: both windows agree on that one.
    end = time.monotonic() + PATIENCE / 1000
    while len(
        places := {opened.page.evaluate(PLACE) for opened in (one, other)}
    ) > 1 or not places <= {80, 120}:
        assert time.monotonic() < end, f"the windows disagree: {places}"
        one.page.wait_for_timeout(50)
    move(other, 77)
    wait_for(one, 77)
    wait_for(other, 77)
    for opened in (one, other):
        assert opened.errors == []
        assert opened.strangers == []


@pytest.mark.slow
def test_a_server_that_is_killed_and_started_again_is_reconnected_to(
    bench, window, talks, tmp_path
):
    """By itself, and what lay on the desk lies there again."""
    page = ready(window.open(bench.link))
    move(page, 60)
    page.page.wait_for_timeout(500)
    bench.process.kill()
    bench.process.wait()
    until(page, "() => document.querySelector('.bar').innerText.includes('does not answer')")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.page.screenshot(path=SCREENSHOTS / "workbench-away.png")
    move(page, 70)
    with served(talks, tmp_path / "state", port=bench.port) as again:
        until(page, "() => !document.querySelector('.bar').innerText.includes('does not answer')")
        wait_for(page, 70)
        wait_for(ready(window.open(again.link)), 70)


def test_a_page_without_the_key_says_what_is_needed(bench, window):
    """And shows nothing of the case."""
    opened = window.open(f"http://127.0.0.1:{bench.port}/")
    assert "backchannel serve" in opened.page.content()
    assert "sanctions" not in opened.page.content()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        (DESKTOP, "light"),
        (PHONE, "dark"),
        pytest.param(DESKTOP, "dark", marks=pytest.mark.long),
        pytest.param(PHONE, "light", marks=pytest.mark.long),
    ],
)
def test_the_bar_fits(bench, window, size, scheme):
    """How things stand is above every view, at both widths."""
    opened = ready(window.open(bench.link, size=size, scheme=scheme))
    until(opened, "() => document.querySelector('.bar').innerText.includes('Up to date')")
    assert opened.overflow() is None
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    opened.page.screenshot(path=SCREENSHOTS / f"workbench-{scheme}-{size[0]}.png")
