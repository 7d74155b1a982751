"""Branches: how an equilibrium is reached from precision 0, and which other equilibria there are."""

from backchannel.questions.question import Question

QUESTION = Question(
    name="branches",
    title="Branches",
    docs="branches.md",
    room=__name__,
    commands=("command:branch", "command:equilibria"),
    methods={"branch": "method:branch", "equilibria": "method:equilibria"},
)
