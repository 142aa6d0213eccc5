"""Give work to whoever is there and has room; never to two."""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from balai.desk.models import Passed, Team
from balai.desk.rules.sharing import Hand, Piece, share
from balai.desk.selectors.duty import OPEN, hands_of, rota_of, waiting_of
from balai.ground.clock import now
from balai.ground.ledger import record
from balai.inbox.models import Conversation
from balai.inbox.services import assign
from balai.people.models import Institution, Member
from balai.people.selectors import DESK, Actor, reach_of
from balai.people.services import NotAllowed, allow

AT_ONCE = 50


@transaction.atomic
def give_out(team: Team, *, by: Actor, limit: int = AT_ONCE) -> int:
    """Give what waits for the team to its members on duty, by load; returns how many were given.

    Who is away is replaced by the deputy. Two who do this at one moment share it rightly: all
    teams of the office are held meanwhile, and each conversation is claimed while nobody has it.
    Raises NotAllowed.
    """
    allow(by, "conversation.assign", team.institution_id, unit=team.unit_id)
    institution = team.institution
    _hold_teams(institution)
    rota = rota_of(institution)
    hands = hands_of(institution, rota.takers(team.pk))
    if not any(hand.has_room() for hand in hands):
        return 0
    found = _within(waiting_of(team), by, institution)
    pieces = [Piece(*row) for row in found.values_list("pk", "unit_id")[:limit]]
    members = Member.objects.in_bulk([hand.member_id for hand in hands])
    given = 0
    for conversation_id, member_id in share(pieces, hands):
        if not _claim(conversation_id, assignee_id=None):
            continue
        conversation = Conversation.objects.select_related("unit").get(pk=conversation_id)
        assign(
            conversation,
            by=by,
            to=members[member_id],
            unit=conversation.unit or team.unit,
            reason=f"team {team.pk}",
        )
        given += 1
    return given


@transaction.atomic
def cover_absent(institution: Institution, *, by: Actor = DESK, limit: int = AT_ONCE) -> int:
    """Let the deputies go on with what citizens wait for of those who are away.

    Where no deputy is there, may do it, or has room, it waits for everybody again, and for the
    team. Returns how many conversations changed hands.
    """
    allow(by, "conversation.assign", institution)
    _hold_teams(institution)
    rota = rota_of(institution)
    if not rota.away:
        return 0
    covers = {member: rota.stands_in_for(member) for member in rota.away}
    hands = {h.member_id: h for h in hands_of(institution, filter(None, covers.values()))}
    waiting = Conversation.objects.filter(assignee__in=list(covers), **OPEN)
    found = waiting.select_related("unit").order_by("-priority", "due_at", "pk")
    moved = 0
    for conversation in found[:limit]:
        was = conversation.assignee_id
        cover = covers[was] if was is not None else None
        hand = hands.get(cover) if cover is not None else None
        fits = hand is not None and hand.has_room() and hand.may_take(conversation.unit_id)
        if not _claim(conversation.pk, assignee_id=was):
            continue
        to = Member.objects.get(pk=hand.member_id) if fits and hand is not None else None
        assign(conversation, by=by, to=to, unit=conversation.unit, reason=f"absence of {was}")
        if fits and hand is not None:
            hands[hand.member_id] = Hand(
                hand.member_id, hand.capacity, hand.load + 1, hand.everywhere, hand.units
            )
        moved += 1
    return moved


@transaction.atomic
def pass_to_team(conversation: Conversation, team: Team, *, by: Actor, reason: str = "") -> None:
    """Let a team look after a conversation; its unit becomes the team's. Raises NotAllowed."""
    if team.institution_id != conversation.institution_id or team.retired_at is not None:
        raise NotAllowed(_("This team is not at work in this institution."))
    unit = team.unit or conversation.unit
    assign(conversation, by=by, to=None, unit=unit, reason=reason)
    Passed.objects.update_or_create(conversation=conversation, defaults={"team": team, "at": now()})
    record(by=by, did="conversation.passed", on=conversation, reason=reason, team=team.pk)


def _claim(conversation_id: int, *, assignee_id: int | None) -> bool:
    """Whether the conversation is ours to give: still open, and in the hand we saw it in."""
    free = Conversation.objects.filter(pk=conversation_id, assignee=assignee_id, is_open=True)
    return free.update(version=F("version") + 1) == 1


def _hold_teams(institution: Institution) -> None:
    """One gives out at a time in an office: loads that were counted stay true meanwhile."""
    list(
        Team.objects.select_for_update()
        .filter(institution=institution)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _within(
    waiting: QuerySet[Conversation], by: Actor, institution: Institution
) -> QuerySet[Conversation]:
    """Those that whoever gives out may assign."""
    reach = reach_of(by, "conversation.assign", institution)
    if reach.everywhere:
        return waiting
    return waiting.filter(Q(unit__in=sorted(reach.unit_ids)))
