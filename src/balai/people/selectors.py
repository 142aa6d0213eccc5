"""Reads: who somebody is here, what they hold, and whether they may do a thing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING

from django.db.models import Case, F, Q, QuerySet, When

from balai.ground.clock import now
from balai.people import rules
from balai.people.access_key import AccessKey
from balai.people.models import Grant, Institution, Member, Unit
from balai.people.rules import DESK, OPERATOR, RULE, SYSTEM, Held, Scope, System

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from balai.people.models import User

Actor = Member | System

__all__ = [
    "DESK",
    "OPERATOR",
    "RULE",
    "SYSTEM",
    "Actor",
    "Held",
    "Reach",
    "System",
    "acting_by",
    "current_members",
    "hash_of_secret",
    "held_by",
    "key_of_token",
    "keys_of",
    "living_mandate",
    "may",
    "may_somewhere",
    "member_of",
    "members_holding",
    "memberships_of",
    "reach_of",
    "roles_of",
    "standing",
    "units_under",
]


@dataclass(frozen=True)
class Reach:
    """Where somebody may do a thing: everywhere in the institution, or only in these units."""

    everywhere: bool
    unit_ids: frozenset[int] = frozenset()
    own_objects: bool = False  # besides, what carries the member's own name

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.unit_ids) or self.own_objects


def roles_of(member: Member, at: datetime | None = None) -> list[Held]:
    """What the member holds at a moment (now): own grants first, then what others lend.

    A lent role is worth what the lender holds at that moment; what is borrowed is not lent on. A
    membership under a mandate is worth something while the mandate lives. One query.
    """
    at = at or now()
    lent = Q(
        member__lent__deputy=member,
        member__lent__role=F("role"),
        member__lent__starts_at__lte=at,
        member__lent__ends_at__gt=at,
    ) & (Q(member__lent__revoked_at=None) | Q(member__lent__revoked_at__gt=at))
    rows = (
        Grant.objects.filter(Q(granted_at__lte=at), Q(ended_at=None) | Q(ended_at__gt=at))
        .filter(Q(member__left_at=None) | Q(member__left_at__gt=at))
        .filter(Q(member=member) | lent)
        .filter(Q(member__mandate=None) | living_mandate(at, "member__mandate__"))
        .values_list("role", "unit_id", "member__unit_id", "member_id")
        .distinct()
    )
    held = [
        Held(role, unit, home, None if holder == member.pk else holder)
        for role, unit, home, holder in rows
    ]
    return sorted(held, key=lambda one: (one.lender_id is not None, one.role, one.unit_id or 0))


def living_mandate(at: datetime, path: str = "") -> Q:
    """Mandates that were accepted and run at a moment; `path` leads to the mandate."""
    runs = {"accepted_at__lte": at, "starts_at__lte": at, "ends_at__gt": at}
    is_on = Q(**{path + key: value for key, value in runs.items()})
    return is_on & (Q(**{path + "revoked_at": None}) | Q(**{path + "revoked_at__gt": at}))


def held_by(member: Member) -> list[Held]:
    """What the member holds now; the member of a page's request is asked once."""
    if not member.keeps_held:
        return roles_of(member)
    if member.held_now is None:
        member.held_now = roles_of(member)
    return member.held_now


def standing(
    by: Member,
    action: str,
    institution: Institution | int,
    *,
    unit: Unit | int | None = None,
    owner: Member | int | None = None,
) -> Held | None:
    """The role by which a member may do it, own roles before lent ones; None when none carries."""
    candidates = [
        held
        for held in _held_in(by, institution, action)
        if rules.scope_of(held.role, action) is not Scope.NOWHERE
    ]
    if not candidates:
        rules.permission_for(action)
        return None
    tree = _Tree(_pk(institution))
    unit_id = None if unit is None else _pk(unit)
    is_own = owner is not None and _pk(owner) == by.pk
    for held in candidates:
        if _carries(held, rules.scope_of(held.role, action), unit_id, is_own, tree):
            return held
    return None


def may(
    by: Actor,
    action: str,
    institution: Institution | int,
    *,
    unit: Unit | int | None = None,
    owner: Member | int | None = None,
) -> bool:
    """Whether `by` may do `action` on a thing of `unit` (None: of none) that `owner` has in hand.

    Raises UnknownAction for an action that the matrix does not name.
    """
    if isinstance(by, System):
        return rules.machine_may(by, action)
    return standing(by, action, institution, unit=unit, owner=owner) is not None


def reach_of(by: Actor, action: str, institution: Institution | int) -> Reach:
    """In which units somebody may do it: the filter for lists. Falsy when nowhere."""
    if isinstance(by, System):
        return Reach(everywhere=rules.machine_may(by, action))
    rules.permission_for(action)
    roots: set[int] = set()
    own_objects = False
    for held in _held_in(by, institution, action):
        scope = rules.scope_of(held.role, action)
        if scope is Scope.EVERYWHERE and held.unit_id is None:
            return Reach(everywhere=True)
        if scope is Scope.NOWHERE:
            continue
        own_objects = own_objects or scope is Scope.OWN
        root = held.unit_id if scope is Scope.EVERYWHERE else held.own_root()
        roots |= {root} if root else set()
    return Reach(False, units_under(institution, roots) if roots else frozenset(), own_objects)


def may_somewhere(by: Actor, action: str, institution: Institution | int) -> bool:
    """Whether there is anything in the institution on which `by` may do it: the door of a page."""
    if isinstance(by, System):
        return rules.machine_may(by, action)
    rules.permission_for(action)
    return any(
        rules.scope_of(held.role, action) is not Scope.NOWHERE
        for held in _held_in(by, institution, action)
    )


def units_under(institution: Institution | int, roots: Iterable[int]) -> frozenset[int]:
    """The ids of these units and of all below them. One query."""
    return rules.tree_of(roots, _parents(_pk(institution)))


def member_of(user: "User | AnonymousUser", institution: Institution | int) -> Member | None:
    """The person's present membership there, with institution and unit at hand; None when none."""
    return memberships_of(user).filter(institution=_pk(institution)).first()


def memberships_of(user: "User | AnonymousUser") -> QuerySet[Member]:
    """Every institution in which the person works at present, oldest membership first."""
    here = Member.objects.select_related("institution", "unit", "user")
    if user.pk is None:
        return here.none()
    return here.filter(user=user.pk, user__is_active=True, left_at=None).order_by("id")


def current_members(institution: Institution | int) -> QuerySet[Member]:
    """Who works there at present, by name."""
    here = Member.objects.filter(institution=_pk(institution), left_at=None, user__is_active=True)
    return here.select_related("unit").order_by("name", "id")


def members_holding(role: str, institution: Institution | int) -> QuerySet[Member]:
    """Who has the role by an own grant at present, by name."""
    live = Grant.objects.filter(role=role, ended_at=None).values("member")
    return current_members(institution).filter(pk__in=live)


class _Tree:
    """The units of one institution, read only when somebody asks where a unit lies."""

    def __init__(self, institution: int) -> None:
        self._institution = institution
        self._known: dict[int, int | None] | None = None

    def has(self, unit: int, root: int | None) -> bool:
        if root is None:
            return False
        if unit == root:
            return True
        if self._known is None:
            self._known = _parents(self._institution)
        return rules.is_below(unit, root, self._known)


def keys_of(institution: Institution | int) -> QuerySet[AccessKey]:
    """The institution's access keys, living ones first, then the newest."""
    ended = Q(revoked_at__isnull=False) | Q(expires_at__lte=now())
    found = AccessKey.objects.filter(institution=_pk(institution))
    return found.select_related("member", "made_by").order_by(
        Case(When(ended, then=1), default=0), "-made_at"
    )


def key_of_token(token: str) -> AccessKey | None:
    """The living key of a secret; None for any other: wrong, ended, or of somebody who left."""
    prefix, _, rest = token.partition("_")
    public_id, _, secret = rest.partition("_")
    if prefix != rules.TOKEN_PREFIX or not secret:
        return None
    living = AccessKey.objects.filter(
        revoked_at=None,
        expires_at__gt=now(),
        member__left_at=None,
        member__user__is_active=True,
    )
    key = (
        living.select_related("member__institution", "member__unit", "member__user")
        .filter(public_id=public_id)
        .first()
    )
    if key is None or not compare_digest(key.hashed, hash_of_secret(secret)):
        return None
    return key


def acting_by(key: AccessKey) -> Member:
    """The member as whom a program acts, narrowed to what the key lets it do."""
    member = key.member
    member.only_actions = rules.actions_of(key.scopes.split())
    member.by_key = key.public_id
    member.keeps_held = True
    return member


def hash_of_secret(secret: str) -> str:
    """How a key's secret is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _carries(held: Held, scope: Scope, unit: int | None, is_own: bool, tree: _Tree) -> bool:
    if scope is Scope.EVERYWHERE:
        return held.unit_id is None or (unit is not None and tree.has(unit, held.unit_id))
    return is_own or (unit is not None and tree.has(unit, held.own_root()))


def _held_in(member: Member, institution: Institution | int, action: str) -> list[Held]:
    if member.institution_id != _pk(institution) or member.left_at is not None:
        return []
    if member.only_actions is not None and action not in member.only_actions:
        return []  # a program that acts as the member: its key does not reach so far
    return held_by(member)


def _parents(institution: int) -> dict[int, int | None]:
    return dict(Unit.objects.filter(institution=institution).values_list("id", "parent_id"))


def _pk(thing: Institution | Unit | Member | int) -> int:
    return thing if isinstance(thing, int) else thing.pk
