from balai.inbox.models.answering import AnswerStyle, Draft
from balai.inbox.models.approving import HeldAnswer, ReplyPolicy
from balai.inbox.models.citizen import Citizen
from balai.inbox.models.contact import (
    CitizenNote,
    Consent,
    Contact,
    ContactChange,
    ContactChanged,
    ContactPart,
    HintWalk,
    IdentityHint,
)
from balai.inbox.models.conversation import ClockWalk, Conversation, QueueCount
from balai.inbox.models.handoff import Exposure, HandOff
from balai.inbox.models.label import Label, Labelling
from balai.inbox.models.message import Attachment, Correction, Message, MessageKey
from balai.inbox.models.presence import Presence
from balai.inbox.models.promise import Promise
from balai.inbox.models.reading_model import ReadingModel
from balai.inbox.models.request import Certificate, ErasedAddress, LegalHold, RightsRequest
from balai.inbox.models.saved_view import FirstView, QueueOrder, SavedView
from balai.inbox.models.sealed import Keeper, SafePath, SealedKey, SealedPiece, SealedTalk
from balai.inbox.models.teamwork import Call, SideQuestion, SideWord, Task

__all__ = [
    "AnswerStyle",
    "Attachment",
    "Call",
    "Certificate",
    "Citizen",
    "CitizenNote",
    "ClockWalk",
    "Consent",
    "Contact",
    "ContactChange",
    "ContactChanged",
    "ContactPart",
    "Conversation",
    "Correction",
    "Draft",
    "ErasedAddress",
    "Exposure",
    "FirstView",
    "HandOff",
    "HeldAnswer",
    "HintWalk",
    "IdentityHint",
    "Keeper",
    "Label",
    "Labelling",
    "LegalHold",
    "Message",
    "MessageKey",
    "Presence",
    "Promise",
    "QueueCount",
    "QueueOrder",
    "ReadingModel",
    "ReplyPolicy",
    "RightsRequest",
    "SafePath",
    "SavedView",
    "SealedKey",
    "SealedPiece",
    "SealedTalk",
    "SideQuestion",
    "SideWord",
    "Task",
]
