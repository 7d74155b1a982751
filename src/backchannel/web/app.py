"""The web application: the page, the downloads, and the connection that every window keeps open."""

from __future__ import annotations

import asyncio
import html
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from backchannel.interface import Bundle
from backchannel.language.errors import CommandError
from backchannel.web.messages import ErrorMessage, to_json
from backchannel.web.rate_limit import RateLimit
from backchannel.web.security import HEADERS, AllowedHosts, Keys, header
from backchannel.web.solve_request import SolvedAnswers
from backchannel.web.watching import watch_file
from backchannel.web.windows import Window
from backchannel.web.workbench import Workbench

KEY_REFUSED = 4401
"""Close code that tells a page that its key is not valid (any more)."""
FULL = 4429
"""Close code: too many windows are open."""
NEW_LINK = (
    "This page needs the link that `backchannel serve` printed when it started: open that one. "
    "If you cannot see it any more, stop the command with Ctrl-C and start it again.\n"
)
NOT_YET = "There are no answers yet: they are being solved. Try again in a moment.\n"

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

SHELL = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Backchannel</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/interface.css">
</head>
<body>
<div id="backchannel" data-live="/live"></div>
<noscript><p>The workbench needs scripts. <a href="/report.html">The report</a> is readable without.</p></noscript>
<script src="/interface.js" defer></script>
</body>
</html>
"""


def build_app(
    workbench: Workbench, bundle: Bundle, *, keys: Keys, allowed: AllowedHosts
) -> ASGIApp:
    """Build the web application, which only this user's browser can use."""

    async def page(request: Request) -> Response:
        shell = SHELL.format(title=html.escape(workbench.facts.title))
        response = Response(shell, media_type="text/html")
        if keys.is_token(request.query_params.get("token", "")):
            response.headers["Set-Cookie"] = keys.set_cookie
        return response

    async def script(request: Request) -> Response:
        return Response(bundle.script, media_type="text/javascript")

    async def editor(request: Request) -> Response:
        return Response(bundle.editor, media_type="text/javascript")

    async def style(request: Request) -> Response:
        return Response(bundle.style, media_type="text/css")

    def file_name(full: SolvedAnswers) -> str:
        moved = "-sliders-moved" if full.request.shifts else ""
        return f"{workbench.open_file.file.name}{moved}"

    async def answers(request: Request) -> Response:
        full = workbench.answering.full
        if full is None:
            return PlainTextResponse(NOT_YET, 503)
        return _download(full.document + "\n", f"{file_name(full)}.json", "application/json")

    async def report(request: Request) -> Response:
        full = workbench.answering.full
        if full is None:
            return PlainTextResponse(NOT_YET, 503)
        try:
            (text,) = await workbench.answering.run("report", {}, full.document)
        except CommandError as error:
            return PlainTextResponse(f"{error}\n", 503)
        return _download(text, f"{file_name(full)}.html", "text/html")

    async def brief(request: Request) -> Response:
        full = workbench.answering.full
        if full is None:
            return PlainTextResponse(NOT_YET, 503)
        ending = ".docx" if request.url.path.endswith(".docx") else ".md"
        head = {"ending": ending, "compared_with": full.number}
        try:
            (text,) = await workbench.answering.run("brief", head, full.document)
        except CommandError as error:
            return PlainTextResponse(f"{error}\n", 503)
        archive = ending if ending == ".docx" else ".zip"
        kind = WORD if ending == ".docx" else "application/zip"
        return _download(b64decode(text), f"{file_name(full)}-brief{archive}", kind)

    async def live(socket: WebSocket) -> None:
        await socket.accept()
        window, rate_limit = Window(), RateLimit()
        if not workbench.greet(window):
            await socket.close(FULL)
            return
        sending = asyncio.create_task(_send_all(socket, window))
        try:
            while True:
                message = await socket.receive()
                if message["type"] != "websocket.receive":
                    break
                text = message.get("text")
                await rate_limit.wait_turn(len(text if text is not None else message["bytes"]))
                if text is None:
                    window.send(to_json(ErrorMessage(message="Only text is read here.")))
                else:
                    await workbench.receive(window, text)
        except WebSocketDisconnect:
            pass
        finally:
            workbench.windows.leave(window)
            sending.cancel()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        workbench.start()
        stop = asyncio.Event()
        watching = asyncio.create_task(
            watch_file(lambda: workbench.open_file.file.path, workbench.draft.check_file, stop)
        )
        try:
            yield
        finally:
            stop.set()
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            await asyncio.to_thread(workbench.close)

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/interface.js", script),
            Route("/editor.js", editor),
            Route("/interface.css", style),
            Route("/answers.json", answers),
            Route("/report.html", report),
            Route("/brief.docx", brief),
            Route("/brief.zip", brief),
            WebSocketRoute("/live", live),
        ],
        lifespan=lifespan,
    )
    return Guard(app, keys, allowed)


class Guard:
    """Checks every request, and adds the security headers to every response."""

    def __init__(self, app: ASGIApp, keys: Keys, allowed: AllowedHosts) -> None:
        self.app, self.keys, self.allowed = app, keys, allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        is_socket = scope["type"] == "websocket"
        host = header(scope["headers"], "host") or ""
        origin = header(scope["headers"], "origin")
        known = origin is None if not is_socket else False
        known = known or (origin is not None and self.allowed.allows_origin(origin, host))
        if not (self.allowed.allows_host(host) and known):
            refusal = PlainTextResponse("This page is not the workbench's own.\n", 403)
        elif is_socket and not self._has_key(scope):
            # The connection is accepted first: a page cannot see why one was refused.
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": KEY_REFUSED})
            return None
        elif not (self._has_key(scope) or self._has_token(scope)):
            refusal = PlainTextResponse(NEW_LINK, 403)
        elif not is_socket and scope["method"] not in ("GET", "HEAD"):
            refusal = PlainTextResponse("Only GET is answered here.\n", 405)
        else:
            return await self.app(scope, receive, send if is_socket else _with_headers(send))
        if is_socket:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return None
        return await refusal(scope, receive, _with_headers(send))

    def _has_key(self, scope: Scope) -> bool:
        cookies = [value for name, value in scope["headers"] if name == b"cookie"]
        return self.keys.is_valid_cookie("; ".join(value.decode("latin-1") for value in cookies))

    def _has_token(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["path"] != "/":
            return False
        return self.keys.is_token(Request(scope).query_params.get("token", ""))


async def _send_all(socket: WebSocket, window: Window) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while (message := await window.outbox.get()) is not None:
            await socket.send_text(message)
        await socket.close(1013)


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *own]}
        await send(message)

    return wrapped


def _download(text: str | bytes, name: str, media_type: str) -> Response:
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
    return Response(
        text,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{safe.encode("ascii", "replace").decode()}"'
        },
    )
