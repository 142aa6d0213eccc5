"""The pages of people: who may see them, and what they do not give away."""

import pytest
from django.utils import translation

from balai.people.models import Grant, Member
from balai.people.services import lend_role
from balai.people.tests.make import make_institution, make_member, make_unit

SEEN_BY_ALL = ["/anggota/", "/anggota/?keluar=1", "/unit-kerja/", "/instansi/"]
FOR_ADMINISTRATORS = ["/anggota/tambah/", "/unit-kerja/tambah/", "/instansi/ubah/"]


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


@pytest.fixture
def administrator(city):
    return make_member(city, "system_admin", name="Siti")


@pytest.mark.parametrize("path", SEEN_BY_ALL + FOR_ADMINISTRATORS)
def test_an_administrator_opens_every_page_and_a_visitor_is_sent_to_sign_in(
    client, administrator, path
):
    assert client.get(path).headers["Location"].startswith("/masuk/login/")
    client.force_login(administrator.user)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", FOR_ADMINISTRATORS)
def test_others_read_why_they_may_not(client, city, administrator, path):
    client.force_login(make_member(city, "responder").user)
    answer = client.get(path)
    assert answer.status_code == 403
    assert "Administrator sistem" in answer.content.decode()


@pytest.mark.parametrize("step", ["", "peran/", "pinjam/", "pindah/", "masuk-ulang/", "keluar/"])
def test_a_member_of_another_institution_is_not_there(client, administrator, step):
    stranger = make_member(make_institution("Kabupaten Lain"), "responder")
    client.force_login(administrator.user)
    assert client.get(f"/anggota/{stranger.pk}/{step}").status_code == 404


def test_a_role_of_another_institution_cannot_be_ended(client, administrator):
    stranger = make_member(make_institution("Kabupaten Lain"), "responder")
    client.force_login(administrator.user)
    grant = stranger.grants.get()
    assert client.post(f"/peran/{grant.pk}/akhiri/", {"reason": "x"}).status_code == 404
    assert Grant.objects.get(pk=grant.pk).ended_at is None


def test_the_last_administrator_cannot_leave_and_reads_why(client, administrator):
    client.force_login(administrator.user)
    answer = client.post(f"/anggota/{administrator.pk}/keluar/", {"reason": "Pindah tugas"})
    assert "tunjuk dulu administrator sistem lain" in answer.content.decode()
    assert Member.objects.get(pk=administrator.pk).left_at is None


def test_an_invitation_shows_its_link_once_and_keeps_it_nowhere(client, administrator):
    client.force_login(administrator.user)
    page = client.post("/anggota/tambah/", {"name": "Rina", "email": "rina@contoh.example"})
    assert "/masuk/password/reset/key/" in page.content.decode()
    rina = Member.objects.get(name="Rina")
    assert "/reset/key/" not in client.get(f"/anggota/{rina.pk}/").content.decode()


def test_a_holder_lends_their_own_role_and_either_side_ends_the_loan(client, city, administrator):
    dewi, tono = make_member(city, "head_of_pr", name="Dewi"), make_member(city, name="Tono")
    client.force_login(dewi.user)
    sent = {
        "role": "head_of_pr", "deputy": tono.pk, "reason": "Cuti tahunan",
        "starts_at": "2026-11-22T08:00", "ends_at": "2026-11-29T16:00",
    }  # fmt: skip
    assert client.post(f"/anggota/{dewi.pk}/pinjam/", sent).status_code == 302
    loan = dewi.lent.get()
    assert loan.starts_at.isoformat() == "2026-11-22T01:00:00+00:00"  # typed in WIB
    client.force_login(tono.user)
    client.post(f"/pinjaman/{loan.pk}/akhiri/")
    loan.refresh_from_db()
    assert loan.revoked_at is not None


def test_a_loan_that_ends_before_it_begins_is_a_problem_of_its_field(client, city, administrator):
    dewi, tono = make_member(city, "head_of_pr"), make_member(city)
    client.force_login(dewi.user)
    sent = {
        "role": "head_of_pr", "deputy": tono.pk, "reason": "Cuti",
        "starts_at": "2026-11-22T08:00", "ends_at": "2026-11-21T16:00",
    }  # fmt: skip
    page = client.post(f"/anggota/{dewi.pk}/pinjam/", sent).content.decode()
    assert 'href="#id_ends_at"' in page
    assert not dewi.lent.exists()


def test_a_person_with_two_institutions_goes_from_one_to_the_other(client, administrator):
    other = make_institution("Kabupaten Lain", is_sample=True)
    make_member(other, "responder", user=administrator.user)
    client.force_login(administrator.user)
    assert "Kabupaten Lain" in client.get("/instansi/").content.decode()
    client.post(f"/instansi/{other.pk}/pilih/")
    assert client.get("/instansi/").context["institution"] == other


def test_the_list_and_the_tree_cost_the_same_however_many_there_are(
    client, city, administrator, django_assert_max_num_queries
):
    unit = make_unit(city)
    for n in range(30):
        make_member(city, "responder", name=f"Petugas {n}", unit=make_unit(city, parent=unit))
    lend_role(
        lender=administrator, deputy=Member.objects.get(name="Petugas 1"), role="system_admin",
        starts_at=administrator.joined_at, reason="Cuti", by=administrator,
        ends_at=administrator.joined_at.replace(year=administrator.joined_at.year + 1),
    )  # fmt: skip
    client.force_login(administrator.user)
    for path in ("/anggota/", "/unit-kerja/"):
        with django_assert_max_num_queries(12):
            client.get(path)
