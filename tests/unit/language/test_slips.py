"""Slips in expressions: signs and words of other languages, each with what to write."""

from __future__ import annotations

import pytest

from backchannel.diagram.claim_tests import parse_test
from backchannel.language.errors import ExpressionError
from backchannel.language.expressions import parse
from backchannel.language.slips import SlipError

SLIPS = {
    "f * (r = 'a')": ([(8, "Write == to compare, not =.")], "f * (r == 'a')"),
    "a AND b Or Not c": (
        [(3, "Write and in small"), (9, "Write or in small"), (12, "Write not in small")],
        "a and b or not c",
    ),
    "a && b": ([(3, "Write and, not &&.")], "a and b"),
    "a || b": ([(3, "Write or, not ||.")], "a or b"),
    "!a": ([(1, "Write not, not !.")], "not a"),
    "a & b | c": ([(3, "Write and"), (7, "Write or")], "a and b or c"),
    "a <> 1": ([(3, "Write != to compare")], "a != 1"),
    "a => 1": ([(3, "Write >= to compare")], "a >= 1"),
    "a ≥ 1": ([(3, "Write >= to compare")], "a >= 1"),
    "a === 1": ([(3, "Write == to compare")], "a == 1"),
    "r == ‘a’": ([(6, "the quotation mark ‘"), (8, "the quotation mark ’")], "r == 'a'"),
    "r\u00a0== 'a'": ([(2, "a non-breaking space")], "r == 'a'"),
    "a − 1": ([(3, "the character '−', which looks like '-'")], "a - 1"),
    "30% * a": ([(1, "Write 0.3 for 30%.")], "0.3 * a"),
    "2.5 % + a": ([(1, "Write 0.025 for 2.5 %.")], "0.025 + a"),
    "0,3 * a": ([(1, "Write the number with a point: 0.3.")], "0.3 * a"),
    "1 - (a + 2,5)": ([(10, "Write the number with a point: 2.5.")], "1 - (a + 2.5)"),
    "2a + 1": ([(1, "Write 2 * a.")], "2 * a + 1"),
    "a^2": ([(2, "Write **, not ^.")], "a**2"),
}


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_told_with_what_to_write(text):
    """Every slip of the expression, with its column; what was meant can be read."""
    notes, mended = SLIPS[text]
    with pytest.raises(SlipError) as caught:
        parse(text)
    assert [column for column, _ in caught.value.notes] == [column for column, _ in notes]
    for (_, told), (_, message) in zip(caught.value.notes, notes, strict=True):
        assert message in told
    assert parse(caught.value.mended) == parse(mended)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("P(r = 'a', do={'o': 'b'}) > 0.9", "Write == to compare"),
        ("P(r == 'a') > 90%", "Write 0.9 for 90%"),
        ("P(r == 'a') > 0,9", "Write the number with a point: 0.9"),
        ("P(r == 'a', given=(b = 2)) > 0.5", "Write == to compare"),
        ("P(r == 'a', since='b') > 0.5", "takes do=, undo= and given=, not since="),
        ("P(r == a, do={o: yes}) > 0.5", "Write do={'reply': 'pay'}"),
        ("P() > 0.5", "an event, such as P(reply == 'pay')"),
    ],
)
def test_a_slip_in_a_test_is_told(text, told):
    """The names of arguments take one sign, comparisons two."""
    with pytest.raises(ExpressionError, match=r".") as caught:
        parse_test(text)
    assert told in caught.value.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(a + b", "The bracket ( is not closed"),
        ("a + b)", "The bracket ) closes nothing"),
        ("a == 'b", "A quotation mark is not closed"),
        ("if a then b", "Write the value first: 1 if reply == 'pay' else 0"),
        ("a if b", "write what holds otherwise"),
        ("a b", "Something is wrong near 'b'"),
        ("a +", "Something is missing at its end"),
        ("", "It is empty"),
    ],
)
def test_what_is_no_expression_is_told_without_terms_of_a_parser(text, told):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert told in caught.value.message
    assert "syntax" not in caught.value.message
    assert "literal" not in caught.value.message


@pytest.mark.parametrize(
    "text", ["min(0,3, a)", "1e3 * a", "x2 + 1", "AND + 1", "a in [0,5]", "10 % 3 + a"]
)
def test_what_can_be_meant_is_left_alone(text):
    """A list of numbers, a name, an exponent; a remainder is refused for what it is."""
    try:
        parse(text)
    except ExpressionError as error:
        assert not isinstance(error, SlipError)
