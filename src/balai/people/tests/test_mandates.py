"""One institution lets another fill a role: offered, accepted, held by named officers, ended."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import translation

from balai.ground.clock import now
from balai.people.models import Mandate, Member
from balai.people.selectors import may, memberships_of
from balai.people.services import (
    NotAllowed,
    accept_mandate,
    end_grant,
    end_mandate,
    entrust,
    grant_role,
    lend_role,
    member_leaves,
    name_officer,
    release_officer,
)
from balai.people.sweeps import end_overdue_mandates
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
AuditEntry = apps.get_model("governance", "AuditEntry")  # a room above; known by name only
DAY = timedelta(days=1)


@pytest.fixture
def village():
    return make_institution("Desa Contoh", kind="village", is_sample=True)


@pytest.fixture
def district():
    return make_institution("Kecamatan Contoh", kind="district", is_sample=True)


@pytest.fixture
def village_head(village):
    return make_member(village, "system_admin", name="Pak Kades")


@pytest.fixture
def district_head(district):
    return make_member(district, "system_admin", name="Bu Camat")


@pytest.fixture
def clerk(district):
    return make_member(district, "responder", name="Rina")


def offered(village, district, by, **fields):
    terms = {
        "role": "responder",
        "starts_at": now() - DAY,
        "ends_at": now() + DAY,
        "reason": "SK 12/2026",
        **fields,
    }
    return entrust(giver=village, holder=district, by=by, **terms)


@pytest.fixture
def officer(village, district, village_head, district_head, clerk):
    mandate = accept_mandate(offered(village, district, village_head), by=district_head)
    return name_officer(mandate, officer=clerk, by=district_head)


def test_a_village_lets_its_districts_clerk_answer_for_it(village, district, officer, clerk):
    assert may(officer, "conversation.answer", village)
    assert not may(officer, "conversation.answer", district)
    assert not may(clerk, "conversation.answer", village)
    assert {one.institution_id for one in memberships_of(clerk.user)} == {village.pk, district.pk}


def test_both_sides_keep_the_mandate_in_their_own_audit_log(village, district, officer):
    for side, did in [
        (village, ["mandate.offered", "mandate.accepted", "mandate.officer_named"]),
        (district, ["mandate.offered", "mandate.accepted"]),
    ]:
        kept = AuditEntry.objects.filter(institution_id=side.pk).order_by("number")
        assert [one.did for one in kept] == did


def test_nobody_acts_before_the_other_side_accepted(
    village, district, village_head, district_head, clerk
):
    mandate = offered(village, district, village_head)
    with pytest.raises(ValidationError):
        name_officer(mandate, officer=clerk, by=district_head)
    with pytest.raises(NotAllowed):
        accept_mandate(mandate, by=village_head)


def test_only_the_administrators_of_either_side_deal_with_it(
    village, district, village_head, district_head, officer, clerk
):
    stranger = make_member(make_institution("Kota Lain"), "system_admin")
    mandate = Mandate.objects.get()
    for somebody in (clerk, stranger):
        for deed in (
            lambda who: offered(village, district, who),
            lambda who: accept_mandate(mandate, by=who),
            lambda who: name_officer(mandate, officer=clerk, by=who),
            lambda who: release_officer(officer, by=who, reason="x"),
            lambda who: end_mandate(mandate, by=who, reason="x"),
        ):
            with pytest.raises(NotAllowed):
                deed(somebody)


@pytest.mark.parametrize("role", ["system_admin", "auditor"])
def test_the_keys_of_the_house_are_never_entrusted(village, district, village_head, role):
    with pytest.raises(ValidationError):
        offered(village, district, village_head, role=role)


def test_only_who_holds_the_role_at_home_is_named(
    village, district, village_head, district_head, clerk
):
    mandate = accept_mandate(offered(village, district, village_head), by=district_head)
    for somebody in (district_head, village_head, make_member(make_institution(), "responder")):
        with pytest.raises(ValidationError):
            name_officer(mandate, officer=somebody, by=district_head)


@pytest.mark.parametrize("side", ["village_head", "district_head"])
def test_either_side_ends_it_and_its_officers_stop_at_once(village, officer, request, side):
    end_mandate(Mandate.objects.get(), by=request.getfixturevalue(side), reason="selesai")
    officer = Member.objects.get(pk=officer.pk)
    assert officer.left_at is not None
    assert not may(officer, "conversation.answer", village)


def test_a_mandate_that_ran_out_is_worth_nothing_even_before_the_sweep(village, officer):
    Mandate.objects.update(ends_at=now())
    assert not may(Member.objects.get(pk=officer.pk), "conversation.answer", village)
    assert end_overdue_mandates() == 1
    assert Member.objects.get(pk=officer.pk).left_at is not None
    assert end_overdue_mandates() == 0


def test_who_leaves_home_leaves_the_entrusted_work_too(officer, clerk, district_head):
    member_leaves(clerk, by=district_head)
    assert Member.objects.get(pk=officer.pk).left_at is not None


def test_who_loses_the_role_at_home_loses_the_entrusted_work(officer, clerk, district_head):
    end_grant(clerk.grants.get(), by=district_head, reason="pindah tugas")
    assert end_overdue_mandates() == 1
    assert Member.objects.get(pk=officer.pk).left_at is not None


def test_entrusted_work_is_neither_widened_nor_lent_on(village, village_head, officer):
    with pytest.raises(ValidationError):
        grant_role(member=officer, role="channel_admin", by=village_head)
    own = make_member(village, "responder")
    for lender, deputy in ((officer, own), (own, officer)):
        with pytest.raises(ValidationError):
            lend_role(
                lender=lender, deputy=deputy, role="responder", starts_at=now(),
                ends_at=now() + DAY, reason="cuti", by=lender,
            )  # fmt: skip


def test_the_way_through_the_pages(client, village, district, village_head, district_head, clerk):
    with translation.override("id"):
        client.force_login(village_head.user)
        start = now().strftime("%Y-%m-%dT%H:%M")
        end = (now() + 30 * DAY).strftime("%Y-%m-%dT%H:%M")
        asked = {"holder": district.pk, "role": "responder", "starts_at": start, "ends_at": end}
        assert client.post("/instansi/mandat/", {**asked, "reason": "SK 12"}).status_code == 302
        mandate = Mandate.objects.get()
        assert client.post(f"/mandat/{mandate.pk}/terima/").status_code == 404

        client.force_login(district_head.user)
        assert client.post(f"/mandat/{mandate.pk}/terima/").status_code == 302
        named = client.post(f"/mandat/{mandate.pk}/petugas/", {"officer": clerk.pk})
        assert named.status_code == 302
        page = client.get("/instansi/").content.decode()
        assert "Desa Contoh" in page
        assert "Rina" in page

        client.force_login(clerk.user)
        assert client.post(f"/instansi/{village.pk}/pilih/").status_code == 302
        assert client.get("/kotak-masuk/").status_code == 200
        elsewhere = make_institution("Kota Lain", is_sample=True)
        client.force_login(make_member(elsewhere, "system_admin").user)
        assert client.get(f"/mandat/{mandate.pk}/akhiri/").status_code == 404
