from balai.inbox.models.citizen import Citizen
from balai.inbox.models.conversation import Conversation, QueueCount
from balai.inbox.models.message import Attachment, Correction, Message, MessageKey

__all__ = [
    "Attachment",
    "Citizen",
    "Conversation",
    "Correction",
    "Message",
    "MessageKey",
    "QueueCount",
]
