"""The pages of teams and shifts."""

from datetime import timedelta

import pytest
from django.utils import translation

from balai.desk.models import Absence, Capacity, DeskSetting, Shift, Team
from balai.desk.selectors import today_of
from balai.desk.services import write_hand_over
from balai.desk.tests.make import make_shift, make_team
from balai.inbox.tests.talking import fresh, hear, make_line, signed_in
from balai.people.tests.make import make_institution, make_member


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
def sekar(city):
    return make_member(city, "responder", name="Sekar")


@pytest.fixture
def team(city, chief, sekar):
    team = make_team(city, sekar, name="Tim Tanggapan", by=chief, takes_unsorted=True)
    make_shift(team, sekar, by=chief)
    return team


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_team_and_a_shift_are_made_on_the_pages(city, chief, sekar):
    client = signed_in(chief)
    assert "Belum ada tim" in read(client, "/tim/")
    client.post("/tim/baru/", {"name": "Tim Pagi", "members": [sekar.pk], "lead": chief.pk})
    team = Team.objects.get()
    address = f"/tim/{team.pk}/giliran/"
    wrong = client.post(address, {"name": "Pagi", "day_0": "pagi sekali"})
    assert wrong.status_code == 422
    assert "pagi sekali" in wrong.content.decode()
    client.post(
        address,
        {"name": "Pagi", "members": [sekar.pk], "day_0": "07.30-12.00, 13-16", "day_4": "22-6"},
    )
    shift = Shift.objects.get()
    spans = sorted((s.weekday, f"{s.starts:%H%M}", f"{s.ends:%H%M}") for s in shift.spans.all())
    assert spans == [(0, "0730", "1200"), (0, "1300", "1600"), (4, "2200", "0600")]
    page = read(client, f"/tim/{team.pk}/")
    assert "07.30-12.00" in page
    assert "07.30-12.00, 13.00-16.00" in read(client, f"{address}{shift.pk}/")


def test_the_page_says_who_is_here_how_much_they_have_and_gives_out_work(city, team, sekar, chief):
    waiting = hear(make_line(city))
    client = signed_in(chief)
    page = read(client, "/tim/")
    assert "Sekar" in page
    assert "0 dari 15" in page
    client.post(f"/tim/{team.pk}/bagi/")
    assert fresh(waiting).assignee == sekar
    assert "1 dari 15" in read(client, "/tim/")


def test_a_hand_over_greets_the_next_shift_until_it_is_read(city, team, sekar, chief):
    other = make_member(city, "responder", name="Tegar")
    make_shift(team, by=chief, name="Sore")
    team.seats.create(member=other)
    note = write_hand_over(team, text="Genangan menunggu PUPR.", by=sekar)
    client = signed_in(other)
    assert "Genangan menunggu PUPR." in read(client, "/tim/")
    client.post(f"/tim/serah-terima/{note.pk}/dibaca/")
    assert "Genangan menunggu PUPR." not in read(client, "/tim/")
    assert "Genangan menunggu PUPR." in read(client, f"/tim/{team.pk}/")
    outsider = signed_in(make_member(city, "responder"))
    assert "Genangan" not in read(outsider, f"/tim/{team.pk}/")


def test_an_absence_is_entered_shown_without_its_reason_and_withdrawn(city, team, sekar, chief):
    today = today_of(city)
    sent = {
        "member": sekar.pk,
        "kind": "sick",
        "first_on": today.isoformat(),
        "last_on": (today + timedelta(days=1)).isoformat(),
        "deputy": chief.pk,
    }
    client = signed_in(sekar)
    client.post("/tim/absen/", sent)
    absence = Absence.objects.get()
    assert "Sakit" in read(client, "/tim/")
    colleague = signed_in(make_member(city, "responder"))
    page = read(colleague, "/tim/")
    assert "Lasmi menggantikan" in page
    assert "Sakit" not in page
    assert colleague.post(f"/tim/absen/{absence.pk}/tarik/").status_code == 403
    assert colleague.post("/tim/absen/", sent).status_code == 422  # may enter their own only
    client.post(f"/tim/absen/{absence.pk}/tarik/")
    absence.refresh_from_db()
    assert absence.withdrawn_at


def test_capacity_one_day_and_the_desk_itself_are_arranged(city, team, sekar, chief):
    client = signed_in(chief)
    client.post(f"/tim/kapasitas/{sekar.pk}/", {"most": "3", "team": team.pk})
    assert Capacity.objects.get(member=sekar).most == 3
    client.post(f"/tim/kapasitas/{sekar.pk}/", {"most": "0"})
    assert Capacity.objects.get(member=sekar).most == 3
    shift = team.shifts.get()
    client.post(f"/tim/giliran/{shift.pk}/tanggal/", {"on": "2027-01-04", "hours": "8-12"})
    assert "08:00-12:00" in read(client, f"/tim/{team.pk}/")
    client.post("/tim/pengaturan/simpan/", {"gives_out": "on"})
    assert DeskSetting.objects.get(institution=city).gives_out
    client.post(f"/tim/giliran/{shift.pk}/akhiri/")
    client.post(f"/tim/{team.pk}/akhiri/", {"reason": "digabung"})
    assert client.get(f"/tim/{team.pk}/").status_code == 404


def test_a_responder_sees_but_does_not_arrange(team, sekar):
    client = signed_in(sekar)
    shift = team.shifts.get()
    assert "Bentuk tim" not in read(client, "/tim/")
    for address in ("/tim/baru/", f"/tim/{team.pk}/ubah/", f"/tim/{team.pk}/giliran/",
                    f"/tim/giliran/{shift.pk}/tanggal/", "/tim/pengaturan/"):  # fmt: skip
        assert client.get(address).status_code == 403
    for address in (f"/tim/{team.pk}/akhiri/", f"/tim/kapasitas/{sekar.pk}/",
                    f"/tim/giliran/{shift.pk}/akhiri/", "/tim/pengaturan/simpan/"):  # fmt: skip
        assert client.post(address, {"most": 2, "reason": "x"}).status_code == 403


def test_another_institutions_teams_do_not_exist_here_and_strangers_sign_in(team, client, sekar):
    stranger = signed_in(make_member(make_institution(is_sample=True), "case_coordinator"))
    shift, note = team.shifts.get(), write_hand_over(team, text="Halo", by=sekar)
    mine = f"/tim/{team.pk}/"
    pages = ("", "ubah/", "giliran/", f"giliran/{shift.pk}/")
    for address in (*(mine + page for page in pages), f"/tim/giliran/{shift.pk}/tanggal/"):
        assert stranger.get(address).status_code == 404
        assert client.get(address).status_code == 302
    for address in (f"/tim/{team.pk}/bagi/", f"/tim/{team.pk}/akhiri/",
                    f"/tim/{team.pk}/serah-terima/", f"/tim/serah-terima/{note.pk}/dibaca/",
                    f"/tim/giliran/{shift.pk}/akhiri/", f"/tim/kapasitas/{sekar.pk}/"):  # fmt: skip
        assert stranger.post(address, {"text": "x"}).status_code == 404


def test_the_page_costs_the_same_however_many_work(
    team, city, chief, django_assert_max_num_queries
):
    for n in range(6):
        team.seats.create(member=make_member(city, "responder", name=f"Petugas {n}"))
    client = signed_in(chief)
    with django_assert_max_num_queries(40):
        read(client, "/tim/")
