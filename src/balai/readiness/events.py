"""The facts that readiness announces."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class AssessmentMoved(Event):
    """An assessment of readiness took a step: frozen, handed in, attested, signed, published."""

    institution_id: int
    assessment_id: int
    state: str
