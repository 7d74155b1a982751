"""Write the brief of answers that are solved: a Word document, or Markdown and its figure in an archive."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from zipfile import ZipFile

from backchannel.answers.audit import audit
from backchannel.answers.brief import compose_brief
from backchannel.answers.brief_figure import draw
from backchannel.answers.brief_files import check_kind, markdown, word
from backchannel.answers.brief_text import shown
from backchannel.answers.document import Answers
from backchannel.questions.sensitivity.ask import what_decides
from backchannel.questions.sensitivity.compose import compose_sensitivity
from backchannel.web.tasks import TaskInput


def write_in_memory(task: TaskInput) -> list[str]:
    """Write the brief of an answers document, in base 64.

    Raises:
        CommandError: A package that it needs is missing.
    """
    from pathlib import Path

    ending = task.head["ending"]
    check_kind(Path(f"brief{ending}"))
    answers, solved = Answers.model_validate_json(task.texts[0]), task.solved
    decided = answers.sensitivity
    if decided.node != answers.watch.about:
        sensitivity = what_decides(solved.ensemble, answers.watch.about, None)
        decided = compose_sensitivity(solved.composing.wording, sensitivity)
    brief = shown(compose_brief(answers, answers.watch, decided, audit(solved.lowered)))
    image = draw(brief.figure)
    if ending == ".docx":
        return [b64encode(word(brief, image)).decode()]
    archive = BytesIO()
    with ZipFile(archive, "w") as files:
        files.writestr("brief.md", markdown(brief, "brief.png"))
        files.writestr("brief.png", image)
    return [b64encode(archive.getvalue()).decode()]
