"""Characters that look like others: replaced, described, and told apart from another script."""

from __future__ import annotations

import pytest

from backchannel.language.lookalikes import (
    describe_character,
    explain_lookalikes,
    mixes_scripts,
    plain_text,
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("\u0441ase", "case"),  # Cyrillic es
        ("\u03bf\u03c1en", "open"),  # Greek omicron and rho
        ("“so”", '"so"'),
        ("2 − 1 × 3", "2 - 1 * 3"),
        ("a\u00a0b\u200bc", "a bc"),  # a non-breaking space, and one without width
        ("ａ１", "a1"),  # fullwidth
        ("naïve", "naïve"),
        ("ﬁ", "ﬁ"),  # a ligature stands for two letters, and stays
    ],
)
def test_what_only_looks_like_the_keyboard_is_replaced(written, plain):
    """And letters that look like nothing else stay."""
    assert plain_text(written) == plain


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ("\u0430", "the Cyrillic letter '\u0430', which looks like the Latin 'a'"),
        ("ж", "the Cyrillic letter 'ж'"),
        ("\u00a0", "a non-breaking space, which looks like an ordinary space"),
        ("\u3000", "an unusual space, which looks like an ordinary space"),
        ("\u200b", "an invisible character (zero width space)"),
        ("“", 'the quotation mark “; the straight one is "'),
        ("，", "the wide character '，'; the ordinary one is ','"),
        ("×", "the character '×', which looks like '*'"),
    ],
)
def test_a_character_is_described_in_words(letter, words):
    assert describe_character(letter) == words


@pytest.mark.parametrize(
    ("word", "is_mixed"),
    [
        ("\u0441ase", True),
        ("нет", False),  # all of it is Cyrillic
        ("case", False),
        ("\u0441aseж", False),  # one letter looks like no Latin one: somebody means it
        ("naïve", False),
    ],
)
def test_a_word_mixes_scripts_where_all_of_it_looks_latin(word, is_mixed):
    assert mixes_scripts(word) is is_mixed


def test_a_message_names_the_characters_once_and_the_word_to_write():
    """Of a word in another script only the script is told."""
    assert explain_lookalikes("case") == ""
    assert explain_lookalikes("\u0441a\u0441e\u00a0") == (
        " It holds the Cyrillic letter '\u0441', which looks like the Latin 'c' and a non-breaking space, "
        "which looks like an ordinary space: write cace."
    )
    assert explain_lookalikes("совет") == " It is written in Cyrillic letters."
