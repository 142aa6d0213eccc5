"""The facts that the library announces."""

from dataclasses import dataclass

from balai.ground.events import Event


@dataclass(frozen=True)
class ArticleMoved(Event):
    """An edition of an article came into force or was retired."""

    institution_id: int
    article_id: int
    state: str
