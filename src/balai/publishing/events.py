"""The facts that publishing announces."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class PostMoved(Event):
    """A variant came to another state."""

    institution_id: int
    item_id: int
    variant_id: int
    before: str
    after: str


@dataclass(frozen=True)
class PostCorrected(Event):
    """A mistake in a published variant was put right."""

    institution_id: int
    item_id: int
    variant_id: int
    correction_id: int


@dataclass(frozen=True)
class PostGone(Event):
    """A published variant no longer stands on its network, and it was not us."""

    institution_id: int
    item_id: int
    variant_id: int


@dataclass(frozen=True)
class HoldChanged(Event):
    """Routine posts are held back from now on, or no longer."""

    institution_id: int
    hold_id: int
    is_on: bool
