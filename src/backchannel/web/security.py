"""Who may use the workbench: this user's browser, on the workbench's own page, and nobody else.

The printed address contains a token, a new one at every launch. Opening it gives the browser a cookie with a key,
which only that page may use: other pages have another origin, and scripts cannot read it. The key is kept for some
hours in a file that only the user can read, so that an open page can connect again after the workbench was started
again on the same port.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import secrets
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

from backchannel.files.private import read_private, write_private
from backchannel.machine.folders import state_folder

LARGEST = 10_000
"""Bytes of the file with the key."""
KEPT_HOURS = 12
"""How long after the last launch a key is valid."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every response. Style attributes (widths of bars, positions of marks) are allowed inline, and nothing else."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Keys:
    """The token of this launch, and the key that a page gets for it."""

    cookie: str
    """Name of the cookie; browsers send cookies to every port, so each port has its own."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def is_token(self, token: str) -> bool:
        """Whether this is the token of this launch."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def is_valid_cookie(self, cookies: str) -> bool:
        """Whether a `Cookie` header contains the key."""
        try:
            cookie = SimpleCookie(cookies).get(self.cookie)
        except CookieError:
            return False
        return cookie is not None and hmac.compare_digest(cookie.value.encode(), self.key.encode())

    @property
    def set_cookie(self) -> str:
        """The header that gives a browser the key."""
        return (
            f"{self.cookie}={self.key}; Path=/; HttpOnly; SameSite=Strict; "
            f"Max-Age={KEPT_HOURS * 3600}"
        )


def keys_for(case: str, port: int, *, folder: Path | None = None) -> Keys:
    """Make a token, and reuse the key that this case had on this port, unless it is too old."""
    cookie = f"backchannel-{port}"
    kept_in = state_folder()
    folder = folder or (kept_in / "serve" if kept_in else None)
    if folder is None:
        return Keys(cookie)
    file = folder / f"{sha256(f'{case} {port}'.encode()).hexdigest()[:24]}.json"
    kept = _kept(file)
    keys = Keys(cookie, key=kept) if kept else Keys(cookie)
    _keep(file, keys.key)
    return keys


def _kept(file: Path) -> str | None:
    data = read_private(file, limit=LARGEST, what="a key")
    if data is None:
        return None
    try:
        entry = json.loads(data)
        fresh = 0 <= time.time() - entry["since"] < KEPT_HOURS * 3600
        return entry["key"] if fresh and len(entry["key"]) >= 32 else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _keep(file: Path, key: str) -> None:
    # Without the file, only pages that were open before a restart do not connect again.
    write_private(file, json.dumps({"key": key, "since": time.time()}))


@dataclass(frozen=True)
class AllowedHosts:
    """The host names that the workbench answers to, and the pages that may connect."""

    host: str
    """The address that it listens on."""

    def allows_host(self, header: str) -> bool:
        """Whether this is a name of this machine; a foreign name that was made to point here is not.

        The port may differ: it may be forwarded. Where other machines may connect, numeric addresses are allowed
        too, since nobody can make them point elsewhere.
        """
        name = _hostname(header)
        if name is None:
            return False
        if name in _LOOPBACK or name == self.host.lower():
            return True
        return not is_local(self.host) and (_is_address(name) or name in _own_names())

    def allows_origin(self, origin: str, host: str) -> bool:
        """Whether the page that connects is the workbench's own."""
        parts = urlsplit(origin)
        return parts.scheme in ("http", "https") and bool(host) and parts.netloc == host


def is_local(host: str) -> bool:
    """Whether only this machine can connect."""
    return host in _LOOPBACK or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def header(headers: Iterable[tuple[bytes, bytes]], name: str) -> str | None:
    """One header; None where it is missing or repeated."""
    values = [value for key, value in headers if key == name.encode()]
    return values[0].decode("latin-1") if len(values) == 1 else None


def _hostname(header: str) -> str | None:
    if not header or any(c in header for c in "/@?#\\ "):
        return None
    try:
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _own_names() -> set[str]:
    return {socket.gethostname().lower(), socket.getfqdn().lower()}
