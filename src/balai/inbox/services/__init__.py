from balai.inbox.services.answering import (
    AlreadyAnswered,
    CitizenWroteMeanwhile,
    LineClosed,
    NotSober,
    TooLong,
    Unfilled,
    answer,
    fresh_form_key,
    note_delivery,
    send_answer_again,
    undo_answer,
    write_note,
)
from balai.inbox.services.bulk import MOST_AT_ONCE, Outcome, on_each
from balai.inbox.services.clocks import follow_calendar, recompute_some_clocks
from balai.inbox.services.copying import COPY, send_copy
from balai.inbox.services.drafts import drop_draft, save_draft, set_sign_off
from balai.inbox.services.endings import confirm_silent_endings, note_bounce, note_taken_back
from balai.inbox.services.forms import (
    add_to_form,
    citizen_confirms,
    fresh_receipt,
    send_form,
    write_down,
)
from balai.inbox.services.labels import add_label, edit_label, put_labels, retire_label
from balai.inbox.services.learning import (
    NothingToTakeBack,
    choose_model,
    keep_model,
    take_back_model,
)
from balai.inbox.services.moderating import NoSuchRule, moderate, restore
from balai.inbox.services.presence import be_present
from balai.inbox.services.saved_views import begin_with, drop_view, move_view_up, save_view
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
    "MOST_AT_ONCE",
    "AlreadyAnswered",
    "CitizenWroteMeanwhile",
    "LineClosed",
    "NoSuchRule",
    "NotSober",
    "NothingToTakeBack",
    "Outcome",
    "TooLong",
    "Unfilled",
    "add_label",
    "add_to_form",
    "answer",
    "assign",
    "be_present",
    "begin_with",
    "choose_model",
    "citizen_confirms",
    "confirm_silent_endings",
    "drop_draft",
    "drop_view",
    "edit_label",
    "follow_calendar",
    "fresh_form_key",
    "fresh_receipt",
    "keep_model",
    "moderate",
    "move_view_up",
    "note_bounce",
    "note_delivery",
    "note_taken_back",
    "on_each",
    "open_identity",
    "put_labels",
    "recompute_some_clocks",
    "release_work_of",
    "resolve",
    "restore",
    "retire_label",
    "save_draft",
    "save_view",
    "seal",
    "send_answer_again",
    "send_copy",
    "send_form",
    "set_aside",
    "set_sign_off",
    "take_back_model",
    "take_up_again",
    "triage",
    "undo_answer",
    "write_down",
    "write_note",
]
