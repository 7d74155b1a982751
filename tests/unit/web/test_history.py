"""One history of everything that any window does, without end."""

from __future__ import annotations

import random

import pytest

from backchannel.language.errors import CommandError
from backchannel.web import history
from backchannel.web.history import PAUSE, History
from backchannel.web.message_parts import CustomWhatIf
from backchannel.web.shared_state import SharedState
from backchannel.web.text_patch import TextPatch


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def begun(text: str = "case: Talks\n") -> tuple[SharedState, History, Clock]:
    shared, clock = SharedState(text), Clock()
    return shared, History(shared, clock), clock


def typed(shared: SharedState, past: History, text: str, window: str = "one") -> None:
    with past.step("Edit the text", group=("typed", window)):
        shared.edit(text)


def state(shared: SharedState) -> tuple[object, ...]:
    return shared.text, dict(shared.shifts), dict(shared.what_ifs)


def test_all_steps_are_undone_in_order_and_redone_in_order():
    """Text, sliders and what-ifs alike: each state comes back exactly, whatever the steps were."""
    source = random.Random(3)
    shared, past, clock = begun("a" * 50)
    states = [state(shared)]
    for number in range(60):
        clock.now += 2 * PAUSE
        with past.step(f"step {number}"):
            match source.randrange(4):
                case 0:
                    at = source.randrange(len(shared.text))
                    new = source.choice(["", "b", "long " * 5])
                    shared.edit(shared.text[:at] + new + shared.text[at + 3 :] + "!")
                case 1:
                    shared.move({source.choice("xyz"): source.choice([None, number / 60])})
                case 2:
                    key = source.choice("pq")
                    shared.add(CustomWhatIf(key=key, do={"n": number}, outcomes=["n"]))
                case 3:
                    shared.drop(source.choice("pq"))
        if state(shared) != states[-1]:
            states.append(state(shared))
    assert past.view.n_undo == len(states) - 1
    for expected in reversed(states[:-1]):
        past.undo()
        assert state(shared) == expected
    with pytest.raises(CommandError, match="nothing to undo"):
        past.undo()
    for expected in states[1:]:
        past.redo()
        assert state(shared) == expected
    with pytest.raises(CommandError, match="nothing to redo"):
        past.redo()


def test_typing_is_one_step_until_it_pauses_or_another_window_types():
    """A letter alone is no step."""
    shared, past, clock = begun()
    for text in ("case: T\n", "case: Ta\n", "case: Tal\n"):
        clock.now += PAUSE / 2
        typed(shared, past, text)
    assert past.view.n_undo == 1
    clock.now += PAUSE * 1.5
    typed(shared, past, "case: Tall\n")
    typed(shared, past, "case: Tally\n", window="other")
    assert past.view.n_undo == 3
    past.undo()
    past.undo()
    assert shared.text == "case: Tal\n"
    past.undo()
    assert shared.text == "case: Talks\n"


def test_what_is_typed_after_an_undo_is_a_step_of_its_own_and_ends_the_redo():
    """Otherwise a redo would bring back a text that no longer fits."""
    shared, past, _ = begun()
    typed(shared, past, "case: One\n")
    past.undo()
    typed(shared, past, "case: Two\n")
    assert (past.view.redo, past.view.n_undo) == (None, 1)
    past.undo()
    past.redo()
    typed(shared, past, "case: Three\n")
    past.undo()
    assert shared.text == "case: Two\n"


def test_a_step_that_changes_nothing_is_none_and_typing_back_leaves_nothing():
    """An undo always does something that can be seen."""
    shared, past, _ = begun()
    with past.step("nothing"):
        shared.move({})
    typed(shared, past, "case: X\n")
    typed(shared, past, "case: Talks\n")
    assert past.view.n_undo == 0


def test_an_undo_that_no_longer_fits_is_refused_and_changes_nothing():
    """A text that changed without the history is never overwritten."""
    shared, past, _ = begun()
    typed(shared, past, "case: Mine\n")
    shared.edit("something else")
    with pytest.raises(CommandError, match="the text has changed since"):
        past.undo()
    assert shared.text == "something else"


def test_the_oldest_steps_go_where_the_texts_take_too_much(monkeypatch):
    """A page that sends other long texts again and again does not fill the memory."""
    monkeypatch.setattr(history, "MOST_CHARACTERS", 100)
    shared, past, clock = begun("")
    for number in range(30):
        clock.now += 2 * PAUSE
        typed(shared, past, f"{number % 10}" * 30)
    assert sum(step.characters for step in past.done) <= 100
    assert past.view.n_undo >= 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "abc"),
        ("abc", ""),
        ("aaa", "aa"),
        ("aa", "aaa"),
        ("abcabc", "abc"),
        ("xay", "xby"),
    ],
)
def test_a_patch_leads_from_one_text_to_the_other_and_back(before, after):
    """Also where the same letters repeat, so that several places could be meant."""
    patch = TextPatch.between(before, after)
    assert patch.apply(before) == after
    assert patch.revert(after) == before
    assert len(patch.removed) + len(patch.inserted) <= len(before) + len(after)
