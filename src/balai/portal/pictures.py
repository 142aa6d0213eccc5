"""The pictures of public series: drawn with their words, and gaps where nothing is told."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from balai.ground.charts import Bar, Point, bar_chart, line_chart
from balai.portal.selectors.series import Series, Value
from balai.portal.wording import count_words, percent_words

MOST_BARS = 12


def picture_of(series: Series, rows: list[list[Value]]) -> SafeString:
    """The picture of one column of the series; empty where there is no row."""
    names = [column.name for column in series.columns]
    place = names.index(series.charted)
    if not rows:
        return SafeString("")
    column = series.columns[place]
    title = f"{series.title}: {column.title}"
    description = _("The same figures stand in the table below the picture.")
    if names[0] == "month":
        points = [Point(str(row[0]), _number(row[place])) for row in rows]
        return line_chart(points, name="series", title=title, description=description)
    shown = rows[:MOST_BARS]
    top = max((_number(row[place]) or 0 for row in shown), default=0) or 1
    is_share = column.name.endswith("percent")
    bars = [
        Bar(
            str(row[0])[:18],
            value,
            percent_words(value) if is_share else count_words(_whole(value)),
        )
        for row in shown
        for value in [_number(row[place])]
    ]
    return bar_chart(bars, name="series", title=title, description=description, top=top)


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
