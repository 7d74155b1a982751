"""Update: what news changes, and why."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="update",
    title="What moved",
    docs="living.md",
    room=__name__,
    commands=("command:update", "command:diff"),
    methods={"update": "method:update", "diff": "method:diff"},
)
