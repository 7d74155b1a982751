"""Sentences in a terminal: indented by two, wrapped between words, and never narrower than can be read."""

from __future__ import annotations

import io

from rich.console import Console

from backchannel.console.paragraphs import print_paragraphs


def printed(sentences: list[str], width: int) -> list[str]:
    out = Console(file=io.StringIO(), width=width)
    print_paragraphs(sentences, out)
    return out.file.getvalue().splitlines()


def test_each_sentence_begins_a_line_and_wraps_to_the_width():
    """Fifty columns leave forty-eight: nine words of four letters take 9 · 5 − 1 = 44, ten take 49."""
    lines = printed([" ".join(["tolk"] * 11), "Short."], width=50)
    assert lines == ["  " + " ".join(["tolk"] * 9), "  tolk tolk", "  Short."]


def test_what_looks_like_markup_is_printed_as_it_is():
    """A name of a case may hold square brackets."""
    assert printed(["It is [bold]so[/bold]."], width=80) == ["  It is [bold]so[/bold]."]
