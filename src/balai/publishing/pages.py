"""What the pages of publishing show, gathered and put into words."""

import calendar as months
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from balai.channels.selectors import Delivery
from balai.governance.selectors import entries_of
from balai.ground.clock import now
from balai.people.models import Member
from balai.people.selectors import may
from balai.publishing import rules, selectors, steps, wording
from balai.publishing.forms import PictureForm, ReasonForm, WordsForm
from balai.publishing.models import Approval, Item, Variant

State = Variant.State
GROUPS: dict[str, tuple[str, ...]] = {
    "work": ("draft", "changes_requested"),
    "review": ("in_review",),
    "ready": ("approved", "held"),
    "planned": ("scheduled", "publishing"),
    "trouble": ("failed",),
    "out": ("published", "corrected", "archived"),
    "ended": ("withdrawn", "cancelled"),
}
OPEN = ("work", "review", "ready", "planned", "trouble")
FEED_SALT = "publishing.calendar"
SHOWN_OF_A_DAY = 40


class Card(NamedTuple):
    """One variant on the page of its item."""

    variant: Variant
    name: str
    look: str
    length: int
    limit: int
    counted: str
    problems: list[tuple[bool, str]]
    advice: list[str]
    approvals: list[Approval]
    needed: int
    pieces: list[rules.Piece]
    delivery: Delivery | None
    main: list[tuple[steps.Step, Any]]
    more: list[tuple[steps.Step, Any]]
    is_own_work: bool
    by_hand: bool
    can_look: bool


class Seen(NamedTuple):
    """Words for a place as they are typed: how long, what is wrong, what could be plainer."""

    name: str
    text: str
    length: int
    limit: int
    counted: str
    problems: list[tuple[bool, str]]
    advice: list[str]


def group_names() -> dict[str, str]:
    """The groups of the board in words."""
    return {
        "work": _("Being written"),
        "review": _("In review"),
        "ready": _("Approved or held"),
        "planned": _("On its way"),
        "trouble": _("Failed"),
        "out": _("Published"),
        "ended": _("Withdrawn or cancelled"),
    }


def board_page(member: Member, group: str, before: int) -> dict[str, Any]:
    """The variants of a group (empty: all that somebody still works on), newest first."""
    institution = member.institution
    group = group if group in GROUPS else ""
    wanted = [state for name in ([group] if group else OPEN) for state in GROUPS[name]]
    found = selectors.board(institution, wanted, before)
    counts = selectors.counts_by_state(institution)
    names = group_names()
    chips = [
        (code, names[code], n)
        for code, states in GROUPS.items()
        if (n := sum(counts.get(state, 0) for state in states))
    ]
    return {
        "rows": [row(variant) for variant in found[: selectors.PAGE_SIZE]],
        "older": found[-2].pk if len(found) > selectors.PAGE_SIZE else 0,
        "chips": chips,
        "group": group,
        "total": sum(counts.values()),
        "open": sum(n for code, _name, n in chips if code in OPEN),
        "hold": selectors.hold_of(institution),
        "may_hold": may(member, "post.hold", institution),
        "may_write": may(member, "post.write", institution, unit=member.unit_id),
        "reason_form": ReasonForm(auto_id="hold_%s"),
        "reviews": list(selectors.to_review_afterwards(institution)[:20]),
    }


def row(variant: Variant) -> dict[str, Any]:
    """One variant in a list."""
    return {
        "variant": variant,
        "name": name_of(variant),
        "look": wording.LOOKS[variant.state],
    }


def name_of(variant: Variant) -> str:
    """Where a variant speaks."""
    return variant.account.handle if variant.account else _("Our own page")


def calendar_page(member: Member, year: int, month: int) -> dict[str, Any]:
    """A month: a grid of days with counts, and below it what stands on each day."""
    zone = timezone.get_current_timezone()
    first = date(year, month, 1)
    after = date(year + month // 12, month % 12 + 1, 1)
    start = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(after, time(), tzinfo=zone)
    by_day: dict[date, list[dict[str, Any]]] = {}
    for variant in selectors.calendar_between(member.institution, start, end):
        if variant.at is not None:
            day = timezone.localtime(variant.at).date()
            by_day.setdefault(day, []).append(row(variant))
    weeks = [
        [(day, len(by_day.get(day, []))) if day.month == month else (None, 0) for day in week]
        for week in months.Calendar().monthdatescalendar(year, month)
    ]
    return {
        "first": first,
        "previous": first - timedelta(days=1),
        "next": after,
        "weeks": weeks,
        "today": timezone.localtime(now()).date(),
        "days": [
            (day, rows[:SHOWN_OF_A_DAY], max(len(rows) - SHOWN_OF_A_DAY, 0))
            for day, rows in sorted(by_day.items())
        ],
        "feed_token": signing.dumps(member.pk, salt=FEED_SALT),
    }


def item_page(member: Member, item: Item, **shown: Any) -> dict[str, Any]:
    """One item: what each account says of it, what may be done, and what was done."""
    variants = list(item.variants.select_related("account", "revision", "proved_by").order_by("pk"))
    sent = selectors.deliveries_of(variants)
    for variant in variants:
        variant.item = item
    cards = [card(member, variant, sent.get(variant.pk)) for variant in variants]
    here = item.institution_id

    def right(action: str) -> bool:
        return may(member, action, here, unit=item.unit_id, owner=item.created_by_id)

    states = {variant.state for variant in variants}
    stands = bool(states & {"published", "corrected"})
    waits_for_review = item.review_due_at is not None and item.reviewed_at is None
    return {
        "item": item,
        "cards": [one for one in cards if one.variant.state != State.CANCELLED],
        "dropped": [one for one in cards if one.variant.state == State.CANCELLED],
        "pictures": list(item.pictures.filter(dropped_at=None)),
        "facts": list(item.facts.select_related("owner")),
        "corrections": list(
            selectors.corrections_in_public(item.institution).filter(variant__item=item)
        ),
        "remarks": _remarks(item),
        "deeds": _deeds(item),
        "may_write": right("post.write") and any(map(rules.may_be_edited, states)),
        "may_submit": right("post.write") and bool(states & {"draft", "changes_requested"}),
        "may_skip": right("post.hold") and rules.may_skip_approval(item.purpose)
        and bool(states & {"draft", "in_review", "changes_requested"}),
        "may_correct": stands and right("post.correct"),
        "may_withdraw": stands and right("post.withdraw"),
        "waits_for_review": waits_for_review,
        "may_review": waits_for_review and right("post.approve"),
        "picture_form": PictureForm(auto_id="p_%s"),
        "skip_form": ReasonForm(auto_id="skip_%s"),
        "review_form": WordsForm(auto_id="review_%s"),
        "hold": selectors.hold_of(here),
        **shown,
    }  # fmt: skip


def card(member: Member, variant: Variant, delivery: Delivery | None) -> Card:
    """A variant with everything that a person wants to know before the next step."""
    place = selectors.place_of(variant)
    text = variant.revision.text if variant.revision else ""
    item = variant.item
    waits = rules.may_be_edited(variant.state)
    problems = selectors.objections(variant) if waits else []
    dispatch = delivery.dispatch if delivery else None
    offered = [
        (step, step.make_form(variant))
        for step in steps.STEPS
        if step.is_open_to(member, variant, dispatch)
    ]
    said = Approval.objects.filter(revision=variant.revision).select_related("member")
    return Card(
        variant=variant,
        name=name_of(variant),
        look=wording.LOOKS[variant.state],
        length=place.length(text),
        limit=place.limits.text,
        counted=str(wording.COUNTED.get(place.limits.counted_in, place.limits.counted_in)),
        problems=[(one.stops, wording.problem_words(one)) for one in problems],
        advice=advice_words(text, item.language) if waits else [],
        approvals=list(said),
        needed=rules.approvals_needed(is_sensitive=item.is_sensitive, has_humour=item.has_humour),
        pieces=changes_since(variant),
        delivery=delivery,
        main=[pair for pair in offered if pair[0].is_main],
        more=[pair for pair in offered if not pair[0].is_main],
        is_own_work=variant.state == State.IN_REVIEW and member.pk in selectors.authors_of(variant),
        by_hand=variant.state == State.PUBLISHING and dispatch is None,
        can_look=place.can_look,
    )


def changes_since(variant: Variant) -> list[rules.Piece]:
    """What is other than in the last version that somebody judged, else than in the one before."""
    if variant.revision is None:
        return []
    older = variant.revisions.exclude(pk=variant.revision.pk).order_by("-number")
    before = older.filter(approvals__isnull=False).first() or older.first()
    if before is None or before.text == variant.revision.text:
        return []
    return rules.compared(before.text, variant.revision.text)


def looked_at(
    item: Item, places: Iterable[selectors.Place], texts: Mapping[int, str]
) -> list[Seen]:
    """Words as they are typed, judged as they would be when they are given to review.

    `item` may be one that nobody has kept yet.
    """
    found = []
    for place in places:
        text = texts.get(place.key, "").strip()
        if not text:
            continue
        problems = selectors.glance(item, place, text)
        found.append(
            Seen(
                name=place.account.handle if place.account else _("Our own page"),
                text=text,
                length=place.length(text),
                limit=place.limits.text,
                counted=str(wording.COUNTED.get(place.limits.counted_in, "")),
                problems=[(one.stops, wording.problem_words(one)) for one in problems],
                advice=advice_words(text, item.language),
            )
        )
    return found


def advice_words(text: str, language: str) -> list[str]:
    """What could be plainer, in sentences."""
    return [
        str(wording.ADVICE[one.rule]) % {"words": one.words, "instead": one.instead}
        for one in selectors.plain_advice(text, language)
        if one.rule in wording.ADVICE
    ]


def _remarks(item: Item) -> list[Any]:
    return [
        remark
        for variant in item.variants.all()
        for revision in variant.revisions.prefetch_related("remarks__member")
        for remark in revision.remarks.all()
    ]


def _deeds(item: Item) -> list[dict[str, Any]]:
    entries = list(entries_of(item))
    ids = [int(who[7:]) for who in {e.actor for e in entries} if who.startswith("member:")]
    names = dict(Member.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {
            "words": wording.DEEDS.get(entry.did, entry.did),
            "at": entry.at,
            "by": names.get(int(entry.actor[7:])) if entry.actor[7:].isdigit() else _("the system"),
            "reason": entry.reason,
            "mark": str(entry.facts.get("sha256", ""))[:12],
        }
        for entry in entries
    ]
