"""Rivals: other structures of the case, weighed by the record."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="rivals",
    title="Rivals",
    docs="outside.md",
    room=__name__,
    limits="limits:too_large",
    ask="ask:ask",
    document="document:RivalsPart",
    compose="compose:compose",
    terminal="terminal:show",
    section="section.html",
    commands=("command:rivals",),
    methods={"rivals": "method:rivals"},
)
