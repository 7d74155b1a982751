"""Whoever sends only half of something is disconnected, and holds little until then."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn

from backchannel.web import bounded_connections
from backchannel.web.bounded_connections import BoundedHttp, BoundedSocket

HEAD = b"GET / HTTP/1.1\r\nHost: here\r\n"
UPGRADE = HEAD + (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
SOON = 0.2
"""Seconds of the limits in these tests."""
PATIENCE = 10.0
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer every request, and every message with its length."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"here"})
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": str(len(message["text"]))})


def run(scenario: Callable[[Callable[[], Awaitable[Streams]]], Awaitable[None]]) -> None:
    """Run a scenario against a server."""

    async def main() -> None:
        config = uvicorn.Config(
            echo, port=0, lifespan="off", log_level="critical", http=BoundedHttp, ws=BoundedSocket,
            ws_per_message_deflate=False, ws_max_size=16_000_000, timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            await scenario(lambda: asyncio.open_connection("127.0.0.1", port))
        finally:
            server.should_exit = True
            await running

    asyncio.run(asyncio.wait_for(main(), 60))


async def has_ended(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends the connection, whatever it says before."""
    try:
        await asyncio.wait_for(reader.read(), PATIENCE)
    except ConnectionResetError:
        pass
    except TimeoutError:
        return False
    return True


async def socket(connect: Callable[[], Awaitable[Streams]]) -> Streams:
    """A WebSocket, after its handshake."""
    reader, writer = await connect()
    writer.write(UPGRADE)
    await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    return reader, writer


def frame(size: int, *, opcode: int = 1, is_last: bool = True) -> bytes:
    """The head of a frame of so many bytes, masked with zeros."""
    return struct.pack(">BBQ", opcode | 0x80 * is_last, 0xFF, size) + bytes(4)


@pytest.mark.parametrize(
    "half", [b"", b"GET", HEAD, HEAD + b"Content-Length: 100\r\n\r\nhalf"], ids=len
)
def test_a_half_sent_request_ends(half, monkeypatch):
    """Even one that goes on a letter at a time, and one after a whole one."""
    monkeypatch.setattr(bounded_connections, "REQUEST_SECONDS", SOON)

    async def scenario(connect):
        reader, writer = await connect()
        writer.write(half)
        assert await has_ended(reader)
        reader, writer = await connect()
        writer.write(HEAD + b"\r\n")
        await asyncio.wait_for(reader.readuntil(b"here"), PATIENCE)
        ended = asyncio.create_task(has_ended(reader))
        if half:
            writer.write(half)
            for _ in range(100):
                await asyncio.sleep(SOON / 10)
                if ended.done():
                    break
                writer.write(b"x")
            assert ended.done()
        ended.cancel()

    run(scenario)


def test_a_half_sent_message_ends_and_an_idle_or_busy_window_stays(monkeypatch):
    monkeypatch.setattr(bounded_connections, "MESSAGE_SECONDS", SOON)

    async def scenario(connect):
        idle, half, parts, busy = [await socket(connect) for _ in range(4)]
        half[1].write(frame(1000) + b"half")
        parts[1].write(frame(4, is_last=False) + b"half")
        # One message after the other, each begun before the last is answered.
        for _ in range(20):
            busy[1].write(b"x" * 500 + frame(1000) + b"x" * 500 if _ else frame(1000) + b"x" * 500)
            await asyncio.sleep(SOON / 5)
        busy[1].write(b"x" * 500)
        assert await has_ended(half[0])
        assert await has_ended(parts[0])
        for reader, writer in (idle, busy):
            writer.write(frame(3) + b"abc")
            await asyncio.wait_for(reader.readuntil(b"\x013"), PATIENCE)

    run(scenario)


def test_half_sent_messages_together_hold_no_more_than_their_limit():
    """Sixty windows with sixteen megabytes each would hold a gigabyte."""
    part = os.urandom(1) * 15_000_000

    async def scenario(connect):
        lines = [await socket(connect) for _ in range(12)]
        for _, writer in lines:
            writer.write(frame(len(part) + 1) + part)
        for _ in range(200):
            await asyncio.sleep(0.05)
            ended = sum(reader.at_eof() or reader.exception() is not None for reader, _ in lines)
            if ended >= 8:
                break
        assert ended == 8, "four of them fit"

    run(scenario)


def test_a_message_of_endless_empty_parts_ends():
    async def scenario(connect):
        reader, writer = await socket(connect)
        writer.write(frame(0, is_last=False))
        for _ in range(30):
            writer.write(frame(0, opcode=0, is_last=False) * 100)
        assert await has_ended(reader)

    run(scenario)
