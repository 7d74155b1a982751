"""Merge: two analysts' versions of one case, and which disagreement moves the answer."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="merge",
    title="Merge",
    docs="merge.md",
    room=__name__,
    commands=("command:merge",),
    methods={"merge": "method:merge"},
)
