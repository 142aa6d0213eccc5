"""Erase a person: words, identity, files and places, at once; then prove it with a certificate."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from balai.channels.models import Dispatch
from balai.channels.services import forget_words
from balai.governance.selectors import entries_of, is_whole
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.secrets import pseudonym
from balai.ground.services import announce
from balai.inbox.events import CitizenErased
from balai.inbox.landing import scrub
from balai.inbox.models import (
    Certificate,
    Citizen,
    CitizenNote,
    ContactChange,
    ContactPart,
    Conversation,
    ErasedAddress,
    IdentityHint,
    LegalHold,
    Message,
    RightsRequest,
)
from balai.inbox.selectors.contacts import group_of, hold_on
from balai.inbox.selectors.gathering import covered_by
from balai.inbox.services.asking import State, digest_of, tell_of
from balai.inbox.services.blanking import GONE, blank
from balai.inbox.services.moving import end_erased
from balai.inbox.services.telling import MATTER, tell
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import allow

FORM = 1
WAITS_FOR_NEWS = timedelta(hours=1)  # so long may the last words to the person be on their way
KEPT = ("counts", "network_ids", "audit", "sealed", "backups")  # worded in `wording.KEPT_NAMES`


class UnderHold(ValidationError):
    """A duty to keep these data runs; `str()` says which."""


@transaction.atomic
def erase_person(request: RightsRequest, *, by: Member) -> None:
    """Do what a proved request for deletion asks. Everything personal is overwritten now.

    Where the line is private the person is told the address of the certificate first. Raises
    NotAllowed, UnderHold, ValidationError when the request is not proved or about something else.
    """
    allow(by, "rights.handle", request.institution_id)
    request = (
        RightsRequest.objects.select_for_update(of=("self",))
        .select_related("conversation__connection", "institution")
        .get(pk=request.pk)
    )
    if request.state != State.VERIFIED or request.kind != RightsRequest.Kind.DELETION:
        raise ValidationError(_("Only a proved request for deletion is carried out."))
    hold = hold_on(group_of(request.citizen))
    if hold is not None:
        raise UnderHold(
            _("These data are kept by a duty and cannot be erased: %(reason)s")
            % {"reason": hold.reason}
        )
    group = _held(covered_by(request))
    talks = list(
        Conversation.objects.select_for_update(of=("self",))
        .filter(citizen__in=group)
        .exclude(state=Conversation.State.SEALED)
        .order_by("pk")
    )
    messages = list(Message.objects.filter(conversation__in=talks).order_by("pk"))
    _say_goodbye(request)
    counts = blank(talks, messages)
    for talk in talks:
        _end(talk, request)
    counts["accounts"] = _blank_persons(group)
    asked = RightsRequest.objects.filter(citizen__in=group).exclude(pk=request.pk)
    forget_words((MATTER,), list(asked.values_list("pk", flat=True)))
    request.state, request.settled_by = State.ERASING, by
    request.code_digest, request.handed_digest = "", ""
    request.save()
    record(
        by=by, did="citizen.erased", on=request,
        citizens=[one.pk for one in group], counts=counts,
    )  # fmt: skip
    home = request.institution_id
    announce(CitizenErased(home, [one.pk for one in group], [one.pk for one in talks]), scope=home)
    tell_of(request, State.ERASING)


def finish_erasures() -> int:
    """Go on overwriting the last traces; where none is left the certificate is written.

    Returns how many requests still wait or were finished: the sweep comes again.
    """
    waiting = list(
        RightsRequest.objects.filter(state=State.ERASING).select_related("institution")[:20]
    )
    if not waiting:
        return 0
    told = [request for request in waiting if _goodbye_said(request)]
    if told and scrub():
        for request in told:
            _certify(request)
    return len(told)


def certificate_address(request: RightsRequest) -> str:
    """Where the certificate will stand: nobody guesses it, and it is known before it is written."""
    return pseudonym(request.institution.pseudonym_key, "certificate", str(request.pk))


def is_genuine(certificate: Certificate) -> bool:
    """Whether the certificate says what was written, and the audit log holds its hash unbroken."""
    if sha256_of(certificate.content) != certificate.sha256:
        return False
    return any(
        entry.did == "citizen.erasure_certified"
        and entry.facts.get("sha256") == certificate.sha256
        and is_whole(entry)
        for entry in entries_of(certificate)
    )


def sha256_of(content: Any) -> str:
    """SHA-256 of a certificate's content as canonical JSON; hex."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def _held(group: Sequence[Citizen]) -> list[Citizen]:
    ids = [one.pk for one in group]
    return list(Citizen.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _say_goodbye(request: RightsRequest) -> None:
    conversation = request.conversation
    if conversation.is_public or conversation.state == Conversation.State.SEALED:
        return
    place = reverse("inbox:certificate", args=[certificate_address(request)])
    with translation.override("id"):
        text = _(
            "As you asked, we erase your messages and your data. The certificate will stand here: "
            "%(address)s"
        ) % {"address": settings.BALAI_ADDRESS + place}
    tell(conversation, text, key=f"inbox.erased:{request.pk}", ref=request.pk)


def _goodbye_said(request: RightsRequest) -> bool:
    found = Dispatch.objects.filter(purpose=MATTER, ref=request.pk)
    on_the_way = found.filter(
        state__in=["waiting", "sending", "confirming"], created_at__gt=now() - WAITS_FOR_NEWS
    )
    if on_the_way.exists():
        return False
    with transaction.atomic():
        forget_words((MATTER,), [request.pk])
    return True


def _end(talk: Conversation, request: RightsRequest) -> None:
    if talk.receipt:
        ErasedAddress.objects.get_or_create(
            digest=digest_of(talk.receipt), defaults={"request": request}
        )
    end_erased(
        talk,
        subject="",
        preview="",
        receipt="",
        thread_key=f"erased-{talk.pk}",
        is_current=False,
        stuck_at=None,
    )


def _blank_persons(group: Sequence[Citizen]) -> int:
    ids = [one.pk for one in group]
    CitizenNote.objects.filter(citizen__in=ids).delete()
    IdentityHint.objects.filter(citizen__in=ids).delete()
    ContactPart.objects.filter(citizen__in=ids).delete()
    ContactChange.objects.filter(concerns__citizen__in=ids).update(reason=GONE)
    LegalHold.objects.filter(citizen__in=ids).update(reason=GONE)
    RightsRequest.objects.filter(citizen__in=ids).exclude(reason="").update(reason=GONE)
    for one in group:
        # A new key: if the person writes again, nothing leads from the new words to the old ones.
        one.identity, one.key, one.forgotten_at = "", token_hex(16), now()
        one.save(update_fields=["identity", "key", "forgotten_at"])
    return len(ids)


@transaction.atomic
def _certify(request: RightsRequest) -> None:
    claimed = RightsRequest.objects.filter(pk=request.pk, state=State.ERASING).update(
        state=State.DONE, settled_at=now()
    )
    if not claimed:
        return
    deed = entries_of(request).filter(did="citizen.erased").latest("number")
    content = {
        "form": FORM,
        "institution": request.institution.name,
        "request": request.pk,
        "asked_at": request.asked_at.isoformat(),
        "proved_by": request.proof,
        "erased_at": deed.at.isoformat(),
        "overwritten_at": now().isoformat(),
        "office": "dpo",
        "erased": deed.facts["counts"],
        "kept": list(KEPT),
        "audit_entry": {"number": deed.number, "hash": deed.hash},
    }
    certificate = Certificate.objects.create(
        request=request,
        institution=request.institution,
        address=certificate_address(request),
        content=content,
        sha256=sha256_of(content),
        made_at=now(),
    )
    record(by=SYSTEM, did="citizen.erasure_certified", on=certificate, sha256=certificate.sha256)
    tell_of(request, State.DONE)
