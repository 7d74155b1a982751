"""Surprise: what each player expects, beside what the forecast says."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="surprise",
    title="Surprise",
    docs="beliefs.md",
    room=__name__,
    ask="ask:ask",
    document="document:SurprisePart",
    compose="compose:compose",
    terminal="terminal:show",
    section="section.html",
    commands=("command:surprise",),
    methods={"surprise": "method:surprise"},
)
