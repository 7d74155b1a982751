"""Characters that look like others: letters of other alphabets, wide punctuation, unusual spaces and quotes."""

from __future__ import annotations

import unicodedata

_LATIN = {
    # Cyrillic
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "һ": "h",
    "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l", "к": "k",
    "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T", "У": "Y",
    "Х": "X", "І": "I", "Ј": "J", "Ѕ": "S",
    # Greek
    "ο": "o", "α": "a", "ν": "v", "ρ": "p", "ι": "i", "κ": "k", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ε": "e",
    "ω": "w", "ϲ": "c", "ϳ": "j",
    "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P",
    "Τ": "T", "Υ": "Y", "Χ": "X",
    # Latin letters with a difference that is hard to see
    "ı": "i", "ɑ": "a", "ɡ": "g",
}  # fmt: skip
_QUOTES = {
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "‘": "'", "’": "'", "‚": "'",
    "‛": "'", "′": "'", "‹": "'", "›": "'", "`": "'", "´": "'",
}  # fmt: skip
_SIGNS = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": "*", "·": "*", "∗": "*", "⋅": "*", "÷": "/", "∕": "/",
    "⁄": "/", "、": ",", "。": ".", "٫": ".", "،": ",", "：": ":", "，": ",",
}  # fmt: skip
_SPACES = frozenset(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_INVISIBLE = frozenset("\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


def plain_character(letter: str) -> str:
    """Return the character of the keyboard that a character looks like; itself, if there is none.

    >>> plain_character("о"), plain_character("：")
    ('o', ':')
    """
    if letter.isascii():
        return letter
    if letter in _SPACES:
        return " "
    if letter in _INVISIBLE:
        return ""
    for known in (_LATIN, _QUOTES, _SIGNS):
        if letter in known:
            return known[letter]
    wide = unicodedata.normalize("NFKC", letter)
    return wide if len(wide) == 1 and wide.isascii() and wide.isprintable() else letter


def plain_text(text: str) -> str:
    """Replace every character that only looks like one of the keyboard.

    >>> plain_text("оffer"), plain_text("[a，b]")
    ('offer', '[a,b]')
    """
    return "".join(map(plain_character, text))


def describe_character(letter: str) -> str:
    """Say in words what a character is.

    >>> describe_character("о")
    "the Cyrillic letter 'о', which looks like the Latin 'o'"
    """
    plain = plain_character(letter)
    name = unicodedata.name(letter, "")
    if letter == "\u00a0" or letter == "\u202f":
        return "a non-breaking space, which looks like an ordinary space"
    if letter in _SPACES:
        return "an unusual space, which looks like an ordinary space"
    if letter in _INVISIBLE:
        return f"an invisible character ({name.lower() or hex(ord(letter))})"
    if letter in _QUOTES:
        return f"the quotation mark {letter}; the straight one is {plain}"
    alphabet = name.partition(" ")[0].capitalize()
    if letter.isalpha() and alphabet in ("Cyrillic", "Greek", "Armenian"):
        looks = f", which looks like the Latin '{plain}'" if plain != letter else ""
        return f"the {alphabet} letter '{letter}'{looks}"
    if name.startswith("FULLWIDTH") or letter in "、。":
        return f"the wide character '{letter}'; the ordinary one is '{plain}'"
    looks = f", which looks like '{plain}'" if plain != letter else ""
    return f"the character '{letter}'{looks}"


def mixes_scripts(word: str) -> bool:
    """Say whether a word has Latin letters beside letters that only look Latin.

    >>> mixes_scripts("оffer"), mixes_scripts("нет"), mixes_scripts("offer")
    (True, False, False)
    """
    letters = [letter for letter in word if letter.isalpha()]
    has_latin = any(letter.isascii() for letter in letters)
    strange = any(not c.isascii() and plain_character(c).isascii() for c in letters)
    return has_latin and strange and plain_text(word).isascii()


def explain_lookalikes(word: str) -> str:
    """Name in a sentence the characters of a word that look like others; empty if there are none.

    >>> explain_lookalikes("оffer")
    " It holds the Cyrillic letter 'о', which looks like the Latin 'o': write offer."
    """
    strange = [letter for letter in dict.fromkeys(word) if plain_character(letter) != letter]
    if not strange:
        return ""
    named = " and ".join(map(describe_character, strange[:3]))
    plain = " ".join(plain_text(word).split())
    if plain.isascii():
        return f" It holds {named}: write {plain}."
    alphabet = unicodedata.name(strange[0], "").partition(" ")[0].capitalize()
    if strange[0].isalpha() and not any(letter.isascii() and letter.isalpha() for letter in word):
        return f" It is written in {alphabet} letters."
    return f" It holds {named}."
