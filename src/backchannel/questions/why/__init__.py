"""Why: would it have happened otherwise, and what share has each cause?"""

from backchannel.questions.question import Question

QUESTION = Question(
    name="why",
    title="Why",
    docs="why.md",
    room=__name__,
    is_slow=True,
    limits="limits:too_large",
    ask="explain:ask",
    document="document:WhyPart",
    compose="compose:compose",
    kind="why",
    answer="compose:answer",
    bottom_line="bottom_line:bottom_line",
    terminal="terminal:show",
    section="section.html",
    commands=("command:why",),
    methods={"why": "method:why"},
)
