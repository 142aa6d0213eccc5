"""Tasks where the best few count: topic and agency; and complaints at few false alarms."""

from __future__ import annotations

import numpy as np

from balai.understanding.measuring.asking import Asked
from balai.understanding.measuring.asks import Ask
from balai.understanding.measuring.measures import (
    by_label,
    calibration,
    confusion,
    macro,
    recall_at,
    share,
)
from balai.understanding.measuring.results import Measured
from balai.understanding.measuring.tables import Table, UnmeasurableError, yes_or_no
from balai.understanding.packs import OTHER

_TOPIC = ("topic", "topik", "category", "kategori", "label")
_AGENCY = ("agency", "instansi", "unit", "opd", "label")
_COMPLAINT = ("complaint", "is_complaint", "keluhan", "label")
_MEANS_COMPLAINT = ("complaint", "keluhan", "pengaduan", "aduan", "kritik")
_MOST_FALSE = 0.03


def topic(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Which topic a matter is of."""
    return _ranked("topic", _TOPIC, table, asked, ask)


def agency(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Which agency a matter goes to."""
    return _ranked("agency", _AGENCY, table, asked, ask)


def _ranked(task: str, columns: tuple[str, ...], table: Table, asked: Asked, ask: Ask) -> Measured:
    head = asked.head(task)
    column = table.column(columns, ask.label, f"the {task}", "--label-column")
    text = table.text_column(ask.text)
    out = {one.lower() for one in ask.passed_over}
    if OTHER not in head.labels:
        out.add("")
    kept = table.where([row[column].strip().lower() not in out for row in table.rows])
    unknown = sum(row[column].strip() not in head.labels for row in kept.rows)
    true = [
        _known(head.labels, row[column].strip(), n)
        for row, n in zip(kept.rows, kept.numbers, strict=True)
    ]
    texts = [row[text] for row in kept.rows]
    p = asked.scored(task, texts)
    asked.readings(texts)
    order = np.argsort(-p, axis=1, kind="stable")
    right = np.array([head.labels.index(one) for one in true])
    ranks = (order == right[:, None]).argmax(axis=1)
    said = [head.labels[place] for place in order[:, 0].tolist()]
    best = p.max(axis=1).tolist()
    scores = by_label(said, true, head.labels)
    return Measured(
        task=task,
        model=asked.reader.version,
        rows=len(true),
        passed_over=len(table.rows) - len(true),
        figures={
            "top-1": float(np.mean(ranks < 1)),
            "top-3": float(np.mean(ranks < 3)),
            "top-5": float(np.mean(ranks < 5)),
            "macro-F1": macro(scores),
        },
        by_label=scores,
        confusion=confusion(said, true),
        calibration={
            task: calibration(best, (ranks < 1).tolist(), [one >= head.sure_from for one in best])
        },
        throughput=asked.throughput(),
        taken_as={OTHER: unknown} if unknown else {},
    )


def _known(labels: tuple[str, ...], said: str, line: int) -> str:
    if said in labels:
        return said
    if OTHER in labels:
        return OTHER
    raise UnmeasurableError(
        f"line {line}: the model knows no {said!r}; leave it out by --pass-over"
    )


def complaint(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Whether a text complains to an office: by the head `complaint`, else by the intent."""
    column = table.column(_COMPLAINT, ask.label, "whether a text complains", "--label-column")
    text = table.text_column(ask.text)
    true = yes_or_no(table, column, _MEANS_COMPLAINT)
    texts = [row[text] for row in table.rows]
    readings = asked.readings(texts)
    p: list[float] = []
    if asked.has("complaint"):
        head = asked.head("complaint")
        p = asked.scored("complaint", texts)[:, 0].tolist()
        least = head.yes_from[0] if head.yes_from else 0.5
        said = [one >= least for one in p]
        sure = [max(one, 1 - one) >= head.sure_from for one in p]
    else:
        said = [one.intent.value == "complaint" for one in readings]
        sure = [one.intent.sure for one in readings]
    hits = [one == other for one, other in zip(said, true, strict=True)]
    words = [_word(one) for one in said], [_word(one) for one in true]
    scores = by_label(*words, ("complaint", "other"))
    figures = {
        "recall": share([one for one, other in zip(said, true, strict=True) if other]),
        "false alarms": share([one for one, other in zip(said, true, strict=True) if not other]),
        "macro-F1": macro(scores),
    }
    if p:
        recall, least = recall_at(p, true, _MOST_FALSE)
        figures = {
            f"recall at {100 * _MOST_FALSE:.0f} % false alarms": recall,
            "least p for that": least,
            **figures,
        }
    leaning = [one >= 0.5 for one in p]
    return Measured(
        task="complaint",
        model=asked.reader.version,
        rows=len(true),
        passed_over=0,
        figures=figures,
        by_label=scores,
        confusion=confusion(*words),
        calibration={
            "complaint": calibration(
                [max(one, 1 - one) for one in p] or [None] * len(true),
                [one == other for one, other in zip(leaning, true, strict=True)] if p else hits,
                sure,
            )
        },
        throughput=asked.throughput(),
    )


def _word(yes: bool) -> str:
    return "complaint" if yes else "other"
