"""Deals: which packages would be agreed and kept, and what would make one hold."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="deals",
    title="Deals",
    docs="deals.md",
    room=__name__,
    is_slow=True,
    limits="open_past:too_large",
    ask="examine:ask",
    document="document:DealsPart",
    compose="compose:compose",
    kind="deal",
    answer="compose:answer",
    bottom_line="bottom_line:bottom_line",
    terminal="terminal:show",
    section="section.html",
    commands=("command:deals",),
    methods={"deals": "method:deals"},
)
