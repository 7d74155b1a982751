"""Connections that hold little and end in time: whoever sends only half of something is disconnected.

uvicorn waits without end for the rest of a request or of a message, and keeps what has come of it. These protocols
give both a time limit, and all unfinished messages together a limit in bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

REQUEST_SECONDS = 10.0
"""From the first byte of a request, or from the connection, to the last byte of the request."""
MESSAGE_SECONDS = 60.0
"""From the first byte of a message to its last; a case of the largest size has to come through."""
MOST_HELD = 64_000_000
"""Bytes of unfinished messages, all connections together."""
MOST_FRAMES = 2_000
"""Parts of one message; empty ones take memory too."""


class Deadline:
    """Calls a function once, unless it is cleared in time."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._timer: asyncio.TimerHandle | None = None

    def start(self, seconds: float) -> None:
        """Start it, unless it runs already."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._expire)

    def clear(self) -> None:
        """Stop it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        self._timer = None
        self._act()


class BoundedHttp(H11Protocol):
    """HTTP whose requests have to be sent in time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = Deadline(lambda: self.transport.abort())
        self._is_upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._deadline.start(REQUEST_SECONDS)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not self._is_upgraded and self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._deadline.start(REQUEST_SECONDS)
        else:
            self._deadline.clear()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._is_upgraded = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.clear()
        super().connection_lost(exc)


class BoundedSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose messages have to be sent in time, and that holds little of unfinished ones."""

    held = 0
    """Bytes of the message that has not come whole."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline = Deadline(self._is_late)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.held = len(self.conn.reader.buffer) + sum(map(len, self.frames))
        others = sum(
            other.held
            for other in self.connections
            if isinstance(other, BoundedSocket) and other is not self
        )
        if len(self.frames) > MOST_FRAMES or self.held + others > MOST_HELD:
            self._end()
        elif self.held or self.frames:
            self._deadline.start(MESSAGE_SECONDS)
        else:
            self._deadline.clear()

    def send_receive_event_to_app(self) -> None:
        # A message has come whole: what follows has its own time.
        self._deadline.clear()
        super().send_receive_event_to_app()

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.clear()
        super().connection_lost(exc)

    def _is_late(self) -> None:
        # The other side cannot send while this one does not read.
        if self.read_paused:
            self._deadline.start(MESSAGE_SECONDS)
        else:
            self._end()

    def _end(self) -> None:
        self.held = 0
        self._deadline.clear()
        self.transport.abort()
