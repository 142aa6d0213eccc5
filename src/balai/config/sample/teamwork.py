"""The sample's desk at work together: answers that a second person reads, tasks, a question."""

from datetime import timedelta

from balai.config.sample.office import Office
from balai.ground.clock import now
from balai.inbox.models import Conversation
from balai.inbox.services import (
    add_policy,
    answer_question,
    ask_unit,
    fresh_form_key,
    give_task,
    hold_answer,
    order_queue,
    save_view,
    write_note,
)

HELD = (
    "Selamat siang. Terima kasih sudah melapor. Laporan Anda sudah kami teruskan ke regu lapangan "
    "dan kami kabari lagi di percakapan ini paling lambat besok sore."
)


def fill_teamwork(office: Office) -> None:
    """Let policies, held answers, mentions, tasks and questions be seen at work."""
    officer, second = office.members["petugas"], office.members["petugas2"]
    chief = office.members["koordinator"]
    order_queue(by=chief, order="deadline", for_all=True)
    save_view(by=officer, name="Keluhan terbuka", filters={"view": "open", "intent": "complaint"})
    here = Conversation.objects.filter(institution=office.institution, is_open=True, priority__lt=2)
    waiting = here.filter(state="triaged", reply_until=None).order_by("due_at")
    complaint = waiting.filter(intent="complaint").first()
    others = list(waiting.exclude(pk=complaint.pk if complaint else 0)[:2])
    add_policy(
        office.institution,
        by=chief,
        why="Jawaban atas keluhan dibaca dua orang",
        intent="complaint",
    )
    if complaint is not None:
        hold_answer(
            complaint,
            text=HELD,
            by=officer,
            form_key=fresh_form_key(),
            after=complaint.last_message_id,
        )
    for talk in others[:1]:
        write_note(
            talk,
            text=f"@{officer.name}, mohon cek apakah warga ini pernah melapor hal yang sama.",
            by=second,
        )
        give_task(
            talk,
            what="Minta foto lokasi terbaru dari regu lapangan",
            by=chief,
            who=officer,
            until=now().date() + timedelta(days=1),
        )
    for talk in others[1:2]:
        question = ask_unit(
            talk,
            unit=office.units["pdam"],
            text="Kapan perbaikan pipa di wilayah ini dijadwalkan selesai?",
            due_on=now().date() + timedelta(days=2),
            by=officer,
        )
        answer_question(
            question,
            text="Perbaikan dijadwalkan selesai Rabu sore; air mengalir normal malam harinya.",
            by=office.members["air"],
        )
