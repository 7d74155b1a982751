"""What a window types at its worst: another one is answered at once, and the next text is checked."""

from __future__ import annotations

import json
import threading
import time

import pytest

from tests.journeys.test_serve import CASE, built, heard, served

SLACK = 6.0
"""Seconds more on a machine that has much else to do."""
AT_ONCE = 1.0 + SLACK
"""Seconds within which any request is answered; what is held up waits for ten or more."""
FINE = CASE.read_text()


def doubled(times: int) -> str:
    """An expression that holds itself twice, so many times."""
    expression = "pain"
    for _ in range(times):
        expression = f"({expression} + {expression})"
    return expression


def compared(times: int) -> str:
    """Chained comparisons within each other."""
    expression = "pain < 1"
    for _ in range(times):
        expression = f"0 < ({expression}) < 2"
    return expression


WORTH = FINE.split('worth: "')[1].split('"')[0]
TEXTS = {
    "lists within lists": "[" * 100_000,
    "mappings within mappings": "".join(f"{' ' * i}a:\n" for i in range(1_500)),
    "brackets": FINE.replace(WORTH, "(" * 20_000),
    "doubled": FINE.replace(WORTH, doubled(14)),
    "compared": FINE.replace(WORTH, compared(16)),
    "power": FINE.replace(WORTH, "(pain + 1)**40"),
    "problems": FINE + "".join(f"key{i}: 1\n" for i in range(60_000)),
    "one long word": FINE + "y" * 1_900_000,
    "aliases": "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40)),
}  # fmt: skip


@built
@pytest.mark.slow
def test_whatever_one_window_types_another_is_answered_at_once(tmp_path):
    """The server goes on through all of them, with what was typed, and checks a right text as before."""
    path = tmp_path / "talks.yaml"
    path.write_text(FINE)
    with served(path, tmp_path / "state") as bench:
        cookie = bench.cookie()
        with bench.line(cookie) as one, bench.line(cookie) as other:
            heard(other, "answers")
            late: list[tuple[str, float]] = []
            typed, is_over = [""], threading.Event()

            def ask() -> None:
                id = 0
                while not is_over.is_set():
                    id += 1
                    began = time.monotonic()
                    other.send(json.dumps({"type": "shift", "id": id, "changes": {"pain": 1.0}}))
                    while heard(other, "shared").get("id") != id:
                        pass
                    if time.monotonic() - began > AT_ONCE:
                        late.append((typed[0], time.monotonic() - began))
                    time.sleep(0.02)

            asking = threading.Thread(target=ask)
            asking.start()
            try:
                for revision, (name, text) in enumerate(TEXTS.items(), start=1):
                    typed[0] = name
                    one.send(json.dumps({"type": "edit", "id": revision, "text": text}))
                    checked = heard(one, "checked")["checked"]
                    assert checked["revision"] == revision
                    # What takes long to check today may be fine, and no more than slow, tomorrow.
                    assert all(problem["message"] for problem in checked["problems"])
                one.send(json.dumps({"type": "edit", "id": 99, "text": FINE + "# again\n"}))
                assert heard(one, "checked")["checked"]["problems"] == []
            finally:
                is_over.set()
                asking.join(30)
            assert late == []
            began = time.monotonic()
            bench.stop()
            assert time.monotonic() - began < 2.0 + SLACK
        assert bench.process.returncode == 0
        assert "Traceback" not in bench.errors


@built
@pytest.mark.slow
def test_however_much_one_window_sends_another_is_answered_at_once_and_stays(tmp_path):
    """Long texts without a pause, then many small requests; the first window is answered too, later."""
    path = tmp_path / "talks.yaml"
    path.write_text(FINE)
    long = FINE + "# " + "y" * 1_900_000
    asked = {"outcomes": ["resolve"], "do": {"nothing": "here"}}
    floods = {
        "texts": [{"type": "edit", "text": f"{long}{i}\n"} for i in range(30)],
        "requests": [{"type": "what_if", "asked": {"key": f"k{i}", **asked}} for i in range(400)],
    }
    with served(path, tmp_path / "state") as bench:
        cookie = bench.cookie()
        with bench.line(cookie) as one, bench.line(cookie) as other:
            heard(other, "answers")
            for name, flood in floods.items():
                is_over = threading.Event()

                def send(flood=flood, is_over=is_over) -> None:
                    for id, request in enumerate(flood):
                        one.send(json.dumps({"id": id, **request}))
                    is_over.set()

                def listen(last: int = len(flood) - 1) -> None:
                    while json.loads(one.recv(timeout=60)).get("id") != last:
                        pass

                threads = [threading.Thread(target=send), threading.Thread(target=listen)]
                for thread in threads:
                    thread.start()
                late, id = [], 0
                while not is_over.is_set() or threads[1].is_alive():
                    id += 1
                    began = time.monotonic()
                    other.send(json.dumps({"type": "shift", "id": id, "changes": {"pain": 1.0}}))
                    while heard(other, "shared").get("id") != id:
                        pass
                    if (took := time.monotonic() - began) > AT_ONCE:
                        late.append(took)
                for thread in threads:
                    thread.join(60)
                assert late == [], name
                assert id > 1
