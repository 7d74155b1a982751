"""The server's addresses: the start page at `/`, and each open case below `/case/`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from backchannel.interface import Bundle
from backchannel.language.errors import CommandError
from backchannel.web.app import case_app
from backchannel.web.checker import Checker
from backchannel.web.guard import POSTED_TO, Guard
from backchannel.web.open_cases import OpenCases
from backchannel.web.security import AllowedHosts, Keys
from backchannel.web.shell import case_page, start_page
from backchannel.web.start.recent import RecentCases
from backchannel.web.start.start_page import MOST_CHARACTERS, StartPage
from backchannel.web.workbench import Workbench

NOT_OPEN = 4404
"""Close code that tells a page that its case is not open here, and was not opened here before."""
GONE = "This case is not open in the workbench any more. Open it again here."
START_CHILD = "backchannel.web.start.start_child"


class Site:
    """Everything that one `backchannel serve` answers."""

    def __init__(
        self,
        first: Workbench | None,
        bundle: Bundle,
        *,
        keys: Keys,
        allowed: AllowedHosts,
        recent: RecentCases,
        folder: Path | None,
        draws: int,
        seed: int,
        ledger: Path | None = None,
        cluster: str | None = None,
    ) -> None:
        """Build it, for this user's browser only.

        Args:
            first: The case that the command names; without one the link leads to the start page.
            bundle: The built interface.
            keys: Who may use it.
            allowed: The names under which it answers.
            recent: The list of recent cases.
            folder: Where the start page writes new cases; None: there is no start page, and no other case can be
                opened.
            draws: How often the uncertain numbers are drawn.
            seed: Seed of the draws.
            ledger: The file of the ledger, for all cases.
            cluster: The address of a cluster on which full answers are solved; None: on this computer.
        """
        self._first, self._keys, self._bundle = first, keys, bundle
        self._folder, self._has_start = folder, folder is not None
        self.cases = OpenCases(
            partial(case_app, has_start=self._has_start),
            draws=draws,
            seed=seed,
            recent=recent,
            ledger=ledger,
            cluster=cluster,
        )
        self._checker: Checker | None = None
        self._start: StartPage | None = None
        self.app: ASGIApp = Guard(self._application(), keys, allowed)

    def kill(self) -> bool:
        """End all processes at once; says whether they have ended."""
        worker = self._checker.close() if self._checker is not None else None
        return self.cases.kill() and (worker is None or worker.wait())

    def _application(self) -> ASGIApp:
        files = {
            "/interface.js": (self._bundle.script, "text/javascript"),
            "/editor.js": (self._bundle.editor, "text/javascript"),
            "/interface.css": (self._bundle.style, "text/css"),
        }

        def file(text: str, media_type: str) -> Callable[[Request], Response]:
            return lambda request: Response(text, media_type=media_type)

        routes = [
            Route("/", self._page),
            Route(POSTED_TO, self._answer_start, methods=["POST"]),
            *(Route(path, file(*content)) for path, content in files.items()),
            Mount("/case/{key}", self._to_case),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    async def _page(self, request: Request) -> Response:
        is_link = self._keys.is_token(request.query_params.get("token", ""))
        if self._first is not None and (is_link or not self._has_start):
            response = case_page(self._first, has_start=self._has_start)
        else:
            response = start_page()
        if is_link:
            response.headers["Set-Cookie"] = self._keys.set_cookie
        return response

    async def _answer_start(self, request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > MOST_CHARACTERS:
                return PlainTextResponse("The request is too long.\n", 413)
        if self._start is None:
            return PlainTextResponse("There is no start page here.\n", 404)
        answer = await self._start.answer(body.decode("utf-8", "replace"))
        return Response(answer.model_dump_json(), media_type="application/json")

    async def _to_case(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to the case that its address names."""
        opened, why = None, GONE
        try:
            if self._checker is not None:
                opened = await self.cases.find(scope["path_params"]["key"], self._checker)
        except CommandError as error:
            why = str(error)
        if opened is not None:
            await opened.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": NOT_OPEN})
        else:
            await start_page(why, 404)(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()

        def post(work: Callable[[], None]) -> None:
            with suppress(RuntimeError):  # The loop may have ended before everything else has.
                loop.call_soon_threadsafe(work)

        self._checker = Checker(post, module=START_CHILD, starts_now=self._first is None)
        if self._folder is not None:
            self._start = StartPage(self.cases, self._checker, folder=self._folder)
        if self._first is not None:
            self.cases.add(self._first)
        try:
            yield
        finally:
            self._checker.close()
            await self.cases.close()
