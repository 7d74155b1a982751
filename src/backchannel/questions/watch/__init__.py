"""What to watch: which events that can still be seen would teach most."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="watch",
    title="What to watch",
    docs="living.md",
    room=__name__,
    ask="ask:ask",
    document="document:WatchPart",
    compose="compose:compose",
    section="section.html",
    commands=("command:watch",),
    methods={"watch": "method:watch"},
)
