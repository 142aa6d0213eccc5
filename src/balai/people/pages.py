"""What the pages of people show, gathered and put into words."""

from typing import Any

from django.db.models import Count, Prefetch, Q

from balai.ground.clock import now
from balai.people.models import Delegation, Grant, Mandate, Member, Role, Unit
from balai.people.selectors import current_members, may, may_somewhere, memberships_of

LABELS = dict(Role.choices)


def members_page(reader: Member, wanted: str, *, with_left: bool) -> dict[str, Any]:
    """Who works here with which roles; on demand also who left."""
    found = current_members(reader.institution)
    if with_left:
        found = (
            Member.objects.filter(institution=reader.institution, left_at__isnull=False)
            .select_related("unit")
            .order_by("name", "id")
        )
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(user__email__icontains=wanted))
    members = list(found.select_related("user"))
    roles: dict[int, list[str]] = {}
    for grant in Grant.objects.filter(member__in=members, ended_at=None).order_by("role"):
        roles.setdefault(grant.member_id, []).append(str(LABELS[grant.role]))
    rows = [{"member": one, "roles": sorted(set(roles.get(one.pk, [])))} for one in members]
    return {"rows": rows, "wanted": wanted, "with_left": with_left}


def member_page(reader: Member, member: Member) -> dict[str, Any]:
    """One person at work: roles held, lent and borrowed, and what the reader may change."""
    manages = may(reader, "member.manage", member.institution_id, unit=member.unit_id)
    live = Q(revoked_at=None, ends_at__gt=now())
    lent = Delegation.objects.filter(live, lender=member).select_related("deputy")
    borrowed = Delegation.objects.filter(live, deputy=member).select_related("lender")
    grants = member.grants.filter(ended_at=None).select_related("unit").order_by("role", "unit")
    return {
        "member": member,
        "grants": grants,
        "past": member.grants.exclude(ended_at=None).select_related("unit").order_by("-ended_at"),
        "lent": lent.order_by("starts_at"),
        "borrowed": borrowed.order_by("starts_at"),
        "is_self": reader == member,
        "manages": manages and member.left_at is None,
        "may_lend": member.left_at is None and (manages or reader == member) and grants.exists(),
        "may_revoke": manages or reader == member,
    }


def institution_page(reader: Member) -> dict[str, Any]:
    """The institution, where else the reader works, and what is entrusted to whom."""
    ours, shown = reader.institution, Q(revoked_at=None, ends_at__gt=now())
    with_officers = Prefetch("officers", Member.objects.filter(left_at=None), "at_work")
    mandates = Mandate.objects.filter(shown).prefetch_related(with_officers).order_by("ends_at")
    return {
        "institution": ours,
        "others": memberships_of(reader.user).exclude(institution=ours),
        "given": mandates.filter(giver=ours).select_related("holder"),
        "held": mandates.filter(holder=ours).select_related("giver"),
        "manages": may(reader, "member.manage", ours),
    }


def units_page(reader: Member) -> dict[str, Any]:
    """The tree of units with the people in each; dissolved ones apart."""
    at_work = Count("members", filter=Q(members__left_at=None))
    units = list(reader.institution.units.annotate(people=at_work).order_by("name"))
    return {
        "tree": _branch(None, [unit for unit in units if unit.dissolved_on is None]),
        "manages": may_somewhere(reader, "member.manage", reader.institution_id),
        "dissolved": [unit for unit in units if unit.dissolved_on is not None],
    }


def _branch(parent: int | None, units: list[Unit]) -> list[dict[str, Any]]:
    here = [unit for unit in units if unit.parent_id == parent]
    return [{"unit": unit, "below": _branch(unit.pk, units)} for unit in here]
