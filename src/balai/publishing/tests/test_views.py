"""The pages of publishing, for the desk and for everybody."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from balai.ground.clock import now
from balai.people.tests.make import make_institution, make_member
from balai.publishing import services
from balai.publishing.models import Item, Variant
from balai.publishing.tests.make import (
    again,
    make_item,
    make_line,
    make_objective,
    only,
    photo,
)


@pytest.fixture
def writer(city, client):
    member = make_member(city, "content_creator", name="Nilam")
    client.force_login(member.user)
    return member


@pytest.fixture
def desk(city, client):
    """An editor at the desk."""
    member = make_member(city, "editor", name="Galih")
    client.force_login(member.user)
    return member


def said(city, **fields):
    return {
        "title": "Imunisasi di balai desa",
        "purpose": "service_information",
        "segment": "Orang tua balita",
        "objective": make_objective(city).pk,
        "language": "ind",
        "text-0": "Imunisasi gratis hari Rabu. Silakan datang.",
        "f-TOTAL_FORMS": "1",
        "f-INITIAL_FORMS": "0",
        "f-0-statement": "Imunisasi gratis",
        "f-0-source": "Perbup 12/2026",
        **fields,
    }


def test_a_post_is_written_reviewed_scheduled_and_read_by_everybody(client, city, writer):
    client.post("/publikasi/tulis/", said(city))
    item = Item.objects.get()
    assert item.facts.get().source == "Perbup 12/2026"
    client.post(f"/publikasi/{item.pk}/serahkan/")
    assert only(item).state == "in_review"
    client.force_login(make_member(city, "editor").user)
    page = client.get(f"/publikasi/{item.pk}/").content.decode()
    assert "Setujui kata-kata ini" in page
    step = f"/publikasi/versi/{only(item).pk}/"
    client.post(step + "setujui/", {"mark": only(item).revision.sha256})
    client.post(step + "jadwalkan/", {"at": ""})
    Variant.objects.update(at=now())
    services.put_out(only(item))
    client.logout()
    public = client.get(f"/kabar/{city.slug}/{item.pk}/")
    assert "Imunisasi gratis hari Rabu" in public.content.decode()
    assert "Perbup 12/2026" in public.content.decode()
    assert "sessionid" not in public.cookies


def test_a_wrong_form_keeps_the_words_and_says_what_is_wrong(client, city, writer):
    answer = client.post("/publikasi/tulis/", said(city, title="", **{"f-0-source": ""}))
    assert answer.status_code == 422
    assert "Imunisasi gratis hari Rabu" in answer.content.decode()
    assert not Item.objects.exists()


def test_the_preview_counts_and_judges_as_the_network_does(client, city, writer):
    line = make_line(city)
    long = {f"text-{line.account_id}": "a" * 501}
    for path, more in (("/publikasi/tulis/lihat/", {}), ("/publikasi/tulis/", {"look": "1"})):
        page = client.post(path, said(city, **long, **more))
        assert page.status_code == 200
        assert "501 / 500" in page.content.decode()
        assert "Kelebihan 1" in page.content.decode()
    assert not Item.objects.exists()


def test_what_is_missing_is_told_when_it_is_given_to_review(client, city, writer):
    item = make_item(city, by=writer, segment="", purpose="", objective=None)
    answer = client.post(f"/publikasi/{item.pk}/serahkan/", follow=True)
    page = answer.content.decode()
    assert "Sebutkan untuk siapa." in page
    assert "Pilih tujuan kiriman ini." in page


def test_the_time_is_read_in_the_institutions_zone(client, db):
    city = make_institution(zone="Asia/Jayapura", is_sample=True)
    client.force_login(make_member(city, "editor").user)
    variant = only(make_item(city, state="approved"))
    day = (now() + timedelta(days=2)).strftime("%Y-%m-%d")
    client.post(f"/publikasi/versi/{variant.pk}/jadwalkan/", {"at": f"{day}T09:00"})
    assert again(variant).at.isoformat() == f"{day}T00:00:00+00:00"
    assert "WIT" in client.get(f"/publikasi/{variant.item_id}/").content.decode()


def test_a_refused_step_says_why_beside_its_form(client, city, desk):
    variant = only(make_item(city, state="approved"))
    answer = client.post(f"/publikasi/versi/{variant.pk}/jadwalkan/", {"at": "2020-01-01T09:00"})
    assert answer.status_code == 422
    assert "Waktu itu sudah lewat" in answer.content.decode()


def test_words_of_a_post_are_never_markup(client, city, desk):
    item = make_item(city, text="<script>alert(1)</script> Silakan datang.", state="approved")
    services.rewrite_item(
        item, texts={0: "<img src=x onerror=alert(2)> Silakan datang."}, by=item.created_by
    )
    page = client.get(f"/publikasi/{item.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_a_picture_goes_from_the_form_to_the_public_page(client, city, writer):
    item = make_item(city, by=writer)
    file = SimpleUploadedFile("loket.jpg", photo(), "image/jpeg")
    client.post(f"/publikasi/{item.pk}/gambar/", {"file": file, "alt": "Loket KTP"})
    kept = item.pictures.get()
    assert client.get(f"/publikasi/gambar/{kept.pk}/").headers["Content-Type"] == "image/jpeg"
    address = f"/kabar/{city.slug}/{item.pk}/gambar/{kept.sha256}/"
    assert client.get(address).status_code == 404
    bad = SimpleUploadedFile("x.jpg", b"<svg>", "image/jpeg")
    answer = client.post(f"/publikasi/{item.pk}/gambar/", {"file": bad, "alt": "x"})
    assert answer.status_code == 422


def test_the_board_and_the_month_show_what_stands_where(client, city, desk):
    make_item(city, title="Yang draf")
    item = make_item(
        city, text="Kabar lain. Silakan datang.", title="Yang terbit", state="published"
    )
    board = client.get("/publikasi/").content.decode()
    assert "Yang draf" in board
    assert "Yang terbit" not in board
    assert "Yang terbit" in client.get("/publikasi/?kelompok=out").content.decode()
    month = client.get("/publikasi/kalender/")
    assert "Yang terbit" in month.content.decode()
    assert client.get("/publikasi/kalender/?bulan=9999-99").status_code == 200
    feed = client.get(month.content.decode().split('href="/publikasi/kalender/')[-1].join(
        ["/publikasi/kalender/", ""]).split('"')[0])  # fmt: skip
    assert f"UID:publikasi-{only(item).pk}@" in feed.content.decode()
    assert client.get("/publikasi/kalender/forged.ics").status_code == 404


def test_the_board_asks_the_same_few_questions_for_fifty_as_for_two(
    client, city, desk, django_assert_max_num_queries
):
    for n in range(12):
        make_item(city, title=f"Kiriman {n}", text=f"Kabar {n}. Silakan datang.")
    with django_assert_max_num_queries(30):
        client.get("/publikasi/")
    with django_assert_max_num_queries(30):
        client.get("/publikasi/kalender/")


def test_feeds_are_whole_and_by_topic(client, city):
    item = make_item(city, text="Awas <&> banjir. Silakan datang.", state="published")
    for path in ("", "topik/kependudukan/"):
        root = ET.fromstring(client.get(f"/kabar/{city.slug}/{path}atom.xml").content)
        names = {"a": "http://www.w3.org/2005/Atom"}
        assert root.find("a:entry/a:content", names).text.startswith("Awas <&> banjir")
        feed = json.loads(client.get(f"/kabar/{city.slug}/{path}feed.json").content)
        assert feed["items"][0]["url"].endswith(f"/kabar/{city.slug}/{item.pk}/")
    assert client.get(f"/kabar/{city.slug}/topik/tidak-ada/atom.xml").status_code == 404


def test_drafts_and_other_peoples_posts_are_not_public(client, city):
    draft = make_item(city)
    other = make_item(make_institution(), state="published")
    assert client.get(f"/kabar/{city.slug}/{draft.pk}/").status_code == 404
    assert client.get(f"/kabar/{city.slug}/{other.pk}/").status_code == 404


def test_a_correction_stands_on_the_public_page_with_both_wordings(client, city, desk):
    item = make_item(city, state="published")
    sent = {
        "words": "Harinya Minggu, bukan Sabtu.",
        "noticed_at": (now() + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M"),
        "text-0": "Layanan rekam KTP buka hari Minggu pukul 08.00. Silakan datang.",
    }
    Variant.objects.update(published_at=now() - timedelta(hours=2))
    assert client.post(f"/publikasi/{item.pk}/ralat/", sent).status_code == 302
    client.logout()
    page = client.get(f"/ralat/{city.slug}/").content.decode()
    assert "Harinya Minggu, bukan Sabtu." in page
    assert "diralat dalam" in page
    story = client.get(f"/kabar/{city.slug}/{item.pk}/").content.decode()
    assert "<ins>Minggu</ins>" in story
    assert "<del>Sabtu</del>" in story


def test_a_withdrawn_post_leaves_its_notice(client, city, head):
    item = make_item(city, state="published")
    client.force_login(head.user)
    sent = {"rule": "privacy", "citation": "UU 27/2022", "notice": "Ditarik demi privasi warga."}
    client.post(f"/publikasi/{item.pk}/tarik/", sent)
    client.logout()
    answer = client.get(f"/kabar/{city.slug}/{item.pk}/")
    assert answer.status_code == 410
    assert "Ditarik demi privasi warga." in answer.content.decode()
    assert "rekam KTP" not in answer.content.decode()


def test_the_archive_names_the_hash_of_every_part(client, city, desk):
    item = make_item(city, state="published")
    told = json.loads(client.get(f"/publikasi/{item.pk}/arsip.json").content)
    revision = only(item).revision
    assert told["manifest"][f"revision-{revision.pk}"] == revision.sha256
    assert told[f"variant-{only(item).pk}"]["revisions"][0]["body"] == revision.body


def test_the_hold_is_pressed_and_ended_on_the_board(client, city, desk):
    assert client.post("/publikasi/tahan/", {"reason": ""}).status_code == 422
    client.post("/publikasi/tahan/", {"reason": "Banjir bandang"})
    assert "Banjir bandang" in client.get("/publikasi/").content.decode()
    client.post("/publikasi/tahan/akhiri/", {"reason": "Surut"})
    assert "Banjir bandang" not in client.get("/publikasi/").content.decode()


GETS = ["", "ubah/", "ralat/", "tarik/", "arsip.json"]
POSTS = ["serahkan/", "gambar/", "sekali-jalan/", "tinjau/", "ralat/", "tarik/"]


def test_another_institutions_posts_do_not_exist_here(client, city, head):
    both = make_member(city, "editor", "head_of_pr")
    client.force_login(both.user)
    foreign = make_item(make_institution(), state="published")
    for rest in GETS:
        assert client.get(f"/publikasi/{foreign.pk}/{rest}").status_code == 404
    for rest in POSTS:
        assert client.post(f"/publikasi/{foreign.pk}/{rest}").status_code == 404
    assert client.get(f"/publikasi/versi/{only(foreign).pk}/").status_code == 404
    assert client.post(f"/publikasi/versi/{only(foreign).pk}/batalkan/").status_code == 404
    assert client.post("/publikasi/tulis/lihat/", {"item": foreign.pk}).status_code == 404


def test_whoever_lacks_the_role_is_refused(client, city):
    item = make_item(city, state="in_review")
    client.force_login(make_member(city, "responder").user)
    step = f"/publikasi/versi/{only(item).pk}/"
    mark = {"mark": only(item).revision.sha256}
    assert client.post(step + "setujui/", mark).status_code == 403
    assert client.post(step + "batalkan/", {"reason": "x"}).status_code == 403
    assert client.get("/publikasi/tulis/").status_code == 403
    assert client.post("/publikasi/tahan/", {"reason": "x"}).status_code == 403
    assert client.get("/publikasi/").status_code == 200


def test_a_visitor_is_sent_to_the_sign_in(client, city):
    item = make_item(city)
    for path in ("", "kalender/", "tulis/", f"{item.pk}/", f"{item.pk}/arsip.json"):
        assert "/masuk/" in client.get(f"/publikasi/{path}").headers["Location"]
