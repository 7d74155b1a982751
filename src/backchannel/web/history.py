"""What was done to the shared state, in order, so that it can be undone and redone without end.

Every change of the text, of sliders and of what-ifs is one step of one history, whoever made it. A file on disk is
never part of it: undoing what was saved makes the text unsaved again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from backchannel.language.errors import CommandError
from backchannel.web.message_parts import HistoryView
from backchannel.web.shared_state import SharedState
from backchannel.web.text_patch import TextPatch

PAUSE = 1.0
"""Seconds without a change after which the next one of its kind is a step of its own."""
MOST_CHARACTERS = 200_000_000
"""Of text in all steps together; where there are more, the oldest steps are dropped."""
LONGEST_DIFFERENCE = 20_000
"""Characters of a difference that pages get with the history."""

Swap = dict[str, tuple[Any, Any]]
"""By name, a value before and after a step; None: there was none."""


@dataclass(frozen=True)
class HistoryStep:
    """Something that was done, and what is needed to undo and redo it."""

    label: str
    """What was done, as an order: `Move the slider of war_cost`."""
    text: TextPatch | None
    shifts: Swap
    what_ifs: Swap
    difference: str
    """How the text changed, as a unified diff; empty where it did not."""
    group: Hashable = None
    at: float = 0.0
    """When it was last added to."""

    @property
    def characters(self) -> int:
        """Of the text that is kept."""
        patch = self.text
        return (
            0 if patch is None else len(patch.removed) + len(patch.inserted) + len(self.difference)
        )


@dataclass
class History:
    """The steps of one shared state."""

    shared: SharedState
    clock: Callable[[], float] = time.monotonic
    done: list[HistoryStep] = field(default_factory=list)
    """Steps that can be undone, oldest first."""
    undone: list[HistoryStep] = field(default_factory=list)
    """Steps that can be redone; the last one is the next."""

    @contextmanager
    def step(
        self,
        label: str,
        *,
        group: Hashable = None,
        difference: Callable[[str, str], str] | str = "",
    ) -> Iterator[None]:
        """Record what happens to the shared state inside, as one step.

        Args:
            label: What is done.
            group: Joins the step to the last one, where that has the same group and was a moment ago.
            difference: How the text changes; a function of the text before and after, or what it would give.
        """
        shared = self.shared
        text, shifts, what_ifs = shared.text, dict(shared.shifts), dict(shared.what_ifs)
        yield
        last = self.done[-1] if self.done and not self.undone else None
        now = self.clock()
        if group is not None and last and last.group == group and now - last.at < PAUSE:
            self.done.pop()
            text = last.text.revert(text) if last.text else text
            shifts, what_ifs = _before(shifts, last.shifts), _before(what_ifs, last.what_ifs)
        patch = None if text == shared.text else TextPatch.between(text, shared.text)
        shown = difference(text, shared.text) if patch and callable(difference) else difference
        step = HistoryStep(
            label,
            patch,
            _swap(shifts, shared.shifts),
            _swap(what_ifs, shared.what_ifs),
            shown if patch and isinstance(shown, str) else "",
            group,
            now,
        )
        if step.text or step.shifts or step.what_ifs:
            self.done.append(step)
            self.undone.clear()
            self._drop_oldest()

    def undo(self) -> HistoryStep:
        """Undo the last step that is not undone.

        Raises:
            CommandError: There is none, or the text is no longer as it left it.
        """
        if not self.done:
            raise CommandError("There is nothing to undo.")
        step = self.done[-1]
        if step.text is not None:
            if not step.text.fits(self.shared.text):
                raise CommandError(f"“{step.label}” cannot be undone: the text has changed since.")
            self.shared.edit(step.text.revert(self.shared.text))
        self._put(step, 0)
        self.undone.append(self.done.pop())
        return step

    def redo(self) -> HistoryStep:
        """Do again what was undone last.

        Raises:
            CommandError: There is nothing of that kind.
        """
        if not self.undone:
            raise CommandError("There is nothing to redo.")
        step = self.undone[-1]
        if step.text is not None:
            self.shared.edit(step.text.apply(self.shared.text))
        self._put(step, 1)
        # What comes next is a step of its own.
        self.done.append(replace(self.undone.pop(), group=None))
        return step

    def forget_what_if(self, key: str) -> None:
        """Drop the step that asked a what-if which turned out to have no meaning."""
        self.done = [
            step for step in self.done if step.text or step.shifts or set(step.what_ifs) != {key}
        ]

    @property
    def view(self) -> HistoryView:
        """What pages get of it."""
        last = self.done[-1] if self.done else None
        return HistoryView(
            undo=last.label if last else None,
            redo=self.undone[-1].label if self.undone else None,
            n_undo=len(self.done),
            n_redo=len(self.undone),
            difference=last.difference[:LONGEST_DIFFERENCE] if last else "",
        )

    def _put(self, step: HistoryStep, side: int) -> None:
        for kept, swap in (
            (self.shared.shifts, step.shifts),
            (self.shared.what_ifs, step.what_ifs),
        ):
            for name, values in swap.items():
                if values[side] is None:
                    kept.pop(name, None)
                else:
                    kept[name] = values[side]
        self.shared.revision += 1

    def _drop_oldest(self) -> None:
        total = sum(step.characters for step in self.done)
        while total > MOST_CHARACTERS and len(self.done) > 1:
            total -= self.done.pop(0).characters


def _swap(before: Mapping[str, Any], after: Mapping[str, Any]) -> Swap:
    return {
        name: (before.get(name), after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    }


def _before(now: dict[str, Any], swap: Swap) -> dict[str, Any]:
    """The state before a step that led to the present state."""
    earlier = {**now, **{name: values[0] for name, values in swap.items()}}
    return {name: value for name, value in earlier.items() if value is not None}
