"""Who hears what: the nervous system of the house on one page."""

from balai.channels.events import AnswerReturned, DispatchSettled
from balai.ground.services import Switchboard
from balai.inbox import reactions as inbox

HEARD_BY: Switchboard = {
    DispatchSettled: [inbox.note_dispatch],
    AnswerReturned: [inbox.note_return],
}
