"""Review: by somebody who did not write it, of the very bytes that leave."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Member
from balai.people.services import allow, refuse_same_person
from balai.publishing import rules
from balai.publishing.models import Approval, Item, Remark, Variant
from balai.publishing.selectors import authors_of, objections, place_of
from balai.publishing.services.moving import CannotMove, fresh, lock, move
from balai.publishing.services.writing import Unready, allow_writing

State, Kind = Variant.State, Approval.Kind


class ChangedMeanwhile(ValidationError):
    """The words that somebody judges are not those that stand there now."""

    def __init__(self) -> None:
        super().__init__(_("The post was changed meanwhile. Read it again."))


@transaction.atomic
def submit(item: Item, *, by: Member) -> list[Variant]:
    """Give every draft of an item to review. Raises Unready with all problems of all of them."""
    item = lock(item)
    allow_writing(item, by)
    drafts = _ready(item, [State.DRAFT, State.CHANGES_REQUESTED])
    for variant in drafts:
        move(variant, State.IN_REVIEW, by=by, did="post.submitted")
    return drafts


@transaction.atomic
def approve(variant: Variant, *, mark: str, by: Member, words: str = "") -> Variant:
    """Say yes to the bytes with this fingerprint. The last voice that is needed approves it.

    Raises NotAllowed for whoever wrote any of it, ChangedMeanwhile, Unready, CannotMove.
    """
    variant = _judged(variant, mark, by)
    problems = [problem for problem in objections(variant) if problem.stops]
    if problems:
        raise Unready(problems)
    _say(variant, Kind.YES, by, words)
    item = variant.item
    needed = rules.approvals_needed(is_sensitive=item.is_sensitive, has_humour=item.has_humour)
    after = rules.verdict(_voices(variant), mark, authors_of(variant), needed)
    if after == State.APPROVED:
        return move(variant, after, by=by, did="post.approved", reason=words, approved_at=now())
    record(by=by, did="post.approved", on=item, reason=words, variant=variant.pk, sha256=mark)
    return variant


@transaction.atomic
def send_back(variant: Variant, *, mark: str, words: str, by: Member) -> Variant:
    """Ask for changes, and say which. Raises ChangedMeanwhile, CannotMove."""
    if not words.strip():
        raise ValidationError({"words": _("Say what must change.")})
    variant = _judged(variant, mark, by, may_be_author=True)
    _say(variant, Kind.CHANGES, by, words)
    return move(variant, State.CHANGES_REQUESTED, by=by, did="post.sent_back", reason=words)


@transaction.atomic
def remark(variant: Variant, *, words: str, by: Member, quote: str = "") -> Remark:
    """Comment on the words as they stand, pinned to those that it is about."""
    variant = fresh(variant)
    allow(by, "post.view", variant.institution_id)
    if variant.revision is None or (quote and quote not in variant.revision.text):
        raise ValidationError({"quote": _("These words do not stand there (any more).")})
    said = Remark(revision=variant.revision, quote=quote, words=words.strip(), member=by, at=now())
    said.full_clean()
    said.save()
    record(by=by, did="post.remarked", on=variant.item, variant=variant.pk)
    return said


@transaction.atomic
def review_afterwards(item: Item, *, words: str, by: Member) -> None:
    """Read what left in one step, as a second person, and say what you found. Raises
    ValidationError when nothing waits for that."""
    item = lock(item)
    allow(by, "post.approve", item.institution)
    if item.review_due_at is None or item.reviewed_at is not None:
        raise ValidationError(_("Nobody waits for this review."))
    if not words.strip():
        raise ValidationError({"words": _("Say what you found.")})
    for approval in Approval.objects.filter(revision__variant__item=item, kind=Kind.ONE_STEP):
        refuse_same_person(approval.member_id, by, ("author", "approver"))
    for variant in item.variants.select_related("revision").filter(revision__isnull=False):
        variant.item = item
        if variant.state in (*rules.OUT, State.PUBLISHING, State.WITHDRAWN):
            _say(variant, Kind.AFTERWARDS, by, words)
    item.reviewed_at = now()
    item.save(update_fields=["reviewed_at"])
    record(by=by, did="post.reviewed", on=item, reason=words)


def approve_in_one_step(variant: Variant, *, by: Member, words: str) -> None:
    """Write down that one person took the whole way, because it could not wait."""
    _say(variant, Kind.ONE_STEP, by, words)


def ready_drafts(item: Item) -> Sequence[Variant]:
    """The drafts of a locked item, when all are fit to leave. Raises Unready."""
    return _ready(item, [State.DRAFT, State.CHANGES_REQUESTED, State.IN_REVIEW])


def _ready(item: Item, states: Sequence[str]) -> list[Variant]:
    found = item.variants.filter(state__in=states).select_related("account", "revision")
    drafts = list(found.order_by("pk"))
    if not drafts:
        raise ValidationError(_("There is no draft that could go on."))
    troubles: list[Unready] = []
    for variant in drafts:
        variant.item = item
        if problems := [problem for problem in objections(variant) if problem.stops]:
            account = place_of(variant).account
            troubles.append(Unready(problems, account.handle if account else _("Our own page")))
    if troubles:
        everything = Unready([])
        everything.error_list = [one for trouble in troubles for one in trouble.error_list]
        everything.problems = [one for trouble in troubles for one in trouble.problems]
        raise everything
    return drafts


def _judged(variant: Variant, mark: str, by: Member, *, may_be_author: bool = False) -> Variant:
    variant = fresh(variant)
    allow(by, "post.approve", variant.institution_id, unit=variant.item.unit)
    if variant.state != State.IN_REVIEW:
        raise CannotMove(variant.state, State.APPROVED)
    if variant.revision is None or variant.revision.sha256 != mark:
        raise ChangedMeanwhile
    if not may_be_author:
        for author in authors_of(variant):
            refuse_same_person(author, by, ("author", "approver"))
    return variant


def _say(variant: Variant, kind: str, by: Member, words: str) -> Approval:
    revision = variant.revision
    if revision is None:
        raise ChangedMeanwhile
    approval = Approval(
        revision=revision,
        sha256=revision.sha256,
        kind=kind,
        member=by,
        author_id=revision.author_id,
        words=words.strip(),
        at=now(),
    )
    approval.full_clean()
    approval.save()
    return approval


def _voices(variant: Variant) -> list[rules.Voice]:
    """What was said of the present words. An older "no" on the same words was answered by giving
    them to review again, so the newest word of each person counts."""
    said = Approval.objects.filter(revision=variant.revision, kind__in=[Kind.YES, Kind.CHANGES])
    return [rules.Voice(a.member_id, a.sha256, a.kind == Kind.YES) for a in said.order_by("pk")]
