"""The safe path: words go under the keys of named keepers, and out of everybody else's reach."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from balai.ground import boxes
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.landing import scrub
from balai.inbox.models import (
    Attachment,
    Conversation,
    Keeper,
    Message,
    SafePath,
    SealedKey,
    SealedPiece,
    SealedTalk,
)
from balai.inbox.selectors import identity_of
from balai.inbox.selectors.keeping import keeper_of, ready_keepers
from balai.inbox.services.blanking import blank
from balai.inbox.services.moving import allow_on, lock, move
from balai.inbox.services.telling import tell
from balai.people.models import Institution, Member
from balai.people.selectors import held_by, may
from balai.people.services import NotAllowed, allow, refusal

SAFE = "inbox.safe"  # the purpose under which the citizen is told of the safe channel
SHORTEST_PASSPHRASE = 12
TALKS_AT_ONCE = 20


class SealedFile(msgspec.Struct, frozen=True):
    """A file that came with sealed words."""

    name: str
    mime: str
    body: bytes


class SealedWord(msgspec.Struct, frozen=True):
    """One message as its keepers read it."""

    id: int
    direction: str
    at: datetime
    text: str
    files: tuple[SealedFile, ...] = ()


class SealedWords(msgspec.Struct, frozen=True):
    """What one piece holds: who the citizen is, and what was said."""

    identity: dict[str, str]
    subject: str
    words: tuple[SealedWord, ...]


class WrongPassphrase(ValidationError):
    """The keeper's passphrase does not open the keeper's key."""


class LastKeeper(ValidationError):
    """Without this keeper nobody could ever read what lies on the path."""


@transaction.atomic
def seal(conversation: Conversation, *, by: Member, path: str) -> SealedTalk:
    """Move a sensitive matter to a safe channel: only the path's keepers read it from now on.

    The citizen is told so in words that do not name the matter. Where no keeper is ready, the words
    are shown to nobody and are locked as soon as there is one. An unknown path counts as the
    strictest. Raises NotAllowed, NotAllowedNow.
    """
    conversation = lock(conversation)
    allow_on(conversation, by, "conversation.seal")
    known = path if path in SafePath.values else SafePath.WHISTLEBLOWING
    subject = conversation.subject
    _tell_citizen(conversation)
    # What the machine read would tell everybody what the citizen spoke of.
    move(conversation, "sealed", preview="", subject="", intent="", sensitivity="", sentiment="")
    sealed = SealedTalk.objects.create(
        conversation=conversation,
        institution_id=conversation.institution_id,
        path=known,
        sealed_at=now(),
        sealed_by=by,
    )
    # The path is kept out of the log: it would tell every reader of it what the citizen spoke of.
    record(by=by, did="conversation.sealed", on=conversation)
    _lock_words(sealed, conversation, subject)
    return sealed


@transaction.atomic
def name_keeper(institution: Institution, *, path: str, member: Member, by: Member) -> Keeper:
    """The institution names who reads one safe path. Raises NotAllowed, ValidationError.

    Nobody who runs the system may be named (domain 5.1).
    """
    allow(by, "sealed.appoint", institution)
    _refuse_unfit(member, institution)
    if Keeper.objects.filter(
        institution=institution, path=path, member=member, ended_at=None
    ).exists():
        raise ValidationError(_("This member keeps this path already."))
    keeper = Keeper.objects.create(
        institution=institution, path=path, member=member, named_by=by, named_at=now()
    )
    record(by=by, did="keeper.named", on=keeper, member=member.pk, path=path)
    return keeper


@transaction.atomic
def make_ready(keeper: Keeper, *, passphrase: str, by: Member) -> None:
    """The keeper chooses a passphrase, which is kept nowhere, and can be sealed to from now on.

    Raises NotAllowed for anybody else, ValidationError for a short passphrase or a second time.
    """
    keeper = Keeper.objects.select_for_update().get(pk=keeper.pk)
    if keeper.member_id != by.pk or keeper.ended_at is not None:
        raise refusal("sealed.keep")
    _refuse_unfit(by, keeper.institution)
    if keeper.ready_at is not None:
        raise ValidationError(_("You chose a passphrase already."))
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise ValidationError(
            _("Use at least %(n)d characters: several words are best.") % {"n": SHORTEST_PASSPHRASE}
        )
    keeper.public_key, private = boxes.new_key()
    keeper.locked_key, keeper.ready_at = boxes.lock(private, passphrase), now()
    keeper.save()
    record(by=by, did="keeper.ready", on=keeper)


@transaction.atomic
def end_keeper(keeper: Keeper, *, by: Member) -> None:
    """A keeper keeps no longer: the keys that were sealed to this person are dropped.

    Raises NotAllowed, LastKeeper while words lie on the path that nobody else could open.
    """
    allow(by, "sealed.appoint", keeper.institution_id)
    mine = SealedKey.objects.filter(keeper=keeper)
    with_others = SealedKey.objects.exclude(keeper=keeper).filter(keeper__ended_at=None)
    if mine.exclude(piece__in=with_others.values("piece")).exists():
        raise LastKeeper(
            _("Only this keeper can open some of the words. Give them to another keeper first.")
        )
    mine.delete()
    Keeper.objects.filter(pk=keeper.pk).update(ended_at=now(), locked_key="", ready_at=None)
    record(by=by, did="keeper.ended", on=keeper, member=keeper.member_id)


@transaction.atomic
def share_keys(keeper: Keeper, other: Keeper, *, passphrase: str, by: Member) -> int:
    """A keeper lets another keeper of the same path open what lies there; gives how many pieces.

    So keepership is handed over: no other way leads to the words. Raises NotAllowed,
    WrongPassphrase, ValidationError when the other is not ready.
    """
    private = _unlocked(keeper, passphrase, by)
    same = (other.institution_id, other.path) == (keeper.institution_id, keeper.path)
    if not same or other.ready_at is None or other.ended_at is not None:
        raise ValidationError(_("The other keeper has chosen no passphrase yet."))
    _refuse_unfit(other.member, other.institution)
    known = SealedKey.objects.filter(keeper=other).values("piece")
    keys = list(SealedKey.objects.filter(keeper=keeper).exclude(piece__in=known))
    SealedKey.objects.bulk_create(
        SealedKey(
            piece_id=key.piece_id,
            keeper=other,
            wrapped=boxes.seal_to(other.public_key, boxes.open_sealed(private, key.wrapped)),
        )
        for key in keys
    )
    record(by=by, did="keeper.shared", on=other, pieces=len(keys))
    return len(keys)


@transaction.atomic
def open_sealed_talk(
    sealed: SealedTalk, *, passphrase: str, reason: str, by: Member
) -> list[SealedWords]:
    """What lies on the safe path, in order. Every opening is recorded with its reason.

    Raises NotAllowed for whoever is no keeper of this path, WrongPassphrase.
    """
    keeper = keeper_of(by, sealed.path)
    if keeper is None or sealed.institution_id != by.institution_id:
        raise refusal("sealed.keep")
    private = _unlocked(keeper, passphrase, by)
    keys = SealedKey.objects.filter(keeper=keeper, piece__talk=sealed).select_related("piece")
    opened = [
        msgspec.msgpack.decode(
            boxes.decrypt(boxes.open_sealed(private, key.wrapped), bytes(key.piece.body)),
            type=SealedWords,
        )
        for key in keys.order_by("piece_id")
    ]
    # On the sealed row: the conversation's own trace is read by the whole desk.
    record(by=by, did="sealed.opened", on=sealed, reason=reason)
    return opened


@transaction.atomic
def note_handled(sealed: SealedTalk, *, by: Member) -> None:
    """A keeper says that the matter was dealt with. Raises NotAllowed."""
    if keeper_of(by, sealed.path) is None or sealed.institution_id != by.institution_id:
        raise refusal("sealed.keep")
    SealedTalk.objects.filter(pk=sealed.pk, handled_at=None).update(handled_at=now())
    record(by=by, did="sealed.handled", on=sealed)


def note_added(conversation_ids: Sequence[int]) -> int:
    """Citizens wrote again where the conversation was sealed: the sweep locks those words too."""
    return SealedTalk.objects.filter(conversation_id__in=conversation_ids).update(is_waiting=True)


def lock_waiting() -> int:
    """Lock what still lies open on safe paths, and overwrite the last traces of what was locked.

    What waits for a first keeper rests. Returns how many conversations were worked on.
    """
    kept = Keeper.objects.filter(ended_at=None, ready_at__isnull=False)
    paths = {(one.institution_id, one.path) for one in kept}
    waiting = [
        one
        for one in SealedTalk.objects.filter(is_waiting=True).order_by("pk")[:200]
        if (one.institution_id, one.path) in paths
    ][:TALKS_AT_ONCE]
    for sealed in waiting:
        _lock_rest(sealed)
    if waiting and scrub():
        for sealed in waiting:
            _rest(sealed)
    return len(waiting)


@transaction.atomic
def _lock_rest(sealed: SealedTalk) -> None:
    conversation = lock(sealed.conversation)
    _lock_words(sealed, conversation, conversation.subject)


@transaction.atomic
def _rest(sealed: SealedTalk) -> None:
    conversation = lock(sealed.conversation)  # no landing adds words meanwhile
    if not _open_words(conversation):
        SealedTalk.objects.filter(pk=sealed.pk).update(is_waiting=False)


def _lock_words(sealed: SealedTalk, conversation: Conversation, subject: str) -> None:
    keepers = ready_keepers(sealed.institution_id, sealed.path)
    messages = _open_words(conversation)
    if not keepers or not messages:
        return
    piece = SealedWords(
        identity={k: str(v) for k, v in identity_of(conversation).items()},
        subject=subject,
        words=tuple(_word(one) for one in messages),
    )
    key, body = boxes.encrypt(msgspec.msgpack.encode(piece))
    kept = SealedPiece.objects.create(talk=sealed, body=body, locked_at=now())
    SealedKey.objects.bulk_create(
        SealedKey(piece=kept, keeper=one, wrapped=boxes.seal_to(one.public_key, key))
        for one in keepers
    )
    blank([conversation], messages)
    if conversation.subject or conversation.preview:
        move(conversation, preview="", subject="")
    record(by=sealed.sealed_by, did="sealed.locked", on=sealed, messages=len(messages))


def _open_words(conversation: Conversation) -> list[Message]:
    found = Message.objects.filter(conversation=conversation).order_by("pk")
    files = set(
        Attachment.objects.filter(message_id__in=found.values("pk"))
        .exclude(sha256="", name="", url="")
        .values_list("message_id", flat=True)
    )
    return [one for one in found if one.text or one.pk in files]


def _word(message: Message) -> SealedWord:
    found = Attachment.objects.filter(message_id=message.pk).order_by("pk")
    return SealedWord(
        id=message.pk,
        direction=message.direction,
        at=message.sent_at,
        text=message.text,
        files=tuple(SealedFile(one.name, one.mime, _bytes(one)) for one in found),
    )


def _bytes(attachment: Attachment) -> bytes:
    if not attachment.sha256:
        return attachment.url.encode()
    folder = Path(settings.HOME.path) / "files" / attachment.sha256[:2]
    try:
        return (folder / attachment.sha256).read_bytes()
    except FileNotFoundError:
        return b""


def _tell_citizen(conversation: Conversation) -> None:
    with translation.override("id"):
        text = _(
            "Thank you for telling us. We handle this on a safe channel of this office. Please do "
            "not write details here."
        )
    tell(
        conversation,
        text,
        key=f"{SAFE}:{conversation.pk}",
        ref=conversation.pk,
        purpose=SAFE,
        subject="",  # it may be the citizen's own words
    )


def _unlocked(keeper: Keeper, passphrase: str, by: Member) -> bytes:
    if keeper.member_id != by.pk or keeper.ended_at is not None or keeper.ready_at is None:
        raise refusal("sealed.keep")
    _refuse_unfit(by, keeper.institution)
    try:
        return boxes.unlock(keeper.locked_key, passphrase)
    except boxes.WrongPassphrase as wrong:
        raise WrongPassphrase(_("This is not the passphrase that you chose.")) from wrong


def _refuse_unfit(member: Member, institution: Institution) -> None:
    runs_it = any(held.role == "system_admin" for held in held_by(member))
    if runs_it or not may(member, "sealed.keep", institution.pk, owner=member):
        raise NotAllowed(
            _("Whoever runs the system or audits it cannot keep a safe channel."),
            action="sealed.keep",
        )
