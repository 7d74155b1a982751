"""Scenarios: sliders and changes under one name, compared over all outcomes on the same draws."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="scenarios",
    title="Scenarios",
    docs="scenarios.md",
    room=__name__,
    limits="limits:too_large",
    worlds="ask:worlds",
    ask="ask:ask",
    document="document:ScenariosPart",
    compose="compose:compose",
    terminal="terminal:show",
    section="section.html",
    commands=("command:scenarios",),
    methods={"scenarios": "method:scenarios"},
)
