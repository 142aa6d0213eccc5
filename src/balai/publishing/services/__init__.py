"""The verbs of publishing."""

from balai.publishing.services.approving import (
    ChangedMeanwhile,
    approve,
    remark,
    review_afterwards,
    send_back,
    submit,
)
from balai.publishing.services.correcting import (
    correct,
    note_beside,
    note_correction,
    note_retraction,
    prove_correction,
    withdraw,
)
from balai.publishing.services.holding import begin_hold, cancel, end_hold, let_go
from balai.publishing.services.moving import CannotMove
from balai.publishing.services.planning import add_objective
from balai.publishing.services.scheduling import publish_in_one_step, schedule, unschedule
from balai.publishing.services.sending import (
    approved_content,
    look_at_post,
    note_delivery,
    prove_by_hand,
    put_out,
    try_again,
)
from balai.publishing.services.writing import (
    Stated,
    Unready,
    add_picture,
    describe_pictures,
    drop_picture,
    rewrite_item,
    write_item,
)

__all__ = [
    "CannotMove",
    "ChangedMeanwhile",
    "Stated",
    "Unready",
    "add_objective",
    "add_picture",
    "approve",
    "approved_content",
    "begin_hold",
    "cancel",
    "correct",
    "describe_pictures",
    "drop_picture",
    "end_hold",
    "let_go",
    "look_at_post",
    "note_beside",
    "note_correction",
    "note_delivery",
    "note_retraction",
    "prove_by_hand",
    "prove_correction",
    "publish_in_one_step",
    "put_out",
    "remark",
    "review_afterwards",
    "rewrite_item",
    "schedule",
    "send_back",
    "submit",
    "try_again",
    "unschedule",
    "withdraw",
    "write_item",
]
