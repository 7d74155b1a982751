"""Update: what new entries of the record change, and why."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="update",
    title="What changed",
    docs="living.md",
    room=__name__,
    commands=("command:update", "command:diff"),
    methods={"update": "method:update", "diff": "method:diff"},
)
