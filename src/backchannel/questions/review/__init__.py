"""Review: what was right and wrong in the reasoning, once outcomes are known."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="review",
    title="Review",
    docs="outside.md",
    room=__name__,
    ask="ask:ask",
    document="document:ReviewPart",
    compose="compose:compose",
    terminal="terminal:show",
    section="section.html",
    methods={"review": "method:review"},
)
