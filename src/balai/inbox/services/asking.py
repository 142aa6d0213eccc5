"""What a person asks about their own data: noted, proved, answered or refused, under a clock."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.secrets import pseudonym
from balai.ground.services import announce
from balai.inbox.events import RightsRequestMoved
from balai.inbox.models import Citizen, Conversation, LegalHold, RightsRequest
from balai.inbox.selectors.contacts import group_of, hold_on
from balai.inbox.services.clocks import due_many
from balai.inbox.services.contacts import allow_on_person
from balai.inbox.services.telling import can_reach, tell
from balai.people.models import Member
from balai.people.selectors import SYSTEM, Actor
from balai.people.services import allow, refuse_same_person

CLOCKS = {"access": "data_access", "deletion": "data_deletion"}  # of the personal data pack
CODE_LIVES = timedelta(days=3)
COPY_LIVES = timedelta(days=7)
TRIES = 5
State, Proof = RightsRequest.State, RightsRequest.Proof
OPEN = (State.RECEIVED, State.VERIFIED, State.ERASING)


class NoPrivateLine(ValidationError):
    """Whoever else reads along on this line could prove to be this person, or read the copy."""


@transaction.atomic
def note_request(conversation: Conversation, *, kind: str, by: Member) -> RightsRequest:
    """An officer notes that the person asks for their data. The clock runs from now.

    Raises NotAllowed, ValidationError when the same is being asked already.
    """
    allow_on_person(by, "conversation.note", conversation.citizen)
    return _open(conversation, kind, by)


@transaction.atomic
def ask_on_own_page(conversation: Conversation, *, kind: str) -> RightsRequest:
    """The person asks on their status page, whose unguessable address proves who they are."""
    request = _open(conversation, kind, None)
    return _verified(request, Proof.RECEIPT, SYSTEM)


@transaction.atomic
def confirm_on_own_page(conversation: Conversation) -> bool:
    """On the status page: it was I who asked. False when nothing waits for that."""
    waiting = RightsRequest.objects.select_for_update().filter(
        conversation=conversation, state=State.RECEIVED
    )
    found = list(waiting)
    for request in found:
        _verified(request, Proof.RECEIPT, SYSTEM)
    return bool(found)


@transaction.atomic
def send_code(request: RightsRequest, *, by: Member) -> None:
    """Send a code through the conversation in which the person spoke. The office never sees it.

    Raises NoPrivateLine on a public or silent line, NotAllowed.
    """
    allow_on_person(by, "conversation.note", request.citizen)
    conversation = request.conversation
    _refuse_public(conversation)
    code = f"{secrets.randbelow(1_000_000):06}"
    request = _locked(request, State.RECEIVED)
    request.code_digest, request.code_tries = _digest(request, code), 0
    request.code_until_at = now() + CODE_LIVES
    request.save(update_fields=["code_digest", "code_tries", "code_until_at"])
    with translation.override("id"):
        text = _(
            "Somebody asked us for your data in this conversation. If it was you, answer with this "
            "code: %(code)s. If not, you need not do anything."
        ) % {"code": code}
    key = f"inbox.code:{request.pk}:{secrets.token_hex(4)}"
    tell(conversation, text, key=key, ref=request.pk)
    record(by=by, did="rights.code_sent", on=request)


def check_code(request: RightsRequest, code: str, *, by: Member) -> bool:
    """Whether the code that the person gave is the one we sent. Five tries, three days.

    A wrong try counts whatever happens afterwards. Raises NotAllowed.
    """
    allow_on_person(by, "conversation.note", request.citizen)
    tried = RightsRequest.objects.filter(
        pk=request.pk, state=State.RECEIVED, code_tries__lt=TRIES, code_until_at__gt=now()
    ).exclude(code_digest="")
    if not tried.update(code_tries=F("code_tries") + 1):
        return False
    known = RightsRequest.objects.get(pk=request.pk).code_digest
    if not hmac.compare_digest(known, _digest(request, code.strip())):
        return False
    with transaction.atomic():
        _verified(_locked(request, State.RECEIVED), Proof.CODE, by)
    return True


@transaction.atomic
def confirm_in_person(request: RightsRequest, *, by: Member) -> None:
    """The data protection officer saw who it is. Not the one who noted the request.

    Raises NotAllowed.
    """
    allow(by, "rights.handle", request.institution_id)
    refuse_same_person(request.noted_by_id, by, ("requester", "approver"))
    _verified(_locked(request, State.RECEIVED), Proof.IN_PERSON, by)


@transaction.atomic
def hand_over(request: RightsRequest, *, by: Member) -> None:
    """Give the person the copy of their data: on their own page, or at an address sent to them.

    The copy is made anew whenever it is opened, and for seven days only. Raises NotAllowed.
    """
    allow(by, "rights.handle", request.institution_id)
    request = _locked(request, State.VERIFIED)
    if request.kind != RightsRequest.Kind.ACCESS:
        raise ValidationError(_("This request is not about a copy."))
    moment, address = now(), secrets.token_urlsafe(24)
    request.handed_digest = digest_of(address)
    request.handed_until_at = moment + COPY_LIVES
    _settle(request, State.DONE, by)
    conversation = request.conversation
    if request.proof == Proof.CODE and not conversation.is_public and can_reach(conversation):
        place = settings.BALAI_ADDRESS + reverse("inbox:copy", args=[address])
        with translation.override("id"):
            text = _(
                "The copy of your data lies here for seven days. Whoever has this address can "
                "read it: %(address)s"
            ) % {"address": place}
        tell(conversation, text, key=f"inbox.copy_of_data:{request.pk}", ref=request.pk)
    record(by=by, did="citizen.data_handed_over", on=request.citizen, request=request.pk)


@transaction.atomic
def refuse_request(request: RightsRequest, *, by: Member, reason: str) -> None:
    """Refuse with a reason that the person is told. Raises NotAllowed."""
    allow(by, "rights.handle", request.institution_id)
    request = _locked(request, State.RECEIVED, State.VERIFIED)
    request.reason = reason
    _settle(request, State.REFUSED, by)
    conversation = request.conversation
    if not conversation.is_public:
        with translation.override("id"):
            text = _("We cannot do what you asked about your data: %(reason)s") % {"reason": reason}
        tell(conversation, text, key=f"inbox.refused:{request.pk}", ref=request.pk)
    record(by=by, did="rights.refused", on=request)


@transaction.atomic
def hold_data(citizen: Citizen, *, by: Member, reason: str) -> LegalHold:
    """A duty to keep what this person said, as in a dispute. Raises NotAllowed, ValidationError."""
    allow(by, "rights.hold", citizen.institution_id)
    Citizen.objects.select_for_update().get(pk=citizen.pk)
    if hold_on(group_of(citizen)) is not None:
        raise ValidationError(_("These data are kept already."))
    hold = LegalHold.objects.create(citizen=citizen, reason=reason, by=by, since_at=now())
    record(by=by, did="citizen.held", on=citizen, hold=hold.pk)
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: Member) -> None:
    """The duty to keep is over. Raises NotAllowed."""
    allow(by, "rights.hold", hold.citizen.institution_id)
    LegalHold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=now(), lifted_by=by)
    record(by=by, did="citizen.hold_lifted", on=hold.citizen, hold=hold.pk)


def note_overdue_requests(limit: int = 100) -> int:
    """Tell once of every request whose clock ran out; returns how many were told."""
    late = RightsRequest.objects.filter(
        state__in=OPEN, overdue_told_at=None, due_at__lte=now()
    ).order_by("due_at")[:limit]
    return sum(_note_overdue(request) for request in late)


def digest_of(address: str) -> str:
    """What is kept of an unguessable address."""
    return hashlib.sha256(address.encode()).hexdigest()


@transaction.atomic
def _note_overdue(request: RightsRequest) -> bool:
    claimed = RightsRequest.objects.filter(
        pk=request.pk, state__in=OPEN, overdue_told_at=None
    ).update(overdue_told_at=now())
    if claimed:
        record(by=SYSTEM, did="rights.overdue", on=request)
        tell_of(request, "overdue")
    return bool(claimed)


def _open(conversation: Conversation, kind: str, by: Member | None) -> RightsRequest:
    citizen = Citizen.objects.select_for_update().get(pk=conversation.citizen_id)
    group = group_of(citizen)
    if RightsRequest.objects.filter(citizen__in=group, kind=kind, state__in=OPEN).exists():
        raise ValidationError(_("The same is being asked already."))
    moment = now()
    (due,) = due_many(conversation.institution, CLOCKS[kind], [moment])
    request = RightsRequest.objects.create(
        institution_id=conversation.institution_id,
        citizen=citizen,
        conversation=conversation,
        kind=kind,
        asked_at=moment,
        due_at=due,
        clock=CLOCKS[kind],
        noted_by=by,
    )
    record(by=by or SYSTEM, did="rights.asked", on=request, kind=kind, citizen=citizen.pk)
    tell_of(request, State.RECEIVED)
    return request


def _verified(request: RightsRequest, proof: str, by: Actor) -> RightsRequest:
    request.proof, request.verified_at, request.state = proof, now(), State.VERIFIED
    request.verified_by = by if isinstance(by, Member) else None
    request.code_digest = ""
    request.save()
    record(by=by, did="rights.verified", on=request, proof=proof)
    tell_of(request, State.VERIFIED)
    return request


def _settle(request: RightsRequest, state: RightsRequest.State, by: Member) -> None:
    request.state, request.settled_at, request.settled_by = state, now(), by
    request.save()
    tell_of(request, state)


def tell_of(request: RightsRequest, state: str) -> None:
    """Announce where a request stands."""
    home = request.institution_id
    announce(RightsRequestMoved(home, request.pk, state), scope=home)


def _locked(request: RightsRequest, *states: str) -> RightsRequest:
    found = (
        RightsRequest.objects.select_for_update(of=("self",))
        .select_related("conversation", "citizen", "institution")
        .get(pk=request.pk)
    )
    if found.state not in states:
        raise ValidationError(_("The request moved on meanwhile. Look again."))
    return found


def _refuse_public(conversation: Conversation) -> None:
    if conversation.is_public or not can_reach(conversation):
        raise NoPrivateLine(
            _(
                "Others read along on this line, or nothing can be sent on it. Ask the person to "
                "write privately, or let the data protection officer see them in person."
            )
        )


def _digest(request: RightsRequest, code: str) -> str:
    key = request.institution.pseudonym_key
    return pseudonym(key, "code", str(request.pk), code)
