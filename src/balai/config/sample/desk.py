"""The sample's desk: teams with shifts, a deputy, a hand-over, rules, a note for the night."""

from datetime import time, timedelta

from balai.config.sample.office import Office
from balai.desk import services as desk
from balai.desk.models import Team
from balai.desk.rules.matching import Conditions, Deeds
from balai.desk.selectors import today_of
from balai.inbox.services import add_label

WORKDAYS, EVERY_DAY = range(5), range(7)
MORNING, AFTERNOON = (time(7, 30), time(12)), (time(13), time(16))
EVENING = (time(16), time(20))
DAY, NIGHT = (time(7), time(19)), (time(19), time(7))
AWAY_NOTES = {
    "ind": (
        "Terima kasih, pesan Anda sudah kami terima. Saat ini di luar jam layanan; petugas kami "
        "membacanya lagi mulai {buka}. Bila ada bahaya, hubungi 112."
    ),
    "jav": (
        "Matur nuwun, serat panjenengan sampun kula tampi. Kantor bikak malih {buka}. Menawi "
        "wonten bebaya, nyuwun tulung telpon 112."
    ),
}


def fill_desk(office: Office) -> None:
    """Arrange the desk after the week was lived: what comes next meets rules and shifts."""
    chief = office.members["koordinator"]
    answering = _answering(office)
    roads = _roads(office)
    _standby(office)
    _absence(office)
    desk.write_hand_over(
        answering,
        text=(
            "Genangan di sekitar Pasar Lama sudah diteruskan ke Dinas PUPR; warga dijanjikan kabar "
            "sebelum siang. Dua pertanyaan kartu keluarga masih menunggu konfirmasi Dukcapil."
        ),
        by=office.members["petugas2"],
    )
    _rules(office, roads)
    desk.keep_away_notes(office.institution, texts=AWAY_NOTES, by=chief)
    desk.arrange_desk(office.institution, sends_away_notes=True, gives_out=False, by=chief)
    endpoint, _secret = desk.add_endpoint(
        institution=office.institution,
        name="Gudang data kabupaten (contoh, mati)",
        url="https://gudang-data.contoh.test/balai",
        kinds=["conversation.answered", "conversation.escalated"],
        by=chief,
    )
    desk.switch_endpoint(endpoint, on=False, by=chief)


def _answering(office: Office) -> Team:
    chief, people = office.members["koordinator"], office.members
    both = [people["petugas"], people["petugas2"]]
    team = desk.found_team(
        institution=office.institution,
        name="Tim Tanggapan Warga",
        unit=office.units["humas"],
        lead=chief,
        head=people["humas"],
        takes_unsorted=True,
        members=[*both, chief],
        by=chief,
    )
    office_hours = [(day, span) for day in WORKDAYS for span in (MORNING, AFTERNOON)]
    desk.keep_shift(team, name="Jam kantor", spans=office_hours, members=both, by=chief)
    evenings = [(day, EVENING) for day in EVERY_DAY] + [(5, (time(8), time(12)))]
    desk.keep_shift(
        team, name="Petang dan Sabtu pagi", spans=evenings, members=[people["petugas2"]], by=chief
    )
    desk.set_capacity(people["petugas2"], most=20, by=chief)
    return team


def _roads(office: Office) -> Team:
    chief, officer = office.members["koordinator"], office.members["jalan"]
    team = desk.found_team(
        institution=office.institution,
        name="Tim Jalan dan Penerangan",
        unit=office.units["pupr"],
        lead=officer,
        head=officer,
        members=[officer],
        by=chief,
    )
    hours = [(day, span) for day in WORKDAYS for span in (MORNING, AFTERNOON)]
    desk.keep_shift(team, name="Jam kantor", spans=hours, members=[officer], by=chief)
    return team


def _standby(office: Office) -> None:
    """Two halves of a day that meet, on days off too."""
    chief, lead = office.members["koordinator"], office.members["krisis"]
    team = desk.found_team(
        institution=office.institution,
        name="Siaga Bencana",
        unit=office.units["bpbd"],
        lead=lead,
        head=lead,
        members=[lead],
        by=chief,
    )
    desk.keep_shift(
        team,
        name="Siaga 24 jam",
        spans=[(day, span) for day in EVERY_DAY for span in (DAY, NIGHT)],
        members=[lead],
        works_on_days_off=True,
        by=chief,
    )


def _absence(office: Office) -> None:
    """Sekar is on leave this week; whom she lent her role to is another matter (the loan)."""
    today = today_of(office.institution)
    desk.enter_absence(
        office.members["petugas"],
        kind="leave",
        first_on=today,
        last_on=today + timedelta(days=5),
        deputy=office.members["petugas2"],
        by=office.members["petugas"],
    )


def _rules(office: Office, roads: Team) -> None:
    chief, institution = office.members["koordinator"], office.institution
    label = add_label(institution, name="Lampu jalan", colour="info", by=chief)
    lamps = desk.write_rule(
        institution=institution,
        name="Lampu jalan ke Tim Jalan",
        when="taken_in",
        conditions=Conditions(words=("lampu jalan", "penerangan jalan", "PJU")),
        deeds=Deeds(team=roads.pk, label=label.pk),
        limit_per_hour=60,
        by=chief,
    )
    desk.switch_on(lamps, number=1, by=office.members["humas"])
    quiet = desk.write_rule(
        institution=institution,
        name="Pengaduan tanpa kabar dua hari",
        when="quiet",
        quiet_hours=48,
        conditions=Conditions(intents=("complaint",)),
        deeds=Deeds(notify_lead=True),
        by=chief,
    )
    desk.switch_on(quiet, number=1, by=chief)
    desk.write_rule(
        institution=institution,
        name="Kata bahaya dinaikkan",
        when="taken_in",
        conditions=Conditions(words=("banjir", "longsor", "kebakaran", "tersengat")),
        deeds=Deeds(raise_to=1, notify_lead=True),
        limit_per_hour=30,
        by=chief,
    )
