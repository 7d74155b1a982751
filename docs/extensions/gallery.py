"""The gallery: a page for each case of the catalog, with its diagram and the answers as they come out today.

Every case is run when the site is built, and again only after the case or the program has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from gallery_pages import GALLERY_TITLE, Entry, case_page, index_page
from generated import write_page

PROCESSES = 2
DRAWS = int(os.environ.get("BACKCHANNEL_DOCS_DRAWS", "1024"))
"""As `backchannel run`, so that the page shows what a reader gets; fewer where only the building is tested."""


def _write(app: Any) -> None:
    from backchannel.case.catalog import catalog

    folder = Path(app.srcdir) / "gallery"
    kept = Path(app.outdir).parent / "gallery-answers"
    kept.mkdir(parents=True, exist_ok=True)
    # Each case compiles programs of its own, which takes one core.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        entries = list(pool.map(_entry, catalog(), repeat(kept)))
    for entry in entries:
        write_page(folder / f"{entry.name}.md", case_page(entry))
    write_page(folder / "index.md", index_page(entries))
    known = {f"{entry.name}.md" for entry in entries} | {"index.md"}
    for page in folder.glob("*.md"):
        if page.name not in known:
            page.unlink()


def _entry(name: str, kept: Path) -> Entry:
    """What a page says of a case: from the last build where nothing has changed since."""
    from backchannel.case.catalog import find_case

    text = find_case(name).read_text(encoding="utf-8")
    digest = hashlib.sha256((f"{DRAWS} draws " + text + _program_digest()).encode()).hexdigest()
    file = kept / f"{name}.json"
    if file.exists():
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["digest"] == digest:
            return Entry(**content["entry"])
    entry = _answered(name)
    file.write_text(json.dumps({"digest": digest, "entry": entry.__dict__}), encoding="utf-8")
    return entry


def _answered(name: str) -> Entry:
    from diagram import diagram_svg

    from backchannel import Study
    from backchannel.case.catalog import is_reference

    print(f"{GALLERY_TITLE}: {name}")
    study = Study.load(name, draws=DRAWS)
    case = study.case
    is_open = any(parameter.prior is None for parameter in case.parameters.values())
    entry = Entry(
        name=name,
        title=case.case,
        question=case.question,
        about=case.about,
        kind="fit" if is_open else "game" if is_reference(case) else "case",
        sources=[_source(source) for source in case.sources.values()],
    )
    if is_open:
        return entry
    answers = study.answers()
    entry.diagram = diagram_svg(answers)
    if answers.layout:
        entry.caption = answers.layout.caption
        entry.diagram_width = answers.layout.width
    entry.lines = [
        {"title": line.title, "text": f"{line.sentence} {line.because}".rstrip()}
        for line in answers.bottom_lines
    ]
    entry.hinges = [
        {"label": hinge.label, "rests_on": hinge.rests_on, "moves": [m.line for m in hinge.moves]}
        for hinge in answers.hinges[:5]
    ]
    entry.certificate = answers.certificate.short
    return entry


def _source(source: Any) -> dict[str, str]:
    return {
        "title": source.title, "author": source.author or "", "date": str(source.date or ""),
        "url": source.url or "", "grade": source.grade or "",
    }  # fmt: skip


def _program_digest() -> str:
    """Of the program's own files: answers of another program are not shown."""
    import backchannel

    digest = hashlib.sha256()
    home = Path(backchannel.__file__).parent
    for file in sorted(home.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def setup(app: Any) -> dict[str, bool]:
    """Join Sphinx."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True}
