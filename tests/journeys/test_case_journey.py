"""One citizen's matter through every room: mention, triage, a case in another unit, an answer in
the same thread, "not solved" twice, the superior, solved, confirmed, closed, a whole chain.

The network is a folder (`helloworld`): what the citizen writes lies in one file, what we say in
another. Everything else is pressed on the pages, and time passes in the sweeps of the timetable.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from balai.cases import sweeps as case_sweeps
from balai.cases.models import Case, Move
from balai.cases.services import fresh_key
from balai.channels import services as channels
from balai.channels import sweeps as channel_sweeps
from balai.channels.models import Connection, Dispatch
from balai.governance.selectors import verify_chain
from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.ground.services import deliver
from balai.inbox import sweeps as inbox_sweeps
from balai.inbox.models import Conversation
from balai.inbox.tests.talking import signed_in
from balai.people.models import Institution, Member
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db


class City:
    """An office with a line, its people, and a citizen who writes on that network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.institution: Institution = make_institution(is_sample=True)
        self.roads = make_unit(self.institution, "Dinas Jalan")
        self.people: dict[str, Member] = {
            "responder": make_member(self.institution, "responder"),
            "coordinator": make_member(self.institution, "case_coordinator"),
            "officer": make_member(self.institution, "case_officer", unit=self.roads),
            "second": make_member(self.institution, "case_officer", unit=self.roads),
            "superior": make_member(self.institution, "leader"),
        }
        admin = make_member(self.institution, "channel_admin")
        self.line = channels.connect(
            institution=self.institution,
            channel="helloworld",
            name="Warta",
            answers={"folder": str(folder)},
            by=admin,
        )
        self.said = 0

    def citizen_writes(self, text: str) -> None:
        self.said += 1
        line = {
            "id": f"warga-{self.said}",
            "thread": "utas-warga",
            "author": "warga.satu",
            "text": text,
            "at": now().isoformat(),
        }
        with (self.folder / "in.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
        Connection.objects.filter(pk=self.line.pk).update(next_look_at=now() - timedelta(seconds=1))
        channel_sweeps.poll()
        while inbox_sweeps.take_in():
            pass
        self.everybody_hears()

    def everybody_hears(self) -> None:
        while deliver():
            pass

    def what_leaves_arrives(self) -> list[dict[str, Any]]:
        """The undo window is over: workers send. Gives what stands in the citizen's network."""
        Dispatch.objects.filter(state="waiting").update(due_at=now() - timedelta(seconds=1))
        while channel_sweeps.send_due():
            pass
        self.everybody_hears()
        out = self.folder / "out.jsonl"
        return [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []

    def press(self, who: str, path: str, **said: Any) -> None:
        answer = signed_in(self.people[who]).post(path, said)
        assert answer.status_code == 302, answer.content.decode()[:3000]


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path)


def words(case: Case, text: str) -> dict[str, Any]:
    heard = case.voices.get().conversation.last_in_id
    return {"text": text, "key": fresh_key(), "seen": heard}


def unless_advised(press: Callable[..., Any], path: str, said: dict[str, Any]) -> None:
    """Officers write plainly; what could be plainer still is sent as it is."""
    answer = press(path, said)
    if answer.status_code == 200:
        mark = answer.content.decode().split('name="advised" value="')[1].split('"')[0]
        answer = press(path, {**said, "advised": mark})
    assert answer.status_code == 302, answer.content.decode()[:3000]


def test_a_matter_goes_through_every_room_and_the_citizen_has_the_last_word(city: City) -> None:
    city.citizen_writes("Jalan depan pasar berlubang dalam, kemarin ada yang jatuh")
    talk = Conversation.objects.get()

    city.press("responder", f"/kotak-masuk/{talk.pk}/triage/", intent="complaint", priority="1",
               language="ind", sentiment="negative")  # fmt: skip
    city.press("responder", f"/perkara/dari/{talk.pk}/", kind="complaint",
               title="Jalan berlubang depan pasar", place="Depan pasar")  # fmt: skip
    case = Case.objects.get()
    here = f"/perkara/{case.pk}/"
    city.press("coordinator", here + "periksa/", scrutiny="ordinary", category="jalan")
    routed = words(case, "Laporan Anda sudah di Dinas Jalan.")
    city.press("coordinator", here + "disposisi/", unit=city.roads.pk, **routed)
    city.press("officer", here + "kerjakan/")

    def answers(who: str, text: str) -> None:
        desk = signed_in(city.people[who])
        unless_advised(desk.post, here + "jawab/", words(case, text))
        city.press("coordinator", here + "selesai/", result="fixed")

    answers("officer", "Yth. warga, lubang di depan pasar sudah kami tambal pagi ini.")
    (first, second) = city.what_leaves_arrives()
    assert first["text"].startswith("Laporan Anda sudah di Dinas Jalan.")
    assert "sudah kami tambal" in second["text"]
    assert second["reply_to"]["id"] == "warga-1"
    assert "/lacak/" not in first["text"] + second["text"]  # everybody can read this thread

    city.citizen_writes("Belum selesai, sudah berlubang lagi")
    case.refresh_from_db()
    assert (case.state, bool(case.news_at)) == ("resolved", True)
    assert "Warga menulis" in signed_in(city.people["coordinator"]).get(here).content.decode()
    voice = case.voices.get()
    city.press("coordinator", here + "kata-warga/", voice=voice.pk, solved="no")
    city.press("coordinator", here + "tangani-sanggahan/", officer=city.people["second"].pk,
               reason="diperiksa petugas lain")  # fmt: skip
    answers("second", "Yth. warga, kami periksa lagi dan tambal ulang hari ini.")
    assert city.what_leaves_arrives()[-1]["reply_to"]["id"] == "warga-2"

    page = f"/lacak/{voice.receipt}/"
    citizen = Client(enforce_csrf_checks=True)
    assert "atasan yang memutuskan" in citizen.get(page).content.decode()
    citizen.post(page, {"deed": "disputes"})
    refused = signed_in(city.people["coordinator"]).post(
        here + "tangani-sanggahan/", {"officer": city.people["officer"].pk, "reason": "lagi"}
    )
    assert refused.status_code == 403
    city.press("superior", here + "tangani-sanggahan/", officer=city.people["officer"].pk,
               reason="lapis ulang seluruh ruas")  # fmt: skip
    answers("officer", "Yth. warga, seluruh ruas depan pasar sudah dilapis ulang. Silakan periksa.")
    assert city.what_leaves_arrives()[-1]["text"].startswith("Yth. warga, seluruh ruas")

    citizen.post(page, {"deed": "confirms"})
    citizen.post(page, {"deed": "stars-5"})
    assert case_sweeps.close() == 1
    city.everybody_hears()

    case.refresh_from_db()
    talk.refresh_from_db()
    assert (case.state, case.result, case.rating, case.disputes) == ("closed", "fixed", 5, 2)
    assert talk.state == "confirmed"
    assert not case.clocks.filter(ended_at=None).exists()
    closed = Announcement.objects.get(name="CaseClosed").facts
    assert (closed["conversation_ids"], closed["confirmed"]) == ([talk.pk], True)
    assert not Announcement.objects.exclude(trouble="").exists()
    moves = list(Move.objects.filter(case=case).order_by("pk").values_list("became", flat=True))
    assert moves.count("disputed") == 2
    assert moves[-2:] == ["confirmed", "closed"]
    assert verify_chain(city.institution.pk).holds
