"""Trade: what goods do, without and with each intervention that the case asks about."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="trade",
    title="Where goods go",
    docs="trade.md",
    room=__name__,
    ask="ask:ask",
    document="document:TradePart",
    compose="compose:compose",
    terminal="terminal:show",
    section="section.html",
)
