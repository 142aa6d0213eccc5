"""Who keeps which safe path, and what lies there. Never the words: those need a passphrase."""

from collections.abc import Sequence

from balai.inbox.models import Keeper, SafePath, SealedTalk
from balai.people.models import Member

MOST_SHOWN = 200


def ready_keepers(institution_id: int, path: str) -> list[Keeper]:
    """Those to whose keys a path's words are sealed now."""
    found = Keeper.objects.filter(
        institution_id=institution_id, path=path, ended_at=None, ready_at__isnull=False
    )
    return list(found.filter(member__left_at=None).select_related("member").order_by("pk"))


def keeper_of(member: Member, path: str) -> Keeper | None:
    """The member's own office of keeper on a path; None when the member keeps none."""
    mine = Keeper.objects.filter(
        institution_id=member.institution_id, path=path, member=member, ended_at=None
    )
    return mine.select_related("institution", "member").first()


def keeping(member: Member) -> list[Keeper]:
    """All paths that the member keeps."""
    mine = Keeper.objects.filter(institution_id=member.institution_id, member=member, ended_at=None)
    return list(mine.order_by("path"))


def keepers_in(institution_id: int) -> list[Keeper]:
    """Everybody who keeps a path of the institution, by path."""
    found = Keeper.objects.filter(institution_id=institution_id, ended_at=None)
    return list(found.select_related("member", "named_by").order_by("path", "pk"))


def sealed_for(member: Member) -> Sequence[SealedTalk]:
    """What lies on the paths that the member keeps, what is not handled first."""
    paths = [one.path for one in keeping(member)]
    found = SealedTalk.objects.filter(institution_id=member.institution_id, path__in=paths)
    return list(found.select_related("conversation").order_by("handled_at", "-pk")[:MOST_SHOWN])


def sealed_talk_for(member: Member, sealed_id: int) -> SealedTalk:
    """One of them. Raises SealedTalk.DoesNotExist for everybody else."""
    paths = [one.path for one in keeping(member)]
    return SealedTalk.objects.select_related("conversation__citizen").get(
        pk=sealed_id, institution_id=member.institution_id, path__in=paths
    )


def waiting_without_keeper(institution_id: int) -> list[str]:
    """Paths on which words wait because nobody is ready to keep them, in words."""
    waiting = SealedTalk.objects.filter(institution_id=institution_id, is_waiting=True)
    paths = set(waiting.values_list("path", flat=True))
    return [
        str(SafePath(path).label)
        for path in sorted(paths)
        if not ready_keepers(institution_id, path)
    ]
