"""Keep what an officer is writing, until it is sent or thrown away."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.channels.models import Dispatch
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import AnswerStyle, Conversation, Draft
from balai.inbox.selectors import ANSWER
from balai.inbox.services.moving import allow_on
from balai.library.selectors import variables_in
from balai.people.models import Institution, Member
from balai.people.services import allow

SIGN_OFF_VARIABLES = ("petugas", "instansi", "unit")


@transaction.atomic
def save_draft(
    conversation: Conversation,
    *,
    text: str,
    by: Member,
    asks_back: bool = False,
    articles: Sequence[int] = (),
    form_key: str = "",
) -> Draft | None:
    """Keep the member's own words; an empty text keeps nothing. A draft that arrives late, from a
    form (`form_key`) that was sent meanwhile, is dropped. No audit entry: nothing was done yet.
    """
    allow_on(conversation, by, "conversation.answer")
    mine = Draft.objects.filter(conversation=conversation, member=by)
    was_sent = form_key and Dispatch.objects.filter(key=f"{ANSWER}:{form_key}").exists()
    if was_sent or not text.strip():
        mine.delete()
        return None
    draft, _made = Draft.objects.update_or_create(
        conversation=conversation,
        member=by,
        defaults={
            "text": text,
            "asks_back": asks_back,
            "articles": sorted(set(articles)),
            "saved_at": now(),
        },
    )
    return draft


def drop_draft(conversation: Conversation, *, by: Member) -> None:
    """The member's draft was sent, or is no longer wanted."""
    allow_on(conversation, by, "conversation.answer")
    Draft.objects.filter(conversation=conversation, member=by).delete()


@transaction.atomic
def set_sign_off(institution: Institution, *, sign_off: str, by: Member) -> None:
    """With what every answer of the institution ends. Raises ValidationError for a variable that a
    sign-off cannot fill."""
    allow(by, "institution.edit", institution)
    wrong = [name for name in variables_in(sign_off) if name not in SIGN_OFF_VARIABLES]
    if wrong:
        raise ValidationError(
            {"sign_off": _("Only {petugas}, {unit} and {instansi} can stand in a sign-off.")}
        )
    AnswerStyle.objects.update_or_create(
        institution=institution, defaults={"sign_off": sign_off.strip()}
    )
    record(by=by, did="institution.sign_off_set", on=institution, sign_off=sign_off.strip())
