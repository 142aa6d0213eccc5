"""The tasks that can be measured, by name."""

from __future__ import annotations

from pathlib import Path

from balai.understanding import model as models
from balai.understanding.measuring import conduct, kinds, ranks, spans, tables
from balai.understanding.measuring.asking import Asked
from balai.understanding.measuring.asks import Ask, Task
from balai.understanding.measuring.results import Measured
from balai.understanding.measuring.tables import Table
from balai.understanding.reading import Reader


def _claims(table: Table, asked: Asked, ask: Ask) -> Measured:
    """Known claims; their index is loaded only by who asks for it."""
    from balai.understanding.measuring import claims

    return claims.claims(table, asked, ask)


TASKS: dict[str, Task] = {
    "sentiment": kinds.sentiment,
    "emotion": kinds.emotion,
    "language": kinds.language,
    "intent": kinds.intent,
    "urgency": kinds.urgency,
    "abuse": conduct.abuse,
    "hate": conduct.hate,
    "disaster": kinds.disaster,
    "flood": kinds.flood,
    "topic": ranks.topic,
    "agency": ranks.agency,
    "complaint": ranks.complaint,
    "personal_data": spans.personal_data,
    "places": spans.places,
    "claims": _claims,
}


def measure(path: Path, task: str, model: Path | None = None, ask: Ask | None = None) -> Measured:
    """Measure a reader (the packaged one if no `model` is named) on a labelled CSV file.

    Raises UnmeasurableError where the file does not hold what the task needs, BrokenModelError.
    """
    table = tables.read(path)
    asked = Asked(Reader(model), models.load(model))
    return TASKS[task](table, asked, ask or Ask())
