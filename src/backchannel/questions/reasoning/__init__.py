"""Reasoning: what the record says about how far ahead each player thinks."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="reasoning",
    title="How players reason",
    docs="reasoning.md",
    room=__name__,
    ask="ask:ask",
    document="document:ReasoningPart",
    compose="compose:compose",
    terminal="terminal:show",
    section="section.html",
    methods={"reasoning": "method:reasoning"},
)
