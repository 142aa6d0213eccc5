"""The door out. Each thing leaves at most once, and is out only with the network's proof.

waiting -> sending -> out | confirming | refused | unknown; back to waiting only when it surely did
not leave. The attempt is committed before the call; no transaction is open while a network thinks.
"""

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from balai.channels.contract import (
    Can,
    Connector,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Pending,
    Receipt,
    Refused,
)
from balai.channels.events import DispatchSettled
from balai.channels.models import Attempt, Connection, Dispatch
from balai.channels.selectors import connector_of
from balai.channels.services.health import note_alive, note_trouble
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.ground.plain import storable
from balai.ground.services import announce
from balai.people.selectors import Actor
from balai.people.services import allow

State, Outcome = Dispatch.State, Attempt.Outcome
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)


def entrust(
    connection: Connection, post: Outgoing, *, purpose: str, ref: int, due_at: datetime
) -> Dispatch:
    """Take a thing that must go out, in the caller's transaction; one key is one thing."""
    at = post.at or now()
    chosen = connector_of(connection).choose_id(post.key, at)
    post = dataclasses.replace(post, at=at, chosen=chosen)
    dispatch, _ = Dispatch.objects.get_or_create(
        key=post.key,
        defaults={
            "institution_id": connection.institution_id,
            "connection": connection,
            "purpose": purpose,
            "ref": ref,
            "outgoing": msgspec.json.encode(post).decode(),
            "chosen": chosen,
            "due_at": due_at,
            "created_at": now(),
        },
    )
    return dispatch


def call_off(dispatch: Dispatch) -> bool:
    """Stop a thing that has not begun to leave. False when it is too late."""
    stopped = Dispatch.objects.filter(pk=dispatch.pk, state=State.WAITING, attempts_made=0).update(
        state=State.CANCELLED, settled_at=now()
    )
    return stopped == 1


def send(dispatch: Dispatch) -> Dispatch:
    """Put one due thing out, at most once, and keep the proof. Does nothing when it is not ours."""
    attempt = _claim(dispatch)
    if attempt is None:
        return dispatch
    connector = connector_of(dispatch.connection)
    try:
        answer = _call(connector, dispatch)
    except Refused as no:
        return _refused(attempt, no)
    except NotSent as nothing:
        note_trouble(dispatch.connection, nothing)
        return _settle(attempt, Outcome.NOT_SENT, State.WAITING, str(nothing), again=True)
    except OutcomeUnknown as doubt:
        return _in_doubt(attempt, str(doubt))
    except Exception as failure:  # our own fault, perhaps after the network's yes
        return _in_doubt(attempt, f"{type(failure).__name__}: {failure}")
    finally:
        connector.close()
    return _accepted(attempt, answer)


def look_again(dispatch: Dispatch) -> Dispatch:
    """Ask the network, changing nothing, what became of a pending or unknown thing."""
    connector = connector_of(dispatch.connection)
    finishing = dispatch.state == State.CONFIRMING and Can.FOLLOW_UP in connector.can
    if not finishing and Can.PROBE not in connector.can:
        return dispatch
    attempt = _claim_look(dispatch)
    if attempt is None:
        return dispatch
    try:
        answer = (
            connector.follow_up(outgoing_of(dispatch), dispatch.pending or {})
            if finishing
            else connector.probe(outgoing_of(dispatch))
        )
    except (NotSent, OutcomeUnknown) as doubt:
        return _settle(attempt, Outcome.UNKNOWN, State.UNKNOWN, str(doubt), again=True)
    except Refused as no:
        if not no.signs_in:
            note_trouble(dispatch.connection, no)
        return _settle(attempt, Outcome.UNKNOWN, State.UNKNOWN, str(no), again=True)
    except Exception as failure:  # our own fault must not keep the other ones from being looked at
        words = f"{type(failure).__name__}: {failure}"
        return _settle(attempt, Outcome.UNKNOWN, State.UNKNOWN, words, again=True)
    finally:
        connector.close()
    if answer is None:
        return _settle(attempt, Outcome.ABSENT, State.WAITING, "", again=True)
    return _accepted(attempt, answer)


@transaction.atomic
def give_up_lapsed(limit: int = 100) -> int:
    """A worker died while sending: whether the thing is out is unknown, never 'try again'."""
    lapsed = Dispatch.objects.filter(state=State.SENDING, leased_until__lt=now())[:limit]
    count = 0
    for dispatch in lapsed:
        after = State.UNKNOWN if dispatch.deed == Dispatch.Deed.SEND else State.WAITING
        mine = Dispatch.objects.filter(
            pk=dispatch.pk, state=State.SENDING, fence=dispatch.fence
        ).update(state=after, due_at=now(), note="the worker stopped while sending")
        if mine:
            count += 1
            dispatch.attempts.filter(fence=dispatch.fence, ended_at__isnull=True).update(
                outcome=Outcome.UNKNOWN, ended_at=now(), words="the worker stopped while sending"
            )
            _tell(dispatch, after)
    return count


@transaction.atomic
def prove_out(connection: Connection, chosen: str) -> None:
    """The network speaks of a message under the id that we chose, so it surely has left: also when
    the answer to our request was lost, or a worker still waits for it."""
    doubtful = Dispatch.objects.filter(
        connection=connection, chosen=chosen, state__in=[State.SENDING, State.UNKNOWN]
    ).exclude(chosen="")
    for dispatch in doubtful.select_for_update(of=("self",)):
        dispatch.state, dispatch.remote_id = State.OUT, chosen
        dispatch.leased_until, dispatch.settled_at, dispatch.note = None, now(), ""
        dispatch.save(update_fields=["state", "remote_id", "leased_until", "settled_at", "note"])
        _tell(dispatch, State.OUT)


@transaction.atomic
def declare_out(
    dispatch: Dispatch, *, url: str, by: Actor, action: str = "conversation.answer"
) -> None:
    """A person found it on the network and says where: that is the proof. `action` is what whoever
    asked for the dispatch demands of that person."""
    allow(by, action, dispatch.institution)
    changed = Dispatch.objects.filter(pk=dispatch.pk, state=State.UNKNOWN).update(
        state=State.OUT, remote_id=dispatch.chosen or url, url=url, settled_at=now()
    )
    if changed:
        record(by=by, did="dispatch.declared_out", on=dispatch, url=url)
        _tell(dispatch, State.OUT)


@transaction.atomic
def send_again(dispatch: Dispatch, *, by: Actor, action: str = "conversation.answer") -> None:
    """A person looked and says that it is not there, or mended what the network refused. `action`
    as in declare_out."""
    allow(by, action, dispatch.institution)
    changed = Dispatch.objects.filter(
        pk=dispatch.pk, state__in=[State.UNKNOWN, State.REFUSED]
    ).update(state=State.WAITING, due_at=now(), looks_made=0, settled_at=None)
    if changed:
        record(by=by, did="dispatch.sent_again", on=dispatch)
        _tell(dispatch, State.WAITING)


@transaction.atomic
def refuse_waiting(connection: Connection, words: str) -> int:
    """A line was ended for good: what waits on it will never leave, and whoever asked is told.

    Gives how many. What a worker has just claimed ends by itself.
    """
    waiting = Dispatch.objects.filter(connection=connection, state=State.WAITING)
    stopped = 0
    for dispatch in waiting.select_for_update(of=("self",)).order_by("pk"):
        mine = Dispatch.objects.filter(pk=dispatch.pk, state=State.WAITING).update(
            state=State.REFUSED, note=storable(words), settled_at=now()
        )
        if mine:
            stopped += 1
            _tell(dispatch, State.REFUSED)
    return stopped


# --- claims: a conditional update is ours when it changed one row


@transaction.atomic
def _claim(dispatch: Dispatch) -> Attempt | None:
    connection = dispatch.connection
    free = Q(connection__next_send_at__isnull=True) | Q(connection__next_send_at__lte=now())
    ready = Dispatch.objects.filter(free, pk=dispatch.pk).exclude(
        connection__state__in=[Connection.State.PAUSED, Connection.State.CLOSED]
    )
    lease = timedelta(seconds=settings.BALAI_SEND_LEASE)
    mine = ready.exists() and Dispatch.objects.filter(
        pk=dispatch.pk, state=State.WAITING, due_at__lte=now(), fence=dispatch.fence
    ).update(
        state=State.SENDING,
        fence=dispatch.fence + 1,
        leased_until=now() + lease,
        attempts_made=dispatch.attempts_made + 1,
    )
    if not mine:
        return None
    dispatch.refresh_from_db()
    dispatch.connection = connection
    _tell(dispatch, State.SENDING)
    return Attempt.objects.create(
        dispatch=dispatch, kind=Attempt.Kind.SEND, fence=dispatch.fence, started_at=now()
    )


@transaction.atomic
def _claim_look(dispatch: Dispatch) -> Attempt | None:
    mine = (
        Dispatch.objects.filter(
            pk=dispatch.pk, state__in=[State.UNKNOWN, State.CONFIRMING], fence=dispatch.fence
        )
        .filter(due_at__lte=now())
        .update(
            fence=dispatch.fence + 1,
            looks_made=dispatch.looks_made + 1,
            due_at=now() + _wait(dispatch.looks_made + 1),
        )
    )
    if not mine:
        return None
    connection = dispatch.connection
    dispatch.refresh_from_db()
    dispatch.connection = connection
    return Attempt.objects.create(
        dispatch=dispatch, kind=Attempt.Kind.LOOK, fence=dispatch.fence, started_at=now()
    )


# --- endings


def _accepted(attempt: Attempt, answer: Receipt | Pending) -> Dispatch:
    note_alive(attempt.dispatch.connection)
    if isinstance(answer, Pending):
        return _settle(
            attempt,
            Outcome.CONFIRMING,
            State.CONFIRMING,
            "",
            pending=dict(answer.handle),
            due_at=now() + answer.ask_again_in,
        )
    return _settle(
        attempt,
        Outcome.OUT,
        State.OUT,
        "",
        remote_id=answer.remote_id,
        url=answer.url,
        handle=dict(answer.handle),
    )


def _refused(attempt: Attempt, no: Refused) -> Dispatch:
    connection = attempt.dispatch.connection
    if not no.signs_in:  # the line is the trouble, not this message: it waits until that is mended
        note_trouble(connection, no)
        return _settle(attempt, Outcome.REFUSED, State.WAITING, str(no), again=True)
    if no.permanent:
        return _settle(attempt, Outcome.REFUSED, State.REFUSED, str(no))
    if no.wait is not None:
        Connection.objects.filter(pk=connection.pk).update(next_send_at=now() + no.wait)
    return _settle(attempt, Outcome.REFUSED, State.WAITING, str(no), again=True, wait=no.wait)


@transaction.atomic
def _settle(
    attempt: Attempt,
    outcome: str,
    state: str,
    words: str,
    *,
    again: bool = False,
    wait: timedelta | None = None,
    **proof: Any,
) -> Dispatch:
    """Write down how an attempt ended; a claim that another one overtook changes nothing."""
    dispatch = attempt.dispatch
    note = storable(words)
    changes: dict[str, Any] = {
        "state": state,
        "note": note,
        "leased_until": None,
        **proof,
    }
    if again:
        tries = dispatch.looks_made if attempt.kind == Attempt.Kind.LOOK else dispatch.attempts_made
        changes["due_at"] = now() + (wait if wait is not None else _wait(tries))
    elif state == State.UNKNOWN:
        changes["due_at"] = now() + timedelta(seconds=2)  # the first look follows at once
    if state in (State.OUT, State.REFUSED):
        changes["settled_at"] = now()
    held = Dispatch.objects.filter(pk=dispatch.pk)
    if state == State.OUT:  # proof counts, also from a claim that was thought dead
        held = held.exclude(state=State.OUT)
    else:
        held = held.filter(
            fence=attempt.fence, state__in=[State.SENDING, State.UNKNOWN, State.CONFIRMING]
        )
    mine = held.update(**changes)
    attempt.outcome, attempt.words, attempt.ended_at = outcome, note, now()
    attempt.save(update_fields=["outcome", "words", "ended_at"])
    if mine:
        _tell(dispatch, state)
    dispatch.refresh_from_db()
    return dispatch


def _tell(dispatch: Dispatch, state: str) -> None:
    announce(
        DispatchSettled(dispatch.pk, dispatch.purpose, dispatch.ref, str(state)),
        scope=dispatch.institution_id,
    )


def _wait(tries: int) -> timedelta:
    doublings = max(min(tries - 1, 10), 0)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _call(connector: Connector, dispatch: Dispatch) -> Receipt | Pending:
    """Say something new, or change what we said; several changes of one thing: the newest counts.

    Raises what the connector raises.
    """
    said = dispatch.about
    if said is None:
        return connector.publish(outgoing_of(dispatch))
    if said.changes.filter(pk__gt=dispatch.pk).exclude(state=State.CANCELLED).exists():
        raise Refused("a newer change took the place of this one", permanent=True)
    receipt = Receipt(said.remote_id, said.url, said.handle)
    if dispatch.deed == Dispatch.Deed.EDIT:
        return connector.edit(receipt, outgoing_of(dispatch))
    connector.retract(receipt)
    return receipt


def _in_doubt(attempt: Attempt, words: str) -> Dispatch:
    """Nobody knows whether it was done. What is new waits for a look; a change is made again."""
    if attempt.dispatch.deed == Dispatch.Deed.SEND:
        return _settle(attempt, Outcome.UNKNOWN, State.UNKNOWN, words)
    return _settle(attempt, Outcome.UNKNOWN, State.WAITING, words, again=True)


def outgoing_of(dispatch: Dispatch) -> Outgoing:
    """What goes out, with the time of the last try: a look must know how fresh an absence is."""
    last = dispatch.attempts.filter(kind=Attempt.Kind.SEND).last()
    post = msgspec.json.decode(dispatch.outgoing, type=Outgoing)
    return dataclasses.replace(post, tried_at=last.started_at if last else None)
