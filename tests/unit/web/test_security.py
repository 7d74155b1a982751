"""Who may talk to the workbench."""

from __future__ import annotations

import json
import os
import stat
import time

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from backchannel.interface import Bundle
from backchannel.web.case_file import CaseFile
from backchannel.web.guard import KEY_REFUSED
from backchannel.web.security import HEADERS, AllowedHosts, Keys, is_local, keys_for
from backchannel.web.site import Site
from backchannel.web.start.recent import RecentCases
from backchannel.web.workbench import Workbench
from tests.house.test_house import ROOT

OWN = "http://127.0.0.1:8765"
CASE = ROOT / "src/backchannel/catalog/sanctions-threat/case.yaml"


@pytest.fixture(scope="module")
def keys() -> Keys:
    return Keys("backchannel-8765")


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Workbench:
    path = tmp_path_factory.mktemp("talks") / "talks.yaml"
    path.write_text(
        CASE.read_text().replace("case: A threat", "case: <script>alert(1)</script> A threat")
    )
    return Workbench(CaseFile.find(str(path)), draws=16, seed=0)


@pytest.fixture(scope="module")
def place(bench) -> str:
    """The address of the case."""
    return bench.about.address


@pytest.fixture(scope="module")
def client(bench, keys, tmp_path_factory):
    site = Site(
        bench,
        Bundle("/* script */", "/* style */"),
        keys=keys,
        allowed=AllowedHosts("127.0.0.1"),
        recent=RecentCases(tmp_path_factory.mktemp("state")),
        folder=tmp_path_factory.mktemp("work"),
        draws=16,
        seed=0,
    )
    with TestClient(site.app, base_url=OWN) as client:
        yield client


NEVER_TAKEN = 1008
"""What the test client says of a connection that was answered with 403."""
HOST = {"Host": OWN.removeprefix("http://")}


def entered(keys: Keys) -> dict[str, str]:
    """What the browser sends once it has been let in."""
    return {"Cookie": f"{keys.cookie}={keys.key}", **HOST}


def test_nobody_gets_in_without_the_link(client, place):
    """Another user of this machine can reach the port, too."""
    for path in (
        "/",
        "/?token=guess",
        "/interface.js",
        place,
        f"{place}answers.json",
        "/no-such-page",
    ):
        response = client.get(path)
        assert response.status_code == 403
        assert "link" in response.text
    with client.websocket_connect(f"{place}live", headers={"Origin": OWN, **HOST}) as socket:
        with pytest.raises(WebSocketDisconnect) as refused:
            socket.receive_text()
        assert refused.value.code == KEY_REFUSED


def test_the_link_gives_the_browser_a_key_that_scripts_and_other_sites_cannot_use(client, keys):
    """HttpOnly and SameSite; the token itself is not kept."""
    response = client.get(f"/?token={keys.token}")
    assert response.status_code == 200
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert keys.token not in cookie
    client.cookies.clear()
    assert client.get("/interface.js", headers=entered(keys)).status_code == 200


def test_the_token_opens_the_page_and_nothing_else(client, keys, place):
    """It may end up in a history; the key may not."""
    assert client.get(f"{place}answers.json?token={keys.token}").status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "a@127.0.0.1"]
)
def test_a_name_that_a_stranger_points_here_is_not_answered(client, keys, host, place):
    """DNS rebinding: the browser believes that the stranger's page and the workbench are one."""
    asked = {**entered(keys), "Host": host}
    assert client.get("/", headers=asked).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(
            f"{place}live", headers={**asked, "Origin": f"http://{host}"}
        ) as socket,
    ):
        socket.receive_text()
    assert refused.value.code == NEVER_TAKEN


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "http://127.0.0.1:9999", "null", "http://localhost:8765", None],
)
def test_pages_of_others_cannot_connect(client, keys, origin, place):
    """Not even other programs' pages on this machine; and a browser always says whose page it is."""
    headers = entered(keys) | ({"Origin": origin} if origin else {})
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(f"{place}live", headers=headers) as socket,
    ):
        socket.receive_text()
    assert refused.value.code == NEVER_TAKEN
    if origin:
        assert client.get(f"{place}answers.json", headers=headers).status_code == 403


def test_only_getting_is_possible(client, keys):
    """What changes something goes over the line or is posted to the start, and both say whose page asks."""
    own, look = {**entered(keys), "Origin": OWN}, '{"do": "look"}'
    assert client.post("/", headers=own).status_code == 405
    assert client.post("/start", content=look, headers=entered(keys)).status_code == 405
    assert client.post("/start", content=look, headers=own | {"Origin": "null"}).status_code == 403
    assert client.post("/start", content=look, headers={"Origin": OWN, **HOST}).status_code == 403
    assert client.post("/start", content=look, headers=own).json()["type"] == "start"
    assert client.post("/start", content=b" " * 200_000, headers=own).status_code == 413


def test_every_response_says_what_a_page_may_do(client, keys):
    """Refusals, too."""
    for response in (client.get("/"), client.get("/", headers=entered(keys))):
        for name, value in HEADERS.items():
            assert response.headers[name] == value
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy


def test_the_words_of_a_case_are_text(client, keys, place):
    """A title that is a script is shown, not run."""
    page = client.get(place, headers=entered(keys)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; A threat" in page


@pytest.mark.slow
def test_downloads_are_files_and_never_pages_of_the_workbench(client, keys, place):
    """A report holds scripts of its own; shown here they would have the workbench's rights."""
    headers = {**entered(keys), "Origin": OWN}
    with client.websocket_connect(f"{place}live", headers=headers) as socket:
        while json.loads(socket.receive_text())["type"] != "answers":
            pass
    for path, kind in (
        (f"{place}report.html", "text/html"),
        (f"{place}answers.json", "application/json"),
    ):
        response = client.get(path, headers=entered(keys))
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(kind)
        assert response.headers["content-disposition"].startswith("attachment")
    page = client.get(f"{place}report.html", headers=entered(keys)).text
    assert "<script>alert" not in page
    assert "A threat of sanctions" in page


def test_nonsense_gets_an_error_and_harms_nobody_else(client, keys, place):
    """One window sends it, the other goes on."""
    headers = {**entered(keys), "Origin": OWN}
    with (
        client.websocket_connect(f"{place}live", headers=headers) as one,
        client.websocket_connect(f"{place}live", headers=headers) as other,
    ):
        for nonsense in ("", "{", '{"type": "erase", "id": 4}', "\x00" * 1000, "[" * 5000):
            one.send_text(nonsense)
        one.send_bytes(b"\xff\x00")
        errors = []
        while len(errors) < 6:
            message = json.loads(one.receive_text())
            errors += [message] if message["type"] == "error" else []
        assert [error.get("id") for error in errors] == [None, None, 4, None, None, None]
        other.send_text('{"type": "keep", "id": 1}')
        kinds = []
        while "done" not in kinds:
            kinds.append(json.loads(other.receive_text())["type"])
        assert "error" not in kinds


def test_a_key_outlives_a_restart_and_a_token_does_not(tmp_path):
    """A page that lies open is let in again; a link from yesterday is not."""
    first, again = (keys_for("talks.yaml", 8765, folder=tmp_path) for _ in range(2))
    assert first.key == again.key
    assert first.token != again.token
    assert again.is_valid_cookie(f"other=1; backchannel-8765={first.key}")
    assert not again.is_valid_cookie(f"backchannel-8765={first.key}x")
    assert not again.is_valid_cookie("; ; =")
    for other in (
        keys_for("talks.yaml", 8766, folder=tmp_path),
        keys_for("x.yaml", 8765, folder=tmp_path),
    ):
        assert other.key != first.key


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_a_key_is_kept_where_only_its_user_can_read_it_and_not_for_ever(tmp_path):
    """A file that others could read, or that is old or broken, is not believed."""
    key = keys_for("talks.yaml", 8765, folder=tmp_path).key
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    second = keys_for("talks.yaml", 8765, folder=tmp_path).key
    assert second != key
    file.write_text(json.dumps({"key": second, "since": time.time() - 13 * 3600}))
    third = keys_for("talks.yaml", 8765, folder=tmp_path).key
    assert third != second
    for broken in ("", "[]", '{"key": "short", "since": 0}', '{"key": 3}'):
        file.write_text(broken)
        assert keys_for("talks.yaml", 8765, folder=tmp_path).key != third


def test_without_a_place_for_keys_the_workbench_works(tmp_path):
    """It is only that a restart needs the new link."""
    (tmp_path / "file").write_text("")
    assert keys_for("talks.yaml", 8765, folder=tmp_path / "file" / "under").key


def test_other_machines_are_let_in_by_address_only_where_that_was_asked_for():
    """A forwarded port has another number; a stranger's name is a stranger's name."""
    own, wide = AllowedHosts("127.0.0.1"), AllowedHosts("0.0.0.0")
    assert own.allows_host("localhost:9000")
    assert own.allows_host("[::1]:8765")
    assert not own.allows_host("192.168.1.7:8765")
    assert wide.allows_host("192.168.1.7:8765")
    assert not wide.allows_host("evil.example:8765")
    assert is_local("127.0.0.2")
    assert not is_local("0.0.0.0")
