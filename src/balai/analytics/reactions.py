"""What is noted, to be counted soon, when the inbox tells us something.

Counting goes by what the rows say then: hearing twice changes nothing.

`ConversationAnswered` has no hearer here: whoever stops the response clock moves the conversation
in the same transaction, and that is heard.
"""

from balai.analytics import services
from balai.inbox.events import ConversationMoved, MessagesTakenIn


def count_messages(fact: MessagesTakenIn) -> None:
    """A batch landed: its conversations are new, or go on, or were reopened."""
    services.note_told(fact.institution_id, fact.conversation_ids, message_ids=fact.message_ids)


def count_move(fact: ConversationMoved) -> None:
    """A conversation was sorted, given to somebody, answered, ended, taken up again."""
    services.note_told(fact.institution_id, [fact.conversation_id])
