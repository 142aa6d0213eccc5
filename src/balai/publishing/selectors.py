"""Reads: items and variants, the board, the calendar, what a variant lacks, what is public."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from balai.channels.contract import Can
from balai.channels.models import Connection
from balai.channels.selectors import Delivery, deliveries, lines_for_posts, promises, text_length
from balai.ground.clock import now
from balai.library.selectors import Advice, advice, humour
from balai.people.models import Institution
from balai.publishing import rules
from balai.publishing.models import Correction, Hold, Item, Objective, Revision, Variant, Withdrawal
from balai.registry.models import OfficialAccount
from balai.registry.selectors import accounts_of
from balai.understanding.reading import read

POST = "publishing.post"  # the purpose of our dispatches; `ref` is the variant
CORRECTION = "publishing.correction"  # `ref` is the correction
RETRACTION = "publishing.retraction"  # `ref` is the withdrawal

State = Variant.State
SPEAKING = ("verified", "active", "dormant", "restored")  # accounts that are surely ours
TWINS_WITHIN = timedelta(days=30)
NO_LIMITS = rules.Limits()
PAGE_SIZE = 50


class Place(NamedTuple):
    """Where something can be said: an account with its line (None: by hand), or our own page."""

    account: OfficialAccount | None
    line: Connection | None
    limits: rules.Limits
    can_edit: bool = False
    can_retract: bool = False
    can_look: bool = False

    @property
    def key(self) -> int:
        """The account's number; 0 is our own page."""
        return self.account.pk if self.account else 0

    def length(self, text: str) -> int:
        """How the network counts; plain characters where there is no line."""
        return text_length(self.line, text) if self.line else len(text)


def places_of(institution: Institution | int) -> list[Place]:
    """Our own page first, then every account that may speak, by channel and handle."""
    lines = lines_for_posts(institution)
    accounts = accounts_of(institution, with_retired=False).filter(state__in=SPEAKING)
    return [_own_page(), *(_place(account, lines.get(account.pk)) for account in accounts)]


def place_of(variant: Variant) -> Place:
    """Where a variant stands, also when its account no longer speaks."""
    if variant.account is None:
        return _own_page()
    lines = lines_for_posts(variant.institution_id)
    return _place(variant.account, lines.get(variant.account_id or 0))


def variants_of(institution: Institution | int) -> QuerySet[Variant]:
    """The institution's variants with what a list shows of them."""
    number = institution if isinstance(institution, int) else institution.pk
    return Variant.objects.filter(institution=number).select_related("item", "account", "revision")


def items_of(institution: Institution | int) -> QuerySet[Item]:
    """The institution's items."""
    number = institution if isinstance(institution, int) else institution.pk
    return Item.objects.filter(institution=number).select_related(
        "objective", "unit", "created_by", "institution", "corrects"
    )


def objectives_of(institution: Institution | int) -> QuerySet[Objective]:
    """What communication shall change, the nearest first."""
    number = institution if isinstance(institution, int) else institution.pk
    found = Objective.objects.filter(institution=number).select_related("owner")
    return found.annotate(posts=Count("items")).order_by("due_on", "pk")


def counts_by_state(institution: Institution) -> dict[str, int]:
    """How many variants stand in each state."""
    rows = Variant.objects.filter(institution=institution).values_list("state")
    return dict(rows.annotate(Count("pk")).order_by())


def board(institution: Institution, states: Collection[str], before: int = 0) -> list[Variant]:
    """One page of the board, newest first, by key; one more than PAGE_SIZE when there are more."""
    found = variants_of(institution).filter(state__in=list(states))
    if before:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[: PAGE_SIZE + 1])


def calendar_between(
    institution: Institution, first: datetime, last: datetime, limit: int = 1000
) -> list[Variant]:
    """What stands in the calendar from `first` on and before `last`, in order."""
    found = variants_of(institution).filter(at__gte=first, at__lt=last)
    return list(found.exclude(state=State.CANCELLED).order_by("at", "pk")[:limit])


def hold_of(institution: Institution | int) -> Hold | None:
    """The hold that is on, if any."""
    return Hold.objects.filter(institution=institution, ended_at=None).first()


def to_review_afterwards(institution: Institution) -> QuerySet[Item]:
    """What left in one step and nobody else has read yet, the most urgent first."""
    waiting = items_of(institution).filter(review_due_at__isnull=False, reviewed_at=None)
    return waiting.order_by("review_due_at")


def objections(variant: Variant, *, text: str | None = None) -> list[rules.Problem]:
    """All that is wrong with a variant, then what a person should look at."""
    draft = draft_of(variant.item, place_of(variant), text or _text(variant), but=variant)
    return [*rules.blocking(draft, now().date()), *rules.cautions(draft), *crowded(variant)]


def glance(item: Item, place: Place, text: str) -> list[rules.Problem]:
    """What is wrong with words that are being typed for an item that may not be kept yet."""
    draft = draft_of(item, place, text)
    return [*rules.blocking(draft, now().date()), *rules.cautions(draft)]


def draft_of(item: Item, place: Place, text: str, *, but: Variant | None = None) -> rules.Draft:
    """What the rules judge of some words for a place."""
    is_kept = item.pk is not None
    shown = list(item.pictures.filter(dropped_at=None)) if is_kept else []
    facts = list(item.facts.all()) if is_kept else []
    hold = hold_of(item.institution_id)
    return rules.Draft(
        text=text,
        length=place.length(text),
        limits=place.limits,
        purpose=item.purpose,
        segment=item.segment,
        has_objective=item.objective_id is not None,
        pictures=[rules.Picture(one.alt, len(one.body)) for one in shown],
        facts=[rules.Fact(f.statement, f.source, f.valid_until) for f in facts],
        humour=humour(text),
        has_humour=item.has_humour,
        is_locked=hold is not None and hold.locks_humour,
        personal=sorted({span.kind for span in read([text])[0].personal_data}),
        same_words_on=_said_before(item, place, text, but),
    )


def crowded(variant: Variant) -> list[rules.Problem]:
    """Other posts that leave on the same account within the hour."""
    if variant.at is None or variant.account_id is None:
        return []
    hour = timedelta(hours=1)
    near = variants_of(variant.institution_id).filter(
        account=variant.account_id,
        at__gt=variant.at - hour,
        at__lt=variant.at + hour,
        state__in=[State.SCHEDULED, State.PUBLISHING, State.PUBLISHED],
    )
    return [
        rules.Problem("same_hour", False, (("title", other.item.title),))
        for other in near.exclude(pk=variant.pk)[:3]
        if other.at is not None and rules.same_hour(other.at, variant.at)
    ]


def plain_advice(text: str, language: str) -> list[Advice]:
    """What could be plainer; a post greets nobody."""
    return [one for one in advice(text, language) if one.rule != "no_greeting"]


def deliveries_of(variants: Iterable[Variant]) -> dict[int, Delivery]:
    """How the variants are doing on their way, by variant."""
    return dict(deliveries(POST, [variant.pk for variant in variants]))


def public_posts(institution: Institution, topic: str = "") -> QuerySet[Variant]:
    """Our own pages that everybody may read, newest first."""
    found = variants_of(institution).filter(account=None, state__in=rules.OUT)
    if topic:
        found = found.filter(item__topic_code=topic)
    return found.order_by("-published_at", "-pk")


def topics_of(institution: Institution) -> list[tuple[str, str]]:
    """The topics of public posts: code and name."""
    rows = public_posts(institution).exclude(item__topic_code="").order_by("item__topic_code")
    return list(dict(rows.values_list("item__topic_code", "item__topic")).items())


def places_elsewhere(item: Item) -> list[Variant]:
    """Where else an item stands in public."""
    found = item.variants.filter(account__isnull=False, state__in=rules.OUT).exclude(url="")
    return list(found.select_related("account").order_by("pk"))


def corrections_in_public(institution: Institution) -> QuerySet[Correction]:
    """Every correction of what was public, newest first; also those under way."""
    found = Correction.objects.filter(variant__institution=institution)
    related = ("variant__item", "variant__account", "before", "after", "beside")
    return found.select_related(*related).order_by("-noticed_at", "-pk")


def withdrawals_in_public(institution: Institution) -> QuerySet[Withdrawal]:
    """Every post that was taken away, newest first."""
    found = Withdrawal.objects.filter(variant__institution=institution)
    return found.select_related("variant__item", "variant__account").order_by("-at")


def due_variants(limit: int) -> list[Variant]:
    """What shall leave by now, the oldest first."""
    due = Variant.objects.filter(state=State.SCHEDULED, at__lte=now())
    return list(due.order_by("at", "pk")[:limit])


def authors_of(variant: Variant) -> set[int]:
    """Whoever wrote any of the words, and whoever began the item."""
    wrote = Revision.objects.filter(variant=variant).values_list("author", flat=True)
    return {variant.item.created_by_id, *wrote}


def _own_page() -> Place:
    return Place(None, None, NO_LIMITS, can_edit=True, can_retract=True, can_look=False)


def _place(account: OfficialAccount, line: Connection | None) -> Place:
    if line is None:
        return Place(account, None, NO_LIMITS)
    known = promises(line)
    limits = rules.Limits(
        text=known.limits.text,
        counted_in=known.limits.counted_in,
        text_bytes=known.limits.text_bytes,
        pictures=known.limits.pictures,
        picture_bytes=known.limits.picture_bytes,
        alt_text=known.limits.alt_text,
        takes_pictures=Can.PICTURES in known.can,
    )
    return Place(
        account,
        line,
        limits,
        Can.EDIT in known.can,
        Can.RETRACT in known.can,
        Can.PROBE in known.can,
    )


def _text(variant: Variant) -> str:
    return variant.revision.text if variant.revision else ""


def _said_before(item: Item, place: Place, text: str, but: Variant | None) -> date | None:
    said = Variant.objects.filter(
        Q(state__in=rules.OUT) | Q(state__in=[State.SCHEDULED, State.PUBLISHING]),
        institution=item.institution_id,
        account=place.account,
        at__gte=now() - TWINS_WITHIN,
    ).select_related("revision")
    if but is not None:
        said = said.exclude(pk=but.pk)
    if item.pk is not None:
        said = said.exclude(item=item)
    for other in said.order_by("-at")[:200]:
        if other.at and rules.is_twin(_text(other), text):
            return other.at.date()
    return None
