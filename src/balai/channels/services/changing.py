"""Change what is out: edit it, take it back, look whether it still stands there."""

import dataclasses

import msgspec
from django.db import transaction

from balai.channels.contract import Can, Outgoing, Picture, RemoteError
from balai.channels.models import Dispatch
from balai.channels.selectors import connector_of, promises
from balai.channels.services.sending import outgoing_of
from balai.ground.clock import now

State, Deed = Dispatch.State, Dispatch.Deed


class CannotChange(Exception):
    """The network does not let us change this, or it is not out."""


@transaction.atomic
def entrust_edit(
    said: Dispatch,
    text: str,
    *,
    key: str,
    purpose: str,
    ref: int,
    pictures: tuple[Picture, ...] | None = None,
) -> Dispatch:
    """Ask that what is out reads so from now on, in the caller's transaction. One key: one change.

    Without `pictures` those that are out stay. Raises CannotChange.
    """
    post = _as_it_stands(said)
    shown = post.pictures if pictures is None else pictures
    post = dataclasses.replace(post, text=text, pictures=shown)
    return _entrust(said, post, Deed.EDIT, Can.EDIT, key=key, purpose=purpose, ref=ref)


@transaction.atomic
def entrust_retraction(said: Dispatch, *, key: str, purpose: str, ref: int) -> Dispatch:
    """Ask that what is out is taken back. Raises CannotChange."""
    post = _as_it_stands(said)
    return _entrust(said, post, Deed.RETRACT, Can.RETRACT, key=key, purpose=purpose, ref=ref)


def stands_there(said: Dispatch) -> bool | None:
    """Look, changing nothing, whether what is out still stands there; None: nobody can tell.

    Calls the network, so no transaction may be open.
    """
    if said.state != State.OUT or Can.PROBE not in promises(said.connection).can:
        return None
    connector = connector_of(said.connection)
    try:
        return connector.probe(_as_it_stands(said)) is not None
    except (RemoteError, ValueError, LookupError, TypeError):
        return None
    finally:
        connector.close()


def _as_it_stands(said: Dispatch) -> Outgoing:
    """What we sent, with the words of the last edit that the network took."""
    post = outgoing_of(said)
    newest = said.changes.filter(deed=Deed.EDIT, state=State.OUT).order_by("pk").last()
    if newest is None:
        return post
    edited = outgoing_of(newest)
    return dataclasses.replace(post, text=edited.text, pictures=edited.pictures)


def _entrust(
    said: Dispatch, post: Outgoing, deed: str, needed: Can, *, key: str, purpose: str, ref: int
) -> Dispatch:
    if said.state != State.OUT or needed not in promises(said.connection).can:
        raise CannotChange(f"{said} cannot be changed so ({deed})")
    said.changes.filter(state=State.WAITING).update(state=State.CANCELLED, settled_at=now())
    dispatch, _ = Dispatch.objects.get_or_create(
        key=key,
        defaults={
            "institution_id": said.institution_id,
            "connection_id": said.connection_id,
            "purpose": purpose,
            "ref": ref,
            "deed": deed,
            "about": said,
            "outgoing": msgspec.json.encode(dataclasses.replace(post, key=key)).decode(),
            "due_at": now(),
            "created_at": now(),
        },
    )
    return dispatch
