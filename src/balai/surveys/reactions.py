"""What surveys do when another room says that something is over."""

from collections.abc import Iterable

from balai.surveys.services import invite_voices


def ask_how_it_was(
    *, institution_id: int, unit_id: int | None, conversation_ids: Iterable[int], matter: str
) -> None:
    """Whoever spoke in a matter is asked about the service, if a survey is open."""
    invite_voices(institution_id, unit_id, conversation_ids, matter=matter)
