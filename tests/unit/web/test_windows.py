"""What waits for a window: the newest of everything, no answer lost, and not too much of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from backchannel.web import windows as module
from backchannel.web.message_json import with_id
from backchannel.web.rate_limit import MOST_REQUESTS, PAUSE, RateLimit
from backchannel.web.windows import MOST_BYTES, MOST_WAITING, Outbox, Window, Windows


def message(type: str, id: int | None = None, **parts: Any) -> str:
    """A message as it is sent; only its type and its id matter here."""
    head = {"type": type} if id is None else {"id": id, "type": type}
    return json.dumps({**head, **parts}, separators=(",", ":"))


def taken(outbox: Outbox) -> list[str | None]:
    return [outbox.get_nowait() for _ in range(len(outbox))]


def test_a_window_that_does_not_listen_is_hung_up_on():
    """And no other waits for it."""
    windows, deaf, fine = Windows(), Window(), Window()
    windows.join(deaf)
    windows.join(fine)
    for i in range(MOST_WAITING + 10):
        windows.broadcast(str(i))
        assert fine.outbox.get_nowait() == str(i)
    assert taken(deaf.outbox) == [None]


@pytest.mark.parametrize(
    "kind", ["shared", "text", "status", "checked", "file", "quick", "answers"]
)
def test_of_how_things_are_only_the_newest_waits(kind):
    """It goes to the end, after what else was told meanwhile."""
    window = Window()
    old, other, new = message(kind, at=1), message("what_if", asked={}), message(kind, at=2)
    for sent in (old, other, new):
        window.send(sent)
    assert taken(window.outbox) == [other, new]
    for sent in (old, new):  # One that was taken is not replaced.
        window.send(sent)
        assert window.outbox.get_nowait() == sent


def test_whole_answers_make_quick_ones_out_of_date_and_not_the_other_way_round():
    """A page forgets the quick ones when it is told the whole ones."""
    window = Window()
    whole, quick = message("answers", at=1), message("quick", at=1)
    window.send(whole)
    window.send(quick)
    assert taken(window.outbox) == [whole, quick]
    for sent in (whole, quick, whole):
        window.send(sent)
    assert taken(window.outbox) == [whole]


def test_an_answer_to_a_request_is_never_lost_or_moved():
    """What was told before it is still told before it, and what comes later comes after it."""
    window = Window()
    first, second, third = (message("text", at=i) for i in range(3))
    done, desk, saved = (
        message("done", 1),
        with_id(message("shared", at=1), 2),
        message("saved", at=1),
    )
    said = [first, done, second, desk, saved, third]
    for sent in said:
        window.send(sent)
    assert taken(window.outbox) == said
    for sent in (first, desk, desk, second, third, saved):
        window.send(sent)
    assert taken(window.outbox) == [first, desk, desk, third, saved]


def test_the_memory_that_waits_for_a_window_is_bounded():
    """Also where few messages hold it; a newer text takes the room of the older one."""
    window, large = Window(), "x" * (MOST_BYTES // 3)
    for id in range(1, 3):
        window.send(message("changes", id, text=large))
        assert not window.is_stuck
    for at in range(10):
        window.send(message("text", text="y" * (MOST_BYTES // 4), at=at))
        assert not window.is_stuck
        assert window.outbox.bytes <= MOST_BYTES
    window.send(message("changes", 3, text=large))
    assert window.is_stuck
    assert window.outbox.bytes < 1_000
    assert taken(window.outbox) == [None]


def test_one_message_and_a_greeting_have_room_however_long_they_are(monkeypatch):
    """Or a window of a large case would be hung up on as often as it came back."""
    monkeypatch.setattr(module, "MOST_BYTES", 1_000)
    window = Window()
    window.send("x" * 2_000)
    assert window.outbox.get_nowait() == "x" * 2_000
    for _ in range(5):
        window.send("y" * 2_000, is_greeting=True)
    window.send(message("status"))
    assert not window.is_stuck
    assert len(taken(window.outbox)) == 6
    assert window.outbox.bytes == 0


def test_who_waits_for_a_message_is_given_it():
    """Whether it was there before or comes later."""

    async def scenario() -> None:
        outbox = Outbox()
        outbox.put("a")
        assert await outbox.get() == "a"
        waiting = asyncio.create_task(outbox.get())
        await asyncio.sleep(0)
        assert not waiting.done()
        outbox.put("b")
        assert await asyncio.wait_for(waiting, 5) == "b"

    asyncio.run(scenario())


def test_a_window_that_asks_too_much_is_slowed_down_and_soon_let_go_again():
    """Two kinds of too much: many requests, and few long ones."""
    now = [0.0]
    rate_limit = RateLimit(clock=lambda: now[0])
    assert [rate_limit.pause(10) for _ in range(MOST_REQUESTS)] == [0.0] * MOST_REQUESTS
    assert rate_limit.pause(10) == PAUSE
    now[0] += 1.0
    assert [rate_limit.pause(2_000_000) for _ in range(6)] == [0.0] * 4 + [PAUSE] * 2
    now[0] += PAUSE
    assert rate_limit.pause(10) == 0.0


def test_others_have_a_turn_between_two_requests():
    """Even where neither has to wait."""

    async def scenario() -> list[str]:
        order: list[str] = []

        async def ask(name: str) -> None:
            rate_limit = RateLimit()
            for _ in range(3):
                await rate_limit.wait_turn(10)
                order.append(name)

        await asyncio.gather(ask("a"), ask("b"))
        return order

    assert asyncio.run(scenario()) == ["a", "b"] * 3
