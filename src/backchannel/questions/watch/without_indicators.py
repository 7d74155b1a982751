"""What to watch, in the document, where no indicator is known: not solved yet, or not to be compared."""

from __future__ import annotations

from backchannel.questions.forecast.document import NodeForecast
from backchannel.questions.watch.document import Watch


def watch_without_indicators(
    *,
    case: str,
    forecast: NodeForecast | None = None,
    left_out: float = 0.0,
    caption: str = "",
) -> Watch:
    """What to watch where no indicator is known: the forecast as far as there is one, and no events.

    Args:
        case: What the case is called.
        forecast: Of the outcome; none where nothing is solved.
        left_out: Share of draws that did not converge.
        caption: Why there are no indicators.
    """
    values = forecast.values if forecast else []
    return Watch(
        case=case,
        about=forecast.node if forecast else "",
        title=forecast.title if forecast else "",
        outcomes=[value.value for value in values],
        labels=[value.label for value in values],
        forecast=[value.probability for value in values],
        left_out=left_out,
        forecast_bounds=[value.bounds for value in values],
        indicators=[],
        caption=caption,
    )
