"""What every window is told whenever it changes: the text, the sliders and what-ifs, and what can be undone."""

from __future__ import annotations

from backchannel.web.history import History
from backchannel.web.message_json import to_json, with_id
from backchannel.web.messages import HistoryMessage, SharedMessage, TextMessage
from backchannel.web.shared_state import SharedState, digest
from backchannel.web.windows import Window, Windows


class Broadcasts:
    """Tells every window what all share."""

    def __init__(self, shared: SharedState, history: History, windows: Windows) -> None:
        self._shared, self._history, self._windows = shared, history, windows
        self._told = (shared.case_digest, 0)
        """The case and the number of sliders that windows were last told."""

    def shared(self, window: Window | None = None, id: int | None = None) -> None:
        """Tell the sliders and what-ifs; the window that asked for a change gets them as an answer."""
        self._told = self._newest
        message = to_json(SharedMessage(shared=self._shared.view))
        if window is not None and id is not None:
            window.send(with_id(message, id))
            self._windows.broadcast_except(message, {window})
        else:
            self._windows.broadcast(message)

    def shared_if_changed(self) -> None:
        """Tell them where the case or the number of sliders is another one than was last told."""
        if self._newest != self._told:
            self.shared()

    def history(self) -> None:
        """Tell what can be undone and redone."""
        self._windows.broadcast(to_json(HistoryMessage(history=self._history.view)))

    def text(self, *, unless: Window | None = None) -> None:
        """Tell the text; the window in which it was typed has it already."""
        message = TextMessage(text=self._shared.text_view, digest=digest(self._shared.file_text))
        self._windows.broadcast_except(to_json(message), {unless} if unless else set())

    @property
    def _newest(self) -> tuple[str, int]:
        return self._shared.case_digest, len(self._shared.shifts)
