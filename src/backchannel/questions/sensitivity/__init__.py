"""Sensitivity: which assumptions decide an outcome, and what would make another one likely."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="sensitivity",
    title="What decides it",
    docs="sensitivity.md",
    room=__name__,
    is_slow=True,
    ask="ask:ask",
    document="document:SensitivityPart",
    compose="compose:compose",
    silent="compose:without_sensitivity",
    terminal="terminal:show",
    section="section.html",
    commands=("command:sensitivity",),
    methods={"sensitivity": "method:sensitivity", "inverse": "method:inverse"},
)
