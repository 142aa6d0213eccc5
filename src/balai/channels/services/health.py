"""Is the line alive, and if not, what should a person do?"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from balai.channels.contract import Refused, RemoteError
from balai.channels.events import ConnectionBroke, ConnectionMended
from balai.channels.models import Connection
from balai.ground.clock import now
from balai.ground.plain import storable
from balai.ground.services import announce

FAILURES_BEFORE_BROKEN = 3
LONGEST_PAUSE = timedelta(minutes=10)

SIGN_IN_AGAIN = _(
    "The network no longer accepts our sign-in. Make a new app password there, "
    "then open this connection and enter it."
)
WAIT_OR_CHECK = _(
    "The network cannot be reached. If it is down, nothing is lost: what citizens write is fetched "
    "later. If it works in a browser, check this server's line to the outside."
)
READ_THEIR_WORDS = _("The network refuses what we ask. Read its words above and its help pages.")


@transaction.atomic
def note_alive(connection: Connection) -> None:
    """The network answered: whatever was wrong is over."""
    was_troubled = Connection.objects.filter(
        pk=connection.pk, state__in=[Connection.State.TROUBLED, Connection.State.BROKEN]
    ).update(state=Connection.State.HEALTHY, trouble="", what_to_do="")
    Connection.objects.filter(pk=connection.pk).update(failures=0, last_alive_at=now())
    if was_troubled:
        announce(
            ConnectionMended(connection.institution_id, connection.pk),
            scope=connection.institution_id,
        )


@transaction.atomic
def note_trouble(connection: Connection, trouble: RemoteError) -> None:
    """The line failed. Broken at once when our sign-in is refused, else at the third failure."""
    refused_sign_in = isinstance(trouble, Refused) and not trouble.signs_in
    Connection.objects.filter(pk=connection.pk).update(failures=F("failures") + 1)
    connection.refresh_from_db()
    is_final = isinstance(trouble, Refused) and trouble.is_final
    broken = refused_sign_in or is_final or connection.failures >= FAILURES_BEFORE_BROKEN
    if refused_sign_in:
        advice = SIGN_IN_AGAIN
    elif isinstance(trouble, Refused) and trouble.permanent:
        advice = READ_THEIR_WORDS
    else:
        advice = WAIT_OR_CHECK
    was = connection.state
    if was in (Connection.State.PAUSED, Connection.State.CLOSED):
        return
    connection.state = Connection.State.BROKEN if broken else Connection.State.TROUBLED
    connection.trouble = storable(str(trouble))
    connection.what_to_do = str(advice)
    connection.next_look_at = None if is_final else now() + _pause(connection.failures, trouble)
    connection.save(update_fields=["state", "trouble", "what_to_do", "next_look_at"])
    if broken and was != Connection.State.BROKEN:
        announce(
            ConnectionBroke(connection.institution_id, connection.pk, connection.trouble),
            scope=connection.institution_id,
        )


def _pause(failures: int, trouble: RemoteError) -> timedelta:
    if isinstance(trouble, Refused) and trouble.wait is not None:
        return trouble.wait
    return min(timedelta(seconds=15 * 2 ** min(failures, 8)), LONGEST_PAUSE)
