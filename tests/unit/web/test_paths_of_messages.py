"""Names of files that come in a message: what is no name of a case file is refused in words."""

from __future__ import annotations

import pytest

from backchannel.language.errors import CommandError
from backchannel.web.case_file import CaseFile
from tests.helpers import CANAL


@pytest.mark.parametrize(
    "path",
    [
        "a\0.yaml", "a\x1b[2J.yaml", "a\n.yaml", "\ud800.yaml", "~nobody-of-that-name/x.yaml",
        "/etc/passwd", "../x.sh",
        "a" * 5000 + ".yaml",
        "no/such/folder/x.yaml", "x.yaml/../y", "\\\\a.invalid\\share\\x", ".bashrc", "x.yaml\u202e",
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(path, tmp_path, monkeypatch):
    """Control characters, other endings, users and folders that there are not."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError):
        CaseFile.find(str(CANAL)).other(path)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_is_never_the_place(tmp_path):
    """A message can name a new case file only."""
    there = tmp_path / "other.yaml"
    there.write_text("kept")
    case = tmp_path / "canal.yaml"
    case.write_text(CANAL.read_text("utf-8"), "utf-8")
    with pytest.raises(CommandError, match="was not changed"):
        CaseFile.find(str(case)).other(str(there))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd\0", "belarus-2025/../../x", "..\\x", "\ud800", "a" * 5000]
)
def test_a_case_of_no_such_name_is_not_found(name):
    """Names of the catalog are compared with its list, never joined to its folder."""
    with pytest.raises(CommandError, match=r"There is no file|cannot be|not a valid file name"):
        CaseFile.find(name)
