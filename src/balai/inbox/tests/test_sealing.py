"""The safe path: only named keepers read it; no officer, nobody who runs the system, no disk."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.channels.contract import Attachment as Sent
from balai.channels.models import Dispatch
from balai.governance.models import AuditEntry
from balai.ground import boxes
from balai.ground.models import Announcement
from balai.ground.services import deliver
from balai.inbox.landing import Attached
from balai.inbox.models import Attachment, Message, SealedKey, SealedTalk
from balai.inbox.search import search
from balai.inbox.selectors import trace_of
from balai.inbox.services import save_draft, seal, sealing, triage
from balai.inbox.services.taking_in import _keep_file
from balai.inbox.tests.reading_all import places_of
from balai.inbox.tests.talking import fresh, hear, say, send_all, signed_in
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member

WORD, NAME, PHRASE = "zqxsuap", "Qzvbudi", "empat kata yang panjang"


@given(st.binary(max_size=300), st.text(min_size=1, max_size=30))
@settings(max_examples=5, deadline=None)
def test_what_is_sealed_to_a_key_opens_with_its_passphrase_only(words, phrase):
    public, private = boxes.new_key()
    locked = boxes.lock(private, phrase)
    box = boxes.seal_to(public, words)
    assert boxes.open_sealed(boxes.unlock(locked, phrase), box) == words
    with pytest.raises(boxes.WrongPassphrase):
        boxes.unlock(locked, phrase + "x")
    with pytest.raises(boxes.CannotOpen):
        boxes.open_sealed(boxes.new_key()[1], box)


@given(st.binary(max_size=300))
def test_words_under_a_key_come_back_and_a_changed_byte_is_seen(words):
    key, body = boxes.encrypt(words)
    assert boxes.decrypt(key, body) == words
    with pytest.raises(boxes.CannotOpen):
        boxes.decrypt(key, body[:-1] + bytes([body[-1] ^ 1]))


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = type(settings.HOME)(tmp_path)


@pytest.fixture
def leader(line):
    return make_member(line.institution, "leader")


@pytest.fixture
def inspector(line):
    return make_member(line.institution, "case_officer", name="Bu Irban")


@pytest.fixture
def keeper(line, leader, inspector):
    named = sealing.name_keeper(
        line.institution, path="whistleblowing", member=inspector, by=leader
    )
    sealing.make_ready(named, passphrase=PHRASE, by=inspector)
    named.refresh_from_db()
    return named


@pytest.fixture
def talk(line, officer):
    identity = json.dumps({"name": f"{NAME} Santoso", "address": f"{NAME}@contoh.example"})
    found = hear(line, f"Kepala dinas minta {WORD} lagi", identity=identity, subject=f"Soal {WORD}")
    triage(found, by=officer, said={"intent": "whistleblow"})
    return fresh(found)


def opened(sealed, by, phrase=PHRASE):
    return sealing.open_sealed_talk(sealed, passphrase=phrase, reason="pemeriksaan", by=by)


@pytest.mark.django_db
def test_no_table_no_index_no_byte_and_no_master_key_gives_the_sealed_words(
    talk, officer, keeper, line, django_capture_on_commit_callbacks, settings
):
    kept = _keep_file(Sent(f"{WORD}.txt", "text/plain", f"bukti {WORD}".encode()))
    fields = {n: getattr(kept, n) for n in Attached.__struct_fields__}
    Attachment.objects.create(message_id=talk.last_in_id, **fields)
    say(talk, officer, f"Baik, soal {WORD} kami catat")
    save_draft(fresh(talk), text=f"Konsep {WORD}", by=officer)
    again = hear(line, f"Juga {WORD}", thread_key=talk.thread_key, citizen_key=talk.citizen.key)
    assert again.pk == talk.pk
    with django_capture_on_commit_callbacks(execute=True):
        sealed = seal(fresh(talk), by=officer, path="whistleblowing")
    send_all()
    while SealedTalk.objects.get().is_waiting:
        assert sealing.lock_waiting()
    assert places_of(WORD) == []
    assert [path for path in (settings.HOME.path / "files").rglob("*") if path.is_file()] == []
    (piece,) = opened(sealed, keeper.member)
    assert [word.text for word in piece.words] == [
        f"Kepala dinas minta {WORD} lagi",
        f"Baik, soal {WORD} kami catat",
        f"Juga {WORD}",
    ]
    assert piece.words[0].files[0].body == f"bukti {WORD}".encode()
    assert piece.identity["name"] == f"{NAME} Santoso"
    assert piece.subject == f"Soal {WORD}"


@pytest.mark.django_db
def test_what_the_citizen_adds_later_is_locked_as_well(talk, officer, keeper, line):
    from balai.inbox.reactions import lock_what_was_added

    sealed = seal(talk, by=officer, path="whistleblowing")
    while SealedTalk.objects.get().is_waiting:
        assert sealing.lock_waiting()
    landed = hear(line, f"Dan {WORD}2", thread_key=talk.thread_key, citizen_key=talk.citizen.key)
    assert landed.pk == talk.pk
    fact = Announcement.objects.filter(name="MessagesTakenIn").latest("pk").facts
    from balai.inbox.events import MessagesTakenIn

    lock_what_was_added(MessagesTakenIn(**fact))
    while SealedTalk.objects.get().is_waiting:
        assert sealing.lock_waiting()
    assert places_of(f"{WORD}2") == []
    assert [len(piece.words) for piece in opened(sealed, keeper.member)] == [1, 1]
    deliver()


@pytest.mark.django_db
def test_without_a_keeper_the_words_are_shown_to_nobody_and_locked_when_there_is_one(
    talk, officer, leader, inspector, line
):
    sealed = seal(talk, by=officer, path="whistleblowing")
    assert sealing.lock_waiting() == 0
    assert SealedTalk.objects.get().is_waiting
    named = sealing.name_keeper(
        line.institution, path="whistleblowing", member=inspector, by=leader
    )
    words = signed_in(leader).get("/jalur-aman/").content.decode()
    assert "is-danger" in words
    assert WORD not in words
    sealing.make_ready(named, passphrase=PHRASE, by=inspector)
    while SealedTalk.objects.get().is_waiting:
        assert sealing.lock_waiting()
    assert places_of(WORD) == []
    assert opened(sealed, inspector)[0].words[0].text.endswith(f"{WORD} lagi")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", ["responder", "system_admin", "auditor", "dpo", "leader", "case_coordinator"]
)
def test_nobody_but_the_keeper_opens_it_whatever_the_role(role, talk, officer, keeper, line):
    sealed = seal(talk, by=officer, path="whistleblowing")
    member = make_member(line.institution, role)
    with pytest.raises(NotAllowed):
        opened(sealed, member)
    client = signed_in(member)
    here = f"/jalur-aman/{sealed.pk}/"
    # Whoever runs the system is sent to their second factor first, and gets no further either.
    refused = 302 if role == "system_admin" else 404
    assert client.get(here).status_code == refused
    assert client.post(here, {"passphrase": PHRASE, "reason": "x"}).status_code == refused
    assert client.post(f"{here}selesai/").status_code == refused
    assert client.post(f"{here}berkas/1/0/", {"passphrase": PHRASE}).status_code == refused
    for path in (f"/kotak-masuk/{talk.pk}/", "/kotak-masuk/?view=all", "/kotak-masuk/?q=" + WORD):
        words = client.get(path).content.decode()
        assert "Kepala dinas" not in words
    assert "whistleblow" not in client.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    assert not search(line.institution_id, WORD).found


@pytest.mark.django_db
def test_a_keeper_of_another_institution_or_path_finds_nothing(talk, officer, keeper, line, leader):
    sealed = seal(talk, by=officer, path="whistleblowing")
    other = make_institution("Kota Lain")
    foreign = make_member(other, "case_officer")
    theirs = sealing.name_keeper(
        other, path="whistleblowing", member=foreign, by=make_member(other, "leader")
    )
    sealing.make_ready(theirs, passphrase=PHRASE, by=foreign)
    of_children = make_member(line.institution, "case_officer")
    sealing.name_keeper(line.institution, path="child", member=of_children, by=leader)
    for member in (foreign, of_children):
        with pytest.raises(NotAllowed):
            opened(sealed, member)
        client = signed_in(member)
        assert client.get("/jalur-aman/").status_code == 200
        assert client.get(f"/jalur-aman/{sealed.pk}/").status_code == 404
    assert Client().get("/jalur-aman/").status_code == 302
    seen = signed_in(officer).get("/jalur-aman/").content.decode()
    assert "Bu Irban" in seen  # so that officers know who keeps it, and nothing else
    assert f"/jalur-aman/{sealed.pk}/" not in seen
    assert "penjaga/" not in seen
    assert signed_in(officer).post("/jalur-aman/penjaga/", {"path": "child"}).status_code in (
        403,
        422,
    )


@pytest.mark.django_db
def test_who_runs_the_system_is_never_named_even_with_another_role(line, leader):
    for roles in (["system_admin"], ["system_admin", "case_officer"], ["auditor"]):
        member = make_member(line.institution, *roles)
        with pytest.raises(NotAllowed):
            sealing.name_keeper(line.institution, path="child", member=member, by=leader)
    officer = make_member(line.institution, "case_officer")
    with pytest.raises(NotAllowed):
        sealing.name_keeper(line.institution, path="child", member=officer, by=officer)


@pytest.mark.django_db
def test_a_wrong_passphrase_opens_nothing_and_every_opening_is_recorded(talk, officer, keeper):
    sealed = seal(talk, by=officer, path="whistleblowing")
    with pytest.raises(sealing.WrongPassphrase):
        opened(sealed, keeper.member, "kata lain yang panjang")
    assert not AuditEntry.objects.filter(did="sealed.opened").exists()
    opened(sealed, keeper.member)
    assert AuditEntry.objects.get(did="sealed.opened").reason == "pemeriksaan"
    assert not any(deed.entry.did == "sealed.opened" for deed in trace_of(fresh(talk)))


@pytest.mark.django_db
def test_the_log_does_not_say_what_the_citizen_spoke_of(talk, officer, keeper):
    before = AuditEntry.objects.latest("pk").pk
    seal(talk, by=officer, path="whistleblowing")
    told = list(AuditEntry.objects.filter(pk__gt=before).values_list("did", "reason", "facts"))
    assert "whistle" not in json.dumps(told)
    assert fresh(talk).intent == ""


@pytest.mark.django_db
def test_the_citizen_is_told_of_a_safe_channel_in_words_that_name_nothing(talk, officer, keeper):
    seal(talk, by=officer, path="whistleblowing")
    said = json.loads(Dispatch.objects.get(purpose="inbox.safe").outgoing)
    assert "aman" in said["text"]
    assert WORD not in json.dumps(said)


@pytest.mark.django_db
def test_keepership_is_handed_over_and_the_last_keeper_does_not_leave(
    talk, officer, keeper, line, leader
):
    sealed = seal(talk, by=officer, path="whistleblowing")
    with pytest.raises(sealing.LastKeeper):
        sealing.end_keeper(keeper, by=leader)
    heir = make_member(line.institution, "case_officer", name="Pak Ahli Waris")
    second = sealing.name_keeper(line.institution, path="whistleblowing", member=heir, by=leader)
    with pytest.raises(ValidationError):
        sealing.share_keys(keeper, second, passphrase=PHRASE, by=keeper.member)
    sealing.make_ready(second, passphrase="kata sandi pewaris", by=heir)
    second.refresh_from_db()
    with pytest.raises(NotAllowed):
        sealing.share_keys(keeper, second, passphrase=PHRASE, by=heir)
    assert opened(sealed, heir, "kata sandi pewaris") == []
    assert sealing.share_keys(keeper, second, passphrase=PHRASE, by=keeper.member) == 1
    sealing.end_keeper(keeper, by=leader)
    assert WORD in opened(sealed, heir, "kata sandi pewaris")[0].words[0].text
    assert SealedKey.objects.count() == 1
    with pytest.raises(NotAllowed):
        opened(sealed, keeper.member)


@pytest.mark.django_db
def test_the_whole_way_in_the_browser(talk, officer, line, leader, inspector):
    head, eye = signed_in(leader), signed_in(inspector)
    head.post("/jalur-aman/penjaga/", {"path": "whistleblowing", "member": inspector.pk})
    named = inspector.keeping.get()
    here = f"/jalur-aman/penjaga/{named.pk}/siap/"
    short = {"passphrase": "pendek", "again": "pendek"}
    assert eye.post(here, short).status_code == 422
    assert eye.post(here, {"passphrase": PHRASE, "again": "lain"}).status_code == 422
    eye.post(here, {"passphrase": PHRASE, "again": PHRASE})
    signed_in(officer).post(f"/kotak-masuk/{talk.pk}/seal/", {"path": "whistleblowing"})
    sealed = SealedTalk.objects.get()
    page = f"/jalur-aman/{sealed.pk}/"
    assert WORD not in eye.get(page).content.decode()
    wrong = eye.post(page, {"passphrase": "salah sama sekali", "reason": "x"})
    assert wrong.status_code == 422
    shown = eye.post(page, {"passphrase": PHRASE, "reason": "pemeriksaan"})
    assert WORD in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert WORD not in eye.get(page).content.decode()
    eye.post(f"{page}selesai/")
    assert SealedTalk.objects.get().handled_at is not None
    assert head.get("/jalur-aman/").status_code == 200
    assert head.get(page).status_code == 404
    assert Message.objects.get(pk=talk.last_in_id).text == ""
