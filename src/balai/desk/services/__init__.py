"""The verbs of the desk."""

from balai.desk.services.acting import (
    answer_triggers,
    look_for_quiet,
    note_happened,
    run_rule,
)
from balai.desk.services.away import keep_away_notes, send_away_note
from balai.desk.services.giving import cover_absent, give_out, pass_to_team
from balai.desk.services.notices import read_notices
from balai.desk.services.ruling import (
    move_rule_up,
    retire_rule,
    revise_rule,
    switch_off,
    switch_on,
    write_rule,
)
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
    "answer_triggers",
    "arrange_desk",
    "change_day",
    "cover_absent",
    "edit_team",
    "enter_absence",
    "forget_member",
    "forget_unit",
    "found_team",
    "give_out",
    "keep_away_notes",
    "keep_shift",
    "look_for_quiet",
    "move_rule_up",
    "note_happened",
    "pass_to_team",
    "read_hand_over",
    "read_notices",
    "retire_rule",
    "retire_shift",
    "retire_team",
    "revise_rule",
    "run_rule",
    "send_away_note",
    "set_capacity",
    "switch_off",
    "switch_on",
    "withdraw_absence",
    "write_hand_over",
    "write_rule",
]
