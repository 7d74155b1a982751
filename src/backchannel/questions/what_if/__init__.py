"""What if: an outcome with an intervention, compared with the case as it is or as it looked before."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="what_if",
    title="What if",
    docs="answers.md",
    room=__name__,
    limits="limits:too_large",
    worlds="ask:worlds",
    ask="ask:ask",
    document="document:WhatIfPart",
    compose="compose:compose",
    kind="what_if",
    answer="sentences:answer",
    bottom_line="bottom_line:bottom_line",
    terminal="terminal:show",
    section="section.html",
    commands=("command:what_if",),
    methods={"what_if": "method:what_if"},
)
