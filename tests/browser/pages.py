"""Pages for the browser tests: solved answers, reports made of them, windows that watch what a page does."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.compiling import compiled_fully

TOP = Path(__file__).parent.parent.parent
BUILD = TOP / "build"
SCREENSHOTS = BUILD / "screenshots"
AXE = TOP / "interface" / "node_modules" / "axe-core" / "axe.min.js"

DESKTOP = (1280, 800)
PHONE = (390, 844)
# As root, as in a container, Chromium starts only without its sandbox. The rest keeps it from calling home.
PRIVATE = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]

STICKS_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return null;
  const all = [...document.body.querySelectorAll('*')];
  const out = all.filter(one => one.getBoundingClientRect().right > width + 1);
  const inner = out.filter(one => !out.some(other => other !== one && one.contains(other)));
  const words = one => (one.textContent ?? '').trim().slice(0, 40);
  const say = one => `${one.localName}.${one.getAttribute('class')} ${words(one)}`;
  return `${document.documentElement.scrollWidth} px: ` + inner.slice(0, 4).map(say).join(' | ');
}"""


def chromium_path() -> str | None:
    """Where a browser is that these tests know how to drive."""
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def solved_answers(case: str | Path, *, draws: int) -> str:
    """The answers document of a case, kept until a source or the case changes."""
    sources = sorted((TOP / "src" / "backchannel").rglob("*.py"))
    sources += sorted((TOP / "src" / "backchannel").rglob("*.yaml"))
    digest = hashlib.sha256(f"{case} {draws}".encode())
    for path in [*sources, *([case] if isinstance(case, Path) else [])]:
        digest.update(path.read_bytes())
    kept = BUILD / "answers" / f"{digest.hexdigest()[:16]}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Of several test processes one solves, and the others wait for it.
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            from backchannel import Study

            with compiled_fully():
                text = Study.load(case, draws=draws, seed=0).answers().model_dump_json()
            write_at_once(kept, text)
    return kept.read_text("utf-8")


def write_at_once(path: Path, text: str) -> None:
    """Write a file that another test process may be reading."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_text(text, "utf-8")
    part.replace(path)


def report_of(answers: str, path: Path) -> Path:
    """The report of an answers document, as `run --report` writes it."""
    from backchannel.answers.document import Answers
    from backchannel.answers.page.report import compose_report

    write_at_once(path, compose_report(Answers.model_validate_json(answers)))
    return path


def with_answers(report: Path, answers: str, path: Path) -> Path:
    """The same report with another text where its answers stand: what a broken or newer file holds."""
    before, opening, rest = report.read_text("utf-8").partition('id="answers">')
    after = rest.partition("</script>")[2]
    path.write_text(f"{before}{opening}{answers}</script>{after}", "utf-8")
    return path


def until(page: Any, holds: Callable[[], bool], *, seconds: float = 60) -> None:
    """Wait until something holds; asked from outside, since no page lets text be evaluated inside it."""
    for _ in range(int(seconds * 20)):
        if holds():
            return
        page.wait_for_timeout(50)
    assert holds()


def go(page: Any, view: str) -> None:
    """Open a view by its tab, in the row or in the menu behind it."""
    page.wait_for_selector("nav.tabs a")
    tab = f'nav.tabs a[href="#{view}"]'
    if page.locator(tab).count() == 0:
        page.locator("nav.tabs").get_by_role("button", name="More").click()
    page.click(tab)
    page.wait_for_selector(f'{tab}[aria-current="page"]')


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def accessibility_faults(page: Any) -> list[str]:
    """What axe-core finds against WCAG 2.2, A and AA, on the page as it is."""
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate(
        "rules => axe.run(document, { runOnly: { type: 'tag', values: rules } })", RULES
    )
    return [
        f"{rule['id']}: {node['html'][:160]} :: {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"][:3]
    ]


@dataclass
class Opened:
    """A page that is open, and everything it did that it should not have done."""

    context: Any
    page: Any
    allowed: str
    """The one address, or the start of all addresses, that the page may ask for."""
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Keep what the page complains of and asks for from now on."""
        self.page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type == "error" else None,
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._refuse)
        self.page.on("request", self._asked)
        self.page.on("websocket", lambda line: self._known(line.url))

    def _refuse(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _asked(self, request: Any) -> None:
        # What the page made itself leaves no machine.
        if urlsplit(request.url).scheme not in ("data", "blob"):
            self._known(request.url)

    def _known(self, address: str) -> None:
        plain = address.partition("#")[0].replace("ws://", "http://", 1)
        if not plain.startswith(self.allowed):
            self.strangers.append(address)

    def views(self) -> list[str]:
        """The ids of the views that the page offers: the tabs of the row, then those of its menu."""
        with self._all_tabs() as tabs:
            return [tab.get_attribute("href").lstrip("#") for tab in tabs.all()]

    def go(self, view: str) -> None:
        """Open a view by its tab, and wait until it is drawn."""
        go(self.page, view)
        self.settle()

    @contextmanager
    def _all_tabs(self) -> Iterator[Any]:
        """The links of all views; the menu is open meanwhile where there is one."""
        more = self.page.locator("nav.tabs").get_by_role("button", name="More")
        is_folded = more.count() > 0
        if is_folded:
            more.click()
        yield self.page.locator("nav.tabs a")
        if is_folded:
            more.click()

    def settle(self) -> None:
        """Wait until the page has been painted twice."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def overflow(self) -> str | None:
        """What is wider than the window, if anything is: the innermost elements that stick out."""
        return self.page.evaluate(STICKS_OUT)

    def close(self) -> None:
        """Close the page and forget what it stored."""
        self.context.close()


@dataclass
class Window:
    """Opens pages in a browser."""

    browser: Any
    opened: list[Opened]

    def open(
        self,
        page: Path | str,
        *,
        size: tuple[int, int] = DESKTOP,
        scheme: str = "light",
        scripts: bool = True,
        motion: str = "reduce",
    ) -> Opened:
        """Open a report from its file, or a workbench from its address."""
        address = page.as_uri() if isinstance(page, Path) else page
        host = f"{urlsplit(address).scheme}://{urlsplit(address).netloc}/"
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=scripts,
            reduced_motion=motion,
            accept_downloads=True,
        )
        made = Opened(context, context.new_page(), address if isinstance(page, Path) else host)
        self.opened.append(made)
        made.watch()
        made.page.goto(address)
        return made
