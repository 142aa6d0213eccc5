"""The pages of an assessment: each person at their own desk, and strangers outside."""

from datetime import timedelta

import pytest
from django.utils import translation

from balai.ground.clock import now
from balai.inbox.tests.talking import signed_in
from balai.readiness.models import Assessment, Evidence, Sample
from balai.readiness.services import hand_in
from balai.readiness.tests.test_assessing import Office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def office():
    return Office()


def text(answer) -> str:
    return answer.content.decode()


def test_the_head_plans_and_freezes_and_the_page_says_what_is_unknown(office):
    desk = signed_in(office.head)
    assert "Belum ada penilaian" in text(desk.get("/stoc/kesiapan/"))
    plan = {f"assessor_{code}": office.owner.pk for code in "LPIECBT"}
    wrong = desk.post("/stoc/kesiapan/rencana/", {"year": "2026", **plan})
    assert wrong.status_code == 422
    last = (now().date() - timedelta(days=2)).isoformat()
    desk.post("/stoc/kesiapan/rencana/", {"year": "2026", "last": last, **plan})
    row = Assessment.objects.get()
    address = f"/stoc/kesiapan/{row.pk}/"
    assert "Bekukan angka" in text(desk.get(address))
    desk.post(address + "bekukan/")
    page = text(desk.get(address))
    assert "Belum diketahui" in page
    assert "0 dari 7 komponen dapat dinilai" in page
    again = desk.post(address + "bekukan/", follow=True)
    assert "sudah beranjak" in text(again)


def test_the_assessor_proves_and_claims_and_cannot_touch_what_is_computed(office):
    row = office.collecting()
    desk, address = signed_in(office.owner), f"/stoc/kesiapan/{row.pk}/"
    page = text(desk.get(address + "B/"))
    assert "Apakah pendanaannya berlanjut?" in page
    assert "Rencana beberapa tahun" not in page
    made = (now().date() - timedelta(days=3)).isoformat()
    proof = {"title": "Rencana beberapa tahun", "reference": "DPA 3/2026", "made_on": made}
    wrong = desk.post(address + "jawab/B4/bukti/", {**proof, "reference": ""})
    assert wrong.status_code == 422
    assert "alamat, atau nomornya" in text(wrong)
    desk.post(address + "jawab/B4/bukti/", proof)
    desk.post(address + "jawab/B4/", {"claimed": "3", "comment": "Tiga tahun"})
    page = text(desk.get(address + "B/"))
    assert "Rencana beberapa tahun" in page
    assert "bukti berlaku" in page
    assert "tingkat 3" in page
    desk.post(address + "jawab/E3/", {"claimed": "5", "comment": "Kurang orang"})
    found = row.answers.get(code="E3")
    assert (found.claimed, found.comment) == (None, "Kurang orang")
    assert desk.post(address + "jawab/E3/bukti/", proof).status_code == 404


def test_the_auditor_looks_returns_and_attests_and_the_leader_signs_nothing_unknown(office):
    row = office.collecting()
    piece = office.proven("B4")
    hand_in(row, by=office.head)
    address, sample = f"/stoc/kesiapan/{row.pk}/", Sample.objects.get()
    auditor, leader = signed_in(office.auditor), signed_in(office.leader)
    assert piece.title in text(auditor.get(address))
    told = auditor.post(f"{address}sampel/{sample.pk}/", {"verdict": "fails"}, follow=True)
    assert "Sebutkan temuannya" in text(told)
    assert auditor.post(address + "kembalikan/", {}).status_code == 422
    auditor.post(address + "kembalikan/", {"B4": "Tidak terbaca"})
    assert "Tidak terbaca" in text(auditor.get(address + "B/"))
    hand_in(row, by=office.head)
    auditor.post(f"{address}sampel/{sample.pk}/", {"verdict": "fails", "note": "Palsu"})
    auditor.post(address + "kukuhkan/")
    assert leader.post(address + "bahas/", {"minutes": "Rapat"}).status_code == 422
    leader.post(address + "bahas/", {"minutes": "Rapat", "decisions": "Catat belanja"})
    page = text(leader.post(address + "tanda-tangani/", follow=True))
    assert "dari 7 komponen yang dapat dinilai" in page
    row.refresh_from_db()
    assert row.state == "discussed"


def test_a_signed_assessment_shows_its_level_and_takes_steps(office):
    row = office.signed(level=2)
    desk, address = signed_in(office.head), f"/stoc/kesiapan/{row.pk}/"
    page = text(desk.get(address))
    assert "2 Membangun" in page
    assert "Mata rantai terlemah" in page
    soon = (now().date() + timedelta(days=60)).isoformat()
    step = {"code": "I1", "what": "Latih pengganti", "owner": office.owner.pk, "due_on": soon}
    desk.post(address + "langkah/", step)
    assert "Latih pengganti" in text(desk.get(address))
    desk.post(address + "terbitkan/")
    row.refresh_from_db()
    assert row.state == "published"


def test_expired_evidence_is_asked_for_on_the_list(office):
    office.proven("B4", title="Rencana lama", made_on=now().date() - timedelta(days=500))
    page = text(signed_in(office.leader).get("/stoc/kesiapan/"))
    assert "Rencana lama" in page
    assert "Kedaluwarsa" in page


def test_another_institutions_assessment_does_not_exist_here(office):
    row, desk = office.collecting(), signed_in(Office().head)
    address = f"/stoc/kesiapan/{row.pk}/"
    for rest in ("", "B/"):
        assert desk.get(address + rest).status_code == 404
    for rest in ("bekukan/", "serahkan/", "terbitkan/", "langkah/", "jawab/B4/"):
        assert desk.post(address + rest, {"claimed": "5"}).status_code == 404


def test_whoever_may_not_is_told_so_and_nothing_changes(office):
    row, piece = office.collecting(), office.proven("B4")
    address = f"/stoc/kesiapan/{row.pk}/"
    desk = signed_in(office.leader)
    for rest in ("serahkan/", "kukuhkan/", "terbitkan/", "kembalikan/", "jawab/B4/"):
        assert desk.post(address + rest).status_code == 403
    head = signed_in(office.head)
    head.post(f"{address}bukti/{piece.pk}/tarik/", {"reason": "salah"})
    assert Evidence.objects.get(pk=piece.pk).withdrawn_at is None


def test_strangers_are_asked_to_sign_in(office, client):
    row = office.collecting()
    for address in ("/stoc/kesiapan/", f"/stoc/kesiapan/{row.pk}/"):
        assert client.get(address).status_code == 302
