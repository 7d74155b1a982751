"""The start page: what it lists, what it opens and writes, and what it refuses."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case
from backchannel.interface import Bundle
from backchannel.web.open_cases import MOST_OPEN
from backchannel.web.security import AllowedHosts, Keys
from backchannel.web.site import Site
from backchannel.web.start.recent import FILE, RecentCases
from tests.house.test_house import ROOT

OWN = "http://127.0.0.1:8765"
CASE = ROOT / "src/backchannel/catalog/sanctions-threat/case.yaml"
RANSOM = {"title": "Talks", "patterns": ["ransom"], "roles": {"ransom.captor": "Minsk"}}
PENNIES = """EFG 2 R "Matching pennies" { "Row" "Column" }
p "" 1 1 "" { "H" "T" } 0
p "" 2 1 "" { "H" "T" } 0
t "" 1 "" { 1, -1 }
t "" 2 "" { -1, 1 }
p "" 2 1 "" { "H" "T" } 0
t "" 3 "" { -1, 1 }
t "" 4 "" { 1, -1 }
"""


@dataclass
class Start:
    """The start page of a server that runs."""

    client: TestClient
    folder: Path
    state: Path
    headers: dict[str, str]

    def ask(self, **request: object) -> dict:
        return self.client.post("/start", content=json.dumps(request), headers=self.headers).json()

    def opened(self, **request: object) -> str:
        answer = self.ask(**request)
        assert answer["type"] == "opened", answer
        return answer["address"]

    def refused(self, **request: object) -> str:
        answer = self.ask(**request)
        assert answer["type"] == "start_error", answer
        return answer["message"]

    def recent(self) -> list[dict]:
        return self.ask(do="look")["recent"]


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Iterator[Start]:
    folder, state = tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("state")
    keys = Keys("backchannel-8765")
    site = Site(
        None,
        Bundle("", ""),
        keys=keys,
        allowed=AllowedHosts("127.0.0.1"),
        recent=RecentCases(state),
        folder=folder,
        draws=16,
        seed=0,
    )
    headers = {"Cookie": f"{keys.cookie}={keys.key}", "Origin": OWN, "Host": OWN[7:]}
    with TestClient(site.app, base_url=OWN) as client:
        yield Start(client, folder, state, headers)


def test_patterns_become_a_case_that_runs_in_a_file_of_the_users_choice(start):
    """It is shown first, and nothing is written until then."""
    shown = start.ask(do="compose", **RANSOM)
    assert [line["node"] for line in shown["outline"][:3]] == [
        "The price",
        "The payment",
        "The prisoners",
    ]
    assert "Minsk decides" in shown["outline"][0]["says"]
    assert not list(start.folder.glob("talks*"))
    address = start.opened(do="new_from_patterns", path="talks", **RANSOM)
    written = start.folder / "talks.yaml"
    assert written.read_text() == shown["text"]
    lower(*read_case(written))
    assert start.client.get(address, headers=start.headers).status_code == 200
    assert start.recent()[0] | {"opened": ""} == {
        "case": str(written),
        "title": "Talks",
        "opened": "",
        "state": "open",
    }


def test_a_file_that_exists_is_never_replaced(start):
    """Neither a case nor anything else, a link that leads nowhere included."""
    (start.folder / "mine.yaml").write_text("mine")
    (start.folder / "link.yaml").symlink_to(start.folder / "nowhere.yaml")
    (start.folder / "folder.yaml").mkdir()
    for name in ("mine.yaml", "link.yaml", "folder.yaml"):
        said = start.refused(do="new_from_patterns", path=name, **RANSOM)
        assert "exists already" in said
    assert (start.folder / "mine.yaml").read_text() == "mine"
    assert not (start.folder / "nowhere.yaml").exists()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("../out.yaml", "in a folder in it"),
        ("/tmp/out.yaml", "in a folder in it"),
        ("leads_out/case.yaml", "in a folder in it"),
        ("no/such/folder.yaml", "no folder"),
        ("case.txt", "ends in .yaml"),
        (".yaml", "ends in .yaml"),
        ("a\u202eb.yaml", "control characters"),
        ("a\x1b[2Jb.yaml", "control characters"),
        ("a\nb.yaml", "control characters"),
        ("x" * 3000, "written"),
        ("https://example.org/case.yaml", "another machine"),
        ("~nobody-of-that-name/x.yaml", "no user"),
    ],
)
def test_a_new_case_is_written_in_the_working_directory_alone(start, path, says):
    """Whatever the name, and through links too; the message names what was typed."""
    if not (start.folder / "leads_out").exists():
        (start.folder / "leads_out").symlink_to(start.folder.parent)
    before = {
        entry: entry.stat().st_mtime_ns for entry in start.folder.rglob("*.yaml") if entry.exists()
    }
    said = start.refused(do="new_empty", title="Empty", path=path)
    assert says in said
    assert "\x1b" not in said
    assert before == {
        entry: entry.stat().st_mtime_ns for entry in start.folder.rglob("*.yaml") if entry.exists()
    }


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="the superuser may write anywhere"
)
def test_a_folder_in_which_the_user_may_not_write_is_told(start):
    locked = start.folder / "locked"
    locked.mkdir(mode=0o500)
    assert "cannot be written" in start.refused(do="new_empty", title="E", path="locked/a.yaml")


def test_roles_that_cannot_be_names_are_told_before_anything_is_written(start):
    """All of them at once."""
    roles = {"ransom.captor": "<b>", "ransom.payer": "a: b", "ransom.nobody": "X"}
    request = {"title": "T", "patterns": ["ransom"], "roles": roles}
    said = start.refused(do="new_from_patterns", path="roles.yaml", **request)
    assert all(part in said for part in ("'<b>'", "'a: b'", "'ransom.nobody'"))
    assert not (start.folder / "roles.yaml").exists()


def test_a_game_tree_becomes_a_case(start):
    """Other files of Gambit are told what to do with."""
    tree = start.folder / "pennies.efg"
    tree.write_text(PENNIES)
    start.opened(do="new_from_tree", tree=str(tree), path="pennies.yaml")
    case, _ = read_case(start.folder / "pennies.yaml")
    assert [player.name for player in case.players.values()] == ["Row", "Column"]
    for name, says in (("a.nfg", "strategic"), ("a.gbt", "workbook"), ("a.txt", ".efg")):
        assert says in start.refused(do="new_from_tree", tree=name, path="other.yaml")
    tree.write_text("EFG 2 R nonsense {")
    assert "pennies.efg" in start.refused(do="new_from_tree", tree=str(tree), path="other.yaml")
    assert not (start.folder / "other.yaml").exists()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("folder", "no case.yaml"),
        ("notes.txt", "only case files"),
        ("pipe.yaml", "a pipe"),
        ("binary.yaml", "not UTF-8"),
        ("huge.yaml", "at most"),
        ("tree.efg", "From a Gambit file"),
        ("missing.yaml", "no file"),
        ("a\x07.yaml", "control characters"),
        ("http://example.org/a.yaml", "another machine"),
    ],
)
def test_what_is_no_case_file_is_told(start, name, says):
    folder = start.folder / "hostile"
    if not folder.exists():
        (folder / "folder").mkdir(parents=True)
        (folder / "notes.txt").write_text("case: x")
        (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00")
        (folder / "huge.yaml").write_bytes(b"#" * 2_000_001)
        (folder / "tree.efg").write_text(PENNIES)
        os.mkfifo(folder / "pipe.yaml")
    path = name if name.startswith("http") else str(folder / name)
    assert says in start.refused(do="open", case=path)


def test_requests_that_make_no_sense_are_answered(start):
    for request in ({}, {"do": "erase"}, {"do": "open"}, {"do": "open", "case": "x" * 5000}):
        assert "not valid" in start.refused(**request)


def heard(socket, kind: str) -> dict:
    while (message := json.loads(socket.receive_text()))["type"] != kind:
        pass
    return message


def test_an_empty_case_has_the_least_that_runs(start):
    """Whatever its title; nothing is warned of, and what has to be replaced says so."""
    start.opened(do="new_empty", title='An "empty" case: #1', path="least.yaml")
    lowered = lower(*read_case(start.folder / "least.yaml"))
    assert lowered.case.case == 'An "empty" case: #1'
    assert not lowered.warnings
    counts = [
        len(part) for part in (lowered.case.players, lowered.case.nodes, lowered.case.interests)
    ]
    assert counts == [1, 1, 1]


def test_a_text_elsewhere_is_copied_and_becomes_the_source_of_an_empty_case(start, tmp_path):
    """The case runs as it stands, knows no later day, and its source has paragraphs."""
    text = tmp_path / "the-canal.txt"
    text.write_text("One paragraph.\n\nAnother.\n", "utf-8")
    request = {"do": "new_from_text", "title": "Canal", "as_of": "2031-04-02"}
    start.opened(**request, text=str(text), path="canal.yaml")
    lowered = lower(*read_case(start.folder / "canal.yaml"))
    source = lowered.case.sources["canal"]
    assert (str(lowered.case.as_of), source.file, source.title) == (
        "2031-04-02",
        "the-canal.txt",
        "The canal",
    )
    assert not lowered.warnings
    assert (start.folder / "the-canal.txt").read_bytes() == text.read_bytes()
    # The copy serves a second case; another text of that name is not written over it.
    start.opened(**request, text="the-canal.txt", path="canal-2.yaml")
    text.write_text("Other words.", "utf-8")
    said = start.refused(**request, text=str(text), path="canal-3.yaml")
    assert "the-canal.txt exists already" in said
    assert not (start.folder / "canal-3.yaml").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.txt", None, "There is no file"),
        ("picture.txt", bytes(range(256)), "is binary"),
        ("empty.txt", b"", "has no text"),
        ("huge.txt", b"x " * 10_100_000, "at most 20,000,000"),
        ("sheet.xlsx", b"x", "of no kind that can be read"),
        (".hidden.txt", b"x", "is a hidden file"),
        ("bell\a.txt", None, "cannot contain control characters"),
        ("https://example.org/a.txt", None, "is on another machine"),
    ],
)
def test_a_text_that_cannot_be_a_source_leaves_nothing_behind(start, tmp_path, name, content, says):
    """The text is read before anything is written."""
    path = name if name.startswith("https") else str(tmp_path / name)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before = sorted(start.folder.iterdir())
    said = start.refused(do="new_from_text", title="T", text=path, path="from-text.yaml")
    assert says in said
    assert sorted(start.folder.iterdir()) == before


def test_a_case_that_cannot_be_written_takes_the_copy_of_its_text_back(start, tmp_path):
    """A date that does not exist is told before, and so is a name that is taken."""
    (tmp_path / "late.txt").write_text("Words.", "utf-8")
    request = {"do": "new_from_text", "title": "T", "text": str(tmp_path / "late.txt")}
    assert "is not a date" in start.refused(**request, as_of="2031-02-30", path="late.yaml")
    (start.folder / "taken.yaml").write_text("x", "utf-8")
    assert "exists already" in start.refused(**request, path="taken.yaml")
    assert not (start.folder / "late.txt").exists()


@pytest.mark.slow
def test_a_case_with_problems_opens_with_them_and_is_solved_once_it_has_none(start):
    """The text that is typed is kept by the workbench while the user looks at other cases."""
    (start.folder / "empty.yaml").write_text("case: Nothing yet")
    address = start.opened(do="open", case=str(start.folder / "empty.yaml"))
    with start.client.websocket_connect(f"{address}live", headers=start.headers) as socket:
        hello = heard(socket, "hello")
        assert hello["case"]["title"] == "empty"
        assert hello["case"]["address"] == address
        said = [problem["message"] for problem in hello["checked"]["problems"]]
        assert any("`players`" in message for message in said)
        socket.send_text('{"type": "solve", "id": 1}')
        assert heard(socket, "done")["id"] == 1
        ask = {"type": "what_if", "id": 2, "asked": {"key": "k", "outcomes": ["x"], "do": {"x": 1}}}
        socket.send_text(json.dumps(ask))
        assert "problems" in heard(socket, "error")["message"]
        socket.send_text(json.dumps({"type": "edit", "id": 3, "text": CASE.read_text()}))
        assert heard(socket, "checked")["checked"]["problems"] == []
        assert heard(socket, "status")["status"]["state"] == "solving"
    states = {entry["case"]: entry["state"] for entry in start.recent()}
    assert states[str(start.folder / "empty.yaml")] == "unsaved"
    with start.client.websocket_connect(f"{address}live", headers=start.headers) as socket:
        assert heard(socket, "hello")["text"]["unsaved"]
        socket.send_text('{"type": "reset", "what": "all", "id": 1}')
        heard(socket, "text")


def test_recent_cases_are_kept_for_their_user_alone_and_can_be_dropped(start):
    """One whose file is gone is shown as missing; a list that others could read is not believed."""
    gone = start.folder / "gone.yaml"
    gone.write_text(CASE.read_text())
    start.opened(do="open", case=str(gone))
    file = start.state / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert RecentCases(start.state).newest_first()[0].case == str(gone)
    fresh = RecentCases(start.state)
    file.chmod(0o644)
    assert RecentCases(start.state).newest_first() == []
    file.chmod(0o600)
    gone.unlink()
    fresh.add(str(start.folder / "never.yaml"), "Never <b>there</b>")
    states = {entry["title"]: entry["state"] for entry in start.recent()}
    assert states["Never <b>there</b>"] == "missing"
    left = start.ask(do="forget", case=str(start.folder / "never.yaml"))["recent"]
    assert "Never <b>there</b>" not in [entry["title"] for entry in left]
    for broken in ("", "[]", '{"cases": [{"case": 3}]}', "\x00"):
        file.write_text(broken)
        assert RecentCases(start.state).newest_first() == []


@pytest.mark.slow
def test_a_case_that_nobody_looks_at_makes_room_and_one_with_unsaved_text_does_not(start):
    """Each open case has processes of its own."""
    addresses = []
    for i in range(MOST_OPEN):
        path = start.folder / f"many{i}.yaml"
        path.write_text(CASE.read_text().replace("A threat of sanctions", f"Number {i}"))
        addresses.append(start.opened(do="open", case=str(path)))
        with start.client.websocket_connect(
            f"{addresses[-1]}live", headers=start.headers
        ) as socket:
            heard(socket, "hello")
            socket.send_text(json.dumps({"type": "edit", "id": 1, "text": f"# {i}"}))
            heard(socket, "typed")
    said = start.refused(do="open", case="signalling")
    assert "Number 0" in said
    assert "save" in said
    with start.client.websocket_connect(f"{addresses[1]}live", headers=start.headers) as socket:
        heard(socket, "hello")
        socket.send_text('{"type": "reset", "what": "all", "id": 1}')
        heard(socket, "text")
    start.opened(do="open", case="signalling")
    states = {entry["title"]: entry["state"] for entry in start.recent()}
    assert (states["Number 0"], states["Number 1"]) == ("unsaved", "there")


def test_a_page_of_a_case_that_was_never_open_leads_to_the_start(start):
    """By its address alone nothing is opened that was not opened here before."""
    page = start.client.get("/case/0123456789abcdef/", headers=start.headers)
    assert page.status_code == 404
    assert "data-cases=" in page.text
