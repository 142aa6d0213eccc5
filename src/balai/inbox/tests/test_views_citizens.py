"""The citizen's pages: the letterbox, and the status page behind a receipt."""

import re
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from balai.channels.models import Connection, Parcel
from balai.inbox import services, sweeps
from balai.inbox.models import Attachment, Conversation, Message
from balai.inbox.selectors import place_of
from balai.inbox.tests.talking import came_to, make_line, say
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh_gates():
    cache.clear()


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = type(settings.HOME)(tmp_path)


@pytest.fixture
def line(db):
    return make_line(make_institution(slug="contoh"), "webform")


@pytest.fixture
def officer(line):
    return make_member(line.institution, "responder")


def fields_of(client, **said) -> dict:
    page = client.get("/tulis/contoh/").content.decode()
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)[1]
    return {"ticket": ticket, "text": "Lampu jalan mati", "consent": "on", **said}


def send(client, **said):
    return client.post("/tulis/contoh/", fields_of(client, **said))


def land() -> Conversation:
    while sweeps.take_in():
        pass
    return Conversation.objects.order_by("-pk").first()


def jpeg(**options) -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG", **options)
    return out.getvalue()


def upload(body: bytes, name: str = "foto.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, "image/jpeg")


def test_the_house_s_own_form_is_found_without_its_name(line):
    assert Client().get("/tulis/").url == "/tulis/contoh/"


def test_a_message_is_kept_at_once_and_its_page_says_so_before_and_after_it_was_taken_in(line):
    client = Client()
    kept = send(client, place="Jl. Melati", name="Suparmi").url
    waiting = client.get(kept)
    assert waiting.status_code == 200
    assert "Pesan Anda kami terima" in waiting.content.decode()
    talk = land()
    page = client.get(kept.partition("?")[0])
    assert talk.receipt in kept
    assert "Lampu jalan mati" in page.content.decode()
    assert Message.objects.get().extra["facts"] == {"place": "Jl. Melati"}


def test_an_unreadable_parcel_is_told_as_what_it_is(line):
    client = Client()
    kept = send(client).url
    Parcel.objects.update(state="unreadable")
    assert "Petugas akan memeriksanya" in client.get(kept).content.decode()


def test_only_the_proof_of_this_very_message_opens_a_page_before_it_was_taken_in(line):
    client = Client()
    proof = send(client).url.partition("?")[2]
    assert client.get(f"/status/AAAAAAAAAAAAAAAAAAAAAA/?{proof}").status_code == 404
    assert client.get("/status/AAAAAAAAAAAAAAAAAAAAAA/?kept=1:x").status_code == 404


def test_a_form_sent_twice_is_one_conversation_with_one_message(line):
    client = Client()
    fields = fields_of(client)
    first, second = (client.post("/tulis/contoh/", fields).url for _ in range(2))
    assert first.partition("?")[0] == second.partition("?")[0]
    land()
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 1)


def test_a_form_that_comes_back_with_other_words_is_another_message_of_the_same_citizen(line):
    client = Client()
    fields = fields_of(client)
    client.post("/tulis/contoh/", fields)
    client.post("/tulis/contoh/", {**fields, "text": "Lampu jalan mati, ada yang jatuh"})
    land()
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 2)


def test_nobody_chooses_a_receipt(line):
    client = Client()
    answer = send(client, ticket="aku-mau-ini")
    assert "aku-mau-ini" not in answer.url


def test_what_is_missing_is_said_at_the_top_and_the_text_stays(line):
    answer = send(Client(), text="tetap <b>ada</b>", consent="")
    assert answer.status_code == 422
    assert "tetap &lt;b&gt;ada&lt;/b&gt;" in answer.content.decode()
    assert "data-error-summary" in answer.content.decode()


def test_a_machine_that_fills_every_field_sends_nothing(line):
    assert send(Client(), website="https://spam.example").status_code == 422
    assert not Parcel.objects.exists()


def test_a_photo_loses_its_place_its_device_and_its_passengers(line):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Rahasia", "Telepon"
    exif.get_ifd(0x8825)[2] = (6.0, 54.0, 0.0)
    body = jpeg(exif=exif, comment=b"titipan") + b"<script>alert(1)</script>"
    send(Client(), photos=[upload(body, "../../etc/<x>.php.jpg")])
    land()
    kept = Attachment.objects.get()
    stored = place_of(kept).read_bytes()
    assert kept.mime == "image/jpeg"
    assert not dict(Image.open(BytesIO(stored)).getexif())
    for secret in (b"Rahasia", b"titipan", b"<script>", b"Exif"):
        assert secret not in stored
    assert "/" not in kept.name
    assert "<" not in kept.name


def test_a_pdf_and_a_transparent_picture_are_taken_and_what_lies_about_its_kind_is_not(line):
    out = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    good = [upload(b"%PDF-1.7 surat", "surat.pdf"), upload(out.getvalue(), "a.png")]
    assert send(Client(), photos=good).status_code == 302
    for body in (b"<svg onload=alert(1)>", b"GIF89a", b"PK\x03\x04", b"MZ", b"", b"\xff\xd8\xff"):
        answer = send(Client(), photos=[upload(body)])
        assert answer.status_code in (302, 422), body
        assert answer.status_code == 422 or body == b"", body


def test_a_bomb_is_refused_before_it_is_opened(line):
    header = (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60_000).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    )
    assert send(Client(), photos=[upload(header + bytes(64), "b.png")]).status_code == 422


def test_too_many_or_too_large_files_are_refused_in_words(line):
    assert send(Client(), photos=[upload(jpeg()) for _ in range(6)]).status_code == 422
    answer = send(Client(), photos=[upload(jpeg() + bytes(5 * 1024 * 1024))])
    assert answer.status_code == 422
    assert "5 MB" in answer.content.decode()


def test_who_writes_too_often_is_asked_to_wait_and_keeps_the_text(line):
    client = Client()
    for _ in range(10):
        assert send(client).status_code == 302
    answer = send(client, text="masih di sini")
    assert answer.status_code == 429
    assert "masih di sini" in answer.content.decode()
    assert answer.headers["Retry-After"]
    elsewhere = client.post("/tulis/contoh/", fields_of(client), REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 302


def test_a_closed_form_says_so_and_still_names_the_number_for_danger(line):
    Connection.objects.update(state="paused")
    answer = Client().get("/tulis/contoh/")
    assert answer.status_code == 404
    assert "112" in answer.content.decode()


def test_the_page_shows_only_answers_that_are_out_and_no_note(line, officer):
    client = Client()
    send(client)
    talk = land()
    services.write_note(talk, text="catatan dalam", by=officer)
    message = say(talk, officer, "Jawaban resmi")
    address = f"/status/{talk.receipt}/"
    assert "Jawaban resmi" not in client.get(address).content.decode()
    came_to(message, "out")
    services.note_delivery(message)
    page = client.get(address).content.decode()
    assert "Jawaban resmi" in page
    assert "catatan dalam" not in page
    assert officer.name not in page


def test_the_citizen_says_whether_it_helped(line, officer):
    client = Client()
    send(client)
    talk = land()
    message = say(talk, officer)
    came_to(message, "out")
    services.note_delivery(message)
    address = f"/status/{talk.receipt}/"
    assert 'name="helped"' in client.get(address).content.decode()
    client.post(address, {"helped": "yes"})
    talk.refresh_from_db()
    assert talk.state == "confirmed"
    assert 'name="helped"' not in client.get(address).content.decode()


def test_what_the_citizen_adds_lands_in_the_same_conversation(line):
    client = Client()
    send(client, email="ani@contoh.example")
    talk = land()
    address = f"/status/{talk.receipt}/"
    assert client.post(address, {"text": ""}).status_code == 422
    kept = client.post(address, {"text": "Masih gelap"})
    assert client.get(kept.url).status_code == 200
    land()
    assert Conversation.objects.count() == 1
    assert "Masih gelap" in client.get(address).content.decode()
    for _ in range(6):
        last = client.post(address, {"text": "lagi"})
    assert last.status_code == 422


def test_a_sealed_matter_says_only_that_it_is_in_safe_hands(line, officer):
    client = Client()
    send(client)
    talk = land()
    services.triage(talk, by=officer, said={})
    services.seal(talk, by=officer, path="child")
    assert "Lampu" not in client.get(f"/status/{talk.receipt}/").content.decode()


def test_the_status_page_stays_between_us_and_the_citizen(line):
    client = Client()
    kept = send(client).url
    for answer in (client.get(kept), client.get("/status/tidak-ada/")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "no-store" in answer.headers["Cache-Control"]


def test_guessing_receipts_is_answered_with_patience_and_then_not_at_all(line):
    client = Client()
    answers = [client.get(f"/status/tebakan-{n}/").status_code for n in range(31)]
    assert answers == [404] * 30 + [429]
    send(client)
    talk = land()
    assert client.get(f"/status/{talk.receipt}/").status_code == 200  # the holder is not shut out


def test_one_stranger_s_e_mail_does_not_join_two_people(line):
    for _ in range(2):
        send(Client(), email="sama@contoh.example")
    land()
    assert Conversation.objects.values("citizen").distinct().count() == 2
