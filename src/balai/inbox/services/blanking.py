"""Take the words of conversations out of every table of the inbox that may hold them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from balai.channels.services import forget_parcels, forget_words
from balai.inbox.landing import open_store, overwrite_freed
from balai.inbox.models import (
    Attachment,
    Conversation,
    Draft,
    HandOff,
    HeldAnswer,
    Message,
    Promise,
    SideQuestion,
    SideWord,
    Task,
)
from balai.inbox.selectors import ANSWER, NOTICE
from balai.inbox.services.copying import COPY

GONE = "—"
AT_ONCE = 400


def blank(talks: Sequence[Conversation], messages: Sequence[Message]) -> dict[str, int]:
    """Empty these messages of these conversations and all that quotes them; gives counts.

    Who said what when stays; the words, names, files, raw copies and places on the network do not.
    Runs in the caller's transaction; files leave the disk after it was committed.
    """
    overwrite_freed()
    ids = [one.pk for one in messages]
    files = 0
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        open_store().erase(some)
        Message.objects.filter(pk__in=some).update(remote_id="")
        files += _blank_files(some)
    for talk in talks:
        _blank_work(talk)
    said = forget_words((ANSWER, NOTICE, COPY), ids) if ids else 0
    return {
        "conversations": len(talks),
        "messages": len(ids),
        "files": files,
        "dispatches": said,
        "parcels": _blank_parcels(messages),
    }


def _blank_work(talk: Conversation) -> None:
    Draft.objects.filter(conversation=talk).delete()
    held = HeldAnswer.objects.filter(conversation=talk)
    held.exclude(reason="").update(reason=GONE)  # a returned answer says why, whatever it said
    held.update(text="", text_hash="", fun_reason="")
    Task.objects.filter(conversation=talk).update(what=GONE)
    SideWord.objects.filter(question__conversation=talk).update(text=GONE)
    SideQuestion.objects.filter(conversation=talk).update(quoted="")
    Promise.objects.filter(conversation=talk).update(what=GONE, reason=GONE)
    HandOff.objects.filter(conversation=talk).update(result_note="")


def _blank_parcels(messages: Sequence[Message]) -> int:
    arrived: dict[int, set[datetime]] = defaultdict(set)
    for one in messages:
        if one.direction == Message.Direction.IN:
            arrived[one.connection_id].add(one.received_at)
    return sum(forget_parcels(line, moments) for line, moments in arrived.items())


def _blank_files(message_ids: Sequence[int]) -> int:
    found = Attachment.objects.filter(message_id__in=message_ids)
    hashes = {one.sha256 for one in found if one.sha256}
    count = found.update(name="", mime="", url="", alt="", sha256="", size=0)
    transaction.on_commit(lambda: _drop_files(hashes))
    return count


def _drop_files(hashes: set[str]) -> None:
    """A file that came twice is kept once: it goes when nobody else sent the same."""
    kept = set(Attachment.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for sha256 in hashes - kept:
        (Path(settings.HOME.path) / "files" / sha256[:2] / sha256).unlink(missing_ok=True)
