"""The verbs of surveys."""

from balai.surveys.services.answering import (
    Incomplete,
    NotOpen,
    answer_invitation,
    fresh_key,
    respond,
)
from balai.surveys.services.computing import (
    Disagreement,
    compute_index,
    declare_invalid,
    publish_result,
    validate_index,
)
from balai.surveys.services.following import follow_up_done, plan_follow_up
from balai.surveys.services.inviting import forget_invitations, invite, invite_voices
from balai.surveys.services.preparing import (
    close_survey,
    draft_survey,
    edit_survey,
    end_surveys_over,
    open_survey,
    review_method,
    review_privacy,
    send_back,
)

__all__ = [
    "Disagreement",
    "Incomplete",
    "NotOpen",
    "answer_invitation",
    "close_survey",
    "compute_index",
    "declare_invalid",
    "draft_survey",
    "edit_survey",
    "end_surveys_over",
    "follow_up_done",
    "forget_invitations",
    "fresh_key",
    "invite",
    "invite_voices",
    "open_survey",
    "plan_follow_up",
    "publish_result",
    "respond",
    "review_method",
    "review_privacy",
    "send_back",
    "validate_index",
]
