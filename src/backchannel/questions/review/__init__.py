"""Review: what was right and wrong in the reasoning, once outcomes are known."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="review",
    title="Review",
    docs="outside.md",
    room=__name__,
    methods={"review": "method:review"},
)
