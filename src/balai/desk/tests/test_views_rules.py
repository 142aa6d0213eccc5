"""The pages of rules, webhooks, away notes and notices."""

import re

import pytest
from django.utils import translation

from balai.desk import services
from balai.desk.models import AwayNote, Endpoint, HookDelivery, Notice, Rule
from balai.desk.rules.matching import Conditions, Deeds
from balai.desk.services.notices import tell
from balai.ground.services import deliver
from balai.inbox.tests.talking import fresh, hear, make_line, signed_in
from balai.people.tests.make import make_institution, make_member, make_unit


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.fixture
def city(db):
    return make_institution(is_sample=True)


@pytest.fixture
def chief(city):
    return make_member(city, "case_coordinator", name="Lasmi")


@pytest.fixture
def desk(chief):
    return signed_in(chief)


@pytest.fixture
def rule(city, chief):
    return services.write_rule(
        institution=city, name="Lampu", when="taken_in", by=chief,
        conditions=Conditions(words=("lampu",)), deeds=Deeds(raise_to=1),
    )  # fmt: skip


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_rule_is_written_tried_switched_on_and_watched(city, chief, desk):
    roads = make_unit(city, "Dinas Jalan")
    lamp = hear(make_line(city), "Lampu jalan mati di Jalan Melati")
    sent = {
        "name": "Lampu jalan", "when": "taken_in", "limit_per_hour": "50",
        "words": "lampu jalan, penerangan", "at_least": "0", "to_unit": roads.pk, "raise_to": "1",
    }  # fmt: skip
    assert desk.post("/aturan/tulis/", {**sent, "to_unit": "", "raise_to": ""}).status_code == 422
    desk.post("/aturan/tulis/", sent)
    rule = Rule.objects.get()
    page = read(desk, f"/aturan/{rule.pk}/")
    assert "pesan menyebut: “lampu jalan” atau “penerangan”" in page
    assert "pindahkan ke Dinas Jalan" in page
    trial = read(desk, f"/aturan/{rule.pk}/coba/")
    assert f"Percakapan {lamp.pk}" in trial
    assert fresh(lamp).version == lamp.version
    desk.post(f"/aturan/{rule.pk}/hidupkan/", {"version": "1"})
    deliver()
    services.answer_triggers()
    page = read(desk, f"/aturan/{rule.pk}/")
    assert f"Percakapan {lamp.pk}" in page
    assert "dipindahkan ke unit" in page
    assert "Lampu jalan" in read(desk, "/aturan/")


def test_the_next_version_starts_from_the_last_and_waits(desk, rule):
    page = read(desk, f"/aturan/{rule.pk}/ubah/")
    assert 'value="lampu"' in page
    desk.post(f"/aturan/{rule.pk}/hidupkan/", {"version": "1"})
    sent = {"name": "Lampu", "when": "quiet", "quiet_hours": "3", "limit_per_hour": "5",
            "notify_lead": "on"}  # fmt: skip
    desk.post(f"/aturan/{rule.pk}/ubah/", sent)
    rule.refresh_from_db()
    assert rule.in_force.number == 1
    page = read(desk, f"/aturan/{rule.pk}/")
    assert "Menunggu dihidupkan" in page
    assert "tidak ada kabar selama 3 jam" in page
    desk.post(f"/aturan/{rule.pk}/matikan/")
    desk.post(f"/aturan/{rule.pk}/akhiri/", {"reason": "tidak dipakai"})
    assert desk.get(f"/aturan/{rule.pk}/").status_code == 404


def test_what_is_wrong_with_a_rule_is_said(desk):
    answer = desk.post("/aturan/tulis/", {"name": "X", "when": "quiet", "limit_per_hour": "5",
                                          "notify_lead": "on"})  # fmt: skip
    assert answer.status_code == 422
    assert "Setelah berapa jam" in answer.content.decode()


def test_the_away_note_is_worded_in_languages(city, desk):
    assert desk.post("/tim/pesan-tutup/", {"ind": "Kami tutup."}).status_code == 422
    desk.post("/tim/pesan-tutup/", {"ind": "Kami buka {buka}.", "jav": "Bukak {buka}."})
    assert AwayNote.objects.count() == 2
    assert "Kami buka {buka}." in read(desk, "/tim/pesan-tutup/")


def test_an_address_is_added_its_secret_shown_once_and_its_log_read(city, desk, chief):
    wrong = desk.post("/webhook/baru/", {"name": "G", "url": "http://contoh.test", "kinds": []})
    assert wrong.status_code == 422
    sent = {"name": "Gudang", "url": "https://contoh.test/terima", "kinds": ["conversation.moved"]}
    shown = desk.post("/webhook/baru/", sent).content.decode()
    endpoint = Endpoint.objects.get()
    secret = re.search(r"whsec_[\w+/=]+", shown)[0]
    assert secret == endpoint.secret
    services.ring(city.pk, "conversation.moved", [("1:2", {"conversation": 1})])
    page = read(desk, f"/webhook/{endpoint.pk}/")
    assert "percakapan berpindah" in page
    assert secret not in page
    delivery = HookDelivery.objects.get()
    HookDelivery.objects.update(state="failed")
    desk.post(f"/webhook/kirim-lagi/{delivery.pk}/")
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    desk.post(f"/webhook/{endpoint.pk}/saklar/", {"on": "0"})
    desk.post(f"/webhook/{endpoint.pk}/uji/")
    desk.post(f"/webhook/{endpoint.pk}/ubah/", {**sent, "name": "Gudang data"})
    assert "whsec_" in desk.post(f"/webhook/{endpoint.pk}/rahasia/").content.decode()
    assert "Gudang data" in read(desk, "/webhook/")
    desk.post(f"/webhook/{endpoint.pk}/hapus/")
    assert desk.get(f"/webhook/{endpoint.pk}/").status_code == 404


def test_notices_are_ones_own_and_are_marked_as_read(city, chief, desk):
    conversation = hear(make_line(city))
    other = make_member(city, "responder")
    told = [
        ("clock", {"step": 80}),
        ("clock", {"step": 100}),
        ("rule", {"rule": "L"}),
        ("paused", {"rule": "P", "limit": 3}),
        ("hook", {"name": "G"}),
    ]
    for kind, facts in told:
        tell([chief.pk], institution=city, kind=kind, key=f"{kind}{facts}", facts=facts,
             conversation=conversation if kind in ("clock", "rule") else None)  # fmt: skip
    page = read(desk, "/tim/pemberitahuan/")
    for words in ("80 % waktu menjawab", "Sebuah jawaban terlambat", "Aturan “L”",
                  "berhenti sendiri setelah 3", "Webhook “G”"):  # fmt: skip
        assert words in page
    assert "Tidak ada pemberitahuan" in read(signed_in(other), "/tim/pemberitahuan/")
    newest = Notice.objects.order_by("-pk").first().pk
    signed_in(other).post("/tim/pemberitahuan/dibaca/", {"up_to": newest})
    assert Notice.objects.filter(read_at=None).count() == 5
    desk.post("/tim/pemberitahuan/dibaca/", {"up_to": newest})
    assert not Notice.objects.filter(read_at=None).exists()


def test_a_responder_reads_rules_but_changes_none_and_sees_no_webhook(city, rule):
    client = signed_in(make_member(city, "responder"))
    assert "Tulis aturan" not in read(client, "/aturan/")
    assert "Hidupkan versi ini" not in read(client, f"/aturan/{rule.pk}/")
    for address in ("/aturan/tulis/", f"/aturan/{rule.pk}/ubah/", f"/aturan/{rule.pk}/coba/",
                    "/webhook/", "/webhook/baru/", "/tim/pesan-tutup/"):  # fmt: skip
        assert client.get(address).status_code == 403
    for address in ("hidupkan/", "matikan/", "naik/", "akhiri/"):
        assert client.post(f"/aturan/{rule.pk}/{address}", {"version": 1}).status_code == 403


def test_another_institutions_rules_and_webhooks_do_not_exist_here(city, chief, rule, client):
    endpoint, _secret = services.add_endpoint(
        institution=city, name="G", url="https://contoh.test/", kinds=["conversation.moved"],
        by=chief,
    )  # fmt: skip
    services.ring(city.pk, "conversation.moved", [("1:2", {"conversation": 1})])
    stranger = signed_in(make_member(make_institution(is_sample=True), "case_coordinator"))
    for address in (f"/aturan/{rule.pk}/", f"/aturan/{rule.pk}/ubah/", f"/aturan/{rule.pk}/coba/",
                    f"/webhook/{endpoint.pk}/", f"/webhook/{endpoint.pk}/ubah/"):  # fmt: skip
        assert stranger.get(address).status_code == 404
        assert client.get(address).status_code == 302
    for address in ("hidupkan/", "matikan/", "naik/", "akhiri/"):
        assert stranger.post(f"/aturan/{rule.pk}/{address}", {"version": 1}).status_code == 404
    for address in ("rahasia/", "saklar/", "uji/", "hapus/"):
        assert stranger.post(f"/webhook/{endpoint.pk}/{address}").status_code == 404
    delivery = HookDelivery.objects.get()
    assert stranger.post(f"/webhook/kirim-lagi/{delivery.pk}/").status_code == 404
