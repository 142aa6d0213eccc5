from balai.readiness.models.assessment import (
    Answer,
    Assessment,
    Assessor,
    Evidence,
    Sample,
    Step,
)
from balai.readiness.models.reckoning import ReckonedMeasure, Reckoning

__all__ = [
    "Answer",
    "Assessment",
    "Assessor",
    "Evidence",
    "ReckonedMeasure",
    "Reckoning",
    "Sample",
    "Step",
]
