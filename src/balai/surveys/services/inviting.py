"""Ask those whose matter is over how it was, once, in the thread where they spoke."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from balai.channels.services import forget_words
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Conversation
from balai.inbox.services import tell
from balai.people.selectors import SYSTEM
from balai.surveys.models import Invitation, Survey
from balai.surveys.selectors import hash_of
from balai.surveys.services.answering import fresh_key

PURPOSE = "surveys.invitation"


@transaction.atomic
def invite(
    institution_id: int,
    unit_id: int | None,
    *,
    about: str,
    conversation: Conversation | None = None,
) -> tuple[Invitation, str] | None:
    """Make the invitation of whoever a matter was about, and the key for them.

    None when no survey of the unit, or of the whole office, is open, or they were asked before. The
    machine's own act.
    """
    open_now = Survey.objects.filter(institution=institution_id, state=Survey.State.OPEN)
    survey = open_now.filter(unit=unit_id).order_by("-pk").first()
    survey = survey or open_now.filter(unit=None).order_by("-pk").first()
    if survey is None or Invitation.objects.filter(about=about).exists():
        return None
    key = fresh_key()
    made = Invitation.objects.create(
        survey=survey,
        key_hash=hash_of(key),
        about=about,
        conversation=conversation,
        made_at=now(),
    )
    return made, key


def invite_voices(
    institution_id: int, unit_id: int | None, conversation_ids: Iterable[int], *, matter: str
) -> int:
    """Invite everybody who spoke in a matter that is over; returns how many were.

    Who spoke in public is not asked there: whoever reads the thread could answer instead.
    """
    quiet = Conversation.objects.filter(
        pk__in=list(conversation_ids), institution_id=institution_id, is_public=False
    ).exclude(state__in=[Conversation.State.SEALED, Conversation.State.MODERATED])
    return sum(_invited(one, unit_id, matter) for one in quiet.order_by("pk"))


def forget_invitations(conversation_ids: Iterable[int]) -> None:
    """Forget to whom invitations of these conversations went; the answers name nobody."""
    found = Invitation.objects.filter(conversation__in=list(conversation_ids))
    forget_words([PURPOSE], list(found.values_list("pk", flat=True)))


@transaction.atomic
def _invited(conversation: Conversation, unit_id: int | None, matter: str) -> bool:
    about = f"{matter}:{conversation.pk}"
    made = invite(conversation.institution_id, unit_id, about=about, conversation=conversation)
    if made is None:
        return False
    invitation, key = made
    address = str(settings.BALAI_ADDRESS) + reverse("surveys:invited", args=[key])
    with translation.override("en" if conversation.language == "eng" else "id"):
        words = _(
            "Your matter is closed. How were you served? A few questions, without your name. "
            "The link is for you alone and works once:"
        )
    key_of_dispatch = f"{PURPOSE}:{invitation.pk}"
    text = f"{words}\n{address}"
    sent = tell(conversation, text, key=key_of_dispatch, ref=invitation.pk, purpose=PURPOSE)
    if sent is None:
        invitation.delete()
        return False
    record(by=SYSTEM, did="survey.invited", on=invitation.survey, about=about)
    return True
