"""From the first words of an item to words that can be reviewed. Every change makes a revision."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.people.models import Institution, Member
from balai.people.services import allow
from balai.publishing import rules
from balai.publishing.models import Fact, Item, Picture, Revision, Variant
from balai.publishing.pictures import draw
from balai.publishing.selectors import places_of
from balai.publishing.services.moving import lock, move
from balai.publishing.wording import problem_words

State = Variant.State
MOST_PICTURES = 10


class Stated(NamedTuple):
    """A statement with its source."""

    statement: str
    source: str
    url: str = ""
    owner: Member | None = None
    valid_until: date | None = None


class Unready(ValidationError):
    """A variant cannot leave so; `problems` are all of them."""

    def __init__(self, problems: Sequence[rules.Problem], where: str = "") -> None:
        self.problems = list(problems)
        words = [problem_words(problem) for problem in problems]
        super().__init__([f"{where}: {said}" if where else said for said in words])


@transaction.atomic
def write_item(
    *,
    institution: Institution,
    title: str,
    texts: Mapping[int, str],
    by: Member,
    facts: Sequence[Stated] = (),
    **about: Any,
) -> Item:
    """Begin an item; `texts` are the words for each account, and those of our own page under 0.

    `about`: purpose, topic, segment, objective, unit, language, is_sensitive, has_humour, corrects.
    Raises ValidationError.
    """
    unit = about.get("unit")
    allow(by, "post.write", institution, unit=unit or by.unit)
    item = Item(institution=institution, title=title, created_by=by, created_at=now())
    _describe(item, about)
    _state(item, facts, by)
    record(by=by, did="post.written", on=item)
    _say(item, texts, by)
    return item


@transaction.atomic
def rewrite_item(
    item: Item,
    *,
    texts: Mapping[int, str],
    by: Member,
    facts: Sequence[Stated] | None = None,
    **about: Any,
) -> Item:
    """Change an item and its words; whoever approved other words approved nothing of these.

    What is on its way or out keeps its words. Accounts without words fall out. `facts` None: the
    facts stay. Raises ValidationError.
    """
    item = lock(item)
    allow_writing(item, by)
    _describe(item, about)
    if facts is not None:
        _state(item, facts, by)
    record(by=by, did="post.rewritten", on=item)
    _say(item, texts, by)
    return item


@transaction.atomic
def add_picture(item: Item, *, body: bytes, alt: str, by: Member, licence: str = "") -> Picture:
    """Add a picture, drawn anew. Raises ValidationError."""
    item = lock(item)
    allow_writing(item, by)
    if item.pictures.filter(dropped_at=None).count() >= MOST_PICTURES:
        raise ValidationError(_("Ten pictures are enough for one post."))
    drawn = draw(body)
    picture = Picture(
        item=item,
        body=drawn.body,
        mime=drawn.mime,
        width=drawn.width,
        height=drawn.height,
        sha256=drawn.sha256,
        alt=alt.strip(),
        licence=licence.strip(),
        added_at=now(),
    )
    picture.full_clean(exclude=["body"])
    picture.save()
    record(by=by, did="post.picture_added", on=item, sha256=drawn.sha256)
    revise_all(item, by)
    return picture


@transaction.atomic
def describe_pictures(item: Item, descriptions: Mapping[int, str], *, by: Member) -> None:
    """Say what pictures show, for those who do not see them."""
    item = lock(item)
    allow_writing(item, by)
    for picture in item.pictures.filter(pk__in=list(descriptions), dropped_at=None):
        picture.alt = descriptions[picture.pk].strip()
        picture.full_clean(exclude=["body"])
        picture.save(update_fields=["alt"])
    revise_all(item, by)


@transaction.atomic
def drop_picture(picture: Picture, *, by: Member) -> None:
    """Leave a picture out from now on; what was sent with it keeps it."""
    item = lock(picture.item_id)
    allow_writing(item, by)
    Picture.objects.filter(pk=picture.pk, dropped_at=None).update(dropped_at=now())
    record(by=by, did="post.picture_dropped", on=item, sha256=picture.sha256)
    revise_all(item, by)


def allow_writing(item: Item, by: Member) -> None:
    """Raise NotAllowed unless `by` may write this item."""
    unit = item.unit or item.created_by.unit
    allow(by, "post.write", item.institution, unit=unit, owner=item.created_by)


def revise_all(item: Item, by: Member) -> None:
    """Give every variant whose bytes are others now a revision; it is a draft again."""
    for variant in item.variants.select_related("account", "revision"):
        variant.item = item
        if variant.revision is not None and rules.may_be_edited(variant.state):
            revise(variant, variant.revision.text, by)


def revise(variant: Variant, text: str, by: Member) -> Revision:
    """Keep the bytes that a variant has now. What was approved before is approved no more."""
    body, mark = rules.fingerprint(content_of(variant, text))
    if variant.revision is not None and variant.revision.sha256 == mark:
        return variant.revision
    last = variant.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision = Revision.objects.create(
        variant=variant,
        number=last + 1,
        body=body.decode(),
        sha256=mark,
        text=text,
        author=by,
        written_at=now(),
    )
    variant.revision = revision
    Variant.objects.filter(pk=variant.pk).update(revision=revision)
    if variant.state not in (State.DRAFT, State.CHANGES_REQUESTED) and rules.may_be_edited(
        variant.state
    ):
        move(variant, State.DRAFT, by=by, did="post.rewritten", approved_at=None, at=None)
    return revision


def content_of(variant: Variant, text: str) -> dict[str, Any]:
    """Everything that an approver says yes to: text, pictures, account, facts, what it is for."""
    item, account = variant.item, variant.account
    return {
        "account": {
            "id": variant.account_id or 0,
            "channel": account.channel if account else "own",
            "handle": account.handle if account else "",
        },
        "text": text,
        "title": item.title,
        "language": item.language,
        "purpose": item.purpose,
        "topic": item.topic,
        "segment": item.segment,
        "objective": item.objective_id or 0,
        "sensitive": item.is_sensitive,
        "humour": item.has_humour,
        "pictures": [
            {"sha256": one.sha256, "alt": one.alt, "mime": one.mime}
            for one in item.pictures.filter(dropped_at=None)
        ],
        "facts": [
            {"statement": one.statement, "source": one.source, "url": one.url}
            for one in item.facts.all()
        ],
    }


def _describe(item: Item, about: Mapping[str, Any]) -> None:
    for name, value in about.items():
        setattr(item, name, value)
    here = item.institution_id
    objective, unit, corrects = item.objective, item.unit, item.corrects
    if objective is not None and objective.institution_id != here:
        raise ValidationError({"objective": _("Choose an objective of this institution.")})
    if unit is not None and (unit.institution_id != here or unit.dissolved_on):
        raise ValidationError({"unit": _("Choose a unit that is at work in this institution.")})
    if corrects is not None and corrects.institution_id != here:
        raise ValidationError(_("Only posts of this institution can be corrected here."))
    item.topic_code = slugify(item.topic)[:80]
    item.full_clean()
    item.save()


def _state(item: Item, facts: Sequence[Stated], by: Member) -> None:
    item.facts.all().delete()
    for stated in facts:
        fact = Fact(
            item=item,
            statement=stated.statement,
            source=stated.source,
            url=stated.url,
            owner=stated.owner or by,
            valid_until=stated.valid_until,
        )
        if not stated.source.strip():
            raise ValidationError(
                _("Say where it stands: “%(statement)s”.") % {"statement": stated.statement}
            )
        fact.full_clean()
        fact.save()


def _say(item: Item, texts: Mapping[int, str], by: Member) -> None:
    places = {place.key: place for place in places_of(item.institution_id)}
    known = {
        variant.account_id or 0: variant
        for variant in item.variants.select_related("account", "revision")
    }
    wanted = {key: _clean(text) for key, text in texts.items()}
    for key, text in wanted.items():
        variant = known.get(key)
        if not text:
            continue
        if variant is None:
            if key not in places:
                raise ValidationError(_("Choose accounts of this institution that may speak."))
            variant = Variant.objects.create(
                institution_id=item.institution_id, item=item, account=places[key].account
            )
        variant.item = item
        if variant.state == State.CANCELLED:
            move(variant, State.DRAFT, by=by, did="post.rewritten")
        if rules.may_be_edited(variant.state):
            revise(variant, text, by)
    for key, variant in known.items():
        variant.item = item
        if not wanted.get(key) and rules.may_be_edited(variant.state):
            move(variant, State.CANCELLED, by=by, did="post.cancelled", at=None, approved_at=None)
    revise_all(item, by)
    if not item.variants.exclude(state=State.CANCELLED).exists():
        raise ValidationError(_("Write words for one place at least."))


def _clean(text: str) -> str:
    """The words without control signs: no network shows them, and no feed may hold them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or ord(sign) >= 32).strip()
