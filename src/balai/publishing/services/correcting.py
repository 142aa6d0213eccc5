"""A mistake is put right everywhere with one act, and stays visible as corrected (domain R44)."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.channels.models import Dispatch
from balai.channels.services import CannotChange, entrust_edit, entrust_retraction
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.models import Member
from balai.people.selectors import SYSTEM
from balai.people.services import allow
from balai.publishing import rules
from balai.publishing.events import PostCorrected
from balai.publishing.models import Correction, Item, Purpose, Variant, Withdrawal
from balai.publishing.selectors import CORRECTION, RETRACTION, Place, draft_of, place_of
from balai.publishing.services.approving import approve_in_one_step
from balai.publishing.services.moving import fresh, lock, move
from balai.publishing.services.scheduling import owe_review
from balai.publishing.services.sending import dispatch_of
from balai.publishing.services.writing import Unready, revise

State, How = Variant.State, Correction.How
# What also holds for a correction; who plans it, and for whom, was settled with the post.
STILL_STOPS = ("no_text", "too_long", "too_many_bytes", "secret_in_text", "humour_locked")
OPENINGS = {"ind": "RALAT", "eng": "CORRECTION"}


@transaction.atomic
def correct(
    item: Item, *, words: str, texts: Mapping[int, str], noticed_at: datetime, by: Member
) -> list[Correction]:
    """Put right what variants of an item say; `texts` are the right words, by variant.

    Where the network lets us, the post itself is changed; elsewhere a linked correction is posted
    beside it; where we have no line, a person does it by hand and says so. A second person reads it
    within a day. Raises Unready and ValidationError.
    """
    item = lock(item)
    allow(by, "post.correct", item.institution)
    if not words.strip():
        raise ValidationError({"words": _("Say what was wrong, and what is right. It is public.")})
    if noticed_at > now():
        raise ValidationError({"noticed_at": _("This moment is still to come.")})
    wrong = list(
        item.variants.filter(pk__in=list(texts), state__in=[State.PUBLISHED, State.CORRECTED])
        .select_related("account", "revision", "institution")
        .order_by("pk")
    )
    made = []
    for variant in wrong:
        variant.item = item
        text = texts[variant.pk].replace("\r\n", "\n").strip()
        if variant.revision and text != variant.revision.text:
            made.append(_correct(variant, text, words.strip(), noticed_at, by))
    if not made:
        raise ValidationError(_("Change the words of one place at least."))
    owe_review(item)
    return made


@transaction.atomic
def note_correction(dispatch_id: int) -> None:
    """A change of a published post went on; where the network says no, the linked post follows.

    Idempotent.
    """
    dispatch = Dispatch.objects.get(pk=dispatch_id)
    known = Correction.objects.filter(pk=dispatch.ref).first()
    if known is None:
        return
    variant = fresh(known.variant)
    correction = Correction.objects.select_related("after", "by", "beside").get(pk=known.pk)
    correction.variant = variant
    if correction.corrected_at is not None or correction.beside is not None:
        return
    if dispatch.state == Dispatch.State.OUT:
        _done(correction)
    elif dispatch.state == Dispatch.State.REFUSED:
        correction.note = dispatch.note
        _post_beside(correction, correction.by)


@transaction.atomic
def note_beside(variant_id: int) -> None:
    """A correction that stands beside its post is out. Idempotent."""
    waiting = Correction.objects.filter(
        beside=variant_id, beside__state__in=rules.OUT, corrected_at=None
    )
    for correction in waiting.select_related("variant"):
        correction.variant = fresh(correction.variant)
        _done(correction)


@transaction.atomic
def prove_correction(correction: Correction, *, by: Member) -> None:
    """Somebody changed it by hand where we have no line. Raises ValidationError when nothing
    waits for that."""
    variant = fresh(correction.variant)
    allow(by, "post.publish", variant.institution_id)
    correction = Correction.objects.select_related("after").get(pk=correction.pk)
    if correction.how != How.BY_HAND or correction.corrected_at is not None:
        raise ValidationError(_("Nothing waits for this."))
    correction.variant = variant
    record(by=by, did="post.proved", on=variant.item, variant=variant.pk)
    _done(correction)


@transaction.atomic
def withdraw(item: Item, *, rule: str, citation: str, notice: str, by: Member) -> list[Withdrawal]:
    """Take a post away everywhere: a rule demands it, and a notice stays. Raises
    ValidationError."""
    item = lock(item)
    allow(by, "post.withdraw", item.institution)
    made = []
    standing = item.variants.filter(state__in=[State.PUBLISHED, State.CORRECTED])
    for variant in standing.select_related("account", "revision", "institution").order_by("pk"):
        variant.item = item
        withdrawal = Withdrawal(
            variant=variant, rule=rule, citation=citation.strip(), notice=notice.strip(), by=by,
            at=now(),
        )  # fmt: skip
        withdrawal.full_clean()
        withdrawal.save()
        move(
            variant, State.WITHDRAWN, by=by, did="post.withdrawn", reason=citation,
            next_look_at=None,
        )  # fmt: skip
        _take_back(withdrawal)
        made.append(withdrawal)
    if not made:
        raise ValidationError(_("Nothing of this post stands in public."))
    return made


@transaction.atomic
def note_retraction(dispatch_id: int) -> None:
    """The network took a post of ours away, or said no. Idempotent."""
    dispatch = Dispatch.objects.get(pk=dispatch_id)
    mine = Withdrawal.objects.filter(pk=dispatch.ref, taken_back_at=None)
    if dispatch.state == Dispatch.State.OUT:
        mine.update(taken_back_at=dispatch.settled_at or now(), note="")
    elif dispatch.state == Dispatch.State.REFUSED:
        mine.update(note=dispatch.note)


def _correct(
    variant: Variant, text: str, words: str, noticed_at: datetime, by: Member
) -> Correction:
    place, before, said = place_of(variant), variant.revision, dispatch_of(variant)
    if before is None or (variant.published_at and noticed_at < variant.published_at):
        raise ValidationError({"noticed_at": _("It was not published yet at this moment.")})
    _refuse_unfit(variant, place, text)
    after = revise(variant, text, by)
    approve_in_one_step(variant, by=by, words=words)
    correction = Correction(
        variant=variant, how=How.BY_HAND, words=words, before=before, after=after,
        noticed_at=noticed_at, asked_at=now(), by=by,
    )  # fmt: skip
    correction.full_clean()
    correction.save()
    record(by=by, did="post.correction_asked", on=variant.item, variant=variant.pk, reason=words)
    if place.account is None:
        correction.how = How.EDITED
        _done(correction)
    elif place.line is not None and said is not None:
        if place.can_edit and _edit(correction, said, text):
            return correction
        _post_beside(correction, by)
    return correction


def _edit(correction: Correction, said: Dispatch, text: str) -> bool:
    try:
        entrust_edit(said, text, key=f"fix:{correction.pk}", purpose=CORRECTION, ref=correction.pk)
    except CannotChange:
        return False
    correction.how = How.EDITED
    correction.save(update_fields=["how"])
    return True


def _post_beside(correction: Correction, by: Member) -> None:
    """Say what is right in a post of its own that names the one it is about."""
    variant = correction.variant
    item, account = variant.item, variant.account
    address = variant.url or _own_address(item)
    opening = OPENINGS.get(item.language, OPENINGS["ind"])
    text = rules.linked_words(opening, correction.words, address)
    beside = Item.objects.create(
        institution=item.institution,
        title=f"{opening.capitalize()}: {item.title}"[:160],
        purpose=Purpose.CORRECTION_DEBUNK,
        topic=item.topic,
        topic_code=item.topic_code,
        segment=item.segment,
        unit=item.unit,
        language=item.language,
        corrects=item,
        created_by=by,
        created_at=now(),
    )
    other = Variant.objects.create(institution=item.institution, item=beside, account=account)
    revise(other, text, by)
    _refuse_unfit(other, place_of(other), text)
    approve_in_one_step(other, by=by, words=correction.words)
    move(other, State.IN_REVIEW, by=by, did="post.submitted")
    moment = now()
    move(other, State.APPROVED, by=by, did="post.one_step", approved_at=moment)
    move(other, State.SCHEDULED, by=by, did="post.scheduled", at=moment)
    owe_review(beside)
    # The network goes on showing the old words: what is kept of it says so too.
    Variant.objects.filter(pk=variant.pk).update(revision=correction.before)
    correction.how, correction.beside = How.LINKED, other
    correction.save(update_fields=["how", "beside", "note"])


def _refuse_unfit(variant: Variant, place: Place, text: str) -> None:
    draft = draft_of(variant.item, place, text, but=variant)._replace(
        is_locked=True, has_humour=False
    )
    problems = [one for one in rules.blocking(draft, now().date()) if one.code in STILL_STOPS]
    if problems:
        raise Unready(problems, place.account.handle if place.account else _("Our own page"))


def _done(correction: Correction) -> None:
    variant = correction.variant
    correction.corrected_at = now()
    correction.save(update_fields=["how", "corrected_at"])
    if variant.state == State.PUBLISHED:
        move(variant, State.CORRECTED, by=SYSTEM, did="post.corrected")
    else:
        record(by=SYSTEM, did="post.corrected", on=variant.item, variant=variant.pk)
    announce(
        PostCorrected(variant.institution_id, variant.item_id, variant.pk, correction.pk),
        scope=variant.institution_id,
    )


def _take_back(withdrawal: Withdrawal) -> None:
    variant = withdrawal.variant
    place, said = place_of(variant), dispatch_of(variant)
    if place.account is None:
        withdrawal.taken_back_at = now()
    elif said is not None and place.can_retract:
        try:
            entrust_retraction(
                said, key=f"back:{withdrawal.pk}", purpose=RETRACTION, ref=withdrawal.pk
            )
        except CannotChange:
            withdrawal.note = _("Take it away by hand.")
    else:
        withdrawal.note = _("Take it away by hand.")
    withdrawal.save()


def _own_address(item: Item) -> str:
    own = item.variants.filter(account=None, state__in=rules.OUT).first()
    return f"{settings.BALAI_ADDRESS.rstrip('/')}{own.url}" if own else ""
