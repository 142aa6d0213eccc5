"""Founding, joining, granting, lending, leaving: each allowed, recorded and announced."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.people.models import Grant, Institution, Member, User
from balai.people.rules import OPERATOR, SYSTEM
from balai.people.selectors import may, roles_of
from balai.people.services import (
    NotAllowed,
    add_member,
    add_unit,
    dissolve_unit,
    edit_institution,
    end_grant,
    found_institution,
    grant_role,
    invite_member,
    lend_role,
    member_leaves,
    move_member,
    reset_sign_in,
    revoke_delegation,
)
from balai.people.tests.make import PASSWORD, make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
AuditEntry = apps.get_model("governance", "AuditEntry")  # a room above; known by name only
DAY = timedelta(days=1)


def did():
    return list(AuditEntry.objects.order_by("id").values_list("did", flat=True))


def told():
    return list(Announcement.objects.order_by("id").values_list("name", flat=True))


def found(**fields):
    values = {
        "name": "Kota Contoh",
        "slug": "kota-contoh",
        "kind": "city",
        "admin_email": "Admin@Contoh.example",
        "admin_name": "Sari",
        "admin_password": PASSWORD,
        **fields,
    }
    return found_institution(**values)


def test_the_operator_founds_an_institution_with_its_first_administrator():
    first = found(zone="Asia/Makassar")

    institution = first.institution
    assert institution.zone == Institution.Zone.WITA
    assert may(first, "member.manage", institution)
    assert may(first, "connection.manage", institution)
    assert first.user.email == "admin@contoh.example"
    assert first.user.check_password(PASSWORD)
    assert did()[:2] == ["institution.founded", "member.joined"]
    assert told()[:2] == ["InstitutionFounded", "MemberJoined"]
    assert {entry.institution_id for entry in AuditEntry.objects.all()} == {institution.pk}


def test_nobody_else_founds_institutions():
    for somebody in (make_member(make_institution(), "system_admin"), SYSTEM):
        with pytest.raises(NotAllowed):
            found(by=somebody)
    with pytest.raises(ValidationError):
        found(kind="kingdom")


def test_a_second_person_with_the_same_address_in_other_letters_cannot_be():
    make_member(make_institution(), user=User.objects.create_user("ani@contoh.example"))

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ANI@contoh.example")


def test_an_administrator_adds_members_and_only_they_do():
    institution = make_institution()
    admin = make_member(institution, "system_admin")

    member = add_member(
        institution=institution,
        email="budi@contoh.example",
        name="Budi",
        roles=["responder", "editor"],
        password=PASSWORD,
        by=admin,
    )

    assert {held.role for held in roles_of(member)} == {"responder", "editor"}
    assert did() == ["member.joined", "role.granted", "role.granted"]
    assert told() == ["MemberJoined", "RolesChanged", "RolesChanged"]
    with pytest.raises(NotAllowed):
        add_member(institution=institution, email="c@contoh.example", name="C", by=member)


@pytest.mark.parametrize(
    ("email", "password", "roles"),
    [
        ("no address", PASSWORD, []),
        ("ani@contoh.example", "12345", []),
        ("ani@contoh.example", PASSWORD, ["king"]),
    ],
)
def test_a_wrong_address_a_weak_password_or_an_unknown_role_adds_nobody(email, password, roles):
    institution = make_institution()
    admin = make_member(institution, "system_admin")

    with pytest.raises(ValidationError), transaction.atomic():
        add_member(
            institution=institution,
            email=email,
            name="Ani",
            roles=roles,
            password=password,
            by=admin,
        )
    assert Member.objects.count() == 1


def test_a_person_may_work_in_two_institutions_with_one_sign_in():
    here, there = make_institution(), make_institution()
    first = make_member(here, password=PASSWORD)

    second = add_member(
        institution=there,
        email=first.user.email.upper(),
        name="Sari",
        password="lain-sekali-9012",
        by=OPERATOR,
    )

    assert second.user == first.user
    assert second.user.check_password(PASSWORD)
    with pytest.raises(ValidationError):
        add_member(institution=there, email=first.user.email, name="Sari", by=OPERATOR)


def test_a_unit_administrator_manages_their_branch_only():
    institution = make_institution()
    mine, other = make_unit(institution), make_unit(institution)
    admin = make_member(institution, "system_admin", granted_unit=mine)
    member = make_member(institution, unit=mine)

    grant_role(member=member, role="responder", unit=mine, by=admin)
    for unit in (other, None):
        with pytest.raises(NotAllowed):
            grant_role(member=member, role="responder", unit=unit, by=admin)
    with pytest.raises(NotAllowed):
        move_member(member, unit=other, by=admin)


def test_a_role_is_granted_once_and_ended_once():
    institution = make_institution()
    admin, member = make_member(institution, "system_admin"), make_member(institution)

    grant = grant_role(member=member, role="editor", by=admin)
    assert grant_role(member=member, role="editor", by=admin) == grant
    end_grant(grant, by=admin, reason="pindah tugas")
    end_grant(grant, by=admin)

    assert roles_of(member) == []
    assert did() == ["role.granted", "role.ended"]
    assert grant_role(member=member, role="editor", by=admin) != grant


def test_an_institution_never_loses_its_last_administrator_except_at_the_console():
    institution = make_institution()
    admin = make_member(institution, "system_admin")

    with pytest.raises(ValidationError):
        end_grant(Grant.objects.get(member=admin), by=admin)
    with pytest.raises(ValidationError):
        member_leaves(admin, by=admin)
    make_member(institution, "system_admin")
    member_leaves(admin, by=admin)
    last = Grant.objects.get(ended_at=None, role="system_admin")
    end_grant(last, by=OPERATOR)

    assert not Grant.objects.filter(ended_at=None).exists()


def test_who_leaves_loses_everything_and_what_they_did_stays():
    institution = make_institution()
    admin, deputy = make_member(institution, "system_admin"), make_member(institution)
    member = make_member(institution, "responder")
    lend_role(
        lender=member,
        deputy=deputy,
        role="responder",
        starts_at=now() - DAY,
        ends_at=now() + DAY,
        reason="cuti",
        by=member,
    )

    member_leaves(member, by=admin, reason="pensiun")
    member_leaves(member, by=admin)

    assert roles_of(member) == roles_of(deputy) == []
    assert told().count("MemberLeft") == 1
    assert did() == ["role.lent", "member.left"]
    assert Member.objects.filter(pk=member.pk).exists()
    with pytest.raises(ValidationError):
        grant_role(member=member, role="editor", by=admin)


def test_who_left_may_come_back():
    institution = make_institution()
    admin = make_member(institution, "system_admin")
    member = make_member(institution, "responder")
    member_leaves(member, by=admin)

    again = add_member(institution=institution, email=member.user.email, name="Sari", by=admin)

    assert again == member
    assert again.left_at is None
    assert roles_of(again) == []


def test_a_role_is_lent_by_who_holds_it_and_taken_back_by_any_of_the_two():
    institution = make_institution()
    lender, deputy = make_member(institution, "head_of_pr"), make_member(institution)
    loan = {
        "lender": lender,
        "deputy": deputy,
        "starts_at": now() - DAY,
        "ends_at": now() + DAY,
        "reason": "dinas luar",
    }

    delegation = lend_role(**loan, role="head_of_pr", by=lender)
    assert may(deputy, "account.approve", institution)
    revoke_delegation(delegation, by=deputy)
    revoke_delegation(delegation, by=lender)

    assert not may(deputy, "account.approve", institution)
    assert did() == ["role.lent", "role.loan_revoked"]
    with pytest.raises(ValidationError):
        lend_role(**loan, role="editor", by=lender)
    with pytest.raises(NotAllowed):
        lend_role(**loan, role="head_of_pr", by=deputy)
    with pytest.raises(ValidationError):
        lend_role(**{**loan, "ends_at": now() - 2 * DAY}, role="head_of_pr", by=lender)
    with pytest.raises(ValidationError):
        lend_role(**{**loan, "deputy": make_member(make_institution())}, role="editor", by=lender)


def test_units_are_added_under_units_of_the_same_institution():
    institution = make_institution()
    admin = make_member(institution, "system_admin")

    top = add_unit(institution=institution, name="Sekretariat", code="set", by=admin)
    below = add_unit(institution=institution, name="Humas", code="humas", parent=top, by=admin)

    assert below.parent == top
    assert did() == ["unit.added", "unit.added"]
    with pytest.raises(ValidationError):
        add_unit(institution=institution, name="Lagi", code="set", by=admin)
    with pytest.raises(ValidationError):
        add_unit(
            institution=institution,
            name="Asing",
            code="asing",
            parent=make_unit(make_institution()),
            by=OPERATOR,
        )


owed = {"count": 0}


def work_owed(unit_id):
    return owed["count"]


def test_a_unit_is_dissolved_only_when_it_owes_nothing(settings, monkeypatch):
    settings.BALAI_OWED_WORK = [f"{__name__}.work_owed"]
    institution = make_institution()
    admin = make_member(institution, "system_admin")
    unit = make_unit(institution)
    below = make_unit(institution, parent=unit)
    worker = make_member(institution, unit=unit)

    def refused():
        with pytest.raises(ValidationError):
            dissolve_unit(unit, by=admin)

    refused()
    dissolve_unit(below, by=admin)
    refused()
    move_member(worker, unit=None, by=admin)
    monkeypatch.setitem(owed, "count", 2)
    refused()
    monkeypatch.setitem(owed, "count", 0)
    dissolve_unit(unit, by=admin, reason="perampingan")
    dissolve_unit(unit, by=admin)

    unit.refresh_from_db()
    assert unit.dissolved_on is not None
    assert told().count("UnitDissolved") == 2


def test_the_settings_of_an_institution_are_edited_with_a_trace():
    institution = make_institution()
    admin = make_member(institution, "system_admin")

    edit_institution(
        institution, name="Kota Baru", zone="Asia/Jayapura", region_code="91.71", by=admin
    )

    assert AuditEntry.objects.get().facts["after"]["zone"] == "Asia/Jayapura"
    with pytest.raises(ValidationError):
        edit_institution(institution, name="Kota", zone="Europe/Paris", region_code="", by=admin)


def test_an_invitation_carries_a_link_only_for_who_cannot_sign_in_yet():
    here, there = make_institution(), make_institution()

    member, link = invite_member(
        institution=here, email="ani@contoh.example", name="Ani", roles=["editor"], by=OPERATOR
    )
    assert not member.user.has_usable_password()
    assert link.startswith("/")
    member.user.set_password(PASSWORD)
    member.user.save()
    _second, no_link = invite_member(
        institution=there, email="ani@contoh.example", name="Ani", by=OPERATOR
    )
    assert no_link == ""


def test_a_sign_in_is_reset_by_the_operator_or_the_persons_only_administrator():
    here, there = make_institution(), make_institution()
    admin = make_member(here, "system_admin")
    member = make_member(here, password=PASSWORD)

    link = reset_sign_in(member.user, by=admin)

    member.user.refresh_from_db()
    assert not member.user.has_usable_password()
    assert link
    assert did() == ["sign_in.reset"]
    with pytest.raises(NotAllowed):
        reset_sign_in(member.user, by=admin, password="dipilih-admin-1")
    make_member(there, user=member.user)
    with pytest.raises(NotAllowed):
        reset_sign_in(member.user, by=admin)
    with pytest.raises(NotAllowed):
        reset_sign_in(member.user, by=make_member(here, "responder"))
    reset_sign_in(member.user, by=OPERATOR, password=PASSWORD)
    assert User.objects.get(pk=member.user.pk).check_password(PASSWORD)
