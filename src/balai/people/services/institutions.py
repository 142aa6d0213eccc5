"""Found institutions and shape their units."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.services import announce
from balai.people.events import InstitutionFounded, UnitAdded, UnitDissolved
from balai.people.models import Grant, Institution, Member, Unit
from balai.people.rules import OPERATOR
from balai.people.selectors import Actor
from balai.people.services.members import add_member
from balai.people.services.permission import allow

FIRST_ROLES = ("system_admin", "channel_admin", "responder")


@transaction.atomic
def found_institution(
    *,
    name: str,
    slug: str,
    kind: str,
    admin_email: str,
    admin_name: str,
    admin_password: str | None = None,
    zone: str = Institution.Zone.WIB,
    region_code: str = "",
    parent: Institution | None = None,
    is_sample: bool = False,
    by: Actor = OPERATOR,
) -> Member:
    """Begin an institution with its first administrator, who adds everybody else; returns them.

    Raises NotAllowed for anybody but the operator, and ValidationError.
    """
    allow(by, "institution.found", 0)
    institution = Institution(
        name=name,
        slug=slug,
        kind=kind,
        zone=zone,
        region_code=region_code,
        parent=parent,
        is_sample=is_sample,
    )
    institution.full_clean(exclude=["pseudonym_key"])
    institution.save()
    record(by=by, did="institution.founded", on=institution, kind=kind, zone=zone)
    announce(InstitutionFounded(institution.pk), scope=institution.pk)
    return add_member(
        institution=institution,
        email=admin_email,
        name=admin_name,
        roles=FIRST_ROLES,
        password=admin_password,
        by=by,
    )


@transaction.atomic
def edit_institution(
    institution: Institution, *, name: str, zone: str, region_code: str, by: Actor
) -> Institution:
    """Change what an institution is called, and in which zone it works."""
    allow(by, "institution.edit", institution)
    changes = {"name": name, "zone": zone, "region_code": region_code}
    before = {key: getattr(institution, key) for key in changes}
    for key, value in changes.items():
        setattr(institution, key, value)
    institution.full_clean(exclude=["pseudonym_key"])
    institution.save(update_fields=list(changes))
    record(by=by, did="institution.edited", on=institution, before=before, after=changes)
    return institution


@transaction.atomic
def add_unit(
    *, institution: Institution, name: str, code: str, by: Actor, parent: Unit | None = None
) -> Unit:
    """Add a unit, under another one or at the top. Raises NotAllowed, ValidationError."""
    allow(by, "member.manage", institution, unit=parent)
    if parent is not None and (
        parent.institution_id != institution.pk or parent.dissolved_on is not None
    ):
        raise ValidationError(_("The unit above is not one of this institution."))
    unit = Unit(institution=institution, parent=parent, name=name, code=code)
    unit.full_clean()
    unit.save()
    record(by=by, did="unit.added", on=unit, code=code, parent=parent and parent.pk)
    announce(UnitAdded(unit.pk, institution.pk), scope=institution.pk)
    return unit


@transaction.atomic
def dissolve_unit(unit: Unit, *, by: Actor, reason: str = "") -> Unit:
    """End a unit that owes nothing any more. Raises NotAllowed, ValidationError.

    Rooms above know what a unit owes: `settings.BALAI_OWED_WORK` lists functions by dotted path
    that take the unit's id and return how many things still wait for it.
    """
    allow(by, "member.manage", unit.institution_id, unit=unit)
    Unit.objects.select_for_update().get(pk=unit.pk)
    unit.refresh_from_db()
    if unit.dissolved_on is not None:
        return unit
    _refuse_while_needed(unit)
    unit.dissolved_on = now().date()
    unit.save(update_fields=["dissolved_on"])
    record(by=by, did="unit.dissolved", on=unit, reason=reason)
    announce(UnitDissolved(unit.pk, unit.institution_id), scope=unit.institution_id)
    return unit


def _refuse_while_needed(unit: Unit) -> None:
    if unit.children.filter(dissolved_on=None).exists():
        raise ValidationError(_("There are units below it; dissolve or move them first."))
    at_work = unit.members.filter(left_at=None).exists()
    if at_work or Grant.objects.filter(unit=unit, ended_at=None).exists():
        raise ValidationError(_("Members still work in it or hold roles for it."))
    owed = sum(import_string(path)(unit.pk) for path in getattr(settings, "BALAI_OWED_WORK", ()))
    if owed:
        raise ValidationError(
            ngettext(
                "It still owes %(count)s answer; pass it on first.",
                "It still owes %(count)s answers; pass them on first.",
                owed,
            )
            % {"count": owed}
        )
