"""What happens when. Roles can run on different machines: `balai work --role send`."""

from datetime import timedelta

from balai.analytics import sweeps as analytics
from balai.cases import sweeps as cases
from balai.channels import sweeps as channels
from balai.desk import sweeps as desk
from balai.ground.services import deliver, drop_heard
from balai.ground.worker import Turn
from balai.inbox import sweeps as inbox
from balai.people import sweeps as people
from balai.publishing import sweeps as publishing
from balai.readiness import sweeps as readiness
from balai.surveys import sweeps as surveys


def every(seconds: float) -> timedelta:
    """A pause between two turns that found nothing to do."""
    return timedelta(seconds=seconds)


TIMETABLE = [
    Turn(channels.poll, "receive", every(1), hands=4),
    Turn(inbox.take_in, "land", every(0.2)),
    Turn(channels.send_due, "send", every(0.5), hands=2),
    Turn(channels.confirm, "send", every(1)),
    Turn(publishing.put_out_due, "send", every(0.5)),
    Turn(publishing.read_back, "send", every(30)),
    Turn(deliver, "sweep", every(0.2)),
    Turn(inbox.tend_store, "land", every(600)),
    Turn(inbox.confirm_silent, "sweep", every(300)),
    Turn(inbox.move_clocks, "sweep", every(2)),
    Turn(inbox.gather_hints, "sweep", every(10)),
    Turn(inbox.note_overdue_promises, "sweep", every(60)),
    Turn(inbox.note_overdue_requests, "sweep", every(60)),
    Turn(inbox.finish_erasures, "land", every(10)),
    Turn(inbox.note_overdue_hand_offs, "sweep", every(5)),
    Turn(inbox.lock_sealed, "land", every(5)),
    Turn(desk.answer_triggers, "sweep", every(1)),
    Turn(desk.give_out_work, "sweep", every(10)),
    Turn(desk.look_for_quiet, "sweep", every(60)),
    Turn(desk.watch_clocks, "sweep", every(5)),
    Turn(desk.send_hooks, "send", every(1)),
    Turn(desk.drop_old_hooks, "sweep", every(3600)),
    Turn(cases.escalate, "sweep", every(60)),
    Turn(cases.close, "sweep", every(60)),
    Turn(cases.move_clocks, "sweep", every(2)),
    Turn(analytics.count_the_rest, "sweep", every(30)),
    Turn(readiness.reckon_yesterday, "sweep", every(300)),
    Turn(channels.check_identities, "receive", every(3600)),
    Turn(channels.tend_stranded, "sweep", every(60)),
    Turn(people.end_overdue_mandates, "sweep", every(60)),
    Turn(channels.drop_old_parcels, "sweep", every(3600)),
    Turn(surveys.close_what_is_over, "sweep", every(600)),
    Turn(drop_heard, "sweep", every(3600)),
]
ROLES = sorted({turn.role for turn in TIMETABLE})
