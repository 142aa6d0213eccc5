"""The facts that surveys announce."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class SurveyMoved(Event):
    """A survey was opened, closed, computed, published …: `state` says where it is now."""

    institution_id: int
    survey_id: int
    state: str
