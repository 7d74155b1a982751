"""A slider that is moved changes the picture at once, and a burst ends on its last input."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from tests.browser.pages import BUILD, report_of, solved_answers

pytestmark = pytest.mark.slow

DRAWS = 2048
MOST_MS = 50
TRIES = 6
"""How often the slider is measured before it counts as slow: other work on the machine comes and goes."""


@pytest.fixture(scope="module")
def wide(chromium) -> Path:
    """The flagship with its columns repeated until there are 2,048 draws: as much to weigh as in earnest."""
    document = json.loads(solved_answers("belarus-2025", draws=64))
    draws = document["draws"]
    times = DRAWS // draws["count"]
    assert times * draws["count"] == DRAWS
    repeat(draws, times)
    draws["count"] = DRAWS
    return report_of(json.dumps(document), BUILD / "pages" / "wide.html")


def repeat(part, times: int) -> None:
    """Each column of draws, as often; weights still sum to 1."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, dict | list):
            repeat(value, times)
        elif key in ("weights", "prior_weights", "weights_before", "weights_after") and value:
            column = np.frombuffer(base64.b64decode(value), "<f4")
            part[key] = base64.b64encode(np.tile(column / times, times).astype("<f4")).decode()
        elif key in ("scores", "given_record", "prior", "before", "after") and value:
            column = np.frombuffer(base64.b64decode(value), "<u2")
            # One number alone holds in every draw.
            if len(column) > 1:
                part[key] = base64.b64encode(np.tile(column, times)).decode()


SLIDER = "#view input[type=range]"
MEASURE = """async (selector) => {
  const slider = document.querySelector(selector);
  const low = Number(slider.min), high = Number(slider.max);
  const painted = () => new Promise(done => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  }));
  const times = [];
  for (let i = 0; i < 55; i++) {
    await new Promise(done => setTimeout(done, 20));
    slider.value = String(low + (high - low) * ((i * 7) % 20 + 1) / 22);
    const start = performance.now();
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await painted();
    if (i >= 5) times.push(performance.now() - start);
  }
  return times;
}"""


def test_a_moved_slider_is_painted_within_fifty_milliseconds(window, wide, capsys):
    """From input to painted frame, in the view with the sliders and everything it shows.

    Other work on the machine only ever delays a frame, so the quickest quarter of 50 is what counts.
    """
    opened = window.open(wide)
    opened.go("assumptions")
    for _ in range(TRIES):
        times = np.array(opened.page.evaluate(MEASURE, SLIDER))
        if np.quantile(times, 0.25) <= MOST_MS:
            break
    with capsys.disabled():
        print(
            f"\nslider to painted frame, {DRAWS} draws: median {np.median(times):.1f} ms, "
            f"90% within {np.quantile(times, 0.9):.1f} ms"
        )
    assert np.quantile(times, 0.25) <= MOST_MS
    assert not opened.errors


BURST = """async ([selector, values]) => {
  const slider = document.querySelector(selector);
  for (const value of values) {
    slider.value = String(value);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    if (Math.random() < 0.3) await new Promise(done => setTimeout(done, 3));
  }
  slider.dispatchEvent(new Event('change', { bubbles: true }));
  await new Promise(done => setTimeout(done, 400));
  return document.querySelector('#view').innerText;
}"""


def test_a_burst_of_a_hundred_inputs_ends_on_the_last(window, wide):
    """What is shown is what the last input alone would show."""
    shown = []
    low, high = -1.5, 1.5
    last = 0.8
    for values in (
        [low + (high - low) * ((i * 37) % 100) / 100 for i in range(99)] + [last],
        [last],
    ):
        opened = window.open(wide)
        opened.go("assumptions")
        shown.append(opened.page.evaluate(BURST, [SLIDER, values]))
    assert shown[0] == shown[1]
    still = window.open(wide)
    still.go("assumptions")
    assert shown[0] != still.page.locator("#view").inner_text()
