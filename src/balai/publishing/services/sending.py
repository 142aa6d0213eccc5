"""Out through the one door, once, and known to be there: published means proof."""

import hashlib
from datetime import date
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from balai.channels.contract import Outgoing, Picture
from balai.channels.models import Dispatch
from balai.channels.services import call_off, declare_out, entrust, send_again, stands_there
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.plain import web_address
from balai.ground.services import announce
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import allow
from balai.publishing import rules
from balai.publishing.events import PostGone
from balai.publishing.models import Approval, Variant
from balai.publishing.models import Picture as Kept
from balai.publishing.selectors import (
    POST,
    SPEAKING,
    Place,
    authors_of,
    draft_of,
    hold_of,
    place_of,
)
from balai.publishing.services.moving import CannotMove, fresh, move
from balai.publishing.wording import problem_words

State, Gone = Variant.State, Dispatch.State
ENDED_LATER = ("stale_fact", "humour_locked", "too_long", "too_many_bytes")  # true only meanwhile


@transaction.atomic
def put_out(variant: Variant) -> Variant:
    """Take what is due one step out, when everything that was approved still holds.

    The claim is the step from scheduled: of two workers one makes it, the other does nothing.
    """
    variant = fresh(variant)
    if variant.state != State.SCHEDULED or variant.at is None or variant.at > now():
        return variant
    if not _is_still_approved(variant):
        return move(
            variant, State.IN_REVIEW, by=SYSTEM, did="post.returned", at=None, approved_at=None,
            note=_("The approval is too old, or was of other words. Somebody reads it again."),
        )  # fmt: skip
    place = place_of(variant)
    if why := _why_not(variant, place):
        return move(variant, State.HELD, by=SYSTEM, did="post.held", note=why)
    note = "" if place.line or not place.account else _("Post it by hand, then give the proof.")
    move(variant, State.PUBLISHING, by=SYSTEM, did="post.claimed", note=note)
    if place.account is None:
        return publish_here(variant)
    if place.line is not None:
        entrust(
            place.line, outgoing_of(variant), purpose=POST, ref=variant.pk, due_at=now()
        )  # fmt: skip
    return variant


def publish_here(variant: Variant) -> Variant:
    """Our own page: it is out with this transaction, and its address is the proof."""
    item = variant.item
    address = reverse("publishing:story", args=[item.institution.slug, item.pk])
    moment = now()
    return move(
        variant, State.PUBLISHED, by=SYSTEM, did="post.published", remote_id=address, url=address,
        published_at=moment, at=moment,
    )  # fmt: skip


@transaction.atomic
def note_delivery(dispatch_id: int) -> None:
    """A dispatch of ours went on. Published is only what has the network's id. Idempotent."""
    dispatch = Dispatch.objects.select_related("connection").get(pk=dispatch_id)
    known = Variant.objects.filter(pk=dispatch.ref).first()
    if known is None or dispatch.deed != Dispatch.Deed.SEND:
        return
    variant = fresh(known)
    if dispatch.state == Gone.OUT:
        _note_out(variant, dispatch)
    elif not _is_of(dispatch, variant):
        return
    elif dispatch.state == Gone.REFUSED and variant.state == State.PUBLISHING:
        move(variant, State.FAILED, by=SYSTEM, did="post.failed", note=dispatch.note)
    elif dispatch.state in (Gone.WAITING, Gone.SENDING) and variant.state == State.FAILED:
        move(variant, State.PUBLISHING, by=SYSTEM, did="post.tried_again")
    elif variant.state == State.PUBLISHING:
        Variant.objects.filter(pk=variant.pk).update(note=dispatch.note)


@transaction.atomic
def try_again(variant: Variant, *, by: Member) -> Variant:
    """What the network refused goes out after all, under the same key: never twice."""
    variant = fresh(variant)
    allow(by, "post.publish", variant.institution_id)
    dispatch = dispatch_of(variant)
    is_unknown = dispatch is not None and dispatch.state == Gone.UNKNOWN
    if dispatch is None or not (variant.state == State.FAILED or is_unknown):
        raise CannotMove(variant.state, State.PUBLISHING)
    send_again(dispatch, by=by, action="post.publish")
    if is_unknown:
        record(by=by, did="post.tried_again", on=variant.item, variant=variant.pk)
        return variant
    return move(variant, State.PUBLISHING, by=by, did="post.tried_again")


@transaction.atomic
def prove_by_hand(variant: Variant, *, url: str, by: Member) -> Variant:
    """Somebody posted it by hand, or found it there: the address is the proof.

    Raises ValidationError for what is no web address, and CannotMove where nothing waits for it.
    """
    variant = fresh(variant)
    allow(by, "post.publish", variant.institution_id)
    address = web_address(url)
    if not address:
        raise ValidationError(
            {"url": _("Copy the whole address of the post, beginning with https://")}
        )
    dispatch = dispatch_of(variant)
    if variant.state != State.PUBLISHING or (dispatch and dispatch.state != Gone.UNKNOWN):
        raise CannotMove(variant.state, State.PUBLISHED)
    Variant.objects.filter(pk=variant.pk).update(proved_by=by)
    if dispatch is not None:
        declare_out(dispatch, url=address, by=by, action="post.publish")
        record(by=by, did="post.proved", on=variant.item, variant=variant.pk, url=address)
        return variant
    moment = now()
    return move(
        variant, State.PUBLISHED, by=by, did="post.proved", remote_id=address[:500],
        url=address[:500], published_at=moment, at=moment,
    )  # fmt: skip


def look_at_post(variant: Variant) -> bool | None:
    """Look whether a published post still stands there, and keep what was seen.

    One worker looks; no transaction is open while the network thinks. None: nobody could tell.
    """
    started = variant.published_at or now()
    following = rules.next_look(started, now())
    mine = Variant.objects.filter(pk=variant.pk, next_look_at=variant.next_look_at).update(
        next_look_at=following
    )
    dispatch = dispatch_of(variant) if mine else None
    stands = stands_there(dispatch) if dispatch is not None else None
    if stands is None:
        return None
    with transaction.atomic():
        variant = fresh(variant)
        was_gone = variant.gone_at is not None
        gone_at = None if stands else variant.gone_at or now()
        Variant.objects.filter(pk=variant.pk).update(looked_at=now(), gone_at=gone_at)
        if not stands and not was_gone and variant.state in rules.OUT:
            record(by=SYSTEM, did="post.gone", on=variant.item, variant=variant.pk)
            announce(
                PostGone(variant.institution_id, variant.item_id, variant.pk),
                scope=variant.institution_id,
            )
    return stands


def take_from_the_door(variant: Variant) -> bool:
    """Stop what waits at the door, or for a person's hands. False: it began to leave."""
    dispatch = dispatch_of(variant)
    return dispatch is None or call_off(dispatch)


def dispatch_of(variant: Variant) -> Dispatch | None:
    """The newest thing that was to carry a variant out."""
    sent = Dispatch.objects.filter(purpose=POST, ref=variant.pk, deed=Dispatch.Deed.SEND)
    return sent.exclude(state=Gone.CANCELLED).order_by("pk").last()


def outgoing_of(variant: Variant) -> Outgoing:
    """What leaves: read from the bytes that were approved, and from nothing else."""
    said = approved_content(variant)
    revision = variant.revision
    called_off = Dispatch.objects.filter(purpose=POST, ref=variant.pk, state=Gone.CANCELLED).count()
    number = revision.number if revision else 0
    return Outgoing(
        key=f"post:{variant.pk}:{number}:{called_off}",
        text=said["text"],
        subject=said["title"],
        language="id" if said["language"] == "ind" else said["language"],
        pictures=pictures_of(variant, said),
        at=variant.at,
    )


def pictures_of(variant: Variant, said: dict[str, Any]) -> tuple[Picture, ...]:
    """The approved pictures, byte for byte, where the account takes pictures."""
    if not place_of(variant).limits.takes_pictures:
        return ()
    kept = {one.sha256: bytes(one.body) for one in Kept.objects.filter(item=variant.item_id)}
    return tuple(Picture(kept[p["sha256"]], p["mime"], p["alt"]) for p in said["pictures"])


def approved_content(variant: Variant) -> dict[str, Any]:
    """The approved bytes, opened. Raises ValueError when they are not those of the hash."""
    revision = variant.revision
    if revision is None or hashlib.sha256(revision.body.encode()).hexdigest() != revision.sha256:
        raise ValueError(f"the bytes of {variant} are not those that were approved")
    content: dict[str, Any] = msgspec.json.decode(revision.body)
    return content


def _is_still_approved(variant: Variant) -> bool:
    revision, item = variant.revision, variant.item
    if revision is None or rules.has_lapsed(variant.approved_at, now()):
        return False
    said = list(Approval.objects.filter(revision=revision, sha256=revision.sha256))
    if any(one.kind == Approval.Kind.ONE_STEP for one in said):
        return True
    voices = [
        rules.Voice(one.member_id, one.sha256, one.kind == Approval.Kind.YES)
        for one in said
        if one.kind in (Approval.Kind.YES, Approval.Kind.CHANGES)
    ]
    needed = rules.approvals_needed(is_sensitive=item.is_sensitive, has_humour=item.has_humour)
    mark = revision.sha256
    return rules.verdict(voices, mark, authors_of(variant), needed) == State.APPROVED


def _why_not(variant: Variant, place: Place) -> str:
    """Why a post that was approved should not leave now, in words; empty when it may."""
    hold = hold_of(variant.institution_id)
    if hold is not None and rules.after_hold(variant.state, variant.item.purpose) == State.HELD:
        return hold.reason
    if place.account is not None and place.account.state not in SPEAKING:
        return _("The account %(handle)s does not speak for us at present: %(state)s.") % {
            "handle": place.account.handle,
            "state": place.account.get_state_display(),
        }
    text = variant.revision.text if variant.revision else ""
    problems = rules.blocking(draft_of(variant.item, place, text, but=variant), _today())
    words = [problem_words(one) for one in problems if one.stops and one.code in ENDED_LATER]
    return " ".join(words)


def _note_out(variant: Variant, dispatch: Dispatch) -> None:
    if not rules.may_move(variant.state, State.PUBLISHED):
        if variant.state not in (*rules.OUT, State.WITHDRAWN):
            told = _("An earlier version of these words is out: %(url)s") % {"url": dispatch.url}
            Variant.objects.filter(pk=variant.pk).update(note=told)
        return
    place, moment = place_of(variant), dispatch.settled_at or now()
    move(
        variant, State.PUBLISHED, by=SYSTEM, did="post.published", remote_id=dispatch.remote_id,
        url=dispatch.url, published_at=moment, at=moment,
        next_look_at=rules.next_look(moment, moment) if place.can_look else None,
    )  # fmt: skip


def _is_of(dispatch: Dispatch, variant: Variant) -> bool:
    number = variant.revision.number if variant.revision else 0
    return dispatch.key.startswith(f"post:{variant.pk}:{number}:")


def _today() -> date:
    return now().date()
