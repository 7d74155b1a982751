"""A file is replaced only if it is the one that was to be replaced."""

from __future__ import annotations

import pytest

from backchannel.files import exchange
from backchannel.files.exchange import replace_checked


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_file_takes_the_place_of_another_or_of_none(tmp_path, monkeypatch, can_exchange):
    """With names exchanged where the system can; the check sees what was replaced."""
    if not can_exchange:
        monkeypatch.setattr(exchange, "_rename_function", lambda: None)
    part, path, seen = tmp_path / "part", tmp_path / "file", []
    for text in ("first", "second"):
        part.write_text(text)
        replace_checked(part, path, lambda replaced: seen.append(replaced.read_text()))
        assert path.read_text() == text
    if can_exchange and exchange._rename_function():
        assert seen == ["first"]


@pytest.mark.skipif(exchange._rename_function() is None, reason="names cannot be exchanged here")
def test_what_was_not_to_be_replaced_is_put_back(tmp_path):
    part, path = tmp_path / "part", tmp_path / "file"
    part.write_text("mine")
    path.write_text("theirs")

    def check(replaced):
        assert replaced.read_text() == "theirs"
        raise ValueError("not that one")

    with pytest.raises(ValueError, match="not that one"):
        replace_checked(part, path, check)
    assert (path.read_text(), part.read_text()) == ("theirs", "mine")
