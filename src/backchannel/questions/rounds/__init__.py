"""Rounds: the forecasts of repeated nodes over all rounds."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="rounds",
    title="Rounds",
    docs="rounds.md",
    room=__name__,
    ask="ask:ask",
    document="document:RoundsPart",
    compose="compose:compose",
    terminal="terminal:show",
    section="section.html",
    methods={"rounds": "method:rounds"},
)
