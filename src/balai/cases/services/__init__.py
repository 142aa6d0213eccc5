"""The verbs of cases."""

import secrets

from balai.cases.services.clocks import escalate_some, follow_calendar, recompute_some_clocks
from balai.cases.services.disposing import (
    assign_officer,
    dispatch_case,
    release_cases_of,
    return_case,
    return_until,
)
from balai.cases.services.endings import (
    citizen_confirms,
    citizen_disputes,
    close_some,
    rate,
    take_up_dispute,
    withdraw,
)
from balai.cases.services.hearing import forget_words, note_words, see_notice
from balai.cases.services.opening import add_voice, edit_case, open_case
from balai.cases.services.telling import tracking_address
from balai.cases.services.verifying import (
    ask_citizen,
    merge_case,
    note_clarified,
    reject_case,
    verify_case,
)
from balai.cases.services.working import (
    answer_case,
    note_read,
    promise_day,
    refer_case,
    resolve_case,
    say_more,
    start_work,
)


def fresh_key() -> str:
    """The key that a new answer form carries, so that pressing twice answers once."""
    return secrets.token_hex(16)


__all__ = [
    "add_voice",
    "answer_case",
    "ask_citizen",
    "assign_officer",
    "citizen_confirms",
    "citizen_disputes",
    "close_some",
    "dispatch_case",
    "edit_case",
    "escalate_some",
    "follow_calendar",
    "forget_words",
    "fresh_key",
    "merge_case",
    "note_clarified",
    "note_read",
    "note_words",
    "open_case",
    "promise_day",
    "rate",
    "recompute_some_clocks",
    "refer_case",
    "reject_case",
    "release_cases_of",
    "resolve_case",
    "return_case",
    "return_until",
    "say_more",
    "see_notice",
    "start_work",
    "take_up_dispute",
    "tracking_address",
    "verify_case",
    "withdraw",
]
