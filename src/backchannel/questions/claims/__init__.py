"""Claims: which statements of a text the case supports."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="claims",
    title="Claims",
    docs="answers.md",
    room=__name__,
    is_slow=True,
    limits="limits:too_large",
    worlds="ask:worlds",
    ask="ask:ask",
    document="document:ClaimsPart",
    compose="compose:compose",
    terminal="terminal:show",
    section="section.html",
    commands=("command:claims",),
    methods={"claims": "method:claims"},
)
