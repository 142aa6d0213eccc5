"""The verbs of the desk."""

from balai.desk.services.acting import (
    answer_triggers,
    look_for_quiet,
    note_happened,
    run_rule,
)
from balai.desk.services.away import keep_away_notes, send_away_note
from balai.desk.services.escalating import escalate_some
from balai.desk.services.giving import cover_absent, give_out, pass_to_team
from balai.desk.services.hooks import (
    add_endpoint,
    change_secret,
    edit_endpoint,
    is_wanted,
    remove_endpoint,
    ring,
    send_again,
    switch_endpoint,
    try_endpoint,
)
from balai.desk.services.notices import read_notices
from balai.desk.services.ringing import drop_old_hooks, send_due_hooks
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
    "add_endpoint",
    "answer_triggers",
    "arrange_desk",
    "change_day",
    "change_secret",
    "cover_absent",
    "drop_old_hooks",
    "edit_endpoint",
    "edit_team",
    "enter_absence",
    "escalate_some",
    "forget_member",
    "forget_unit",
    "found_team",
    "give_out",
    "is_wanted",
    "keep_away_notes",
    "keep_shift",
    "look_for_quiet",
    "move_rule_up",
    "note_happened",
    "pass_to_team",
    "read_hand_over",
    "read_notices",
    "remove_endpoint",
    "retire_rule",
    "retire_shift",
    "retire_team",
    "revise_rule",
    "ring",
    "run_rule",
    "send_again",
    "send_away_note",
    "send_due_hooks",
    "set_capacity",
    "switch_endpoint",
    "switch_off",
    "switch_on",
    "try_endpoint",
    "withdraw_absence",
    "write_hand_over",
    "write_rule",
]
