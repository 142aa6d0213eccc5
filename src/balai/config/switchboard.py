"""Who hears what: the nervous system of the house on one page."""

from balai.channels.events import AnswerReturned, DispatchSettled
from balai.ground.services import Switchboard

HEARD_BY: Switchboard = {
    DispatchSettled: [],
    AnswerReturned: [],
}
