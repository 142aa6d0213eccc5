"""The verbs of the desk."""

from balai.desk.services.giving import cover_absent, give_out, pass_to_team
from balai.desk.services.shifts import (
    change_day,
    enter_absence,
    keep_shift,
    read_hand_over,
    retire_shift,
    withdraw_absence,
    write_hand_over,
)
from balai.desk.services.teams import (
    arrange_desk,
    edit_team,
    forget_member,
    forget_unit,
    found_team,
    retire_team,
    set_capacity,
)

__all__ = [
    "arrange_desk",
    "change_day",
    "cover_absent",
    "edit_team",
    "enter_absence",
    "forget_member",
    "forget_unit",
    "found_team",
    "give_out",
    "keep_shift",
    "pass_to_team",
    "read_hand_over",
    "retire_shift",
    "retire_team",
    "set_capacity",
    "withdraw_absence",
    "write_hand_over",
]
