"""Pictures of figures as SVG, rendered by templates that escape: geometry here, markup there.

A picture never stands alone: `title` and `description` are read out, and whoever shows it puts the
same figures into a table under it. Colours are classes of the style sheet, so that light, dark and
print suit themselves. A value that is not known leaves a gap, never a nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 320, 150  # units of the drawing; it is stretched to the width that it gets
LEFT, RIGHT, TOP, BOTTOM = 30, 10, 10, 22
BAR_ROW, BAR_HEIGHT = 36, 10  # the words of a bar stand above it, so that none is too long
Number = float | int


class Point(NamedTuple):
    """One value of a course under its label; None where nothing is known."""

    label: str
    value: Number | None


class Bar(NamedTuple):
    """One bar: `words` is what is written above its end, also where the value is None."""

    label: str
    value: Number | None
    words: str


@dataclass(frozen=True)
class Dot:
    """A point as it is drawn."""

    x: int
    y: int
    label: str


def line_chart(
    points: Sequence[Point], *, name: str, title: str, description: str, top: Number = 100
) -> SafeString:
    """A course over time from 0 to `top`. `name` is unique on the page: it ties words to picture.

    Between two known points runs a line; a gap stays a gap. Rising labels stand at both ends.
    """
    step = (WIDTH - LEFT - RIGHT) / max(len(points) - 1, 1)
    runs: list[list[Dot]] = [[]]
    for place, point in enumerate(points):
        if point.value is None:
            runs.append([])
            continue
        runs[-1].append(Dot(round(LEFT + place * step), _height(point.value, top), point.label))
    marks = [(value, _height(value, top)) for value in (0, top / 2, top)]
    return render_to_string(
        "ground/line_chart.html",
        {
            "name": name,
            "title": title,
            "description": description,
            "view": f"0 0 {WIDTH} {HEIGHT}",
            "runs": [" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1],
            "dots": [dot for run in runs for dot in run],
            "marks": [(f"{value:g}", y, y + 4) for value, y in marks],
            "left": LEFT,
            "words_left": LEFT - 5,
            "right": WIDTH - RIGHT,
            "foot": HEIGHT - 6,
            "first": points[0].label if points else "",
            "last": points[-1].label if len(points) > 1 else "",
        },
    )


def bar_chart(
    bars: Sequence[Bar], *, name: str, title: str, description: str, top: Number = 100
) -> SafeString:
    """Lying bars from 0 to `top`, one under the other, each under its label and its words."""
    rows = [
        {
            "label": bar.label,
            "words": bar.words,
            "y": place * BAR_ROW + 18,
            "text_y": place * BAR_ROW + 13,
            "width": 0 if bar.value is None else round(WIDTH * _share(bar.value, top)),
            "is_known": bar.value is not None,
        }
        for place, bar in enumerate(bars)
    ]
    return render_to_string(
        "ground/bar_chart.html",
        {
            "name": name,
            "title": title,
            "description": description,
            "view": f"0 0 {WIDTH} {max(len(bars), 1) * BAR_ROW}",
            "rows": rows,
            "room": WIDTH,
            "height": BAR_HEIGHT,
        },
    )


def _share(value: Number, top: Number) -> float:
    return min(max(value / top, 0), 1) if top else 0


def _height(value: Number, top: Number) -> int:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - _share(value, top)))
