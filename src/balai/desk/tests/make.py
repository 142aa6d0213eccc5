"""Plain functions that make teams and shifts for tests of any room."""

from datetime import time
from typing import Any

from balai.desk.models import Shift, Team
from balai.desk.services import found_team, keep_shift
from balai.people.models import Institution, Member
from balai.people.tests.make import make_member

ALWAYS = [(weekday, (time(0), time(12))) for weekday in range(7)] + [
    (weekday, (time(12), time(0))) for weekday in range(7)
]


def make_team(institution: Institution, *members: Member, **fields: Any) -> Team:
    """A team at work, arranged by a coordinator."""
    fields = {"name": f"Tim {Team.objects.count() + 1}", **fields}
    by = fields.pop("by", None) or make_member(institution, "case_coordinator", name="Lasmi")
    return found_team(institution=institution, members=members, by=by, **fields)


def make_shift(team: Team, *members: Member, **fields: Any) -> Shift:
    """A shift of the team; unless told otherwise it runs round the clock, holidays too."""
    fields = {"name": "Siaga", "spans": ALWAYS, "works_on_days_off": True, **fields}
    by = fields.pop("by", None) or make_member(team.institution, "case_coordinator", name="Lasmi")
    return keep_shift(team, members=members, by=by, **fields)
