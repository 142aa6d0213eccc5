"""What an institution's people taught the machine, and which model reads for it since."""

from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from balai.inbox.models import Conversation, Correction, Message, ReadingModel
from balai.people.models import Institution
from balai.understanding.reading import mask, read

MOST_LESSONS = 20_000
"""Newest conversations that lessons are taken from: some months of a busy office."""
_HEADS = {
    "intent": "intent",
    "priority": "urgency",
    "language": "language",
    "sentiment": "sentiment",
}
_URGENCIES = {"0": "normal", "1": "urgent", "2": "danger"}
_AT_ONCE = 500


class Taught(NamedTuple):
    """What a person said of a citizen's words, or let stand: `label` of the reading's `head`."""

    text: str
    head: str
    label: str
    corrected: bool


def models_folder() -> Path:
    """Where the models of all institutions lie; a backup takes them along."""
    return Path(settings.HOME.path) / "files" / "models"


def folders_of_models(institutions: Collection[int]) -> dict[int, Path]:
    """The folder of the model that each institution chose; none for the one that Balai brings."""
    chosen = ReadingModel.objects.filter(
        institution__in=institutions, ended_at__isnull=True
    ).exclude(folder="")
    return {one.institution_id: models_folder() / one.folder for one in chosen}


def model_of(institution: Institution) -> ReadingModel | None:
    """The model in use; None where it is the one that Balai brings and none was ever chosen."""
    return ReadingModel.objects.filter(institution=institution, ended_at__isnull=True).first()


def taught(institution: Institution) -> Iterator[Taught]:
    """What persons said of the newest conversations, masked of personal data.

    A conversation that somebody sorted without changing a field confirms the machine's word for it.
    What is sealed or sensitive teaches nothing: those words leave their room for no purpose.
    """
    seen = (
        Conversation.objects.filter(institution=institution, sensitivity="")
        .exclude(state__in=("new", "sealed"))
        .order_by("-last_message_id")
        .values_list("pk", flat=True)[:MOST_LESSONS]
    )
    rest = iter(list(seen))
    while some := list(islice(rest, _AT_ONCE)):
        yield from _of(some)


def _of(conversations: Collection[int]) -> Iterator[Taught]:
    said: dict[int, dict[str, str]] = {}
    owner: dict[int, int] = {}
    for one in Correction.objects.filter(conversation__in=conversations).order_by("pk"):
        said.setdefault(one.message_id, {})[one.field] = one.said
        owner[one.conversation_id] = one.message_id
    rows = Conversation.objects.in_bulk(conversations)
    wanted = {owner.get(pk, row.last_in_id) for pk, row in rows.items()}
    words = Message.objects.filter(pk__in=wanted, direction="in", is_hidden=False)
    messages = [one for one in words if one.text.strip()]
    readings = read([one.text for one in messages])
    for message, reading in zip(messages, readings, strict=True):
        text = mask(message.text, reading.personal_data)
        read_then = message.reading or {}
        for field, head in _HEADS.items():
            label = said.get(message.pk, {}).get(field)
            stood = (read_then.get(head) or {}).get("value")
            if label is not None:
                yield Taught(text, head, _URGENCIES.get(label, label), True)
            elif stood:
                yield Taught(text, head, stood, False)
