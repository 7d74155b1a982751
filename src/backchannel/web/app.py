"""The pages of one case: its workbench, the downloads, and the connection that every window keeps open."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from contextlib import suppress

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from backchannel.language.errors import CommandError
from backchannel.web.message_json import to_json
from backchannel.web.messages import ErrorMessage
from backchannel.web.rate_limit import RateLimit
from backchannel.web.shell import case_page
from backchannel.web.solve_request import SolvedAnswers
from backchannel.web.windows import Window
from backchannel.web.workbench import Workbench

FULL = 4429
"""Close code: too many windows are open."""
NOT_YET = "There are no answers yet: they are being solved. Try again in a moment.\n"

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def case_app(workbench: Workbench, *, has_start: bool) -> ASGIApp:
    """Build the pages of a case, for the server that gives them an address (`site`).

    Args:
        workbench: The case.
        has_start: Whether the server has a start page to go back to.
    """

    workbench.reads_elsewhere = has_start

    async def page(request: Request) -> Response:
        return case_page(workbench, has_start=has_start)

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
            texts = workbench.answering.texts_of_report
            (text,) = await workbench.answering.tasks.run("report", {}, *texts)
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
            (text,) = await workbench.answering.tasks.run("brief", head, full.document)
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

    return Starlette(
        routes=[
            Route("/", page),
            Route("/answers.json", answers),
            Route("/report.html", report),
            Route("/brief.docx", brief),
            Route("/brief.zip", brief),
            WebSocketRoute("/live", live),
        ]
    )


async def _send_all(socket: WebSocket, window: Window) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while (message := await window.outbox.get()) is not None:
            await socket.send_text(message)
        await socket.close(1013)


def _download(text: str | bytes, name: str, media_type: str) -> Response:
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
    return Response(
        text,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{safe.encode("ascii", "replace").decode()}"'
        },
    )
