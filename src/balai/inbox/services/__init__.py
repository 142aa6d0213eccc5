from balai.inbox.services.answering import (
    AlreadyAnswered,
    CitizenWroteMeanwhile,
    TooLong,
    answer,
    fresh_form_key,
    note_delivery,
    send_answer_again,
    undo_answer,
    write_note,
)
from balai.inbox.services.clocks import recompute_open_clocks
from balai.inbox.services.copying import COPY, send_copy
from balai.inbox.services.endings import confirm_silent_endings, note_bounce, note_taken_back
from balai.inbox.services.forms import add_to_form, citizen_confirms, fresh_receipt, send_form
from balai.inbox.services.triage import (
    assign,
    open_identity,
    release_work_of,
    resolve,
    seal,
    set_aside,
    take_up_again,
    triage,
)

__all__ = [
    "COPY",
    "AlreadyAnswered",
    "CitizenWroteMeanwhile",
    "TooLong",
    "add_to_form",
    "answer",
    "assign",
    "citizen_confirms",
    "confirm_silent_endings",
    "fresh_form_key",
    "fresh_receipt",
    "note_bounce",
    "note_delivery",
    "note_taken_back",
    "open_identity",
    "recompute_open_clocks",
    "release_work_of",
    "resolve",
    "seal",
    "send_answer_again",
    "send_copy",
    "send_form",
    "set_aside",
    "take_up_again",
    "triage",
    "undo_answer",
    "write_note",
]
