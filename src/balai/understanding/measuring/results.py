"""What a measurement gives, and how it is shown to a person."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from balai.understanding.measuring.measures import Calibration, Score

_WIDEST_CONFUSION = 16  # labels; a wider table helps nobody on a screen, --json has it
_CORNER = "true, read as"


class Throughput(msgspec.Struct, frozen=True):
    """How fast the texts were read, all fields, in seconds of one core."""

    texts: int
    seconds: float
    texts_per_second: float


class Measured(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was measured. `figures` are shares of one by name, the task's own one first.

    `taken_as` counts the rows whose label the head does not know, or that have none, by the label
    that they were taken as.
    """

    task: str
    model: str
    rows: int
    passed_over: int
    figures: dict[str, float]
    by_label: dict[str, Score]
    confusion: dict[str, dict[str, int]]
    calibration: dict[str, Calibration]
    throughput: Throughput
    by_group: dict[str, dict[str, float]] = {}
    taken_as: dict[str, int] = {}


def page(measured: Measured) -> str:
    """The measurement as lines for a person; shares are given in percent."""
    return "\n".join(_lines(measured)) + "\n"


def _lines(measured: Measured) -> Iterator[str]:
    yield f"{measured.task}: {measured.rows} rows, model {measured.model}"
    if measured.passed_over:
        yield f"{measured.passed_over} rows passed over"
    for label, rows in measured.taken_as.items():
        yield f"{rows} rows have no label, or one that the head does not know: taken as {label}"
    yield ""
    for name, figure in measured.figures.items():
        yield f"{name:<42} {100 * figure:6.1f} %"
    if measured.by_label:
        yield ""
        yield from _scores(measured.by_label)
    for group, figures in measured.by_group.items():
        yield ""
        yield f"{group}: " + ", ".join(f"{n} {100 * f:.1f} %" for n, f in figures.items())
    yield from _confusion(measured.confusion)
    yield ""
    for name, one in measured.calibration.items():
        yield f"calibration of {name}: {_honesty(one)}"
    fast = measured.throughput
    yield f"{fast.texts_per_second:,.0f} texts a second of one core ({fast.texts:,}, all fields)"


def _scores(scores: dict[str, Score]) -> Iterator[str]:
    width = max(5, *map(len, scores))
    yield f"{'label':<{width}} precision recall     F1   rows"
    for name, one in scores.items():
        yield (
            f"{name:<{width}} {100 * one.precision:8.1f} {100 * one.recall:6.1f} "
            f"{100 * one.f1:6.1f} {one.rows:6}"
        )


def _confusion(confusion: dict[str, dict[str, int]]) -> Iterator[str]:
    heads = list(dict.fromkeys([*confusion, *(said for row in confusion.values() for said in row)]))
    if not 1 < len(heads) <= _WIDEST_CONFUSION:
        return
    width = max(len(_CORNER), *map(len, heads))
    yield ""
    yield f"{_CORNER:<{width + 2}}" + " ".join(f"{head:>{width}}" for head in heads)
    for meant, row in confusion.items():
        yield f"{meant:<{width + 2}}" + " ".join(f"{row.get(head, 0):>{width}}" for head in heads)


def _honesty(one: Calibration) -> str:
    if one.error is None:
        return "no p is given"
    told = f"p is off by {100 * one.error:.1f} points; {100 * one.sure_share:.1f} % are sure"
    if one.sure_right is not None:
        told += f", of which {100 * one.sure_right:.1f} % are right"
    return told
