"""The empty pages that the interface fills: of a case, and of the start."""

from __future__ import annotations

import html

from starlette.responses import Response

from backchannel.web.workbench import Workbench

_SHELL = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Backchannel</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/interface.css">
</head>
<body>
<div id="backchannel" {data}></div>
<noscript><p>{without_scripts}</p></noscript>
<script src="/interface.js" defer></script>
</body>
</html>
"""


def case_page(workbench: Workbench, *, has_start: bool) -> Response:
    """The page of a case; shown anywhere, it takes the address of its case.

    Args:
        workbench: The case.
        has_start: Whether the page links to the start page.
    """
    address = workbench.about.address
    data = f'data-live="{address}"' + (' data-start="/"' if has_start else "")
    report = f'<a href="{address}report.html">The report</a>'
    return _page(
        workbench.facts.title, data, f"The workbench needs scripts. {report} is readable without."
    )


def start_page(notice: str = "", status: int = 200) -> Response:
    """The start page, and a notice on it."""
    data = f'data-cases="{html.escape(notice)}"'
    return _page("Cases", data, "The workbench needs scripts.", status)


def _page(title: str, data: str, without_scripts: str, status: int = 200) -> Response:
    text = _SHELL.format(title=html.escape(title), data=data, without_scripts=without_scripts)
    return Response(text, status, media_type="text/html")
