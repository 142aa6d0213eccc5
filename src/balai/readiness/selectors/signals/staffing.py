"""Whether the roles that the instrument asks for are held by somebody (domain 3.4 L3)."""

from django.urls import reverse

from balai.governance.selectors import instrument
from balai.people.models import Grant, Member, Role
from balai.readiness.rules.figures import Figure, counted
from balai.readiness.selectors.signals.window import CountedRow, Window


def roles_filled(asked: Window, n_min: int) -> Figure:
    """Mandatory roles that a present member holds by an own grant / mandatory roles."""
    wanted, held = _roles(asked)
    return counted(len(wanted & held), len(wanted), n=len(wanted), n_min=n_min)


def rows(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """The mandatory roles, those that nobody holds first."""
    wanted, held = _roles(asked)
    address = reverse("people:members")
    ordered = sorted(wanted, key=lambda role: (role in held, role))
    return [CountedRow(str(Role(r).label), address, None, r in held) for r in ordered][:limit]


def _roles(asked: Window) -> tuple[set[str], set[str]]:
    content = instrument("readiness", asked.last).content
    held = Grant.objects.filter(
        member__institution=asked.institution, member__left_at=None, ended_at=None
    )
    return set(content["mandatory_roles"]), set(held.values_list("role", flat=True))
