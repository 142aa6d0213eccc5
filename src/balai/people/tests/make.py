"""Plain functions that make people and institutions for tests of any room."""

from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from balai.people.models import Grant, Institution, Member, Unit, User

_next = count(1)
PASSWORD = "kampung-durian-runtuh-7"


def make_institution(name: str = "Kota Contoh", **fields: Any) -> Institution:
    """A city, with a short name of its own."""
    fields = {"slug": f"contoh-{next(_next)}", "kind": Institution.Kind.CITY, **fields}
    return Institution.objects.create(name=name, **fields)


def make_unit(
    institution: Institution, name: str = "Dinas Contoh", parent: Unit | None = None, **fields: Any
) -> Unit:
    """A unit of the institution."""
    fields = {"code": f"unit-{next(_next)}", **fields}
    return Unit.objects.create(institution=institution, name=name, parent=parent, **fields)


def make_user(email: str | None = None, password: str | None = None) -> User:
    """Somebody who can sign in with `password` (None: with no password)."""
    user = User.objects.create_user(email or f"orang-{next(_next)}@contoh.example", password)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_member(
    institution: Institution,
    *roles: str,
    name: str = "Sari Contoh",
    unit: Unit | None = None,
    granted_unit: Unit | None = None,
    user: User | None = None,
    password: str | None = None,
) -> Member:
    """A member at work in `unit`; holds `roles` for all, or for `granted_unit` only."""
    member = Member.objects.create(
        user=user or make_user(password=password), institution=institution, unit=unit, name=name
    )
    for role in roles:
        Grant.objects.create(member=member, role=role, unit=granted_unit)
    return member
