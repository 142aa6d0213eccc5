"""What surveys do when another room says that something is over."""

from collections.abc import Iterable

from balai.inbox.events import CitizenErased
from balai.surveys.services import forget_invitations, invite_voices


def ask_how_it_was(
    *, institution_id: int, unit_id: int | None, conversation_ids: Iterable[int], matter: str
) -> None:
    """Whoever spoke in a matter is asked about the service, if a survey is open."""
    invite_voices(institution_id, unit_id, conversation_ids, matter=matter)


def forget_words(fact: CitizenErased) -> None:
    """A person was erased: their address leaves our invitations too."""
    forget_invitations(fact.conversation_ids)
