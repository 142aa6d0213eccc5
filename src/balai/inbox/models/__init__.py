from balai.inbox.models.answering import AnswerStyle, Draft
from balai.inbox.models.citizen import Citizen
from balai.inbox.models.conversation import ClockWalk, Conversation, QueueCount
from balai.inbox.models.label import Label, Labelling
from balai.inbox.models.message import Attachment, Correction, Message, MessageKey
from balai.inbox.models.presence import Presence
from balai.inbox.models.reading_model import ReadingModel
from balai.inbox.models.saved_view import FirstView, SavedView

__all__ = [
    "AnswerStyle",
    "Attachment",
    "Citizen",
    "ClockWalk",
    "Conversation",
    "Correction",
    "Draft",
    "FirstView",
    "Label",
    "Labelling",
    "Message",
    "MessageKey",
    "Presence",
    "QueueCount",
    "ReadingModel",
    "SavedView",
]
