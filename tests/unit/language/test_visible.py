"""Texts that are shown and cells that are written: nothing in them does anything, nothing is lost."""

from __future__ import annotations

import io
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from backchannel.answers.brief_text import in_markdown
from backchannel.console.plain_table import plain_table
from backchannel.console.safe_console import SafeConsole
from backchannel.estimation.tables import as_latex
from backchannel.files.spreadsheet import guard, guarded_csv, unguard, unguarded
from backchannel.language.visible import in_one_line, visible


@given(st.text(st.characters(max_codepoint=0x10FFFF)))
def test_what_is_shown_holds_no_sign_that_steers(text):
    """Controls, overrides of direction and halves of characters, by Unicode's own classes."""
    shown = visible(text)
    assert len(shown) == len(text)
    for before, after in zip(text, shown, strict=True):
        steers = unicodedata.category(before) in ("Cc", "Cs", "Zl", "Zp") and before not in "\n\t"
        steers |= unicodedata.bidirectional(before) in (
            "LRO",
            "RLO",
            "LRE",
            "RLE",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )
        assert (after != before) or not steers
        if unicodedata.category(before)[0] in "LNPS" and before not in "\u180e":
            assert after == before


@pytest.mark.parametrize(
    "text", ["Łukašenka", "Тихановская", "علم", "नमस्ते", "👩\u200d🔬", "a\u00a0b", "50 %\n\t−3"]
)
def test_ordinary_text_of_any_language_stays_as_it_is(text):
    """Joiners in scripts and emojis are no trick."""
    assert visible(text) == text


def test_control_characters_have_their_own_marks():
    """By the pictures that Unicode has for them."""
    assert visible("\x00\x07\x1b\r\x7f\x9b") == "␀␇␛␍␡\ufffd"
    assert in_one_line("a\r\n b\u2028c") == "a␍ b\ufffdc"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_console_shows_text_as_text(terminal):
    """In lines, styled texts, headings, titles and cells; what styles text is the console's own."""
    file = io.StringIO()
    out = SafeConsole(file=file, force_terminal=terminal, width=80)
    table = plain_table("head\x1b[2J", title="title\x1b]0;x\x07")
    table.add_row("cell\x1b[1A [red]x[/red]")
    table.add_row(Text("styled\x9b2J"))
    out.print("line\x1b[31m [link=http://a.invalid]l[/link] :bomb:")
    out.print(Text("bold\u202e", style="bold"))
    out.print(table)
    text = file.getvalue()
    for piece in (
        "line␛[31m [link=http://a.invalid]l[/link] :bomb:",
        "bold\ufffd",
        "head␛[2J",
        "title␛]0;x",
        "cell␛[1A [red]x[/red]",
    ):
        assert piece in text
    assert not set(text) & {"\x9b", "\x07", "\u202e"}
    assert ("\x1b[1mbold" in text) is terminal
    assert ("\x1b" in text) is terminal


@given(st.text() | st.from_regex(r"'{0,2}[=+\-@\t]+.{0,3}", fullmatch=True))
def test_a_guarded_cell_is_no_formula_and_can_be_read_back(text):
    """A number stays a number; everything else that begins as a formula gets an apostrophe."""
    cell = guard(text)
    assert unguard(cell) == text
    if cell[:1] in tuple("=+-@\t\r\n"):
        float(cell)


def test_tables_are_guarded_in_cells_headings_and_categories_but_not_in_numbers():
    """And the DataFrame that was given stays as it was."""
    table = pd.DataFrame(
        {
            "=h": [-1.5, 2.0],
            "w": ["=1+1", None],
            "c": pd.Categorical(["@a", "-3"], ["-3", "@a"]),
            "o": pd.Series([-4, "+x"], dtype=object),
        }
    )
    copy = table.copy()
    assert guarded_csv(table) == (
        '"\'=h","w","c","o"\n-1.5,"\'=1+1","\'@a",-4\n2.0,"","-3","\'+x"\n'
    )
    pd.testing.assert_frame_equal(table, copy)
    back = unguarded(
        pd.read_csv(io.StringIO(guarded_csv(table)), keep_default_na=False, na_values=[""])
    )
    assert list(back.columns) == ["=h", "w", "c", "o"]
    assert back["c"].tolist() == ["@a", "-3"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](http://a.invalid/p.png)", r"!\[x\](http\://a.invalid/p.png)"),
        ("<img src=x onerror=y>", r"\<img src=x onerror=y\>"),
        ("[x](javascript:alert(1))", r"\[x\](javascript\:alert(1))"),
        ("`code` *b* ~s~ | a\\", r"\`code\` \*b\* \~s\~ \| a\\"),
        ("snake_case and _em_", r"snake_case and \_em\_"),
        ("# head", r"\# head"),
        ("- item", r"\- item"),
        ("12. item", r"12\. item"),
        ("&lt;b&gt; A & B", r"\&lt;b\&gt; A & B"),
        ("likely (55%; 12%–93%). Otherwise", "likely (55%; 12%–93%). Otherwise"),
    ],
)  # fmt: skip
def test_names_are_no_markdown(text, shown):
    """CommonMark: a backslash before a sign makes it only a sign."""
    assert in_markdown(text) == shown


def test_a_latex_table_runs_no_command_of_a_name():
    """A line break in a level would end the comment in which the base levels are noted."""
    from backchannel.estimation.document import FitView

    row = {
        "name": "n[\\input{x}]",
        "number": "n_\\write18{id}",
        "covariate": "\\input{x}\n\n$",
        "estimate": 1.0,
    }
    fields = dict.fromkeys(FitView.model_fields["coefficients"].annotation.__args__[0].model_fields)
    coefficient = type("Row", (), {**fields, **row})
    view = type(
        "View", (),
        {"coefficients": [coefficient], "log_likelihood": -1.0, "aic": 1.0, "bic": 1.0, "plays": 3.0,
         "errors": "hessian", "bases": {"x": "a\n\\input{/etc/hostname}"}, "trouble": ["b\n\\input{y}"]},
    )  # fmt: skip
    text = as_latex(view)
    assert not [
        line for line in text.splitlines() if "\\input" in line and not line.startswith("%")
    ]
    assert "\\textbackslash{}input\\{x\\} \\$" in text
    assert "\\write18" not in text
