"""What next: P(outcome | what has happened)."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="forecast",
    title="What next",
    docs="answers.md",
    room=__name__,
    ask="ask:ask",
    document="document:ForecastPart",
    compose="compose:compose",
    kind="forecast",
    answer="sentences:answer",
    bottom_line="bottom_line:bottom_line",
    ready_with="rounds",
    terminal="terminal:show",
    section="section.html",
    commands=("command:forecast",),
    methods={"forecast": "method:forecast"},
)
