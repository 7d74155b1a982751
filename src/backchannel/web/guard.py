"""The guard of the server: it checks every request, and adds the security headers to every response."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backchannel.web.security import HEADERS, AllowedHosts, Keys, header

KEY_REFUSED = 4401
"""Close code that tells a page that its key is not valid (any more)."""
NEW_LINK = (
    "This page needs the link that `backchannel serve` printed when it started: open that one. "
    "If you cannot see it any more, stop the command with Ctrl-C and start it again.\n"
)
POSTED_TO = "/start"
"""The only address that takes more than GET: the requests of the start page."""


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
        elif not is_socket and not _is_allowed(scope, origin):
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


def _is_allowed(scope: Scope, origin: str | None) -> bool:
    """Whether a request may use its method: a browser says of every POST which page it comes from."""
    is_posted = scope["method"] == "POST" and scope["path"] == POSTED_TO and origin is not None
    return scope["method"] in ("GET", "HEAD") or is_posted


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *own]}
        await send(message)

    return wrapped
