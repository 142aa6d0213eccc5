from balai.inbox.rules import NotAllowedNow
from balai.inbox.services.answering import (
    answer,
    fresh_form_key,
    note_delivery,
    send_answer_again,
    undo_answer,
)
from balai.inbox.services.approving import (
    add_policy,
    approve_answer,
    end_policy,
    hold_answer,
    return_answer,
    withdraw_answer,
)
from balai.inbox.services.away import AWAY, note_away_out, send_away
from balai.inbox.services.bulk import MOST_AT_ONCE, Outcome, on_each, undo_deed
from balai.inbox.services.calling import note_seen
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
from balai.inbox.services.linking import (
    end_with_case,
    follow_case,
    hand_to_case,
    link_to_case,
)
from balai.inbox.services.moderating import NoSuchRule, moderate, restore
from balai.inbox.services.presence import be_present
from balai.inbox.services.questions import (
    NoLongerAsked,
    answer_question,
    ask_further,
    ask_unit,
    withdraw_question,
)
from balai.inbox.services.refusals import (
    AlreadyAnswered,
    AnswerWaits,
    CitizenWroteMeanwhile,
    LineClosed,
    NeedsApproval,
    NoRightToReply,
    NotSober,
    NotWaiting,
    TooLong,
    Unfilled,
)
from balai.inbox.services.rights import keep_reply_ends
from balai.inbox.services.saved_views import (
    begin_with,
    drop_view,
    move_view_up,
    order_queue,
    save_view,
)
from balai.inbox.services.sealing import seal
from balai.inbox.services.teamwork import (
    do_task,
    give_task,
    release_tasks_of,
    undo_task,
    write_note,
)
from balai.inbox.services.telling import tell
from balai.inbox.services.triage import (
    assign,
    open_identity,
    raise_priority,
    release_work_of,
    resolve,
    set_aside,
    take_up_again,
    triage,
)

__all__ = [
    "AWAY",
    "COPY",
    "MOST_AT_ONCE",
    "AlreadyAnswered",
    "AnswerWaits",
    "CitizenWroteMeanwhile",
    "LineClosed",
    "NeedsApproval",
    "NoLongerAsked",
    "NoRightToReply",
    "NoSuchRule",
    "NotAllowedNow",
    "NotSober",
    "NotWaiting",
    "NothingToTakeBack",
    "Outcome",
    "TooLong",
    "Unfilled",
    "add_label",
    "add_policy",
    "add_to_form",
    "answer",
    "answer_question",
    "approve_answer",
    "ask_further",
    "ask_unit",
    "assign",
    "be_present",
    "begin_with",
    "choose_model",
    "citizen_confirms",
    "confirm_silent_endings",
    "do_task",
    "drop_draft",
    "drop_view",
    "edit_label",
    "end_policy",
    "end_with_case",
    "follow_calendar",
    "follow_case",
    "fresh_form_key",
    "fresh_receipt",
    "give_task",
    "hand_to_case",
    "hold_answer",
    "keep_model",
    "keep_reply_ends",
    "link_to_case",
    "moderate",
    "move_view_up",
    "note_away_out",
    "note_bounce",
    "note_delivery",
    "note_seen",
    "note_taken_back",
    "on_each",
    "open_identity",
    "order_queue",
    "put_labels",
    "raise_priority",
    "recompute_some_clocks",
    "release_tasks_of",
    "release_work_of",
    "resolve",
    "restore",
    "retire_label",
    "return_answer",
    "save_draft",
    "save_view",
    "seal",
    "send_answer_again",
    "send_away",
    "send_copy",
    "send_form",
    "set_aside",
    "set_sign_off",
    "take_back_model",
    "take_up_again",
    "tell",
    "triage",
    "undo_answer",
    "undo_deed",
    "undo_task",
    "withdraw_answer",
    "withdraw_question",
    "write_down",
    "write_note",
]
