"""Files of sources: what is read, how it is numbered, and what no case may name."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import pytest

from backchannel.case.texts import read_apart
from backchannel.case.texts.read_source import ForbiddenFile, read_source
from backchannel.case.texts.source_text import UnreadableSource
from tests.pdf_files import pdf_of

pypdf = pytest.importorskip("pypdf")


def _read(folder: Path, name: str, content: str | bytes) -> tuple[str, ...]:
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    return read_source(name, folder=folder).paragraphs


def _refused(folder: Path, name: str, content: bytes) -> str:
    with pytest.raises(UnreadableSource) as refused:
        _read(folder, name, content)
    return str(refused.value)


def test_empty_lines_separate_the_paragraphs_of_a_text_and_headings_count(tmp_path):
    text = "The talks\n\nThey met\r\nin May.\n\n \nThey parted.\n"
    assert _read(tmp_path, "a.txt", text) == ("The talks", "They met in May.", "They parted.")


def test_a_text_without_empty_lines_has_a_paragraph_on_each_line(tmp_path):
    assert _read(tmp_path, "a.txt", "They met.\nThey parted.") == ("They met.", "They parted.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_text_is_read_in_every_form_that_editors_write(tmp_path, encoding):
    assert _read(tmp_path, "a.txt", "Müller – «oui»".encode(encoding)) == ("Müller – «oui»",)


def test_markdown_loses_its_markup_and_keeps_its_blocks(tmp_path):
    text = "# The *talks*\n\nThey [met](http://x.example)\nin **May**.\n\n- one\n- two\n\n<script>x()</script>\n"
    paragraphs = _read(tmp_path, "a.md", text)
    assert paragraphs == ("The talks", "They met in May.", "one", "two", "<script>x()</script>")


def test_a_page_gives_its_article_without_menus_scripts_and_styles(tmp_path):
    page = (
        "<title>T</title><style>p {}</style><nav><p>Menu</p></nav><article><h1>The talks</h1><p>They <b>met</b>"
        "<br>in May.<script>steal()</script> And left.<p>Last &amp; least<ul><li>one<li>two</ul></article>"
        "<footer>Imprint</footer>"
    )
    assert _read(tmp_path, "a.html", page) == (
        "The talks", "They met in May. And left.", "Last & least", "one", "two",
    )  # fmt: skip


def test_a_page_may_name_another_encoding(tmp_path):
    page = '<meta charset="windows-1251"><p>Переговоры</p>'.encode("cp1251")
    assert _read(tmp_path, "a.htm", page) == ("Переговоры",)


def test_the_lines_of_a_pdf_become_paragraphs_also_across_pages(tmp_path):
    first = [
        "The talks in the capital",
        "",
        "The envoy met the minister for two hours and left without a word to those who were wait-",
        "ing outside.",
        "Nobody knew what had been agreed, and the papers of the next morning were full of what",
    ]
    second = ["had been feared for weeks and what came true.", "", "Later they met again.", "2"]
    assert _read(tmp_path, "a.pdf", pdf_of([first, second])) == (
        "The talks in the capital",
        "The envoy met the minister for two hours and left without a word to those who were waiting outside.",
        "Nobody knew what had been agreed, and the papers of the next morning were full of what had been feared for "
        "weeks and what came true.",
        "Later they met again.",
    )


def test_a_pdf_of_pictures_is_said_to_have_no_text(tmp_path):
    assert "its pages are pictures" in _refused(tmp_path, "scan.pdf", pdf_of([[], []]))


def test_a_pdf_with_a_password_is_said_to_be_encrypted(tmp_path):
    writer = pypdf.PdfWriter(BytesIO(pdf_of([["Secret."]])))
    writer.encrypt("key", algorithm="RC4-128")
    locked = BytesIO()
    writer.write(locked)
    assert "is encrypted" in _refused(tmp_path, "locked.pdf", locked.getvalue())


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.txt", bytes(range(256)), "is binary, or not UTF-8 text"),
        ("a.txt", "Überfall".encode("cp1252"), "is binary, or not UTF-8 text"),
        ("a.md", b"\x00\x01", "is binary"),
        ("a.html", b"<p>\x00\x01", "is binary"),
        ("a.pdf", b"<p>no</p>", "is no PDF, whatever its name says"),
        ("a.pdf", b"%PDF-1.7\n" + b"\xff<<" * 2000, "is damaged"),
        ("a.txt", b" \n ", "has no text"),
        ("a.html", b"<script>x()</script>", "has no text"),
        ("a.txt", b"word\n\n" * 10_001, "is too large: it has 10,001 paragraphs"),
        ("a.txt", b"x" * 2_000_001, "is too large"),
        ("a.txt", b"x" * 20_000_001, "has 20,000,001 bytes"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason_and_the_files_own_name(
    tmp_path, name, content, told
):
    message = _refused(tmp_path, name, content)
    assert told in message
    assert str(tmp_path) not in message


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UnreadableSource, match=r"There is no file gone\.txt"):
        read_source("gone.txt", folder=tmp_path)


def test_a_file_that_takes_long_is_given_up(tmp_path, monkeypatch):
    """Whatever a library does with a hostile file, the reader waits for a bounded time."""
    monkeypatch.setattr(read_apart, "SECONDS", 0.01)
    assert "takes more than 0 seconds" in _refused(tmp_path, "slow.md", b"unhurried")


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "/etc/hosts.txt",
        "../outside.txt",
        "notes/../../outside.txt",
        "~/outside.txt",
        "C:\\Users\\me\\outside.txt",
        "..\\outside.txt",
        "\\\\server\\share\\outside.txt",
        "https://example.org/outside.txt",
        "file:///etc/hosts.txt",
        ".ssh/config.txt",
        "notes/.hidden.txt",
        "case.yaml",
        "secret",
        "a\0b.txt",
        "x" * 5000 + ".txt",
    ],
)
def test_a_case_cannot_name_what_lies_elsewhere_is_hidden_or_is_no_text(tmp_path, name):
    """A case from a stranger must not make the program read what its reader did not lay beside it."""
    (tmp_path / "outside.txt").write_text("secret")
    folder = tmp_path / "case"
    (folder / "notes").mkdir(parents=True)
    with pytest.raises((ForbiddenFile, UnreadableSource)) as refused:
        read_source(name, folder=folder)
    assert "secret" not in str(refused.value) or name == "secret"
    assert isinstance(refused.value, ForbiddenFile) or name.startswith(("a\0", "xxx"))


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("target", ["outside.txt", "case/passwords"])
def test_a_link_out_of_the_folder_or_to_another_kind_of_file_is_not_followed(tmp_path, target):
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / target).write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / target)
    with pytest.raises(ForbiddenFile, match="is a link that leads out"):
        read_source("link.txt", folder=folder)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_to_a_folder_elsewhere_is_not_followed(tmp_path):
    folder = tmp_path / "case"
    folder.mkdir()
    (tmp_path / "a.txt").write_text("secret")
    (folder / "texts").symlink_to(tmp_path)
    with pytest.raises(ForbiddenFile):
        read_source("texts/a.txt", folder=folder)


def test_control_characters_of_a_text_become_marks(tmp_path):
    assert _read(tmp_path, "a.txt", "a\x1b[2Jb\u202ec") == ("a␛[2Jb\ufffdc",)


def test_a_text_that_was_read_is_read_again_once_it_has_changed(tmp_path):
    assert _read(tmp_path, "a.md", "One.") == ("One.",)
    assert _read(tmp_path, "a.md", "Two.") == ("Two.",)
