"""Read a function of a formula: arithmetic on columns, and literal options.

sum     product (("+" | "-") product)*
product power (("*" | "/") power)*
power   "-" power | atom (("^" | "**") number)?
atom    number | column | function "(" … ")" | "(" sum ")"
"""

from __future__ import annotations

from backchannel.language.formulas.functions import FUNCTIONS, option_problem, unknown_function
from backchannel.language.formulas.stream import Stream
from backchannel.language.formulas.tree import (
    Argument,
    ArithmeticOperation,
    BaseLevel,
    Call,
    ColumnRef,
    Constant,
    LiteralValue,
    columns_in,
)

MAX_POWER = 16
MAX_OPERATIONS = 50
MAX_LIST = 100
MAX_NUMBER = 1e300
MAX_WHOLE = 2**53

_SWITCHES = {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_BASES = ("Treatment", "contr.treatment")


def read_call(stream: Stream, *, outside: bool) -> Call | None:
    """Read a function with its argument and its options.

    Args:
        stream: Stands at the name of the function.
        outside: The function is a factor of the formula, not part of another's argument.

    Returns:
        The call; nothing where a problem was noted, after which reading goes on.
    """
    name = stream.advance()
    known = FUNCTIONS.get(name.text)
    so_far = len(stream.problems)
    if known is None:
        stream.note(name.column, unknown_function(name.text))
        stream.skip_brackets()
        return None
    if not outside and not known.is_number:
        stream.note(name.column, f"{name.text} cannot stand inside another function.")
    stream.expect("(")
    with stream.nested():
        begin = stream.next.column
        argument = _sum(stream)
        if known.needs_column and not isinstance(argument, ColumnRef):
            stream.note(begin, f"{name.text} takes one column.")
        options: list[tuple[str, LiteralValue]] = []
        while stream.take(","):
            column = stream.next.column
            key = ""
            if stream.next.kind == "name" and stream.after.text == "=":
                key = stream.advance().text
                stream.advance()
            value = _literal(stream)
            problem = option_problem(name.text, options, key, value)
            if problem:
                stream.note(column, problem)
            options.append((key, value))
    stream.expect(")")
    if len(stream.problems) == so_far and not any(columns_in(argument)):
        stream.note(begin, f"{name.text} is given no column.")
    if len(stream.problems) > so_far:
        return None
    return Call(name.text, argument, tuple(options))


def _sum(stream: Stream) -> Argument:
    made = _product(stream)
    while stream.next.kind == "sign" and stream.next.text in "+-":
        sign = stream.advance().text
        made = _operation(stream, sign, made, _product(stream))
    return made


def _product(stream: Stream) -> Argument:
    made = _power(stream)
    while stream.next.kind == "sign" and stream.next.text in ("*", "/"):
        sign = stream.advance().text
        made = _operation(stream, sign, made, _power(stream))
    return made


def _power(stream: Stream) -> Argument:
    begin = stream.next.column
    minus = 0
    while stream.next.kind == "sign" and stream.next.text in "+-":
        minus += stream.advance().text == "-"
    made = _atom(stream)
    if stream.next.kind == "sign" and stream.next.text in ("^", "**"):
        stream.advance()
        column = stream.next.column
        exponent = _number(stream)
        if abs(exponent) > MAX_POWER:
            raise stream.stop(column, f"a power lies between -{MAX_POWER} and {MAX_POWER}.")
        made = _operation(stream, "**", made, Constant(exponent))
    if minus > 1:
        raise stream.stop(begin, "one '-' is enough.")
    return _operation(stream, "-", made) if minus else made


def _atom(stream: Stream) -> Argument:
    token = stream.next
    if token.kind == "number":
        return Constant(_number(stream))
    if token.kind == "quoted" or (token.kind == "name" and stream.after.text != "("):
        stream.advance()
        return ColumnRef(token.text)
    if token.kind == "name":
        # A problem was noted where there is no call; the zero in its place is never used.
        return read_call(stream, outside=False) or Constant(0)
    if stream.take("("):
        with stream.nested():
            made = _sum(stream)
        stream.expect(")")
        return made
    raise stream.unexpected("a column, a number or a function")


def _operation(stream: Stream, sign: str, *parts: Argument) -> ArithmeticOperation:
    stream.operations += 1
    if stream.operations > MAX_OPERATIONS:
        raise stream.stop(
            stream.next.column, f"it has more than {MAX_OPERATIONS} arithmetic operations."
        )
    return ArithmeticOperation(sign, parts)


def _number(stream: Stream) -> int | float:
    minus = stream.take("-")
    token = stream.next
    if token.kind != "number":
        raise stream.unexpected("a number")
    stream.advance()
    value = float(token.text)
    if not value <= MAX_NUMBER:
        raise stream.stop(token.column, f"{token} is too large.")
    # Whole numbers stay whole: they name columns and count degrees.
    whole = int(token.text) if token.text.isdecimal() and value <= MAX_WHOLE else value
    return -whole if minus else whole


def _literal(stream: Stream) -> LiteralValue:
    token = stream.next
    if token.kind == "name" and token.text in _BASES and stream.after.text == "(":
        stream.advance()
        stream.advance()
        level = _level(stream)
        stream.expect(")")
        return BaseLevel(level, token.text)
    if token.kind == "name" and token.text in _SWITCHES:
        stream.advance()
        return _SWITCHES[token.text]
    for opening, closing in ("[]", "()"):
        if stream.take(opening):
            return _list(stream, closing)
    return _level(stream)


def _list(stream: Stream, closing: str) -> tuple[int | float | str, ...]:
    levels: list[int | float | str] = []
    while not stream.take(closing):
        if levels:
            stream.expect(",")
        if len(levels) == MAX_LIST:
            raise stream.stop(stream.next.column, f"a list has at most {MAX_LIST} entries.")
        levels.append(_level(stream))
    return tuple(levels)


def _level(stream: Stream) -> int | float | str:
    if stream.next.kind == "text":
        return stream.advance().text
    if stream.next.kind == "number" or stream.next.text == "-":
        return _number(stream)
    raise stream.unexpected("a number, words in quotes, true or false")
