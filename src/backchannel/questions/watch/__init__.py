"""What to watch: the open events that would be most informative about an outcome."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="watch",
    title="What to watch",
    docs="living.md",
    room=__name__,
    ask="ask:ask",
    document="document:WatchPart",
    compose="compose:compose",
    silent="compose:without_watch",
    section="section.html",
    commands=("command:watch",),
    methods={"watch": "method:watch"},
)
