"""What publishing does when channels tell it something. Idempotent: facts may be heard twice."""

from balai.channels.events import DispatchSettled
from balai.publishing import services
from balai.publishing.selectors import CORRECTION, POST, RETRACTION


def note_dispatch(fact: DispatchSettled) -> None:
    """A post, a correction or a retraction of ours went one step on its way."""
    if fact.purpose == POST:
        services.note_delivery(fact.dispatch_id)
        services.note_beside(fact.ref)
    elif fact.purpose == CORRECTION:
        services.note_correction(fact.dispatch_id)
    elif fact.purpose == RETRACTION:
        services.note_retraction(fact.dispatch_id)
