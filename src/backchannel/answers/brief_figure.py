"""The figure of a brief: a bar for each outcome, with its range, and the case and the base rate beside it."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

from backchannel.files import marks
from backchannel.language.errors import CommandError
from backchannel.language.installing import how_to_install
from backchannel.questions.forecast.document import NodeForecast, ValueForecast
from backchannel.wording.percents import VISIBLE

NEEDED = f"A brief needs {{}}: {how_to_install('brief')}."
BLUE = "#2b6a99"
_GREY = "#555555"
_RED = "#b03a2e"
INSIDE, OUTSIDE = "the case alone (inside)", "the base rate alone (outside)"
"""What the marks beside a bar mean."""


def draw(forecast: NodeForecast) -> bytes:
    """Draw the figure as PNG: a bar for each outcome, a line for its range.

    Where base rates move the forecast, a ring is the case alone, a diamond the node's base rate alone, and the bar
    their pool.
    """
    plt = pyplot()
    values = [value for value in forecast.values if _is_shown(value)][::-1]
    marked = any(value.inside is not None for value in values)
    height = 0.45 + 0.32 * len(values) + (0.3 if marked else 0.0)
    figure, axes = plt.subplots(figsize=(6.5, height), dpi=200)
    try:
        means = [100 * value.probability for value in values]
        errors = [
            [max(0.0, m - 100 * v.low) for m, v in zip(means, values, strict=True)],
            [max(0.0, 100 * v.high - m) for m, v in zip(means, values, strict=True)],
        ]
        axes.barh(range(len(values)), means, height=0.6, color=BLUE)
        axes.errorbar(
            means, range(len(values)), xerr=errors, fmt="none", ecolor=_GREY, capsize=3, lw=1.2
        )
        if marked:
            _mark(axes, values)
        axes.set_yticks(
            range(len(values)),
            [value.label for value in values],
            fontsize=8,
            parse_math=False,  # A dollar sign in a label is only a dollar sign.
        )
        axes.set_xlim(0, 100)
        axes.set_xticks(range(0, 101, 20), [f"{n}%" for n in range(0, 101, 20)], fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
        buffer = BytesIO()
        with warnings.catch_warnings():
            # A character that the font lacks is drawn as a box.
            warnings.filterwarnings("ignore", message="Glyph")
            figure.savefig(
                buffer, format="png", bbox_inches="tight", metadata={"Software": marks.NAME}
            )
        return buffer.getvalue()
    finally:
        plt.close(figure)


def _is_shown(value: ValueForecast) -> bool:
    """Whether any of the three views, or the range, gives the value a chance that can be seen."""
    return max(value.high, value.inside or 0.0, value.outside or 0.0) >= VISIBLE


def _mark(axes: Any, values: list[ValueForecast]) -> None:
    """Mark the case alone with a ring and the base rate alone with a diamond, and say so above the bars."""
    looks = (("inside", INSIDE, "o", "white", "black"), ("outside", OUTSIDE, "D", _RED, "white"))
    for name, says, marker, face, edge in looks:
        places = [(100 * p, i) for i, v in enumerate(values) if (p := getattr(v, name)) is not None]
        if places:
            axes.plot(
                *zip(*places, strict=True),
                marker, markersize=5, markerfacecolor=face, markeredgecolor=edge, label=says,
                clip_on=False, zorder=3,
            )  # fmt: skip
    axes.legend(
        fontsize=7, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderpad=0
    )


def pyplot() -> Any:
    """The drawing package, which draws without a screen.

    Raises:
        CommandError: It is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise CommandError(NEEDED.format("matplotlib for its figure")) from None
    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    return plt
