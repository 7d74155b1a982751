"""What the solving process does with rivals: solve those of the file and mechanical ones, and tell each at once."""

from __future__ import annotations

from backchannel.case.lower.shifted import shifted
from backchannel.study import Study
from backchannel.web.handlers.rivals import RivalsMessage, RivalToldMessage
from backchannel.web.message_json import to_json
from backchannel.web.tasks import TaskInput


def answer_rivals(task: TaskInput) -> list[str]:
    """Solve rivals of the case, as `backchannel rivals` does, with the sliders of its answers.

    Returns:
        The message with the result, and the result alone, as a report takes it.

    Raises:
        BackchannelError: The node does not exist; the text says why.
    """
    head, solved = task.head, task.solved
    study = Study(
        shifted(solved.lowered, solved.shifts),
        name=head["case"],
        draws=head["draws"],
        seed=head["seed"],
    )
    study.adopt(solved.ensemble)
    study.progress = task.progress
    n_told = 0

    def tell(line: str) -> None:
        nonlocal n_told
        n_told += 1
        task.tell(to_json(RivalToldMessage(line=line, number=n_told)))

    view = study.rivals(head["node"] or None, most=head["most"], tell=tell).document()
    message = RivalsMessage(
        rivals=view, shifts=dict(solved.shifts), case_digest=head["case_digest"]
    )
    return [to_json(message), view.model_dump_json()]
