"""Pages of the site for the files at the root of the repository, such as the changelog.

Documentation links to `../CHANGELOG.md`, which works where the files are read one by one. In the site such a link
leads to a copy of the file, whose own links lead to the site's pages.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from generated import write_page

PAGES = {
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "README.md": "index.md",
}
_LINK = re.compile(r"\]\((?P<up>(?:\.\./)*)(?P<file>[A-Z]+\.md)(?P<rest>#[^)]*)?\)")


def to_the_site(text: str, page: str) -> str:
    """Turn links to files at the root into links to their pages.

    >>> to_the_site("see [the log](../CHANGELOG.md)", "stability")
    'see [the log](project/changelog.md)'
    >>> to_the_site("see [the log](../../CHANGELOG.md)", "decisions/README")
    'see [the log](../project/changelog.md)'
    """
    depth = page.count("/")

    def replaced(match: re.Match[str]) -> str:
        if match["up"].count("../") != depth + 1 or match["file"] not in PAGES:
            return match[0]
        return f"]({'../' * depth}{PAGES[match['file']]}{match['rest'] or ''})"

    return _LINK.sub(replaced, text)


def copied(text: str) -> str:
    """The text of a file at the root, for a page of `project/`.

    >>> copied("[why](docs/why.md), [the log](CHANGELOG.md)")
    '[why](../why.md), [the log](../project/changelog.md)'
    """

    def replaced(match: re.Match[str]) -> str:
        if match["up"] or match["file"] not in PAGES:
            return match[0]
        return f"](../{PAGES[match['file']]}{match['rest'] or ''})"

    return _LINK.sub(replaced, text.replace("](docs/", "](../"))


def _write(app: Any) -> None:
    root = Path(app.srcdir).parent
    for name, page in PAGES.items():
        if name != "README.md":
            text = (root / name).read_text(encoding="utf-8")
            write_page(Path(app.srcdir) / page, copied(text))


def _rewrite(app: Any, page: str, source: list[str]) -> None:
    source[0] = to_the_site(source[0], page)


def setup(app: Any) -> dict[str, bool]:
    """Join Sphinx."""
    app.connect("builder-inited", _write)
    app.connect("source-read", _rewrite)
    return {"parallel_read_safe": True}
